"""NB.2.1 Navigation Request Process (SN 4th Ed. 4.4)."""

from typing import Literal

from scorm_runtime.core.sequencing.course import Activity, find_common_ancestor
from scorm_runtime.core.sequencing.requests import NavigationResult
from scorm_runtime.core.sequencing.sequencer import Sequencer


def navigation_request(s: Sequencer, request: str, target: Activity | None) -> NavigationResult:
    """NB.2.1: is the request valid, and what does it ask to terminate and to sequence?"""
    match request:
        case "start" | "resumeAll":
            return _begin(s, request)
        case "continue" | "previous":
            return _flow(s, request)
        case "forward" | "backward":
            return NavigationResult("NB.2.1-7")
        case "choice":
            return _choice(s, target)
        case "jump":
            return _jump(s, target)
        case "exit" | "abandon":
            return _leave(s, request)
        case "exitAll" | "abandonAll" | "suspendAll":
            if s.current is None:
                return NavigationResult("NB.2.1-2")
            return NavigationResult(termination=request, request="exit")
    return NavigationResult("NB.2.1-13")


def _begin(s: Sequencer, request: str) -> NavigationResult:
    """NB.2.1 1, 2."""
    if s.current is not None:
        return NavigationResult("NB.2.1-1")
    if request == "start":
        return NavigationResult(request="start")
    if s.suspended is None:
        return NavigationResult("NB.2.1-3")
    return NavigationResult(request="resumeAll")


def _flow(s: Sequencer, request: str) -> NavigationResult:
    """NB.2.1 3, 4."""
    current = s.current
    if current is None:
        return NavigationResult("NB.2.1-2")
    parent = current.parent
    if request == "continue":
        if parent is None or not parent.definition.flow:
            return NavigationResult("NB.2.1-4")
        return NavigationResult(termination=_exit_if_active(s), request="continue")
    if parent is None:
        return NavigationResult("NB.2.1-6")
    if not parent.definition.flow or parent.definition.forward_only:
        return NavigationResult("NB.2.1-5")
    return NavigationResult(termination=_exit_if_active(s), request="previous")


def _choice(s: Sequencer, target: Activity | None) -> NavigationResult:
    """NB.2.1 7."""
    if target is None:
        return NavigationResult("NB.2.1-11")
    if target.parent is not None and not target.parent.definition.choice:
        return NavigationResult("NB.2.1-10")
    current = s.current
    if current is None:
        return NavigationResult(request="choice", target=target)
    if _must_not_be_left(s, current, target):
        return NavigationResult("NB.2.1-8")
    return NavigationResult(termination=_exit_if_active(s), request="choice", target=target)


def _must_not_be_left(s: Sequencer, current: Activity, target: Activity) -> bool:
    """7.1.1.2, 7.1.1.3: active activities from the current one up to what it has in common with
    the target, exclusive, forbid to be left (ST-14)."""
    if current.is_always_left:
        return False
    common = find_common_ancestor(current, target)
    leaving = {current, *current.path[common.depth + 1 :]}
    return any(s.of(one).is_active and not one.definition.choice_exit for one in leaving)


def _jump(s: Sequencer, target: Activity | None) -> NavigationResult:
    """The 4th Edition's jump: the target has to exist and to be available."""
    if target is None or not s.is_available(target):
        return NavigationResult("NB.2.1-11")
    return NavigationResult(termination=_exit_if_active(s), request="jump", target=target)


def _leave(s: Sequencer, request: str) -> NavigationResult:
    """NB.2.1 8, 10."""
    current = s.current
    if current is None:
        return NavigationResult("NB.2.1-2")
    if not s.of(current).is_active:
        return NavigationResult("NB.2.1-12")
    if request == "exit":
        return NavigationResult(termination="exit", request="exit")
    return NavigationResult(termination="abandon", request="exit")


def _exit_if_active(s: Sequencer) -> Literal["exit"] | None:
    current = s.current
    return "exit" if current is not None and s.of(current).is_active else None
