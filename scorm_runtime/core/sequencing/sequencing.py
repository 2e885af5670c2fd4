"""Sequencing requests (SN 4th Ed. 4.8): SB.2.5 to SB.2.8 and SB.2.10 to SB.2.13."""

from scorm_runtime.core.sequencing.attempts import begin_scope
from scorm_runtime.core.sequencing.choice import choice_request
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.flow import BACKWARD, FORWARD, Flowed, flow
from scorm_runtime.core.sequencing.requests import Direction, SequencingRequest, SequencingResult
from scorm_runtime.core.sequencing.sequencer import Sequencer


def sequencing_request(
    s: Sequencer, request: SequencingRequest, target: Activity | None
) -> SequencingResult:
    """SB.2.12 Sequencing Request Process."""
    match request:
        case "start":
            return start_request(s)
        case "resumeAll":
            return resume_all_request(s)
        case "exit":
            return exit_request(s)
        case "retry":
            return retry_request(s)
        case "continue":
            return continue_request(s)
        case "previous":
            return previous_request(s)
        case "choice":
            return choice_request(s, target)
        case "jump":
            return jump_request(s, target)
    return SequencingResult(code="SB.2.12-1")


def start_request(s: Sequencer) -> SequencingResult:
    """SB.2.5 Start Sequencing Request Process."""
    if s.current is not None:
        return SequencingResult(code="SB.2.5-1")
    begin_scope(s)
    if s.course.root.is_leaf:
        return SequencingResult(s.course.root)
    return _result(flow(s, s.course.root, FORWARD, consider_children=True))


def resume_all_request(s: Sequencer) -> SequencingResult:
    """SB.2.6 Resume All Sequencing Request Process."""
    if s.current is not None:
        return SequencingResult(code="SB.2.6-1")
    if s.suspended is None:
        return SequencingResult(code="SB.2.6-2")
    return SequencingResult(s.suspended)


def continue_request(s: Sequencer) -> SequencingResult:
    """SB.2.7 Continue Sequencing Request Process."""
    return _beside(s, FORWARD, "SB.2.7-1", "SB.2.7-2")


def previous_request(s: Sequencer) -> SequencingResult:
    """SB.2.8 Previous Sequencing Request Process."""
    return _beside(s, BACKWARD, "SB.2.8-1", "SB.2.8-2")


def retry_request(s: Sequencer) -> SequencingResult:
    """SB.2.10 Retry Sequencing Request Process.

    A new attempt is meant, so rules that are asked on the way do not see what its children recorded
    before the attempt that has just ended; roll-up does not, either (SM.1).
    """
    current = s.current
    if current is None:
        return SequencingResult(code="SB.2.10-1")
    state = s.of(current)
    if state.is_active or state.is_suspended:
        return SequencingResult(code="SB.2.10-2")
    if current.is_leaf:
        return SequencingResult(current)
    if current.is_root:
        begin_scope(s)
    s.current_only = True
    flowed = flow(s, current, FORWARD, consider_children=True)
    s.current_only = False
    if not flowed.deliverable:
        return SequencingResult(ends_session=flowed.ends_session, code="SB.2.10-3")
    return SequencingResult(flowed.activity)


def exit_request(s: Sequencer) -> SequencingResult:
    """SB.2.11 Exit Sequencing Request Process: the session ends with the root's attempt."""
    current = s.current
    if current is None:
        return SequencingResult(code="SB.2.11-1")
    if s.of(current).is_active:
        return SequencingResult(code="SB.2.11-2")
    return SequencingResult(ends_session=current.is_root)


def jump_request(s: Sequencer, target: Activity | None) -> SequencingResult:
    """SB.2.13 Jump Sequencing Request Process."""
    if s.current is None:
        return SequencingResult(code="SB.2.13-1")
    return SequencingResult(target)


def _beside(s: Sequencer, direction: Direction, undefined: str, no_flow: str) -> SequencingResult:
    current = s.current
    if current is None:
        return SequencingResult(code=undefined)
    if current.parent is not None and not current.parent.definition.flow:
        return SequencingResult(code=no_flow)
    return _result(flow(s, current, direction, consider_children=False))


def _result(flowed: Flowed) -> SequencingResult:
    if flowed.deliverable:
        return SequencingResult(flowed.activity)
    return SequencingResult(ends_session=flowed.ends_session, code=flowed.code)
