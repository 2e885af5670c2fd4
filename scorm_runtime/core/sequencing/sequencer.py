"""One learner in one course while a request is worked on: what every process is given.

Holds the tree, the state, the learner's globals, the time and the random numbers, and reads and
writes the tracking model through the objective maps (SN 4th Ed. 4.2.1, SM.7).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scorm_runtime.core.sequencing.course import Activity, Course
from scorm_runtime.core.sequencing.definition import Objective
from scorm_runtime.core.sequencing.state import (
    ActivityState,
    Known,
    LearnerGlobals,
    SequencingState,
    Value,
)

Decision = list[str]
"""[process, exception code or outcome, activity, note]: one line of the call log."""
_PROGRESS_KINDS = ("completion", "progress")
_ROLLED_UP = ("satisfied", "measure", "completion", "progress")
_ALWAYS_SHARED = ("satisfied", "measure")
"""Where a map reads these, the global objective is all there is, also while it knows nothing (ADL's
OB-03b); of the 4th Edition's kinds the activity's own value stands in meanwhile (CO-09)."""


@dataclass
class Sequencer:
    """The context of the processes."""

    course: Course
    state: SequencingState
    globals: LearnerGlobals
    now: datetime
    randbelow: Callable[[int], int] | None = None
    """A whole number from 0 to below its argument; None keeps selections and orders as they
    are (looking ahead)."""
    decisions: list[Decision] | None = field(default_factory=list)
    """None: nobody reads them."""
    written: set[str] = field(default_factory=set)
    """Global objectives changed since roll-up last looked (ST-22)."""
    current_only: bool = False
    """Reading passes over what earlier attempts on the parent have left (SM.1): for roll-up."""
    memo: dict[tuple[Any, ...], Any] | None = None
    """Results of checks while the state does not change (looking ahead); None: no memory."""

    def fork(self) -> "Sequencer":
        """The same moment, to try something out: nothing of it is kept or logged."""
        return Sequencer(
            self.course, self.state.fork(), self.globals.fork(), self.now, decisions=None
        )

    def trial(self) -> "Sequencer":
        """The same moment, to be kept instead of this one if it turns out well."""
        return Sequencer(
            self.course,
            self.state.fork(),
            self.globals.fork(),
            self.now,
            self.randbelow,
            [],
        )

    def note(
        self, process: str, code: str, activity: Activity | None = None, text: str = ""
    ) -> None:
        """Tell the call log what a process has come to."""
        if self.decisions is not None:
            self.decisions.append([process, code, activity.identifier if activity else "", text])

    @property
    def current(self) -> Activity | None:
        return self.course.find(self.state.current)

    @current.setter
    def current(self, activity: Activity | None) -> None:
        self.state.current = activity.identifier if activity else ""

    @property
    def suspended(self) -> Activity | None:
        return self.course.find(self.state.suspended)

    @suspended.setter
    def suspended(self, activity: Activity | None) -> None:
        self.state.suspended = activity.identifier if activity else ""

    def of(self, activity: Activity) -> ActivityState:
        return self.state.of(activity.identifier)

    def change(self, activity: Activity, **changes: Any) -> None:
        self.state.change(activity.identifier, **changes)

    # Available Children

    def available_children(self, activity: Activity) -> tuple[Activity, ...]:
        """Those that selection left, in the order that randomization gave them."""
        names = self.state.children.get(activity.identifier)
        if names is None:
            return activity.children
        return tuple(
            self.course.activities[name] for name in names if name in self.course.activities
        )

    def is_available(self, activity: Activity) -> bool:
        """The root, or among its parent's Available Children."""
        parent = activity.parent
        if parent is None:
            return True
        names = self.state.children.get(parent.identifier)
        return names is None or activity.identifier in names

    def next_sibling(self, activity: Activity, step: int) -> Activity | None:
        """The Available Child of its parent after (1) or before (-1) it."""
        if activity.parent is None:
            return None
        siblings = self.available_children(activity.parent)
        at = activity.position
        if siblings is not activity.parent.children:
            if activity not in siblings:
                return None
            at = siblings.index(activity)
        return siblings[at + step] if 0 <= at + step < len(siblings) else None

    def is_after(self, one: Activity, other: Activity) -> bool:
        """`one` comes after `other` in a forward preorder traversal."""
        if not self.state.children:
            return one.order > other.order
        if one.is_within(other) or other.is_within(one):
            return one.depth > other.depth
        depth = next(
            at for at, (a, b) in enumerate(zip(one.path, other.path, strict=False)) if a is not b
        )
        mine, its = one.path[depth], other.path[depth]
        order = self.state.children.get(one.path[depth - 1].identifier, ())
        if mine.identifier in order and its.identifier in order:
            return order.index(mine.identifier) > order.index(its.identifier)
        return mine.position > its.position

    # Tracking, read and written through the objective maps

    @property
    def objective_scope(self) -> dict[str, Known]:
        """Where this course's global objectives live (ST-10)."""
        system = self.course.objectives_global_to_system
        return self.globals.objectives if system else self.state.own.objectives

    @property
    def store_scope(self) -> dict[str, str]:
        """Where this course's shared data stores live (ST-10)."""
        system = self.course.shared_data_global_to_system
        return self.globals.stores if system else self.state.own.stores

    def carried(self) -> dict[str, dict[str, Value]]:
        """What this course reads and other courses may change."""
        if not self.course.objectives_global_to_system:
            return {}
        known = self.globals.objectives
        return {name: dict(known[name]) for name in self.course.readers if name in known}

    def read(self, activity: Activity, objective: Objective, kind: str) -> Value | None:
        """What is known, None when nothing is: judged by measure where that decides (ST-05), else
        the global objective's where the map reads it, else the activity's own.

        To rules an activity that is not tracked knows nothing and reads nothing (ST-06).
        """
        definition = activity.definition
        if not definition.tracked:
            return None
        if objective.is_plain and not definition.completed_by_measure:
            return self._own(activity, objective, kind)
        return self.read_untracked(activity, objective, kind)

    def read_untracked(self, activity: Activity, objective: Objective, kind: str) -> Value | None:
        """The same whether or not the activity is tracked: what its SCO is told (OB-10c)."""
        if kind == "satisfied" and objective.satisfied_by_measure:
            return self._satisfied_by_measure(activity, objective)
        if kind == "completion" and objective.is_primary:
            definition = activity.definition
            if definition.completed_by_measure:
                amount = self.read_untracked(activity, objective, "progress")
                return None if amount is None else amount >= definition.min_progress
        source = objective.sources.get(kind)
        if source is not None:
            shared = self.objective_scope.get(source, {}).get(kind)
            if shared is not None or kind in _ALWAYS_SHARED:
                return shared
        return self._own(activity, objective, kind)

    def satisfied(self, activity: Activity, objective: Objective | None = None) -> bool | None:
        """Objective Satisfied Status; None while Objective Progress Status is False."""
        value = self.read(activity, objective or activity.primary, "satisfied")
        return None if value is None else bool(value)

    def measure(self, activity: Activity, objective: Objective | None = None) -> float | None:
        """Objective Normalized Measure; None while Objective Measure Status is False."""
        value = self.read(activity, objective or activity.primary, "measure")
        return None if value is None else float(value)

    def completed(self, activity: Activity) -> bool | None:
        """Attempt Completion Status; None while Attempt Progress Status is False."""
        value = self.read(activity, activity.primary, "completion")
        return None if value is None else bool(value)

    def amount(self, activity: Activity) -> float | None:
        """Attempt Completion Amount; None while its status is False."""
        value = self.read(activity, activity.primary, "progress")
        return None if value is None else float(value)

    def primary_known(self, activity: Activity) -> Known:
        """Satisfied, measure, completion and progress of a tracked activity's primary objective,
        those that are known: all that roll-up by default asks of a child."""
        primary = activity.primary
        if activity.is_plain:
            known, old_objectives, old_progress = self.state.known(activity.identifier, primary.id)
            if not (old_objectives or old_progress) or not known or not self.current_only:
                return known
        values = {kind: self.read(activity, primary, kind) for kind in _ROLLED_UP}
        return {kind: value for kind, value in values.items() if value is not None}

    def write(
        self,
        activity: Activity,
        objective: Objective,
        values: dict[str, Value | None],
        *,
        by_content: bool = False,
    ) -> None:
        """Record values (None: unknown) and hand on what changed to the global objectives; what
        the content has said itself is handed on in any case."""
        if not activity.definition.tracked:
            return
        known: dict[str, Value] = {
            kind: value
            for kind, value in self.of(activity).objectives.get(objective.id, {}).items()
            if not self._is_old(activity, kind)
        }
        changed = {kind for kind, value in values.items() if known.get(kind) != value}
        known.update({kind: value for kind, value in values.items() if value is not None})
        for kind, value in values.items():
            if value is None:
                known.pop(kind, None)
        if changed:
            self._forget_old(activity)
            objectives = {**self.of(activity).objectives, objective.id: known}
            self.change(activity, objectives=objectives)
        if changed or by_content:
            handed = set(values) if by_content else changed
            self._hand_on(activity, objective, known, handed)

    def _forget_old(self, activity: Activity) -> None:
        """What an earlier attempt on the parent left behind ends with the first new record."""
        state = self.of(activity)
        if not (state.old_objectives or state.old_progress):
            return
        kept = {
            name: {kind: one for kind, one in known.items() if not self._is_old(activity, kind)}
            for name, known in state.objectives.items()
        }
        self.change(activity, objectives=kept, old_objectives=False, old_progress=False)

    def _hand_on(
        self, activity: Activity, objective: Objective, known: Known, changed: set[str]
    ) -> None:
        values: dict[str, Value | None] = {kind: known.get(kind) for kind in changed}
        if objective.satisfied_by_measure:
            values.pop("satisfied", None)
            if "measure" in changed:
                measure = known.get("measure")
                values["satisfied"] = None if measure is None else measure >= objective.min_measure
        if objective.is_primary and activity.definition.completed_by_measure:
            values.pop("completion", None)
            if "progress" in changed:
                amount = known.get("progress")
                least = activity.definition.min_progress
                values["completion"] = None if amount is None else amount >= least
        for kind, value in values.items():
            for target in objective.targets.get(kind, ()):
                self._write_global(target, kind, value)

    def _write_global(self, target: str, kind: str, value: Value | None) -> None:
        scope = self.objective_scope
        known = scope.get(target, {})
        if known.get(kind) != value:
            self.written.add(target)
        rest = {one: old for one, old in known.items() if one != kind}
        scope[target] = rest if value is None else {**rest, kind: value}

    def _satisfied_by_measure(self, activity: Activity, objective: Objective) -> bool | None:
        """RB.1.2 a, at the moment of asking."""
        measure = self.read_untracked(activity, objective, "measure")
        if measure is None:
            return None
        if self.of(activity).is_active and not activity.definition.measure_satisfaction_if_active:
            return None
        return measure >= objective.min_measure

    def _own(self, activity: Activity, objective: Objective, kind: str) -> Value | None:
        if self.current_only and self._is_old(activity, kind):
            return None
        return self.state.known(activity.identifier, objective.id)[0].get(kind)

    def _is_old(self, activity: Activity, kind: str) -> bool:
        state = self.of(activity)
        return state.old_progress if kind in _PROGRESS_KINDS else state.old_objectives
