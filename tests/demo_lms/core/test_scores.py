"""Timestamps and grades without a server."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo_lms.core.errors import ServiceRefused
from demo_lms.core.personalities import MOODLE
from demo_lms.core.scores import grade_of, parse_score, parse_timestamp

MOMENT = datetime(2026, 11, 21, 20, 32, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T20:32:11Z",
        "2026-11-21T20:32:11.0Z",
        "2026-11-21T20:32:11.000000000Z",
        "2026-11-21T20:32:11+00:00",
        "2026-11-21T20:32:11+0000",
        "2026-11-21T15:32:11-05:00",
        "2026-11-21T20:32:11",
        "2026-11-21 20:32:11Z",
        "20261121T203211Z",
    ],
)
def test_these_timestamps_are_the_same_moment(text):
    """MOODLE-6: the accepted formats; a naive one is UTC."""
    assert parse_timestamp(text) == MOMENT


def test_a_timestamp_may_leave_the_seconds_out():
    """MOODLE-6"""
    assert parse_timestamp("2026-11-21T20:32Z") == MOMENT.replace(second=0)


@pytest.mark.parametrize(
    "value",
    [
        1795293131,
        "1795293131",
        "2026-11-21t20:32:11Z",
        "2026-11-21T20:32:11z",
        "Sat, 21 Nov 2026 20:32:11 GMT",
        "2026-13-21T20:32:11Z",
        "2026-11-21",
        "2026-11-21T25:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "",
        None,
        [],
    ],
)
def test_these_timestamps_are_refused(value):
    """MOODLE-6: epoch numbers, lower-case t and z, RFC 2822, what is no date."""
    with pytest.raises(ServiceRefused):
        parse_timestamp(value)


def body(**changes):
    return {
        "userId": "4",
        "scoreGiven": 1,
        "scoreMaximum": 2,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-11-21T20:32:11Z",
    } | changes


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6), st.floats(0, 1e4))
def test_a_final_grade_is_never_outside_the_items_range(points, maximum, item_maximum):
    """MOODLE-6: clamped, whatever was sent."""
    score = parse_score(body(scoreGiven=points, scoreMaximum=maximum), MOODLE.scores)
    grade = grade_of(score, item_maximum, clamps=True)
    assert grade is not None
    assert 0 <= grade.final <= item_maximum + 1e-5


@given(
    st.one_of(
        st.none(),
        st.integers(),
        st.text(),
        st.lists(st.integers()),
        st.dictionaries(st.text(), st.text()),
    )
)
def test_whatever_is_sent_is_refused_by_name_and_never_a_crash(value):
    """A tool's mistake is a 400, not a 500."""
    with pytest.raises(ServiceRefused):
        parse_score(value, MOODLE.scores)
