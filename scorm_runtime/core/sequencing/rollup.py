"""Roll-up (SN 4th Ed. 4.6; RB.1.1 to RB.1.5): what children's tracking makes of their parent."""

from collections.abc import Iterable, Sequence

from scorm_runtime.core.sequencing.conditions import (
    Truth,
    combine,
    evaluate,
    sequencing_rules_check,
)
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.definition import Condition, RollupRule
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.state import Known, Value

Contributions = Sequence[Known]
"""Of the tracked children in their order: what is known of their primary objectives."""
Found = dict[str, Value | None]
"""Kind -> what roll-up makes of the parent's primary objective."""
_OBJECTIVE_ACTIONS = ("satisfied", "notSatisfied")
_PROGRESS_ACTIONS = ("completed", "incomplete")


def _default(action: str, condition: str) -> RollupRule:
    return RollupRule(action, "all", False, (Condition(condition, False),))


DEFAULT_RULES = {
    "satisfied": _default("satisfied", "satisfied"),
    "notSatisfied": _default("notSatisfied", "objectiveStatusKnown"),
    "completed": _default("completed", "completed"),
    "incomplete": _default("incomplete", "activityProgressKnown"),
}
"""RB.1.2 b and RB.1.3 b, step 1: what applies where the manifest has no rule of the pair."""


def overall_rollup(s: Sequencer, activity: Activity) -> None:
    """RB.1.5 Overall Rollup Process: the activity and all its ancestors, bottom-up.

    Global objectives that change on the way concern the activities that read them: their
    ancestors are rolled up, too (4.6.1, ST-22), each twice at most, deepest first.
    """
    pending = set(activity.path)
    times: dict[Activity, int] = {}
    while pending:
        deepest = max(pending, key=lambda one: (one.depth, one.order))
        pending.discard(deepest)
        if times.get(deepest, 0) < 2:
            times[deepest] = times.get(deepest, 0) + 1
            _rollup(s, deepest)
        pending |= _concerned(s)


def _rollup(s: Sequencer, activity: Activity) -> None:
    """RB.1.5 3.1 to 3.3 for one activity of the path."""
    if activity.is_leaf:
        return  # a leaf judges itself by measure when it is read (RB.1.2 a, RB.1.3 a)
    before, s.current_only = s.current_only, True
    known = [s.primary_known(child) for child in _tracked(s, activity)]
    found = measure_rollup(s, activity, known) | completion_measure_rollup(s, activity, known)
    if not activity.primary.satisfied_by_measure:
        found |= objective_rollup_using_rules(s, activity, known)
    if not activity.definition.completed_by_measure:
        found |= activity_progress_rollup_using_rules(s, activity, known)
    s.write(activity, activity.primary, found)
    s.current_only = before


def _concerned(s: Sequencer) -> set[Activity]:
    """Ancestors of the tracked activities that read what has just been written."""
    found: set[Activity] = set()
    for target in s.written:
        for reader in s.course.readers.get(target, ()):
            if reader.definition.tracked:
                found.update(reader.path[:-1])
    s.written.clear()
    return found


def measure_rollup(s: Sequencer, activity: Activity, known: Contributions) -> Found:
    """RB.1.1 a Measure Rollup Process: the weighted mean of the children's measures.

    A tracked child counts in the divisor whether its measure is known or not (ST-02).
    """
    weights = [child.definition.measure_weight for child in _tracked(s, activity)]
    return {"measure": _weighted(weights, known, "measure")}


def completion_measure_rollup(s: Sequencer, activity: Activity, known: Contributions) -> Found:
    """RB.1.1 b Completion Measure Rollup Process: the same for completion amounts."""
    weights = [child.definition.progress_weight for child in _tracked(s, activity)]
    return {"progress": _weighted(weights, known, "progress")}


def _tracked(s: Sequencer, activity: Activity) -> Sequence[Activity]:
    if activity.identifier not in s.state.children:
        return activity.tracked_children
    return [child for child in s.available_children(activity) if child.definition.tracked]


def _weighted(weights: Sequence[float], known: Contributions, kind: str) -> float | None:
    counted = sum(weights)
    total = [w * one[kind] for w, one in zip(weights, known, strict=True) if kind in one]
    return sum(total) / counted if total and counted > 0 else None


def objective_rollup_using_rules(s: Sequencer, activity: Activity, known: Contributions) -> Found:
    """RB.1.2 b Objective Rollup Using Rules Process; satisfied is asked last by the book and wins
    (ST-04): it is asked first here."""
    for action, value in (("satisfied", True), ("notSatisfied", False)):
        if rollup_rule_check(s, activity, action, known):
            s.note("RB.1.2", action, activity)
            return {"satisfied": value}
    return {}


def activity_progress_rollup_using_rules(
    s: Sequencer, activity: Activity, known: Contributions
) -> Found:
    """RB.1.3 b Activity Progress Rollup Using Rules Process; completed wins (ST-04)."""
    for action, value in (("completed", True), ("incomplete", False)):
        if rollup_rule_check(s, activity, action, known):
            s.note("RB.1.3", action, activity)
            return {"completion": value}
    return {}


def rollup_rule_check(s: Sequencer, activity: Activity, action: str, known: Contributions) -> bool:
    """RB.1.4 Rollup Rule Check Subprocess: a rule with this action applies.

    Where nothing but the default rules and considerations are told, what is known of the children
    is looked at without asking each of them.
    """
    if activity.rolls_up_simply:
        return _all_by_default(action, known)
    children = _tracked(s, activity)
    for rule in _rules(activity, action):
        bag = (
            evaluate_rollup_conditions(s, child, rule)
            for child in children
            if check_child_for_rollup(s, child, action)
        )
        if _applies(rule, bag):
            return True
    return False


def _all_by_default(action: str, known: Contributions) -> bool:
    match action:
        case "satisfied":
            return all(one.get("satisfied") for one in known)
        case "notSatisfied":
            return all("satisfied" in one for one in known)
        case "completed":
            return all(one.get("completion") for one in known)
    return all("completion" in one for one in known)


def _rules(activity: Activity, action: str) -> tuple[RollupRule, ...]:
    """A rule for either action of the pair takes the defaults of both away (ST-04)."""
    pair = _OBJECTIVE_ACTIONS if action in _OBJECTIVE_ACTIONS else _PROGRESS_ACTIONS
    rules = activity.definition.rollup_rules
    if not any(rule.action in pair for rule in rules):
        return (DEFAULT_RULES[action],)
    return tuple(rule for rule in rules if rule.action == action)


def _applies(rule: RollupRule, bag: Iterable[Truth]) -> bool:
    """RB.1.4 1.2.4 to 1.2.9; asks no more children than it takes.

    The book leaves the status alone when no child contributes. ADL's test RU-11 wants the "all"
    of nobody to be true; a manifest can say nothing else with it, so that is done (ST-06).
    """
    match rule.child_set:
        case "all":
            return all(value is True for value in bag)
        case "any":
            return any(value is True for value in bag)
        case "none":
            return all(value is False for value in bag)
    found = list(bag)
    if rule.child_set == "atLeastCount":
        return found.count(True) >= rule.minimum_count
    return bool(found) and found.count(True) / len(found) >= rule.minimum_percent


def evaluate_rollup_conditions(s: Sequencer, activity: Activity, rule: RollupRule) -> Truth:
    """RB.1.4.1 Evaluate Rollup Conditions Subprocess."""
    if len(rule.conditions) == 1:
        return evaluate(s, activity, rule.conditions[0])
    values = (evaluate(s, activity, condition) for condition in rule.conditions)
    return combine(values, needs_all=rule.needs_all)


def check_child_for_rollup(s: Sequencer, activity: Activity, action: str) -> bool:
    """RB.1.4.2 Check Child for Rollup Subprocess: the activity counts for this action (ST-11)."""
    definition = activity.definition
    is_objective = action in _OBJECTIVE_ACTIONS
    if not (definition.rolls_up_satisfied if is_objective else definition.rolls_up_completion):
        return False
    if definition.required_for[action] == "always":
        return True
    state = s.of(activity)
    match definition.required_for[action]:
        case "ifNotSuspended":
            return state.attempts > 0 and not state.is_suspended
        case "ifAttempted":
            return state.attempts > 0
        case "ifNotSkipped":
            return not sequencing_rules_check(s, activity, "skip")
    return True
