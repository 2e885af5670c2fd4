"""Conditions and rules: SM.2, UP.2, UP.2.1 in three-valued logic (ST-03)."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from scorm_runtime.core.sequencing.conditions import combine, negate, sequencing_rules_check
from tests.scorm_runtime.core.sequencing.trees import NOW, Play, node, objective, rule

TRUTHS = (True, False, None)


def test_not_unknown_is_unknown():
    assert [negate(value) for value in TRUTHS] == [False, True, None]


@pytest.mark.parametrize(("a", "b"), list(product(TRUTHS, TRUTHS)))
def test_all_and_any_of_three_values(a: bool | None, b: bool | None):
    both = False if False in (a, b) else None if None in (a, b) else True
    either = True if True in (a, b) else None if None in (a, b) else False
    assert combine([a, b], needs_all=True) is both
    assert combine([a, b], needs_all=False) is either


def test_a_rule_without_conditions_is_unknown():
    assert combine([], needs_all=True) is None


LATE = {"limits": {"end_time": (NOW - timedelta(days=1)).isoformat()}}
USED = {"limits": {"attempts": 1}}
SPENT = {"limits": {"activity_experienced_duration": 1}}
TABLE = [
    # condition, what is known, the item's own settings, applies
    ("always", {}, {}, True),
    ("never", {}, {}, False),
    ("satisfied", {"satisfied": True}, {}, True),
    ("satisfied", {"satisfied": False}, {}, False),
    ("satisfied", {}, {}, False),
    ("not satisfied", {}, {}, False),
    ("not satisfied", {"satisfied": False}, {}, True),
    ("objectiveStatusKnown", {"satisfied": False}, {}, True),
    ("not objectiveStatusKnown", {}, {}, True),
    ("objectiveMeasureKnown", {"measure": 0.0}, {}, True),
    ("not objectiveMeasureKnown", {}, {}, True),
    ("objectiveMeasureGreaterThan", {"measure": 0.51}, {}, True),
    ("objectiveMeasureGreaterThan", {"measure": 0.5}, {}, False),
    ("objectiveMeasureLessThan", {"measure": 0.49}, {}, True),
    ("not objectiveMeasureLessThan", {}, {}, False),
    ("completed", {"completion": True}, {}, True),
    ("not completed", {"completion": False}, {}, True),
    ("not completed", {}, {}, False),
    ("activityProgressKnown", {"completion": False}, {}, True),
    ("not activityProgressKnown", {}, {}, True),
    ("attempted", {}, {}, True),
    ("attemptLimitExceeded", {}, USED, True),
    ("attemptLimitExceeded", {}, {}, False),
    ("timeLimitExceeded", {}, SPENT, True),
    ("timeLimitExceeded", {}, {}, False),
    ("outsideAvailableTimeRange", {}, LATE, True),
    ("not outsideAvailableTimeRange", {}, {}, True),
]


@pytest.mark.parametrize(("condition", "known", "told", "applies"), TABLE)
def test_a_condition_is_asked_of_the_tracking(
    condition: str, known: dict[str, Any], told: dict[str, Any], applies: bool
):
    tree = node("R", node("A", pre=[rule("skip", condition, threshold=0.5)], **told), node("B"))
    play = Play(tree)
    play.s.change(play["A"], attempts=1, activity_experienced=5.0)
    play.say("A", **known)
    assert bool(sequencing_rules_check(play.s, play["A"], "skip")) is applies


def test_a_condition_may_name_another_objective():
    quiz = objective("quiz")
    tree = node(
        "R",
        node(
            "A",
            pre=[rule("skip", "satisfied@quiz"), rule("disabled", "satisfied@nobody")],
            objectives=[objective("", primary=True), quiz],
        ),
    )
    play = Play(tree)
    play.say("A", "quiz", satisfied=True)
    assert sequencing_rules_check(play.s, play["A"], "skip") == "skip"
    assert sequencing_rules_check(play.s, play["A"], "disabled") == ""


def test_no_status_of_an_untracked_activity_is_known():
    """ST-06; RU-10"""
    play = Play(node("R", node("A", tracked=False, pre=[rule("skip", "not completed")])))
    play.say("A", completion=False)
    assert sequencing_rules_check(play.s, play["A"], "skip") == ""


def test_the_first_rule_that_applies_decides():
    posts = [rule("retry", "never"), rule("exitAll", "always"), rule("continue", "always")]
    play = Play(node("R", node("A", post=posts)))
    assert sequencing_rules_check(play.s, play["A"], "post") == "exitAll"
