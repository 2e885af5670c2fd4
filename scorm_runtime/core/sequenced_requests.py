"""Which request a sequenced run works on, and what became of it."""

from dataclasses import dataclass

from scorm_runtime.core.sco_report import ScoReport

ABANDONS = ("abandon", "abandonAll")
"""Nothing that the SCO has said is kept (ST-18)."""
MOVES = ("start", "resumeAll", "continue", "previous", "choice", "jump")
"""Requests that change nothing when they cannot be carried out; those to leave always end."""
_ENDED_BY_EXIT = ("", "continue", "previous", "choice", "jump", "exit")
_ENDS_ALL = ("time-out", "logout")
_TRACKED = (
    "completion_status",
    "success_status",
    "scaled",
    "raw",
    "min",
    "max",
    "progress_measure",
    "exit",
)


@dataclass(frozen=True)
class NavigationResult:
    """What became of a navigation request (`run.Navigated`)."""

    code: str = ""
    delivered: str = ""
    ended: bool = False
    message: str = ""
    decisions: tuple[tuple[str, ...], ...] = ()


def end_by_exit(request: str, report: ScoReport | None) -> str:
    """The request, or exitAll where cmi.exit says "time-out" or "logout" (RTE 4th Ed. 4.2.8)."""
    if report is not None and report.exit in _ENDS_ALL and request in _ENDED_BY_EXIT:
        return "exitAll"
    return request


def is_tracked(element: str) -> bool:
    """What is valid and what has been reached may depend on this element."""
    return element.rpartition(".")[2] in _TRACKED
