"""Answers that come as a form are read like those of the journal, and undo nothing."""

import pytest

from content.core.quiz.learner_paper import build_question, unveil, veil_answer
from content.core.quiz.plain_form import fingerprint, read_form
from content.core.quiz.reading import read_question
from tests.content.core.quiz.questions import ALL
from tests.content.quiz_world import RIGHT

SEED = "5eed"
OTHER = {
    "choice_one": "a",
    "choice_many": ["b"],
    "true_false": False,
    "fill_in": {"1": "Rome"},
    "numeric": "2",
    "matching": {"1": "y"},
    "ordering": ["4", "3", "2", "1"],
    "essay": "No idea.\n\nNone.",
}
KINDS = list(OTHER)


def ask(kind):
    question = next(one for one in map(read_question, ALL) if one.kind == kind)
    return question, build_question(question, seed=SEED, slot=1, points=1)


def fill(shown, answer):
    """The fields of a browser whose page shows `answer`."""
    names = {}
    if answer is None:
        return names
    if shown["kind"] == "ordering":
        return {f"q1.{name}": [str(place)] for place, name in enumerate(answer, start=1)}
    if isinstance(answer, dict):
        return {f"q1.{part}": [text] for part, text in answer.items()}
    if isinstance(answer, list):
        return {"q1": answer}
    if isinstance(answer, bool):
        return {"q1": [str(answer).lower()]}
    return {"q1": [answer.replace("\n", "\r\n")]}


def shown_with(shown, answer):
    return {"was.q1": [fingerprint(shown, answer)]}


@pytest.mark.parametrize(
    ("was", "now", "flags"),
    [("no", True, {1: True}), ("yes", False, {1: False}), ("yes", True, {})],
)
def test_a_flag_is_said_where_it_changed(was, now, flags):
    _question, shown = ask("essay")
    fields = {"was.flag.q1": [was]} | ({"flag.q1": ["yes"]} if now else {})
    assert read_form([shown], fields).flags == flags
    assert read_form([shown], {"flag.q1": ["yes"]}).flags == {}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_filled_in_is_the_answer(kind):
    question, shown = ask(kind)
    veiled = veil_answer(question, RIGHT[kind], seed=SEED, slot=1)
    said = read_form([shown], fill(shown, veiled) | shown_with(shown, None))
    given = unveil(question, said.changes[1], seed=SEED, slot=1)
    assert given == ("true" if kind == "true_false" else RIGHT[kind])
    assert said.reordered == ()


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_touched_says_nothing(kind):
    """Else a page of an hour ago would undo what another window answered since."""
    question, shown = ask(kind)
    veiled = veil_answer(question, OTHER[kind], seed=SEED, slot=1)
    said = read_form([shown], fill(shown, veiled) | shown_with(shown, veiled))
    assert said.changes == {}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_emptied_is_no_answer_any_more(kind):
    question, shown = ask(kind)
    veiled = veil_answer(question, OTHER[kind], seed=SEED, slot=1)
    assert read_form([shown], shown_with(shown, veiled)).changes == {1: None}


def test_a_question_that_the_form_did_not_show_is_left_alone():
    _, shown = ask("essay")
    assert read_form([shown], {"q1": ["text"]}).changes == {}


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (["2", "1", "3", "4"], [1, 0, 2, 3]),
        (["1", "1", "2", "3"], [0, 1, 2, 3]),
        (["", "1", "", "2"], [1, 3, 0, 2]),
        (["x", "1", "99", ""], [1, 0, 3, 2]),
    ],
)
def test_places_make_an_order_whatever_they_are(places, expected):
    """Nothing is lost: what is no order is read as the nearest one, and the learner is told."""
    _, shown = ask("ordering")
    names = [piece["id"] for piece in shown["items"]]
    fields = {f"q1.{name}": [place] for name, place in zip(names, places, strict=True)}
    said = read_form([shown], fields | shown_with(shown, None))
    assert [names.index(name) for name in said.changes[1]] == expected
    assert bool(said.reordered) == (sorted(places) != ["1", "2", "3", "4"])
