"""What passes between sequencing and the run-time of one SCORM 2004 SCO: plain values.

Sequencing hands a `TrackingForSco` to each delivery and reads a `ScoReport` at every moment it
wants to (RTE 4th Ed. 4.2 and SN 4th Ed. 4.2.1: which element is which tracking datum).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scorm_runtime.core.cmi.api import State
from scorm_runtime.core.editions import FOURTH

CompletionStatus = Literal["completed", "incomplete", "not attempted", "unknown"]
SuccessStatus = Literal["passed", "failed", "unknown"]
Entry = Literal["ab-initio", "resume", ""]
Exit = Literal["suspend", "logout", "time-out", "normal", ""]


@dataclass(frozen=True)
class ItemLaunch:
    """What the manifest says of one item, for its run-time; never changes within an attempt."""

    identifier: str
    title: str = ""
    kind: Literal["sco", "asset"] = "sco"
    launch_data: str = ""
    """adlcp:dataFromLMS."""
    max_time_allowed: str = ""
    """attemptAbsoluteDurationLimit as an ISO 8601 duration, "" for none."""
    time_limit_action: str = ""
    """adlcp:timeLimitAction, "" for none."""
    completion_threshold: float | None = None
    """minProgressMeasure where completedByMeasure is true, else None."""
    scaled_passing_score: float | None = None
    """minNormalizedMeasure of the primary objective where satisfiedByMeasure is true, else None."""
    edition: int = FOURTH
    """Of SCORM 2004."""


@dataclass(frozen=True)
class ObjectiveReport:
    """One objective: as sequencing knows it, or as the SCO reports it. Measures are -1..1,
    progress 0..1; None is unknown."""

    success_status: SuccessStatus = "unknown"
    completion_status: CompletionStatus = "unknown"
    scaled: float | None = None
    raw: float | None = None
    min: float | None = None
    max: float | None = None
    progress_measure: float | None = None


@dataclass(frozen=True)
class ObjectiveForSco(ObjectiveReport):
    """An objective of the manifest that has an id, as known now (read through its maps)."""

    id: str = ""
    """Percent-decoded (ST-19)."""
    primary: bool = False
    description: str = ""


@dataclass(frozen=True)
class StoreForSco:
    """One adlcp:map of the item: a data store as it is shared now (SN 4th Ed., adl.data)."""

    id: str
    """targetID."""
    value: str | None = None
    """None while nobody has written to it."""
    read: bool = True
    write: bool = True


@dataclass(frozen=True)
class TrackingForSco:
    """What sequencing knows when it delivers a SCO; the run-time's initial values."""

    entry: Entry = "ab-initio"
    """ "resume" brings the values of the suspended session back; with the others the SCO gets a
    fresh data model (ST-20)."""
    objectives: tuple[ObjectiveForSco, ...] = ()
    """Those of the manifest that have an id, in its order, the primary among them."""
    stores: tuple[StoreForSco, ...] = ()
    completion_status: CompletionStatus = "unknown"
    success_status: SuccessStatus = "unknown"
    score_scaled: float | None = None
    score_raw: float | None = None
    score_min: float | None = None
    score_max: float | None = None
    progress_measure: float | None = None
    """These seven are the primary objective's and the attempt's, read through maps. What is known
    here wins over what a resumed SCO said earlier; what is not known leaves it as it said."""
    credit: Literal["credit", "no-credit"] = "credit"
    mode: Literal["normal", "browse", "review"] = "normal"


@dataclass(frozen=True)
class ScoReport:
    """What the SCO has said so far; valid at any moment, also before it ends (look-ahead)."""

    completion_status: CompletionStatus = "unknown"
    """As GetValue answers: judged by completion_threshold where there is one (RTE 4.2.4.1)."""
    success_status: SuccessStatus = "unknown"
    """As GetValue answers: judged by scaled_passing_score where there is one (RTE 4.2.22.1)."""
    score_scaled: float | None = None
    score_raw: float | None = None
    score_min: float | None = None
    score_max: float | None = None
    progress_measure: float | None = None
    objectives: Mapping[str, ObjectiveReport] = field(default_factory=dict)
    """By id: those of the manifest and those that the SCO added, in the order of cmi.objectives."""
    primary_objective_id: str = ""
    """Which of them is the primary; "" when it has no id. Its values equal the seven above."""
    stores: Mapping[str, str] = field(default_factory=dict)
    """Data stores that the SCO has written to in this session, by id."""
    exit: Exit = ""
    session_seconds: float = 0.0
    """cmi.session_time of the session that runs, or that ended last."""
    nav_request: str = ""
    """adl.nav.request as set: "continue", "{target=A2}choice" …; "" for none."""
    ended: bool = False
    """The SCO has called Terminate, or its session was cut off."""
    touched: frozenset[str] = frozenset()
    """What the SCO itself has set in this attempt on it (not: what was known at delivery), also
    to "unknown" (ST-07). Names: completion_status, success_status, scaled, raw, min, max,
    progress_measure for the SCO (and its primary objective); objectives.<id>.success_status and so
    on for each objective of cmi.objectives, the primary's too."""


@dataclass(frozen=True)
class Sco2004State:
    """What is kept of a SCO between requests; JSON by `dataclasses.asdict`."""

    values: Mapping[str, str] = field(default_factory=dict)
    """Read-write and write-only elements: set by the SCO, or known at its delivery."""
    launch: Mapping[str, str] = field(default_factory=dict)
    """Read-only elements as they were at its delivery, and the three that only the system knows
    (`cmi/model.py`)."""
    touched: tuple[str, ...] = ()
    """As in ScoReport, sorted."""
    written_stores: tuple[str, ...] = ()
    """Ids of data stores written to since the delivery, sorted."""
    session: State = "not initialized"
    sessions: int = 0
    """Communication sessions begun, in all attempts on the activity."""
    last_exit: str = ""
    """cmi.exit of the last session that ended; "cut off" when it ended without Terminate and
    without an exit."""
    completion: CompletionStatus = "not attempted"
    """As last reported; kept when the data model begins anew."""
    success: SuccessStatus = "unknown"
    total_seconds: float = 0.0
    """Of the sessions of this attempt on the activity that have ended (cmi.total_time)."""
    session_seconds: float = 0.0
    """Of the session that ended last."""
    earlier_seconds: float = 0.0
    """Of all sessions of earlier attempts on the activity."""
