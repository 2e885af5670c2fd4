"""Questions are read, written, and refused with everything that is wrong at once."""

import pytest

from content.core.quiz.interactions import build_definition, write_response
from content.core.quiz.reading import QuestionInvalid, read_question
from content.core.quiz.writing import write_question
from tests.content.core.quiz.questions import (
    ALL,
    ESSAY,
    FILL,
    MANY,
    MATCHING,
    NUMERIC,
    ONE,
    ORDERING,
    TRUTH,
    blank,
    option,
    question,
)


@pytest.mark.parametrize("raw", ALL, ids=lambda raw: raw["kind"])
def test_a_question_comes_back_as_it_was_written(raw):
    asked = question(raw, tags=["Algebra", "algebra ", "easy"], feedback="So it is.")
    assert read_question(write_question(asked)) == asked
    assert asked.tags == ("algebra", "easy")


@pytest.mark.parametrize(
    ("raw", "changes", "place"),
    [
        (ONE, {"kind": "riddle"}, "kind"),
        (ONE, {"text": " "}, "text"),
        (ONE, {"points": -1}, "points"),
        (ONE, {"points": "many"}, "points"),
        (ONE, {"points": float("nan")}, "points"),
        (ONE, {"options": []}, "options"),
        (ONE, {"options": "ab"}, "options"),
        (ONE, {"options": [option("a"), option("b")]}, "options"),
        (ONE, {"options": [option("a", True), option("b", True)]}, "options"),
        (ONE, {"options": [option("a", True), option("a")]}, "options"),
        (ONE, {"options": [option("a", True), option("b", text="")]}, "options/1/text"),
        (ONE, {"scoring": "partial"}, "scoring"),
        (ONE, {"scoring": "weights"}, "options"),
        (MANY, {"options": [option("a"), option("b")]}, "options"),
        (MANY, {"options": [option("a", weight=2), option("b")]}, "options/0/weight"),
        (FILL, {"text": "no marks"}, "blanks/0/id"),
        (FILL, {"blanks": [blank("1"), blank("2", "x")]}, "blanks/0/accepted"),
        (FILL, {"blanks": [blank("1", "x", spaces="odd"), blank("2", "x")]}, "blanks/0/spaces"),
        (NUMERIC, {"numbers": [{"value": "much"}]}, "numbers/0/value"),
        (NUMERIC, {"numbers": [{"tolerance": "1"}]}, "numbers/0/value"),
        (NUMERIC, {"numbers": [{"value": "1", "tolerance": "-1"}]}, "numbers/0/tolerance"),
        (NUMERIC, {"numbers": [{"value": "1e999"}]}, "numbers/0/value"),
        (NUMERIC, {"numbers": []}, "numbers"),
        (MATCHING, {"lefts": [{"id": "1", "text": "a", "match": "?"}]}, "lefts/0/match"),
        (MATCHING, {"rights": []}, "rights"),
        (ORDERING, {"items": [{"id": "1", "text": "alone"}]}, "items"),
        (ESSAY, {"least_words": 9, "most_words": 5}, "most_words"),
        (ESSAY, {"rubric": [{"id": "a", "text": "b", "levels": []}]}, "rubric/0/levels"),
        (TRUTH, {"is_true": "yes"}, "is_true"),
        (TRUTH, {"tags": "algebra"}, "tags"),
    ],
)
def test_what_is_wrong_with_a_question_is_named_with_its_place(raw, changes, place):
    with pytest.raises(QuestionInvalid) as refused:
        question(raw, **changes)
    assert place in [problem.place for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("raw", "kind", "pattern", "answer", "response"),
    [
        (ONE, "choice", ["b"], "a", "a"),
        (MANY, "choice", ["a[,]b"], ["a", "c"], "a[,]c"),
        (TRUTH, "true-false", ["true"], False, "false"),
        (FILL, "fill-in", ["{case_matters=false}Paris[,]Madrid"], {"1": "Rome"}, "Rome[,]"),
        (NUMERIC, "numeric", ["3.13[:]3.15"], "3,1", "3.1"),
        (MATCHING, "matching", ["1[.]x[,]2[.]y[,]3[.]z"], {"1": "w"}, "1[.]w"),
        (ORDERING, "sequencing", ["1[,]2[,]3[,]4"], list("4321"), "4[,]3[,]2[,]1"),
        (ESSAY, "long-fill-in", None, "Why not?", "Why not?"),
    ],
)
def test_a_question_is_an_interaction_in_the_words_of_xapi(raw, kind, pattern, answer, response):
    """xAPI 1.0.3 Data 2.4.4.1, appendix C"""
    made = build_definition(question(raw))
    assert (made["interactionType"], made.get("correctResponsesPattern")) == (kind, pattern)
    assert write_response(question(raw), answer) == response
