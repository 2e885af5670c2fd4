"""Attempts: when they begin and end, which counts, what may be seen."""

from datetime import UTC, datetime, timedelta

import pytest

from content.core.quiz.policy import (
    NONE,
    Accommodation,
    Scored,
    count,
    find_due,
    is_over,
    is_passed,
    may_begin,
    may_see_results,
)
from content.core.quiz.settings import (
    QuizSettings,
    SettingsInvalid,
    read_settings,
    write_settings,
)

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


MORE_DAYS = Accommodation(extra_days=1)


@pytest.mark.parametrize(
    ("settings", "taken", "granted", "refusal", "left"),
    [
        ({}, 99, NONE, None, None),
        ({"attempts_allowed": 2}, 0, NONE, None, 2),
        ({"attempts_allowed": 2}, 1, NONE, None, 1),
        ({"attempts_allowed": 2}, 2, NONE, "no_attempts_left", 0),
        ({"attempts_allowed": 2}, 2, Accommodation(extra_attempts=1), None, 1),
        ({"opens_at": at(1)}, 0, NONE, "not_open_yet", None),
        ({"opens_at": at(0)}, 0, NONE, None, None),
        ({"closes_at": at(0)}, 0, NONE, "closed", None),
        ({"closes_at": at(1)}, 0, NONE, None, None),
        (
            {"closes_at": at(-9)},
            0,
            Accommodation(closes_at=NOW + timedelta(minutes=1)),
            None,
            None,
        ),
    ],
)
def test_who_may_begin(settings, taken, granted, refusal, left):
    found = may_begin(QuizSettings(**settings), taken, NOW, granted)
    assert (found.refusal, found.left) == (refusal, left)


@pytest.mark.parametrize(
    ("settings", "granted", "minutes"),
    [
        ({}, NONE, None),
        ({"time_limit_minutes": 30}, NONE, 30),
        ({"time_limit_minutes": 30}, Accommodation(extra_time_percent=50), 45),
        ({"time_limit_minutes": 30}, Accommodation(extra_minutes=10), 40),
        ({"time_limit_minutes": 30}, Accommodation(50, 10), 55),
        ({"time_limit_minutes": 30, "closes_at": at(20)}, NONE, 20),
        ({"time_limit_minutes": 30, "closes_at": at(60)}, NONE, 30),
        ({"closes_at": at(20)}, NONE, 20),
        ({"closes_at": at(20)}, Accommodation(closes_at=NOW + timedelta(minutes=90)), 90),
        ({}, Accommodation(extra_time_percent=100), None),
        ({"closes_at": at(20)}, Accommodation(extra_days=2), 20 + 2 * 24 * 60),
        ({}, Accommodation(extra_days=2), None),
        (
            {"closes_at": at(20)},
            Accommodation(closes_at=NOW + timedelta(minutes=90), extra_days=2),
            90,
        ),
    ],
)
def test_when_an_attempt_is_over(settings, granted, minutes):
    due = find_due(QuizSettings(**settings), NOW, granted)
    assert due == (None if minutes is None else NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, False), (30, False), (31, True)])
def test_the_network_has_its_grace(seconds, over):
    assert is_over(NOW, 30, NOW + timedelta(seconds=seconds)) is over
    assert not is_over(None, 30, NOW)


@pytest.mark.parametrize(
    ("settings", "is_submitted", "granted", "seen"),
    [
        ({}, True, NONE, True),
        ({}, False, NONE, False),
        ({"show_results": "never"}, True, NONE, False),
        ({"show_results": "after_deadline", "closes_at": at(1)}, True, NONE, False),
        ({"show_results": "after_deadline", "closes_at": at(0)}, True, NONE, True),
        ({"show_results": "after_deadline", "closes_at": at(-1)}, True, MORE_DAYS, False),
        (
            {"show_results": "after_deadline", "closes_at": at(-1)},
            True,
            Accommodation(closes_at=NOW + timedelta(minutes=1)),
            False,
        ),
        (
            {"show_results": "after_deadline", "closes_at": at(1)},
            True,
            Accommodation(closes_at=NOW - timedelta(minutes=1)),
            False,
        ),
    ],
)
def test_when_results_may_be_seen(settings, is_submitted, granted, seen):
    allowed = may_see_results(
        QuizSettings(**settings), is_submitted=is_submitted, now=NOW, granted=granted
    )
    assert allowed is seen


THREE = [Scored(1, 0.5), Scored(2, 0.9), Scored(3, 0.7)]


@pytest.mark.parametrize(
    ("counting", "attempts", "number", "scaled"),
    [
        ("best", THREE, 2, 0.9),
        ("last", THREE, 3, 0.7),
        ("first", THREE, 1, 0.5),
        ("average", THREE, 3, 0.7),
        ("best", [Scored(1, 0.5), Scored(2, 0.5)], 1, 0.5),
        ("best", [Scored(1, 0.5, is_pending=True), Scored(2, 0.5)], 2, 0.5),
        ("average", [Scored(1, 1.0), Scored(2, 0.0), Scored(3, 0.0)], 3, 0.333333),
        ("last", list(reversed(THREE)), 3, 0.7),
    ],
)
def test_which_attempt_counts(counting, attempts, number, scaled):
    found = count(counting, attempts)
    assert found is not None
    assert (found.number, found.scaled) == (number, scaled)


def test_nothing_counts_before_something_is_submitted():
    assert count("best", []) is None


@pytest.mark.parametrize(
    ("percent", "scaled", "passed"),
    [(50, 0.5, True), (50, 0.4999, False), (70, 0.7, True), (0, 0.0, True), (100, 1.0, True)],
)
def test_the_bar(percent, scaled, passed):
    assert is_passed(QuizSettings(passing_percent=percent), scaled) is passed


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"colour": "red"}, "colour"),
        ({"counting": "worst"}, "counting"),
        ({"time_limit_minutes": -1}, "time_limit_minutes"),
        ({"time_limit_minutes": True}, "time_limit_minutes"),
        ({"time_limit_minutes": "ten"}, "time_limit_minutes"),
        ({"opens_at": "tomorrow"}, "opens_at"),
        ({"opens_at": at(5), "closes_at": at(1)}, "closes_at"),
        ({"show_results": "after_deadline"}, "closes_at"),
        ({"shows_key": "no"}, "shows_key"),
    ],
)
def test_settings_that_are_none_are_refused_by_name(raw, place):
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(raw)
    assert place in [problem.place for problem in refused.value.problems]


def test_settings_come_back_as_they_were_written():
    made = QuizSettings(time_limit_minutes=5, closes_at=at(3), counting="average")
    assert read_settings(write_settings(made)) == made
