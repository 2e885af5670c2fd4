"""The grade is a pure function of where the attempt stands: PAIN-05."""

from itertools import permutations
from uuid import UUID

import pytest

from lti_app.core.grading import (
    GradedAttempt,
    GradeValue,
    Standing,
    build_grade_value,
    count_attempts,
    replaces,
    write_comment,
)


@pytest.mark.parametrize(
    ("standing", "is_final", "score"),
    [
        (Standing("incomplete", "unknown"), False, None),
        (Standing("incomplete", "unknown", 0.5), False, 0.5),
        (Standing("completed", "unknown"), True, 1.0),
        (Standing("completed", "passed"), True, 1.0),
        (Standing("completed", "failed"), True, 0.0),
        (Standing("incomplete", "failed"), True, 0.0),
        (Standing("unknown", "passed"), True, 1.0),
        (Standing("completed", "failed", 0.4), True, 0.4),
        (Standing("completed", "passed", 0.0), True, 0.0),
        (Standing("completed", "passed", -0.5), True, 0.0),
        (Standing("completed", "passed", 1.5), True, 1.0),
        (Standing("completed", "unknown", None, 30.0), True, 0.3),
        (Standing("completed", "unknown", None, 3.0, 0.0, 4.0), True, 0.75),
        (Standing("completed", "unknown", None, 3.0, 5.0, 5.0), True, 0.03),
    ],
)
def test_what_a_standing_is_worth(standing, is_final, score):
    made = build_grade_value(standing)
    assert (made.is_final, made.score) == (is_final, score)


def test_any_order_of_reports_ends_in_the_same_grade():
    """PAIN-05"""
    reports = [{"completion": "completed"}, {"success": "passed"}, {"score_scaled": 0.7}]
    ends = set()
    for order in permutations(reports):
        values = {"completion": "incomplete", "success": "unknown"}
        current = None
        for report in order:
            values = {**values, **report}
            new = build_grade_value(Standing(**values))
            current = new if replaces(new, current) else current
        ends.add(current)
    assert ends == {GradeValue(True, 0.7, "completed", "passed")}


def test_nothing_final_is_taken_away():
    """MOODLE-8"""
    final = GradeValue(True, 0.8, "completed", "passed")
    assert not replaces(GradeValue(False, None, "incomplete", "unknown"), final)
    assert not replaces(final, final)
    assert replaces(GradeValue(True, 0.4, "completed", "failed"), final)
    assert replaces(final, None)


def test_the_comment_says_what_came_out():
    """MOODLE-9"""
    made = GradeValue(True, 0.855, "completed", "passed")
    assert write_comment("Fire safety", made, 2) == "Fire safety: passed, 86% (attempt 2)"
    made = GradeValue(True, None, "completed", "unknown")
    assert write_comment("X", made, 1) == "X: completed (attempt 1)"


def attempt(number, score, *, is_final=True):
    value = GradeValue(is_final, score, "completed" if is_final else "incomplete", "unknown")
    return GradedAttempt(UUID(int=number), number, value)


@pytest.mark.parametrize(
    ("counting", "number", "score"),
    [("best", 2, 0.9), ("last", 3, 0.6), ("first", 1, 0.3), ("average", 3, 0.6)],
)
def test_the_package_says_which_of_several_attempts_counts(counting, number, score):
    tried = [attempt(1, 0.3), attempt(2, 0.9), attempt(3, 0.6), attempt(4, 1.0, is_final=False)]
    for order in permutations(tried):
        counted = count_attempts(counting, order)
        assert (counted.number, counted.value.score) == (number, score)


def test_while_no_attempt_is_final_the_newest_one_counts():
    tried = [attempt(1, 0.9, is_final=False), attempt(2, None, is_final=False)]
    assert count_attempts("best", tried).number == 2


def test_of_two_best_attempts_the_newer_one_counts():
    assert count_attempts("best", [attempt(1, 0.5), attempt(2, 0.5)]).number == 2
