"""Marking, as tables: question, answer, share of the points."""

from typing import Any

import pytest

from content.core.quiz.answers import AnswerInvalid, count_words, read_answer, read_number
from content.core.quiz.marking import mark, mark_by_rubric
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
    piece,
    question,
)

WEIGHTED = {
    "options": [option("a", weight=1), option("b", weight=0.5), option("c", weight=-0.5)],
    "scoring": "weights",
}
BALANCED = {
    "options": [option("a", weight=0.5), option("b", weight=0.5), option("c", weight=-0.5)],
    "scoring": "weights",
}
ALL_RIGHT = {"options": [option("a", True), option("b", True)]}


def share(raw: dict[str, Any], answer: Any, **changes: Any) -> float:
    asked = question(raw, **changes)
    return round(mark(asked, read_answer(asked, answer)).fraction, 4)


CHOICES = [
    (ONE, {}, "b", 1),
    (ONE, {}, "a", 0),
    (ONE, {}, None, 0),
    (ONE, {}, "", 0),
    (ONE, WEIGHTED, "a", 1),
    (ONE, WEIGHTED, "b", 0.5),
    (ONE, WEIGHTED, "c", 0),
    (MANY, {}, ["a", "b"], 1),
    (MANY, {}, ["b", "a"], 1),
    (MANY, {}, ["a", "a", "b"], 1),
    (MANY, {}, ["a"], 0),
    (MANY, {}, ["a", "b", "c"], 0),
    (MANY, {}, ["c", "d"], 0),
    (MANY, {}, [], 0),
    (MANY, {"scoring": "partial"}, ["a", "b"], 1),
    (MANY, {"scoring": "partial"}, ["a"], 0.5),
    (MANY, {"scoring": "partial"}, ["a", "c"], 0),
    (MANY, {"scoring": "partial"}, ["a", "b", "c"], 0.5),
    (MANY, {"scoring": "partial"}, ["a", "b", "c", "d"], 0),
    (MANY, {"scoring": "partial"}, ["c"], 0),
    (MANY, {"scoring": "partial", **ALL_RIGHT}, ["a"], 0.5),
    (MANY, {"scoring": "partial", **ALL_RIGHT}, ["a", "b"], 1),
    (MANY, BALANCED, ["a"], 0.5),
    (MANY, BALANCED, ["a", "b"], 1),
    (MANY, BALANCED, ["a", "b", "c"], 0.5),
    (MANY, BALANCED, ["c"], 0),
    (MANY, WEIGHTED, ["a", "b"], 1),
    (TRUTH, {}, True, 1),
    (TRUTH, {}, False, 0),
    (TRUTH, {}, "true", 1),
    (TRUTH, {}, "false", 0),
    (TRUTH, {"is_true": False}, False, 1),
    (TRUTH, {"is_true": False}, "true", 0),
    (TRUTH, {}, None, 0),
]
CASE = {"text": "[[1]]", "blanks": [blank("1", "pH", is_case_sensitive=True)]}
EXACT = {"text": "[[1]]", "blanks": [blank("1", "a  b", spaces="exact")]}
IGNORE = {"text": "[[1]]", "blanks": [blank("1", "ab cd", spaces="ignore")]}
STAR = {"text": "[[1]]", "blanks": [blank("1", "*red*", {"text": "5 \\* 5", "weight": 0.5})]}
VARIANTS = {
    "text": "[[1]]",
    "blanks": [
        blank("1", "colour", {"text": "color", "weight": 0.8}, {"text": "c*", "weight": 0.1})
    ],
}
BLANKS = [
    (FILL, {}, {"1": "Paris", "2": "Madrid"}, 1),
    (FILL, {}, {"1": "Paris"}, 0.5),
    (FILL, {}, {"2": "Madrid"}, 0.5),
    (FILL, {}, {"1": "Paris", "2": "Lisbon"}, 0.5),
    (FILL, {}, {"1": "Madrid", "2": "Paris"}, 0),
    (FILL, {}, {"1": "", "2": ""}, 0),
    (FILL, {}, {}, 0),
    (FILL, {"scoring": "all_or_nothing"}, {"1": "Paris"}, 0),
    (FILL, {"scoring": "all_or_nothing"}, {"1": "Paris", "2": "Madrid"}, 1),
    (FILL, {}, {"1": "paris", "2": "MADRID"}, 1),
    (FILL, {}, {"1": "  Paris ", "2": "Madrid\n"}, 1),
    (FILL, {}, {"1": "Par is", "2": "Madrid"}, 0.5),
    (FILL, CASE, {"1": "pH"}, 1),
    (FILL, CASE, {"1": "PH"}, 0),
    (FILL, CASE, {"1": " pH "}, 1),
    (FILL, EXACT, {"1": "a  b"}, 1),
    (FILL, EXACT, {"1": "a b"}, 0),
    (FILL, EXACT, {"1": "A  B"}, 1),
    (FILL, IGNORE, {"1": "abcd"}, 1),
    (FILL, IGNORE, {"1": "a b c d"}, 1),
    (FILL, STAR, {"1": "dark red"}, 1),
    (FILL, STAR, {"1": "reddish"}, 1),
    (FILL, STAR, {"1": "read"}, 0),
    (FILL, STAR, {"1": "5 * 5"}, 0.5),
    (FILL, STAR, {"1": "5 5 5"}, 0),
    (FILL, VARIANTS, {"1": "colour"}, 1),
    (FILL, VARIANTS, {"1": "color"}, 0.8),
    (FILL, VARIANTS, {"1": "cool"}, 0.1),
    (FILL, VARIANTS, {"1": "hue"}, 0),
    (FILL, {"text": "[[1]]", "blanks": [blank("1", "café")]}, {"1": "cafe\u0301"}, 1),
    (FILL, {"text": "[[1]]", "blanks": [blank("1", "it's")]}, {"1": "it’s"}, 1),
    (FILL, {"text": "[[1]]", "blanks": [blank("1", "straße")]}, {"1": "STRASSE"}, 1),
    (FILL, {"text": "[[1]]", "blanks": [blank("1", "a.b")]}, {"1": "axb"}, 0),
    (FILL, {"text": "[[1]]", "blanks": [blank("1", "(x)")]}, {"1": "(x)"}, 1),
    (FILL, {"text": "[[1]]", "blanks": [blank("1", "*")]}, {"1": "anything"}, 1),
    (FILL, {"text": "[[1]]", "blanks": [blank("1", "*")]}, {"1": "   "}, 0),
]


def number(value: str, tolerance: str = "0", **more: Any) -> dict[str, Any]:
    return {"numbers": [{"value": value, "tolerance": tolerance, **more}]}


TWO = {"numbers": [{"value": "10", "tolerance": "5", "weight": 0.5}, {"value": "10"}]}
NUMBERS = [
    (NUMERIC, {}, "3.14", 1),
    (NUMERIC, {}, "3.15", 1),
    (NUMERIC, {}, "3.13", 1),
    (NUMERIC, {}, "3.1501", 0),
    (NUMERIC, {}, "3.1299", 0),
    (NUMERIC, {}, "3,14", 1),
    (NUMERIC, {}, " 3.14 ", 1),
    (NUMERIC, {}, "+3.14", 1),
    (NUMERIC, {}, "314e-2", 1),
    (NUMERIC, {}, "0.314E1", 1),
    (NUMERIC, {}, "-3.14", 0),
    (NUMERIC, {}, "pi", 0),
    (NUMERIC, {}, "3.14 m", 0),
    (NUMERIC, {}, "", 0),
    (NUMERIC, {}, "NaN", 0),
    (NUMERIC, {}, "Infinity", 0),
    (NUMERIC, number("0.3"), "0.3", 1),
    (NUMERIC, number("0.3"), "0.30000000000000001", 0),
    (NUMERIC, number("0.3"), "0.30", 1),
    (NUMERIC, number("0.3", "0.1"), "0.2", 1),
    (NUMERIC, number("0.3", "0.1"), "0.4", 1),
    (NUMERIC, number("100", "0.05", tolerance_kind="relative"), "95", 1),
    (NUMERIC, number("100", "0.05", tolerance_kind="relative"), "94.9", 0),
    (NUMERIC, number("-100", "0.05", tolerance_kind="relative"), "-105", 1),
    (NUMERIC, number("0", "0.05", tolerance_kind="relative"), "0", 1),
    (NUMERIC, number("0", "0.05", tolerance_kind="relative"), "0.01", 0),
    (NUMERIC, number("1234567"), "1 234 567", 1),
    (NUMERIC, number("1234.5"), "1,234.5", 1),
    (NUMERIC, number("1234.5"), "1.234,5", 1),
    (NUMERIC, number("1234567"), "1,234,567", 1),
    (NUMERIC, number("1234567"), "1'234'567", 1),
    (NUMERIC, number("-5"), "−5", 1),
    (NUMERIC, number("6.022e23", "0.01", tolerance_kind="relative"), "6.02e23", 1),
    (NUMERIC, TWO, "10", 1),
    (NUMERIC, TWO, "12", 0.5),
    (NUMERIC, TWO, "16", 0),
]
SAME = {
    "rights": [piece("x", "blue"), piece("y", "blue"), piece("z", "red")],
    "lefts": [
        {"id": "1", "text": "sky", "match": "x"},
        {"id": "2", "text": "sea", "match": "y"},
    ],
}
TWINS = {"items": [piece("1", "wash"), piece("2", "dry"), piece("3", "wash"), piece("4", "iron")]}
PAIRS = [
    (MATCHING, {}, {"1": "x", "2": "y", "3": "z"}, 1),
    (MATCHING, {}, {"1": "x", "2": "y"}, 0.6667),
    (MATCHING, {}, {"1": "x", "2": "z", "3": "y"}, 0.3333),
    (MATCHING, {}, {"1": "w", "2": "w", "3": "w"}, 0),
    (MATCHING, {}, {"1": "x", "2": "x", "3": "x"}, 0.3333),
    (MATCHING, {}, {"1": ""}, 0),
    (MATCHING, {}, {}, 0),
    (MATCHING, {"scoring": "all_or_nothing"}, {"1": "x", "2": "y"}, 0),
    (MATCHING, {"scoring": "all_or_nothing"}, {"1": "x", "2": "y", "3": "z"}, 1),
    (MATCHING, SAME, {"1": "y", "2": "x"}, 1),
    (MATCHING, SAME, {"1": "x", "2": "x"}, 1),
    (MATCHING, SAME, {"1": "z", "2": "x"}, 0.5),
    (ORDERING, {}, ["1", "2", "3", "4"], 1),
    (ORDERING, {}, ["1", "2", "4", "3"], 0),
    (ORDERING, {}, None, 0),
    (ORDERING, {}, [], 0),
    (ORDERING, {"scoring": "positions"}, ["1", "2", "4", "3"], 0.5),
    (ORDERING, {"scoring": "positions"}, ["2", "1", "4", "3"], 0),
    (ORDERING, {"scoring": "positions"}, ["4", "1", "2", "3"], 0),
    (ORDERING, {"scoring": "positions"}, ["1", "3", "2", "4"], 0.5),
    (ORDERING, {"scoring": "neighbours"}, ["4", "1", "2", "3"], 0.6667),
    (ORDERING, {"scoring": "neighbours"}, ["1", "2", "3", "4"], 1),
    (ORDERING, {"scoring": "neighbours"}, ["4", "3", "2", "1"], 0),
    (ORDERING, {"scoring": "neighbours"}, ["3", "4", "1", "2"], 0.6667),
    (ORDERING, TWINS, ["3", "2", "1", "4"], 1),
    (ORDERING, TWINS, ["2", "1", "3", "4"], 0),
    (ORDERING, {**TWINS, "scoring": "positions"}, ["3", "2", "4", "1"], 0.5),
]


@pytest.mark.parametrize(
    ("raw", "changes", "answer", "expected"), [*CHOICES, *BLANKS, *NUMBERS, *PAIRS]
)
def test_an_answer_is_worth_its_share_of_the_points(raw, changes, answer, expected):
    assert share(raw, answer, **changes) == expected


@pytest.mark.parametrize(
    ("raw", "answer", "status"),
    [
        (ONE, "b", "right"),
        (ONE, "a", "wrong"),
        (ONE, None, "unanswered"),
        (FILL, {"1": "Paris"}, "partly"),
        (FILL, {"1": " "}, "wrong"),
        (NUMERIC, "x", "wrong"),
        (NUMERIC, "", "unanswered"),
        (ESSAY, "", "unanswered"),
        (ESSAY, "Because.", "waiting"),
    ],
)
def test_what_became_of_an_answer_has_a_name(raw, answer, status):
    asked = question(raw)
    assert mark(asked, read_answer(asked, answer)).status == status


@pytest.mark.parametrize("points", [0, 0.5, 1, 3, 7.25])
def test_points_of_the_place_replace_those_of_the_question(points):
    asked = question(ONE, points=2)
    assert mark(asked, "b", points).points == points
    assert mark(asked, "a", points).points == 0


def test_feedback_is_that_of_what_was_answered_then_the_questions_own():
    options = [option("a", feedback="No."), option("b", True, feedback="Yes.")]
    asked = question(ONE, options=options, feedback="End.", feedback_right="Well done.")
    assert mark(asked, "b").feedback == ("Yes.", "Well done.", "End.")
    assert mark(asked, "a").feedback == ("No.", "End.")
    assert mark(asked, None).feedback == ("End.",)


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (ONE, "z"),
        (ONE, 1),
        (ONE, ["a"]),
        (MANY, "a"),
        (MANY, ["z"]),
        (TRUTH, "maybe"),
        (TRUTH, 3),
        (FILL, {"9": "x"}),
        (FILL, ["Paris"]),
        (FILL, {"1": 5}),
        (FILL, {"1": "x" * 1001}),
        (NUMERIC, 3.14),
        (MATCHING, {"1": "nobody"}),
        (MATCHING, {"9": "x"}),
        (ORDERING, ["1", "2"]),
        (ORDERING, ["1", "1", "2", "3"]),
        (ORDERING, "1234"),
        (ESSAY, {"text": "x"}),
        (ESSAY, "x" * 100_001),
    ],
)
def test_what_is_no_answer_is_refused_by_name(raw, answer):
    with pytest.raises(AnswerInvalid):
        read_answer(question(raw), answer)


def test_characters_that_cannot_be_stored_are_replaced():
    assert read_answer(question(ESSAY), "a\x00b\ud800") == "a\ufffdb\ufffd"


@pytest.mark.parametrize("raw", ALL, ids=lambda raw: raw["kind"])
def test_no_answer_is_worth_nothing_whatever_is_asked(raw):
    assert mark(question(raw), None).points == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "1"), ("1,5", "1.5"), ("1.5", "1.5"), (".5", "0.5"), ("5.", "5"), ("-0", "0"),
        ("1 000", "1000"), ("1\u202f000", "1000"), ("1e3", "1000"), ("x", None), ("", None),
        ("1e9999", None), ("1.2.3", None), ("--1", None), ("9" * 61, None), ("½", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(text, value):
    found = read_number(text)
    assert (found is None) == (value is None)
    assert value is None or found == read_number(value)


@pytest.mark.parametrize(
    ("chosen", "points"),
    [({"c": "2", "l": "1"}, 10), ({"c": "1", "l": "1"}, 6), ({"c": "0", "l": "0"}, 0), ({}, 0)],
)
def test_levels_of_a_rubric_are_scaled_to_the_points_of_the_question(chosen, points):
    assert mark_by_rubric(question(ESSAY), chosen) == points


def test_a_level_that_is_not_there_is_refused():
    with pytest.raises(KeyError):
        mark_by_rubric(question(ESSAY), {"c": "9"})


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("one", 1), ("one  two\nthree", 3), ("a - b", 2), ("ça va ?", 2)]
)
def test_words_are_counted_as_people_count_them(text, words):
    assert count_words(text) == words
