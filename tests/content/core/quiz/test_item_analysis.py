"""Figures checked by hand."""

import pytest

from content.core.quiz.item_analysis import Taken, analyse, correlate, find_reliability


def attempt(*fractions: float) -> list[Taken]:
    return [Taken(f"q{n}", share, 1.0, (str(share),)) for n, share in enumerate(fractions)]


def test_an_item_that_the_strong_get_right_tells_them_apart():
    taken = [
        attempt(1, 1, 1),
        attempt(1, 1, 1),
        attempt(0, 0, 0),
        attempt(0, 0, 0),
        attempt(1, 1, 0),
    ]
    found = analyse(taken)
    assert found[0].difficulty == 0.6
    assert found[0].discrimination is not None
    assert found[0].discrimination > 0.8
    assert found[0].index == 1.0
    assert found[0].findings == ()


def test_an_item_that_the_weak_get_right_is_found():
    taken = [
        attempt(0, 1, 1),
        attempt(0, 1, 1),
        attempt(1, 0, 0),
        attempt(1, 0, 0),
        attempt(0, 1, 1),
    ]
    assert analyse(taken)[0].discrimination == -1
    assert analyse(taken)[0].findings == ("negative",)


@pytest.mark.parametrize(
    ("shares", "finding"), [([0, 0, 0, 0, 0, 0], "too_hard"), ([1, 1, 1, 1, 1, 1], "too_easy")]
)
def test_what_everybody_or_nobody_knows_is_found(shares, finding):
    taken = [attempt(share, n % 2, 1 - n % 2) for n, share in enumerate(shares)]
    assert finding in analyse(taken)[0].findings
    assert analyse(taken)[0].discrimination is None


def test_of_few_attempts_nothing_is_said_but_how_hard_it_was():
    figures = analyse([attempt(1, 0), attempt(0, 1)])[0]
    assert (figures.difficulty, figures.discrimination, figures.findings) == (0.5, None, ())


def test_believed_wrong_answers_are_counted_with_the_strength_of_who_believed_them():
    taken = [
        [Taken("q", 0, 1, ("b",)), Taken("r", 1.0, 1)],
        [Taken("q", 0, 1, ("b",)), Taken("r", 0.5, 1)],
        [Taken("q", 1, 1, ("a",)), Taken("r", 1.0, 1)],
        [Taken("q", 0, 1), Taken("r", 0.0, 1)],
    ]
    figures = analyse(taken)[0]
    assert figures.choices == (("b", 2, 0.75), ("a", 1, 1.0))
    assert figures.unanswered == 1


def test_a_question_that_only_some_were_asked_is_judged_by_them():
    assert analyse([attempt(1, 1), attempt(0)])[1].count == 1


@pytest.mark.parametrize(
    ("xs", "ys", "expected"),
    [([1, 2, 3], [2, 4, 6], 1), ([1, 2, 3], [3, 2, 1], -1), ([1, 1, 1], [1, 2, 3], None)],
)
def test_correlation(xs, ys, expected):
    assert correlate(xs, ys) == expected


def test_reliability_is_cronbachs_alpha():
    rows = [{"a": 1, "b": 1}, {"a": 0, "b": 0}, {"a": 1, "b": 1}, {"a": 0, "b": 0}]
    assert find_reliability(rows) == 1.0
    assert find_reliability(rows[:1]) is None
    assert find_reliability([{"a": 1}, {"a": 0}]) is None
    assert find_reliability([{"a": 1, "b": 0}, {"a": 0, "c": 0}]) is None
