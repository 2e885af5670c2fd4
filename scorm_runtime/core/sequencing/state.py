"""What is known of one learner in one course: the tracking model (SN 4th Ed. 4.2) as one small
JSON document, and what outlives the course.

Each activity's part is an immutable value that is replaced; a copy of the whole (`fork`) is
therefore a copy of three small dictionaries, which is what makes looking ahead cheap.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

Value = bool | float
Known = Mapping[str, Value]
"""Kind (`definition.KINDS`) -> what is known; what is not known is absent."""
NOTHING: Known = {}


@dataclass(frozen=True, slots=True)
class ActivityState:
    """Tracking of one activity (TM.1.1, TM.1.2): of all attempts, and of the newest."""

    attempts: int = 0
    """Activity Attempt Count; Activity Progress Status is whether it is above 0."""
    is_active: bool = False
    is_suspended: bool = False
    objectives: Mapping[str, Known] = field(default_factory=dict)
    """By objective id ("" for a primary without one). The attempt's completion and completion
    amount are the primary objective's "completion" and "progress"."""
    said_unknown: tuple[str, ...] = ()
    """"satisfied", "completion": the content itself has called it unknown (ST-07)."""
    old_objectives: bool = False
    """Its objectives were recorded in an earlier attempt on its parent (SM.1, use current …)."""
    old_progress: bool = False
    """The same for its completion."""
    active_since: str = ""
    """ISO 8601; "" while it is not active."""
    attempt_absolute: float = 0.0
    """Seconds, without the time since `active_since`; as the next ones."""
    attempt_experienced: float = 0.0
    activity_absolute: float = 0.0
    activity_experienced: float = 0.0


NOT_TRACKED = ActivityState()
_DEFAULTS = asdict(NOT_TRACKED)
_FIELDS = frozenset(one.name for one in fields(ActivityState))


@dataclass
class LearnerGlobals:
    """What a learner carries from course to course."""

    objectives: dict[str, Known] = field(default_factory=dict)
    """Global objectives by id."""
    stores: dict[str, str] = field(default_factory=dict)
    """Shared data stores by id."""

    def fork(self) -> "LearnerGlobals":
        """A copy that can be changed without changing this one."""
        return LearnerGlobals(dict(self.objectives), dict(self.stores))

    def forget(self) -> None:
        """Nothing is known and all stores are empty from now on."""
        self.objectives, self.stores = {}, {}

    def to_json(self) -> dict[str, Any]:
        return {
            "objectives": {name: dict(known) for name, known in self.objectives.items()},
            "stores": dict(self.stores),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "LearnerGlobals":
        found = data or {}
        return cls(dict(found.get("objectives", {})), dict(found.get("stores", {})))


@dataclass
class SequencingState:
    """The learner's state in one course; changed by the processes."""

    activities: dict[str, ActivityState] = field(default_factory=dict)
    """By identifier, those that were looked at or changed; an activity that was never touched is
    in neither this nor `kept`."""
    current: str = ""
    """Current Activity; "" is Not Defined: the sequencing session has not begun, or is over."""
    suspended: str = ""
    """Suspended Activity; "" is Not Defined."""
    children: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Available Children of the clusters where selection or randomization made them differ."""
    own: LearnerGlobals = field(default_factory=LearnerGlobals)
    """Global objectives and stores whose scope is one attempt on this course (ST-10)."""
    kept: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """`activities` as they were stored: most requests look at few of them."""
    changed: set[str] = field(default_factory=set)
    """Identifiers of those that differ from what is stored."""

    def of(self, identifier: str) -> ActivityState:
        """What is known of an activity."""
        found = self.activities.get(identifier)
        if found is not None:
            return found
        kept = self.kept.get(identifier)
        if kept is None:
            return NOT_TRACKED
        found = self.activities[identifier] = _activity_state(kept)
        return found

    def known(self, identifier: str, objective: str) -> tuple[Known, bool, bool]:
        """What is recorded of an objective, and whether that is of an earlier attempt on the
        parent: objectives, progress. Reads what is stored as it is."""
        found = self.activities.get(identifier)
        if found is not None:
            known = found.objectives.get(objective, NOTHING)
            return known, found.old_objectives, found.old_progress
        kept = self.kept.get(identifier)
        if kept is None or "objectives" not in kept:
            return NOTHING, False, False
        old = kept.get("old_objectives", False), kept.get("old_progress", False)
        return kept["objectives"].get(objective, NOTHING), *old

    def change(self, identifier: str, **changes: Any) -> None:
        """Replace parts of an activity's state."""
        self.activities[identifier] = replace(self.of(identifier), **changes)
        self.changed.add(identifier)

    def fork(self) -> "SequencingState":
        """A copy that can be changed without changing this one."""
        return SequencingState(
            dict(self.activities),
            self.current,
            self.suspended,
            dict(self.children),
            self.own.fork(),
            self.kept,
            set(self.changed),
        )

    def to_json(self) -> dict[str, Any]:
        """As kept in `attempt.sequencing`; defaults are left out."""
        changed = {name: _sparse(self.activities[name]) for name in sorted(self.changed)}
        return {
            "activities": {**self.kept, **changed} if changed else self.kept,
            "current": self.current,
            "suspended": self.suspended,
            "children": {name: list(children) for name, children in self.children.items()},
            "own": self.own.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "SequencingState":
        """Read it back; None or {} is the state of somebody who has never been here."""
        found = data or {}
        return cls(
            current=found.get("current", ""),
            suspended=found.get("suspended", ""),
            children={
                name: tuple(children) for name, children in found.get("children", {}).items()
            },
            own=LearnerGlobals.from_json(found.get("own")),
            kept=found.get("activities", {}),
        )


def _sparse(state: ActivityState) -> dict[str, Any]:
    found = {name: getattr(state, name) for name in _DEFAULTS}
    found["said_unknown"] = list(state.said_unknown)
    found["objectives"] = {name: dict(known) for name, known in state.objectives.items()}
    usual = {**_DEFAULTS, "said_unknown": []}
    return {name: value for name, value in found.items() if value != usual[name]}


def _activity_state(data: Mapping[str, Any]) -> ActivityState:
    known = {name: value for name, value in data.items() if name in _FIELDS}
    if "said_unknown" in known:
        known["said_unknown"] = tuple(known["said_unknown"])
    return ActivityState(**known)
