"""Why a SCORM 2004 attempt is not complete, or not satisfied: roll-up read backwards.

From the root down, along the rules by which each cluster would be complete (RB.1.2, RB.1.3), to
the activities that do not contribute what the rule wants. Everything is read through the tracking
model, objective maps included, as roll-up itself reads it (SN 4th Ed. 4.6).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scorm_runtime.core.explain import Explanation, Facts, assemble, percent
from scorm_runtime.core.sequencing.conditions import (
    limit_conditions_check,
    sequencing_rules_check,
)
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.definition import RollupRule
from scorm_runtime.core.sequencing.rollup import (
    DEFAULT_RULES,
    check_child_for_rollup,
    evaluate_rollup_conditions,
)
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.situations import Reason

Goal = Literal["completed", "satisfied"]
_PAIRS = {"completed": ("completed", "incomplete"), "satisfied": ("satisfied", "notSatisfied")}
_BY_CONDITION: dict[str, Goal] = {
    "completed": "completed",
    "activityProgressKnown": "completed",
    "attempted": "completed",
    "satisfied": "satisfied",
    "objectiveStatusKnown": "satisfied",
    "objectiveMeasureKnown": "satisfied",
}
"""Which question about a child tells why a condition does not hold."""


def explain_2004(facts: Facts, s: Sequencer) -> Explanation:
    """A SCORM 2004 attempt; `s` as `SequencedRun.tracking` gives it."""
    root = s.course.root
    missing = list(_why(s, root, "completed"))
    asked = facts.standing.success == "failed" or _is_about_success(s)
    failing = list(_why(s, root, "satisfied")) if asked else []
    return assemble(facts, missing, failing)


def _is_about_success(s: Sequencer) -> bool:
    """Something in the course is passed by a score or by an objective from elsewhere; otherwise
    nobody misses "passed"."""
    primaries = [one.primary for one in s.course.activities.values()]
    return any(one.satisfied_by_measure or "satisfied" in one.sources for one in primaries)


def _why(s: Sequencer, activity: Activity, goal: Goal) -> Iterator[Reason]:
    """Why the activity is not `goal`; nothing when it is."""
    known = s.completed(activity) if goal == "completed" else s.satisfied(activity)
    if known:
        return
    if not activity.definition.tracked:
        yield Reason("item_not_tracked", activity.title)
    elif activity.is_leaf and not s.of(activity).attempts:
        yield Reason(_why_not_opened(s, activity), activity.title)
    elif _by_measure(activity, goal):
        yield from _why_measure(s, activity, goal)
    elif _reads_elsewhere(s, activity, goal):
        yield Reason("item_reads_shared", activity.title)
    elif activity.is_leaf:
        yield Reason(_why_leaf(s, activity, goal, known), activity.title)
    else:
        yield from _why_cluster(s, activity, goal)


def _why_not_opened(s: Sequencer, activity: Activity) -> str:
    for one in activity.path:
        if sequencing_rules_check(s, one, "disabled"):
            return "item_disabled"
        if limit_conditions_check(s, one):
            return "item_limit"
        if sequencing_rules_check(s, one, "skip"):
            return "item_skipped"
    return "item_not_opened"


def _why_leaf(s: Sequencer, activity: Activity, goal: Goal, known: bool | None) -> str:
    state = s.of(activity)
    if goal == "satisfied":
        return "item_success_unknown" if known is None else "item_says_failed"
    if state.is_suspended:
        return "item_suspended"
    if known is False:
        return "item_says_incomplete"
    return "item_running" if state.is_active else "item_completion_unknown"


def _by_measure(activity: Activity, goal: Goal) -> bool:
    if goal == "completed":
        return activity.definition.completed_by_measure
    return activity.primary.satisfied_by_measure


def _why_measure(s: Sequencer, activity: Activity, goal: Goal) -> Iterator[Reason]:
    """Judged by a number (RB.1.2 a, RB.1.3 a): too low, or not there."""
    if goal == "completed":
        found, needed = s.amount(activity), activity.definition.min_progress
        codes = ("item_progress_missing", "item_progress_low")
    else:
        found, needed = s.measure(activity), activity.primary.min_measure
        codes = ("score_missing", "score_low")
    if found is None:
        yield Reason(codes[0], activity.title, {"needed": percent(needed)})
    else:
        values = {"needed": percent(needed), "score": percent(found)}
        yield Reason(codes[1], activity.title, values)
    for child in _tracked(s, activity):
        if child.is_leaf and not s.of(child).attempts:
            yield Reason(_why_not_opened(s, child), child.title)


def _reads_elsewhere(s: Sequencer, activity: Activity, goal: Goal) -> bool:
    kind = "completion" if goal == "completed" else "satisfied"
    return kind in activity.primary.sources


def _tracked(s: Sequencer, activity: Activity) -> list[Activity]:
    return [child for child in s.available_children(activity) if child.definition.tracked]


def _why_cluster(s: Sequencer, activity: Activity, goal: Goal) -> Iterator[Reason]:
    own = [rule for rule in activity.definition.rollup_rules if rule.action in _PAIRS[goal]]
    rules = [rule for rule in own if rule.action == goal] if own else [DEFAULT_RULES[goal]]
    if not rules:
        yield Reason("rule_missing", activity.title)
    for rule in rules[:1]:  # one rule is enough; the first is what the author thought of first
        counted = [
            child for child in _tracked(s, activity) if check_child_for_rollup(s, child, goal)
        ]
        yield from _why_rule(s, activity, rule, counted)


@dataclass(frozen=True)
class _Bag:
    """The children that count for a rule."""

    lacking: Sequence[Activity]
    met: int
    total: int


def _why_rule(
    s: Sequencer, activity: Activity, rule: RollupRule, children: Sequence[Activity]
) -> Iterator[Reason]:
    lacking = [one for one in children if evaluate_rollup_conditions(s, one, rule) is not True]
    bag = _Bag(lacking, len(children) - len(lacking), len(children))
    heading = _heading(activity, rule, bag)
    if heading is not None:
        yield heading
    if rule.child_set == "none":
        return
    goals = [_BY_CONDITION[c.name] for c in rule.conditions if _is_plain(c.name, c.negated)]
    for child in lacking:
        for goal in goals:
            yield from _why(s, child, goal)
    if not goals and heading is None:
        conditions = ", ".join(f"{'not ' if c.negated else ''}{c.name}" for c in rule.conditions)
        yield Reason("rule_other", activity.title, {"conditions": conditions})


def _is_plain(name: str, negated: bool) -> bool:
    return name in _BY_CONDITION and not negated


def _heading(activity: Activity, rule: RollupRule, bag: _Bag) -> Reason | None:
    """What the rule wants of how many children; "all" needs no words."""
    match rule.child_set:
        case "any":
            return Reason("rule_any", activity.title)
        case "none":
            return Reason("rule_none", activity.title)
        case "atLeastCount":
            values = {"needed": rule.minimum_count, "found": bag.met}
            return Reason("rule_count", activity.title, values)
        case "atLeastPercent":
            share = bag.met / bag.total if bag.total else 0.0
            found = {"needed": percent(rule.minimum_percent), "found": percent(share)}
            return Reason("rule_percent", activity.title, found)
    return None
