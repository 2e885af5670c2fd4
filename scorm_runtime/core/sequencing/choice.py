"""Choice (SN 4th Ed. 4.8.6): SB.2.4, SB.2.9, SB.2.9.1, SB.2.9.2."""

from collections.abc import Iterable

from scorm_runtime.core.sequencing.attempts import (
    begin_scope,
    end_attempt,
    terminate_descendent_attempts,
)
from scorm_runtime.core.sequencing.conditions import sequencing_rules_check
from scorm_runtime.core.sequencing.course import Activity, find_common_ancestor
from scorm_runtime.core.sequencing.flow import BACKWARD, FORWARD, flow
from scorm_runtime.core.sequencing.requests import Direction, SequencingResult
from scorm_runtime.core.sequencing.sequencer import Sequencer


def choice_activity_traversal(s: Sequencer, activity: Activity, direction: Direction) -> str:
    """SB.2.4 Choice Activity Traversal Subprocess: "" when the walk may pass the activity, else
    the exception's code."""
    if direction == FORWARD:
        stops = sequencing_rules_check(s, activity, "stopForwardTraversal")
        return "SB.2.4-1" if stops else ""
    if activity.parent is None:
        return "SB.2.4-3"
    return "SB.2.4-2" if activity.parent.definition.forward_only else ""


def choice_request(s: Sequencer, target: Activity | None) -> SequencingResult:
    """SB.2.9 Choice Sequencing Request Process."""
    if target is None:
        return SequencingResult(code="SB.2.9-1")
    if s.current is None:
        begin_scope(s)
    code = why_not_choosable(s, target) or why_not_reachable(s, target)
    if code:
        return SequencingResult(code=code)
    found = find_choice(s, target)
    if found is not None:
        return SequencingResult(found)
    common = find_common_ancestor(s.current or s.course.root, target)
    terminate_descendent_attempts(s, common)
    end_attempt(s, common)
    s.current = target
    return SequencingResult(code="SB.2.9-9")


def find_choice(s: Sequencer, target: Activity) -> Activity | None:
    """SB.2.9 12, 13: what a choosable and reachable target leads to."""
    if target.is_leaf:
        return target
    flowed = flow(s, target, FORWARD, consider_children=True)
    return flowed.activity if flowed.deliverable else None


def why_not_choosable(s: Sequencer, target: Activity) -> str:
    """SB.2.9 2 to 4: what the target and its ancestors themselves say."""
    code = _why_not_listed(s, target)
    if not code and target.parent is not None and not target.parent.definition.choice:
        return "SB.2.9-4"
    return code


def _why_not_listed(s: Sequencer, activity: Activity) -> str:
    """SB.2.9 3: it or an ancestor was not selected, or is hidden from choice."""
    codes = (why_not_listed_itself(s, one) for one in activity.path)
    return next((code for code in codes if code), "")


def why_not_listed_itself(s: Sequencer, activity: Activity) -> str:
    """SB.2.9 3 for one of the path."""
    if not s.is_available(activity):
        return "SB.2.9-2"
    return "SB.2.9-3" if sequencing_rules_check(s, activity, "hiddenFromChoice") else ""


def why_not_reachable(s: Sequencer, target: Activity) -> str:
    """SB.2.9 5 to 11: what lies between the Current Activity and the target."""
    current = s.current
    if current is target:
        return ""  # 7
    if current is not None and current.parent is not None and current.parent is target.parent:
        return _among_siblings(s, current, target)  # 8
    common = find_common_ancestor(current, target) if current else s.course.root
    if current is None or current is common:
        return _down(s, common, target)  # 9
    if target is common:
        return _up(s, current, target)  # 10
    return _across(s, current, common, target)  # 11


def _among_siblings(s: Sequencer, current: Activity, target: Activity) -> str:
    """8: every sibling from the current one to the target, exclusive of the target."""
    if not s.is_available(current):
        return "SB.2.9-5"
    if s.is_after(current, target):
        return choice_activity_traversal(s, current, BACKWARD)  # the same for all of them
    stop = _first_stop(s, current)
    return "SB.2.4-1" if stop is not None and s.is_after(target, stop) else ""


def _first_stop(s: Sequencer, current: Activity) -> Activity | None:
    """The first sibling from the current one on that stops going forward."""
    if s.memo is None:
        return _find_stop(s, current)
    key = ("first stop", current.identifier)
    if key not in s.memo:
        s.memo[key] = _find_stop(s, current)
    found: Activity | None = s.memo[key]
    return found


def _find_stop(s: Sequencer, current: Activity) -> Activity | None:
    one: Activity | None = current
    while one is not None and not choice_activity_traversal(s, one, FORWARD):
        one = s.next_sibling(one, 1)
    return one


def _down(s: Sequencer, common: Activity, target: Activity) -> str:
    """9: from the common ancestor down to the target, exclusive of the target. There is nothing to
    walk to the root, which the book refuses (SB.2.9-5); to choose it is to start the course."""
    return _why_not_entered(s, common, target, forward=True)


def _up(s: Sequencer, current: Activity, target: Activity) -> str:
    """10: from the current activity up to the target."""
    leaving = current.path[target.depth + 1 :]
    return "SB.2.9-7" if _forbid_exit(leaving) else ""


def _across(s: Sequencer, current: Activity, common: Activity, target: Activity) -> str:
    """11: up to the common ancestor and down to the target."""
    leaving = current.path[: common.depth : -1]
    if _forbid_exit(leaving):
        return "SB.2.9-7"
    constrained = next((one for one in leaving if one.definition.constrain_choice), None)
    if constrained is not None and not _is_neighbour(s, constrained, target):
        return "SB.2.9-8"
    return _why_not_entered(s, common, target, forward=s.is_after(target, current))


def _why_not_entered(s: Sequencer, common: Activity, target: Activity, *, forward: bool) -> str:
    """9.3, 11.8, 11.9: from the common ancestor down to the target, exclusive of the target."""
    codes = (
        why_not_entered_itself(s, common, activity, forward=forward)
        for activity in target.path[common.depth : -1]
    )
    return next((code for code in codes if code), "")


def why_not_entered_itself(
    s: Sequencer, common: Activity, activity: Activity, *, forward: bool
) -> str:
    """The same for one of the path: preventActivation holds for a cluster that is not under way."""
    if forward:
        code = choice_activity_traversal(s, activity, FORWARD)
        if code:
            return code
    if not activity.definition.prevent_activation or activity is common:
        return ""
    return "" if s.of(activity).is_active else "SB.2.9-6"


def _forbid_exit(leaving: Iterable[Activity]) -> bool:
    return any(not activity.definition.choice_exit for activity in leaving)


def _is_neighbour(s: Sequencer, constrained: Activity, target: Activity) -> bool:
    """11.5: the target lies in the activity that flow would consider next, or is the constrained
    one itself (ST-14)."""
    direction = FORWARD if s.is_after(target, constrained) else BACKWARD
    consider = choice_flow(s, constrained, direction)
    return target is constrained or target.is_within(consider)


def choice_flow(s: Sequencer, activity: Activity, direction: Direction) -> Activity:
    """SB.2.9.1 Choice Flow Subprocess: the activity itself where the tree ends."""
    return choice_flow_tree_traversal(s, activity, direction) or activity


def choice_flow_tree_traversal(
    s: Sequencer, activity: Activity, direction: Direction
) -> Activity | None:
    """SB.2.9.2 Choice Flow Tree Traversal Subprocess."""
    step = 1 if direction == FORWARD else -1
    for one in reversed(activity.path[1:]):
        found = s.next_sibling(one, step)
        if found is not None:
            return found
    return None
