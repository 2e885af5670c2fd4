"""Conditions of rules in three-valued logic, and UP.1, UP.2, UP.2.1, UP.5 of SN 4th Ed.

True, False, or None: unknown. "Not unknown" is unknown (ST-03).
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.definition import (
    NO_LIMITS,
    Condition,
    Limits,
    Objective,
    Rule,
)
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.state import ActivityState

Truth = bool | None
_Test = Callable[[Sequencer, Activity, Objective, Condition], Truth]


def negate(value: Truth) -> Truth:
    return None if value is None else not value


def combine(values: Iterable[Truth], *, needs_all: bool) -> Truth:
    """And or Or; None when there is nothing to combine (UP.2.1 2, RB.1.4.1 3)."""
    found = list(values)
    if not found:
        return None
    decisive = not needs_all
    if decisive in found:
        return decisive
    return None if None in found else needs_all


def evaluate(s: Sequencer, activity: Activity, condition: Condition) -> Truth:
    """One condition against the activity's tracking, negated where the rule says so.

    Of an activity that is not tracked nothing can be said, also not that its status is not known:
    no rule fires on its status (ST-06).
    """
    if not activity.definition.tracked and condition.name not in _WITHOUT_TRACKING:
        return None
    objective = activity.primary
    if condition.objective:
        referenced = activity.objectives.get(condition.objective)
        if referenced is None:
            return None
        objective = referenced
    value = _TESTS[condition.name](s, activity, objective, condition)
    return negate(value) if condition.negated else value


def sequencing_rules_check(s: Sequencer, activity: Activity, occasion: str) -> str:
    """UP.2 Sequencing Rules Check Process: the action of the first rule that applies, or "".

    `occasion` is a pre-condition's action ("skip"), "exit" or "post".
    """
    rules = activity.definition.rules[occasion]
    if not rules:
        return ""
    if s.memo is None:
        return _first_that_applies(s, activity, rules)
    key = (activity.identifier, occasion)
    if key not in s.memo:
        s.memo[key] = _first_that_applies(s, activity, rules)
    found: str = s.memo[key]
    return found


def _first_that_applies(s: Sequencer, activity: Activity, rules: tuple[Rule, ...]) -> str:
    for rule in rules:
        if sequencing_rule_check(s, activity, rule):
            s.note("UP.2", rule.action, activity)
            return rule.action
    return ""


def sequencing_rule_check(s: Sequencer, activity: Activity, rule: Rule) -> bool:
    """UP.2.1 Sequencing Rule Check Subprocess: the rule applies. Unknown does not."""
    values = (evaluate(s, activity, condition) for condition in rule.conditions)
    return combine(values, needs_all=rule.needs_all) is True


def check_activity(s: Sequencer, activity: Activity) -> bool:
    """UP.5 Check Activity Process: it is disabled or violates a limit."""
    if sequencing_rules_check(s, activity, "disabled"):
        return True
    return limit_conditions_check(s, activity)


def limit_conditions_check(s: Sequencer, activity: Activity) -> bool:
    """UP.1 Limit Conditions Check Process: one of them is violated.

    Not asked of an activity that is under way already (ST-09) or is not tracked.
    """
    limits = activity.definition.limits
    if limits is NO_LIMITS or not activity.definition.tracked:
        return False
    state = s.of(activity)
    if state.is_active or state.is_suspended:
        return False
    return (
        _attempts_exceeded(state, limits)
        or _time_exceeded(s, state, limits)
        or _outside_time(s.now, limits)
    )


def _attempts_exceeded(state: ActivityState, limits: Limits) -> bool:
    return limits.attempts is not None and state.attempts >= limits.attempts


def _time_exceeded(s: Sequencer, state: ActivityState, limits: Limits) -> bool:
    if state.attempts == 0:
        return False
    running = seconds_active(s, state)
    spent = (
        (limits.activity_absolute, state.activity_absolute + running),
        (limits.activity_experienced, state.activity_experienced),
        (limits.attempt_absolute, state.attempt_absolute + running),
        (limits.attempt_experienced, state.attempt_experienced),
    )
    return any(limit is not None and seconds >= limit for limit, seconds in spent)


def _outside_time(now: datetime, limits: Limits) -> bool:
    too_early = limits.begin is not None and now < limits.begin
    return too_early or (limits.end is not None and now > limits.end)


def seconds_active(s: Sequencer, state: ActivityState) -> float:
    """How long it has been active now; 0 when it is not."""
    if not state.active_since:
        return 0.0
    return max(0.0, (s.now - datetime.fromisoformat(state.active_since)).total_seconds())


def _compare(s: Sequencer, activity: Activity, objective: Objective, sign: int, at: float) -> Truth:
    measure = s.measure(activity, objective)
    return None if measure is None else (measure - at) * sign > 0


_TESTS: dict[str, _Test] = {
    "satisfied": lambda s, a, o, c: s.satisfied(a, o),
    "objectiveStatusKnown": lambda s, a, o, c: s.satisfied(a, o) is not None,
    "objectiveMeasureKnown": lambda s, a, o, c: s.measure(a, o) is not None,
    "objectiveMeasureGreaterThan": lambda s, a, o, c: _compare(s, a, o, 1, c.threshold),
    "objectiveMeasureLessThan": lambda s, a, o, c: _compare(s, a, o, -1, c.threshold),
    "completed": lambda s, a, o, c: s.completed(a),
    "activityProgressKnown": lambda s, a, o, c: s.completed(a) is not None,
    "attempted": lambda s, a, o, c: s.of(a).attempts > 0,
    "attemptLimitExceeded": lambda s, a, o, c: _attempts_exceeded(s.of(a), a.definition.limits),
    "timeLimitExceeded": lambda s, a, o, c: _time_exceeded(s, s.of(a), a.definition.limits),
    "outsideAvailableTimeRange": lambda s, a, o, c: _outside_time(s.now, a.definition.limits),
    "always": lambda s, a, o, c: True,
    "never": lambda s, a, o, c: False,
}
"""The tracking model's answer to each condition (SM.2, SM.5)."""
_WITHOUT_TRACKING = ("outsideAvailableTimeRange", "always", "never")
"""Conditions that ask nothing of the tracking model."""
