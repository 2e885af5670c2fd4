"""The attempt as it follows from its call log alone, entry by entry, through the pure core.

What the database says must be the same: nothing was applied that is not in the log, nothing that is
there was left out, and sequencing ran once for each request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scorm_runtime.core.attempt_run import AttemptRun
from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import read_contents
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.sco import ScoState
from scorm_runtime.core.sequenced_run import Learner, SequencedRun
from scorm_runtime.core.sequencing.course import build_course
from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.settings import RuntimeSettings
from scorm_runtime.core.storable import from_storable
from scorm_runtime.models.attempt import Attempt, AttemptSco, CommitLog

_BY_CLOCK = {
    "active_since",
    "attempt_absolute",
    "attempt_experienced",
    "activity_absolute",
    "activity_experienced",
}


@dataclass
class Rebuilt:
    """An attempt between two rows of its log."""

    standard: str
    manifest: dict[str, Any]
    states: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    globals: LearnerGlobals = field(default_factory=LearnerGlobals)
    current: str = ""
    delivery: int = 0
    decided: int = 0
    """Navigation requests that sequencing worked on, openings not counted."""

    def apply(self, row: CommitLog) -> None:
        run = self._load(row)
        if row.kind == "open":
            run.cut_off()
            run.open(True)  # no run opens at its contents
        else:
            entries = [Entry(n, op, tuple(from_storable(more))) for n, op, *more in row.entries]
            run.apply(entries)
            self.decided += sum(entry.op == "navigate" for entry in entries)
        self.states = {name: sco.state for name, sco in run.scos.items()}
        self.kept, self.current, self.delivery = run.state_json(), run.current, run.delivery
        if isinstance(run, SequencedRun):
            self.globals = run.globals

    def _load(self, row: CommitLog) -> Any:
        contents = read_contents("", self.manifest)
        settings = RuntimeSettings()
        if self.standard == "scorm_1_2":
            states: dict[str, ScoState] = self.states
            return AttemptRun(
                load_table("1_2"),
                contents,
                states,
                settings,
                current=self.current,
                delivery=self.delivery,
                ended=bool(self.kept.get("ended")),
            )
        return SequencedRun(
            load_table("2004"),
            build_course(self.manifest),
            contents,
            self.states,
            settings,
            Learner(self.globals),
            sequencing=self.kept,
            delivery=self.delivery,
            now=row.created_at,
            randbelow=lambda most: 0,
        )


def compare(
    rows: Sequence[CommitLog], built: Rebuilt, attempt: Attempt, scos: Sequence[AttemptSco]
) -> list[str]:
    """What differs between the attempt's rows and what follows from its log."""
    for row in rows:
        built.apply(row)
    pairs = {
        "delivery": (attempt.delivery, built.delivery),
        "item in front": (attempt.current_item, built.current),
        "sequencing": (_timeless(from_storable(attempt.sequencing)), _timeless(built.kept)),
    }
    for row in scos:
        state = built.states[row.item]
        pairs[row.item] = (from_storable(row.cmi), dict(state.values))
        pairs[f"{row.item}: sessions"] = (row.sessions, state.sessions)
    return [
        f"{name} is {there!r}, from the log follows {own!r}"
        for name, (there, own) in pairs.items()
        if there != own
    ]


def _timeless(value: Any) -> Any:
    """Without what depends on the clock."""
    if isinstance(value, dict):
        return {key: _timeless(one) for key, one in value.items() if key not in _BY_CLOCK}
    if isinstance(value, list | tuple):
        return [_timeless(one) for one in value]
    return value
