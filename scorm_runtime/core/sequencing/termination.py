"""Termination (SN 4th Ed. 4.5): TB.2.1, TB.2.2, TB.2.3."""

from scorm_runtime.core.sequencing.attempts import (
    deactivate,
    end_attempt,
    terminate_descendent_attempts,
)
from scorm_runtime.core.sequencing.conditions import sequencing_rules_check
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.requests import (
    SequencingRequest,
    Termination,
    TerminationResult,
)
from scorm_runtime.core.sequencing.rollup import overall_rollup
from scorm_runtime.core.sequencing.sequencer import Sequencer

_POST_CONDITIONS: dict[str, tuple[Termination | None, SequencingRequest | None]] = {
    "": (None, None),
    "retry": (None, "retry"),
    "continue": (None, "continue"),
    "previous": (None, "previous"),
    "exitParent": ("exitParent", None),
    "exitAll": ("exitAll", None),
    "retryAll": ("exitAll", "retry"),
}
"""TB.2.2 3: what a post-condition action requests: (termination, sequencing)."""


def termination_request(s: Sequencer, request: Termination) -> TerminationResult:
    """TB.2.3 Termination Request Process."""
    current = s.current
    if current is None:
        return TerminationResult("TB.2.3-1")
    if request in ("exit", "abandon") and not s.of(current).is_active:
        return TerminationResult("TB.2.3-2")
    match request:
        case "exit":
            return _exit(s, current)
        case "exitAll":
            return _exit_all(s, None)
        case "suspendAll":
            return _suspend_all(s, current)
        case "abandon":
            deactivate(s, current)
            return TerminationResult()
        case "abandonAll":
            for activity in reversed(current.path):
                deactivate(s, activity)
            s.current = s.course.root
            return TerminationResult(request="exit")
    return TerminationResult("TB.2.3-7")


def sequencing_exit_action_rules(s: Sequencer) -> None:
    """TB.2.1 Sequencing Exit Action Rules Subprocess: from the root down, the first ancestor of
    the Current Activity whose exit rule applies ends, and becomes the Current Activity (ST-12)."""
    current = s.current
    if current is None:
        return
    for activity in current.path[:-1]:
        if sequencing_rules_check(s, activity, "exit"):
            terminate_descendent_attempts(s, activity)
            end_attempt(s, activity)
            s.current = activity
            s.note("TB.2.1", "exit", activity)
            return


def sequencing_post_condition_rules(
    s: Sequencer, activity: Activity
) -> tuple[Termination | None, SequencingRequest | None]:
    """TB.2.2 Sequencing Post Condition Rules Subprocess for the Current Activity."""
    if s.of(activity).is_suspended:
        return None, None
    action = sequencing_rules_check(s, activity, "post")
    if action:
        s.note("TB.2.2", action, activity)
    return _POST_CONDITIONS[action]


def _exit(s: Sequencer, current: Activity) -> TerminationResult:
    """TB.2.3 3."""
    end_attempt(s, current)
    sequencing_exit_action_rules(s)
    while True:
        activity = s.current or s.course.root
        termination, request = sequencing_post_condition_rules(s, activity)
        if termination == "exitAll":
            return _exit_all(s, request)
        if termination == "exitParent":
            if activity.parent is None:
                return TerminationResult("TB.2.3-4")
            s.current = activity.parent
            end_attempt(s, activity.parent)
            continue
        if activity.is_root and request != "retry":
            return TerminationResult(request="exit")
        return TerminationResult(request=request)


def _exit_all(s: Sequencer, request: SequencingRequest | None) -> TerminationResult:
    """TB.2.3 4; `request` is that of the post-condition rule (retryAll)."""
    current, root = s.current or s.course.root, s.course.root
    if s.of(current).is_active:
        end_attempt(s, current)
    terminate_descendent_attempts(s, root)
    end_attempt(s, root)
    s.current = root
    return TerminationResult(request=request or "exit")


def _suspend_all(s: Sequencer, current: Activity) -> TerminationResult:
    """TB.2.3 5."""
    state = s.of(current)
    if state.is_active or state.is_suspended:
        overall_rollup(s, current)
        s.suspended = current
    elif current.parent is not None:
        s.suspended = current.parent
    else:
        return TerminationResult("TB.2.3-3")
    suspended = s.suspended or current
    for activity in reversed(suspended.path):
        deactivate(s, activity)
        s.change(activity, is_suspended=True)
    s.current = s.course.root
    return TerminationResult(request="exit")
