"""Papers: drawn and shuffled by a seed, and nothing of the key in what a learner gets."""

import json

import pytest

from content.core.quiz.answers import read_answer
from content.core.quiz.drawing import Draw, Fixed, arrange, draw_paper, shuffle
from content.core.quiz.journal import EntriesInvalid, choose_new, decides, read_entries
from content.core.quiz.learner_paper import PartUnknown, build_question, unveil, veil_answer
from content.core.quiz.marking import mark
from content.core.quiz.results import Allowed, build_result
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

POOL = tuple(f"q{n}" for n in range(20))
RIGHT = [
    (ONE, "b"),
    (MANY, ["a", "b"]),
    (TRUTH, True),
    (FILL, {"1": "Paris", "2": "Madrid"}),
    (NUMERIC, "3.14"),
    (MATCHING, {"1": "x", "2": "y", "3": "z"}),
    (ORDERING, ["1", "2", "3", "4"]),
    (ESSAY, "Because."),
]


def test_the_same_seed_makes_the_same_paper_and_another_one_another():
    items = [Fixed("a", 1), Draw(POOL, 5, 2), Fixed("b", 3)]
    paper = draw_paper(items, "one", is_shuffled=True)
    assert paper == draw_paper(items, "one", is_shuffled=True)
    assert paper != draw_paper(items, "other", is_shuffled=True)
    assert [slot.number for slot in paper] == list(range(1, 8))
    assert sum(slot.points for slot in paper) == 14


def test_without_shuffling_the_places_stay():
    paper = draw_paper([Fixed("a", 1), Draw(POOL, 2, 1), Fixed("b", 1)], "s", is_shuffled=False)
    assert [paper[0].question, paper[3].question] == ["a", "b"]


def test_no_question_stands_twice():
    items = [Draw(POOL, 12, 1), Draw(POOL, 12, 1), Fixed("q3", 1)]
    drawn = [slot.question for slot in draw_paper(items, "s", is_shuffled=False)]
    assert len(drawn) == len(set(drawn)) == 20


def test_a_draw_prefers_what_the_learner_has_not_had():
    seen = POOL[:15]
    drawn = {
        slot.question for slot in draw_paper([Draw(POOL, 5, 1)], "s", is_shuffled=False, seen=seen)
    }
    assert drawn == set(POOL[15:])


def test_every_order_comes_about_equally_often():
    first = [shuffle(f"seed {n}", "x", "abc")[0] for n in range(600)]
    assert all(150 < first.count(one) < 250 for one in "abc")


def test_what_is_to_be_put_in_order_never_stands_in_order():
    asked = question(ORDERING)
    for n in range(200):
        assert arrange(asked, f"seed {n}", 1)["items"] != ["1", "2", "3", "4"]


@pytest.mark.parametrize(("raw", "answer"), RIGHT, ids=[raw["kind"] for raw, _ in RIGHT])
def test_an_answer_goes_veiled_to_the_learner_and_comes_back(raw, answer):
    asked = question(raw)
    veiled = veil_answer(asked, answer, seed="s", slot=2)
    assert unveil(asked, veiled, seed="s", slot=2) == answer
    assert mark(asked, read_answer(asked, unveil(asked, veiled, seed="s", slot=2))).status in (
        "right",
        "waiting",
    )


@pytest.mark.parametrize("raw", ALL, ids=lambda raw: raw["kind"])
def test_a_learners_document_has_only_what_the_whitelist_names(raw):
    shown = build_question(question(raw, feedback="SECRET"), seed="s", slot=1, points=1)
    allowed = {"slot", "kind", "points", "text", "options", "blanks", "lefts", "rights", "items"}
    assert set(shown) <= allowed | {"words"}
    for part in ("options", "blanks", "lefts", "rights", "items"):
        assert all(set(one) <= {"id", "text"} for one in shown.get(part, []))
    text = json.dumps(shown)
    for secret in ("SECRET", "Paris", "3.14", "is_right", '"match"', "Because of the tide"):
        assert secret not in text


SWAPPED = [{**left, "match": match} for left, match in zip(MATCHING["lefts"], "zyx", strict=True)]


def test_of_two_pieces_either_may_stand_first():
    """Were the right order never shown, two would tell it."""
    asked = question({**ORDERING, "items": ORDERING["items"][:2]})
    shown = [tuple(arrange(asked, f"seed {n}", 1)["items"]) for n in range(100)]
    assert 25 < shown.count(("1", "2")) < 75


@pytest.mark.parametrize(
    "pair",
    [
        ({"options": list(reversed(MANY["options"]))}, MANY),
        ({"is_true": False}, TRUTH),
        ({"numbers": [{"value": "7"}]}, NUMERIC),
        ({"options": [option("a", True), option("b"), option("c")]}, ONE),
        ({"blanks": [blank("1", "Rome"), blank("2", "Oslo", "Bergen")]}, FILL),
        ({"lefts": SWAPPED}, MATCHING),
        ({"model_answer": "No.", "rubric": []}, ESSAY),
    ],
    ids=["options", "truth", "number", "one option", "blanks", "pairs", "essay"],
)
def test_documents_of_questions_that_differ_in_the_key_only_are_the_same(pair):
    """Whoever compares cannot tell which is right."""
    changes, raw = pair
    one = build_question(question(raw), seed="s", slot=1, points=1)
    other = build_question(question(raw, **changes), seed="s", slot=1, points=1)
    assert one == other


def test_the_names_of_a_pair_do_not_tell_that_they_belong_together():
    shown = build_question(question(MATCHING), seed="s", slot=1, points=1)
    assert not {one["id"] for one in shown["lefts"]} & {one["id"] for one in shown["rights"]}
    other = build_question(question(MATCHING), seed="t", slot=1, points=1)
    assert {one["id"] for one in shown["lefts"]}.isdisjoint({one["id"] for one in other["lefts"]})


@pytest.mark.parametrize(
    ("raw", "answer"), [(ONE, "b"), (MANY, ["a"]), (FILL, {"1": "x"}), (MATCHING, {"1": "x"})]
)
def test_the_authors_names_are_unknown_on_the_learners_side(raw, answer):
    with pytest.raises(PartUnknown):
        unveil(question(raw), answer, seed="s", slot=1)


@pytest.mark.parametrize(("raw", "answer"), RIGHT, ids=[raw["kind"] for raw, _ in RIGHT])
def test_a_result_tells_only_what_is_allowed(raw, answer):
    asked = question(raw, feedback="SECRET")
    given = mark(asked, None)
    nothing = build_result(asked, None, given, Allowed(marks=False, key=True, feedback=True))
    assert set(nothing) == {"kind", "text", "answer"}
    marks = build_result(asked, None, given, Allowed(marks=True))
    assert set(marks) == {*nothing, "points", "points_max", "status"}
    everything = build_result(asked, answer, given, Allowed(marks=True, key=True, feedback=True))
    assert everything["feedback"] == ["SECRET"]
    assert everything["key"] or asked.kind == "essay"
    assert everything["answer"]


def test_entries_are_taken_in_order_once_and_never_after_a_gap():
    """PAIN-02"""
    entries = read_entries([[n, "answer", 1, "x", 0] for n in (3, 1, 2, 5, 2)])
    assert [one.number for one in choose_new(entries, 0)] == [1, 2, 3]
    assert [one.number for one in choose_new(entries, 2)] == [3]
    assert choose_new(entries, 3) == []
    assert [one.number for one in choose_new(entries, 4)] == [5]


@pytest.mark.parametrize(
    ("holder", "writer", "number", "wins"),
    [(None, 1, 1, True), ([1, 5], 1, 6, True), ([1, 5], 2, 1, True), ([2, 1], 1, 9, False)],
)
def test_the_newest_window_decides_about_a_question(holder, writer, number, wins):
    """PAIN-11"""
    assert decides(holder, writer, number) is wins


@pytest.mark.parametrize(
    "raw",
    [
        "x",
        [["1", "answer", 1, "x", 0]],
        [[1, "shout", 1, "x", 0]],
        [[1, "answer", 1, "x"]],
        [[0, "answer", 1, "x", 0]],
        [[True, "answer", 1, "x", 0]],
        [[1, "answer", 99999, "x", 0]],
        [[n, "answer", 1, "x", 0] for n in range(1, 502)],
    ],
)
def test_what_is_no_journal_is_refused(raw):
    with pytest.raises(EntriesInvalid):
        read_entries(raw)


def test_an_odd_age_costs_nobody_an_answer():
    ages = [None, -5, "x", 10**12, float("nan")]
    entries = read_entries([[n, "answer", 1, "x", age] for n, age in enumerate(ages, start=1)])
    assert [one.ago_ms for one in entries] == [0, 0, 0, 10**9, 0]
