"""The words that pass between the processes (SN 4th Ed. 4.3, 4.8): requests and their results."""

from dataclasses import dataclass
from typing import Literal

from scorm_runtime.core.sequencing.course import Activity

Navigation = Literal[
    "start",
    "resumeAll",
    "continue",
    "previous",
    "choice",
    "jump",
    "exit",
    "exitAll",
    "abandon",
    "abandonAll",
    "suspendAll",
]
"""Navigation requests; "forward" and "backward" are not supported (NB.2.1-7)."""
Termination = Literal["exit", "exitAll", "suspendAll", "abandon", "abandonAll", "exitParent"]
SequencingRequest = Literal[
    "start", "resumeAll", "continue", "previous", "choice", "jump", "retry", "exit"
]
Direction = Literal["forward", "backward"]

CONTROLS: tuple[Navigation, ...] = (
    "continue",
    "previous",
    "exit",
    "exitAll",
    "abandon",
    "abandonAll",
    "suspendAll",
)
"""What a player has a button for."""

MEANINGS = {
    "NB.2.1-1": "the sequencing session has begun already",
    "NB.2.1-2": "nothing is in front: the sequencing session has not begun",
    "NB.2.1-3": "nothing is suspended",
    "NB.2.1-4": "the activity's cluster does not allow flow",
    "NB.2.1-5": "the activity's cluster does not allow going back",
    "NB.2.1-6": "nothing precedes the root",
    "NB.2.1-7": "this navigation request is not supported",
    "NB.2.1-8": "an activity under way must not be left by choice",
    "NB.2.1-9": "there is nothing to consider",
    "NB.2.1-10": "the target's cluster does not allow choice",
    "NB.2.1-11": "there is no such activity",
    "NB.2.1-12": "the activity in front has ended already",
    "NB.2.1-13": "there is no such navigation request",
    "TB.2.3-1": "nothing is in front",
    "TB.2.3-2": "the activity in front has ended already",
    "TB.2.3-3": "the root cannot be suspended before anything was attempted",
    "TB.2.3-4": "the root has no parent to exit to",
    "TB.2.3-5": "there is nothing to suspend",
    "TB.2.3-6": "there is nothing to abandon",
    "TB.2.3-7": "there is no such termination request",
    "SB.2.1-1": "the tree ends here",
    "SB.2.1-2": "a cluster has no available children",
    "SB.2.1-3": "this is the first activity",
    "SB.2.1-4": "the cluster only goes forward",
    "SB.2.2-1": "the cluster does not allow flow",
    "SB.2.2-2": "the next activity is disabled, or its limits are reached",
    "SB.2.4-1": "an activity before the target stops going forward",
    "SB.2.4-2": "the cluster only goes forward",
    "SB.2.4-3": "nothing precedes the root",
    "SB.2.5-1": "something is in front already",
    "SB.2.6-1": "something is in front already",
    "SB.2.6-2": "nothing is suspended",
    "SB.2.7-1": "nothing is in front",
    "SB.2.7-2": "the cluster does not allow flow",
    "SB.2.8-1": "nothing is in front",
    "SB.2.8-2": "the cluster does not allow flow",
    "SB.2.9-1": "there is no target",
    "SB.2.9-2": "the target was not selected for this learner",
    "SB.2.9-3": "the target is hidden from choice",
    "SB.2.9-4": "the target's cluster does not allow choice",
    "SB.2.9-5": "there is nothing to consider",
    "SB.2.9-6": "the target is in a cluster that is not to be entered by choice",
    "SB.2.9-7": "an activity under way must not be left by choice",
    "SB.2.9-8": "choice is constrained to the neighbouring activities",
    "SB.2.9-9": "nothing in the chosen cluster can be delivered",
    "SB.2.10-1": "nothing is in front",
    "SB.2.10-2": "the activity to retry has not ended",
    "SB.2.10-3": "nothing in the cluster to retry can be delivered",
    "SB.2.11-1": "nothing is in front",
    "SB.2.11-2": "the activity to exit has not ended",
    "SB.2.12-1": "there is no such sequencing request",
    "SB.2.13-1": "nothing is in front",
    "DB.1.1-1": "only a leaf can be delivered",
    "DB.1.1-2": "there is nothing to deliver",
    "DB.1.1-3": "the activity is disabled, or its limits are reached",
    "DB.2-1": "the activity in front has not ended",
}
"""Exception codes (SN 4th Ed. appendix C) in words, for the call log."""


@dataclass(frozen=True, slots=True)
class NavigationResult:
    """Of NB.2.1: valid when `code` is empty."""

    code: str = ""
    termination: Termination | None = None
    request: SequencingRequest | None = None
    target: Activity | None = None


@dataclass(frozen=True, slots=True)
class TerminationResult:
    """Of TB.2.3: valid when `code` is empty."""

    code: str = ""
    request: SequencingRequest | None = None
    """Replaces the pending sequencing request."""


@dataclass(frozen=True, slots=True)
class SequencingResult:
    """Of SB.2.5 to SB.2.13: an activity to deliver, or the end, or a code; or none of these."""

    activity: Activity | None = None
    ends_session: bool = False
    code: str = ""
