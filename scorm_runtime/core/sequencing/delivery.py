"""Delivery (SN 4th Ed. 4.9): DB.1.1, DB.2, DB.2.1."""

from typing import Any

from scorm_runtime.core.sequencing.attempts import terminate_descendent_attempts
from scorm_runtime.core.sequencing.conditions import check_activity
from scorm_runtime.core.sequencing.course import Activity, find_common_ancestor
from scorm_runtime.core.sequencing.sequencer import Sequencer


def delivery_request(s: Sequencer, activity: Activity) -> str:
    """DB.1.1 Delivery Request Process: "" when it may be delivered, else the exception's code."""
    if not activity.is_leaf:
        return "DB.1.1-1"
    is_barred = any(check_activity(s, one) for one in activity.path)  # 4
    return "DB.1.1-3" if is_barred else ""


def content_delivery_environment(s: Sequencer, activity: Activity) -> str:
    """DB.2 Content Delivery Environment Process; attempts begin here and nowhere else (ST-01).

    Answers "resume" for an attempt that goes on, "ab-initio" for a new one, or an exception's
    code.
    """
    current = s.current
    if current is not None and s.of(current).is_active:
        return "DB.2-1"
    if activity is not s.suspended:
        clear_suspended_activity(s, activity)
    terminate_descendent_attempts(s, activity)
    entry = "resume" if s.of(activity).is_suspended else "ab-initio"
    for one in activity.path:
        if not s.of(one).is_active:
            _activate(s, one)
    s.current, s.suspended = activity, None
    s.note("DB.2", entry, activity)
    return entry


def clear_suspended_activity(s: Sequencer, activity: Activity) -> None:
    """DB.2.1 Clear Suspended Activity Subprocess."""
    suspended = s.suspended
    if suspended is None:
        return
    common = find_common_ancestor(suspended, activity)
    for one in reversed(suspended.path[common.depth :]):
        still = not one.is_leaf and any(s.of(child).is_suspended for child in one.children)
        s.change(one, is_suspended=still)
    s.suspended = None


def _activate(s: Sequencer, activity: Activity) -> None:
    """DB.2 5.1: a suspended attempt goes on, otherwise a new one begins."""
    since = s.now.isoformat()
    if s.of(activity).is_suspended:
        s.change(activity, is_suspended=False, is_active=True, active_since=since)
        return
    if activity.definition.tracked:
        _begin_attempt(s, activity)
    s.change(activity, is_active=True, active_since=since)


def _begin_attempt(s: Sequencer, activity: Activity) -> None:
    """5.1.1.2: what is known of the new attempt is nothing. Of the children's tracking, only what
    the new attempt records will be used, where the cluster says so (SM.1)."""
    state = s.of(activity)
    fresh: dict[str, Any] = {
        "attempts": state.attempts + 1,
        "objectives": {},
        "said_unknown": (),
        "old_objectives": False,
        "old_progress": False,
        "attempt_absolute": 0.0,
        "attempt_experienced": 0.0,
    }
    s.change(activity, **fresh)
    if activity.is_root:
        s.state.own.forget()
    uses = activity.definition.use_current_objectives, activity.definition.use_current_progress
    for child in activity.children:
        _make_old(s, child, *uses)
    s.note("DB.2", "new attempt", activity, str(state.attempts + 1))


def _make_old(s: Sequencer, activity: Activity, objectives: bool, progress: bool) -> None:
    """What it and those below it have recorded is of an earlier attempt on the cluster above; a
    suspended attempt is none, it goes on."""
    state = s.of(activity)
    if state.is_suspended or not (objectives or progress):
        return
    if state.objectives:
        s.change(
            activity,
            old_objectives=state.old_objectives or objectives,
            old_progress=state.old_progress or progress,
        )
    definition = activity.definition
    objectives = objectives and definition.use_current_objectives
    progress = progress and definition.use_current_progress
    for child in activity.children:
        _make_old(s, child, objectives, progress)
