"""Attempts that end (UP.3, UP.4 of SN 4th Ed.), and the scope that an attempt on the root has."""

from scorm_runtime.core.sequencing.conditions import seconds_active
from scorm_runtime.core.sequencing.course import Activity, find_common_ancestor
from scorm_runtime.core.sequencing.rollup import overall_rollup
from scorm_runtime.core.sequencing.selection import randomize_children
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.state import Value


def begin_scope(s: Sequencer) -> None:
    """A new attempt on the root is meant: what was shared within the one of before is forgotten
    before rules are asked, not only when the attempt begins (ST-10)."""
    root = s.of(s.course.root)
    if not root.is_active and not root.is_suspended:
        s.state.own.forget()


def terminate_descendent_attempts(s: Sequencer, activity: Activity) -> None:
    """UP.3 Terminate Descendent Attempts Process: those between the Current Activity and its
    common ancestor with `activity`, both exclusive."""
    current = s.current
    if current is None:
        return
    common = find_common_ancestor(current, activity)
    for one in reversed(current.path[common.depth + 1 : -1]):
        end_attempt(s, one)


def end_attempt(s: Sequencer, activity: Activity) -> None:
    """UP.4 End Attempt Process."""
    if activity.is_leaf:
        if activity.definition.tracked and not s.of(activity).is_suspended:
            _set_what_content_left(s, activity)
    else:
        suspended = any(s.of(child).is_suspended for child in activity.children)
        s.change(activity, is_suspended=suspended)  # 2: a suspended child suspends it (ST-08)
    deactivate(s, activity)
    s.note("UP.4", "ended", activity)
    overall_rollup(s, activity)
    if not activity.is_leaf and not s.of(activity).is_suspended:
        randomize_children(s, activity)


def deactivate(s: Sequencer, activity: Activity) -> None:
    """Activity is Active becomes False; the time it was active is counted."""
    state = s.of(activity)
    seconds = seconds_active(s, state)
    s.change(
        activity,
        is_active=False,
        active_since="",
        attempt_absolute=state.attempt_absolute + seconds,
        activity_absolute=state.activity_absolute + seconds,
    )


def _set_what_content_left(s: Sequencer, activity: Activity) -> None:
    """UP.4 1.1.1: completed and satisfied are assumed where the content was to say so and has
    not; an unknown that it said itself stays (ST-07)."""
    definition, state = activity.definition, s.of(activity)
    values: dict[str, Value | None] = {}
    says_completion = definition.completion_set_by_content or "completion" in state.said_unknown
    if not says_completion and s.completed(activity) is None:
        values["completion"] = True
    says_satisfied = definition.objective_set_by_content or "satisfied" in state.said_unknown
    if not says_satisfied and s.satisfied(activity) is None:
        values["satisfied"] = True
    if values:
        s.write(activity, activity.primary, values)
