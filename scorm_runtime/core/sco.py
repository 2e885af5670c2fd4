"""One SCO of one attempt: its values, its communication session and what it has come to.

Every accepted call changes the tracking at once, so commits and the order of different elements
do not matter (PAIN-05). Rules of RTE 1.2 3.4.3.1 (cmi.core.lesson_status) and Conformance
Requirements 2.1: at the end of a session a status never set becomes "completed"; a mastery score
then decides passed or failed, unless the content said "incomplete".

Ours, where the book is silent: completion is never taken back (a finished course that is opened
again stays finished), passed and failed follow the last word of the content.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scorm_runtime.core.cmi.api import Api12, State
from scorm_runtime.core.cmi.model import Answer, DataModel
from scorm_runtime.core.cmi.scalars import parse_decimal
from scorm_runtime.core.cmi.table import Table
from scorm_runtime.core.cmi.timespan import format_timespan, parse_timespan
from scorm_runtime.core.contents import Item
from scorm_runtime.core.interactions import find_index, read_interaction
from scorm_runtime.core.outcome import (
    Completion,
    Interaction,
    Score,
    ScoResult,
    Success,
    scale_score,
)
from scorm_runtime.core.settings import RuntimeSettings

STATUS = "cmi.core.lesson_status"
EXIT = "cmi.core.exit"
SESSION_TIME = "cmi.core.session_time"
_STATUS_MEANS: dict[str, tuple[Completion, Success | None]] = {
    "passed": ("completed", "passed"),
    "failed": ("completed", "failed"),
    "completed": ("completed", None),
    "incomplete": ("incomplete", None),
    "browsed": ("incomplete", None),
    "not attempted": ("incomplete", None),
}


@dataclass(frozen=True)
class ScoState:
    """What is kept of a SCO between requests."""

    values: Mapping[str, str] = field(default_factory=dict)
    """Elements the content has set."""
    session: State = "not initialized"
    sessions: int = 0
    """Communication sessions begun."""
    last_exit: str = ""
    """cmi.core.exit of the last session that ended; "cut off" when it ended without LMSFinish and
    without an exit."""
    status_set: bool = False
    """The content itself has set lesson_status."""
    completion: Completion = "not attempted"
    success: Success = "unknown"
    total_seconds: float = 0.0
    """Of the sessions that have ended."""


class ScoRun:
    """A SCO while calls are applied to it."""

    def __init__(
        self, table: Table, item: Item, state: ScoState, settings: RuntimeSettings
    ) -> None:
        self.item = item
        self.settings = settings
        self.loaded = state
        """The state it began with."""
        self._state = state
        self._model = self._build_model(table, state.values)
        self._api = Api12(self._model, state.session)
        self.events: list[str] = []
        self.touched: set[int] = set()
        """Indices of the interactions written to."""

    def apply(self, op: str, arguments: tuple[str, ...]) -> Answer:
        """Apply one call as the content made it; a refused call changes nothing."""
        if op == "initialize":
            return self._initialize()
        if op == "set":
            return self._set(*arguments)
        if op == "finish":
            return self._finish()
        self._api.commit()
        return self._api.last

    def deliver(self) -> None:
        """Get ready for a new launch: the session of before ends, a new one may begin."""
        self.cut_off()
        keep = self.settings.keep_without_suspend or self._state.last_exit in ("suspend", "cut off")
        values = self._model.values if keep else {}
        kept = {name: value for name, value in values.items() if name not in (EXIT, SESSION_TIME)}
        self._model = self._build_model(self._model.table, kept)
        self._api = Api12(self._model)
        if self.item.kind == "asset":
            self._state = replace(self._state, completion="completed", sessions=1)

    def cut_off(self) -> None:
        """End a session whose tab died: time is counted, data kept (PAIN-02), mastery judged."""
        if self._api.state == "running":
            self._end(self._model.values.get(EXIT, "") or "cut off")
            self.events.append("suspended")

    def launch_values(self) -> dict[str, str]:
        """Elements that depend on what happened before (RTE 1.2 3.4.3.1, entry, total_time)."""
        return {
            **self.item.launch_values(),
            "cmi.core.entry": self.entry,
            "cmi.core.total_time": format_timespan(self._state.total_seconds),
        }

    @property
    def entry(self) -> str:
        """ab-initio, resume or "" for a session that would begin now."""
        if self._state.sessions == 0:
            return "ab-initio"
        if self._state.last_exit in ("suspend", "cut off"):
            return "resume"
        unfinished = self._state.completion != "completed"
        return "resume" if unfinished and self.settings.keep_without_suspend else ""

    @property
    def state(self) -> ScoState:
        return replace(self._state, values=dict(self._model.values), session=self._api.state)

    def result(self) -> ScoResult:
        """What the SCO has come to; the running session's time is in it."""
        return ScoResult(
            completion=self._state.completion,
            success=self._state.success,
            score=self._score(),
            total_seconds=self.seconds,
        )

    @property
    def seconds(self) -> float:
        """Time in it, the running session's included."""
        return self._state.total_seconds + self._session_seconds()

    def interactions(self) -> tuple[Interaction, ...]:
        """Those written to since this run began."""
        item = self.item.identifier
        return tuple(read_interaction(self._model, at, item) for at in sorted(self.touched))

    def _build_model(self, table: Table, values: Mapping[str, str]) -> DataModel:
        limits = {"suspend_data": self.settings.suspend_data_limit}
        return DataModel(table, {}, values, strict=self.settings.strict, limits=limits)

    def _initialize(self) -> Answer:
        if self._api.state == "finished" and not self.settings.strict:
            self.deliver()
        entry = self.entry
        self._api.initialize()
        if self._api.last.code == "0":
            completion = self._state.completion
            self._state = replace(
                self._state,
                sessions=self._state.sessions + 1,
                completion="incomplete" if completion == "not attempted" else completion,
            )
            self.events.append("resumed" if entry == "resume" else "initialized")
        return self._api.last

    def _set(self, name: str, value: str) -> Answer:
        self._api.set_value(name, value)
        given = self._api.last
        if given.code != "0":
            return given
        if name == STATUS:
            self._note_status(given.value)
            self._state = replace(self._state, status_set=True)
        elif (index := find_index(name)) is not None:
            self.touched.add(index)
        return given

    def _finish(self) -> Answer:
        self._api.finish()
        given = self._api.last
        if given.code == "0":
            if self.settings.complete_at_finish and not self._state.status_set:
                self._write_status("completed")
            leaving = self._model.values.get(EXIT, "")
            self._end(leaving)
            self.events.append("suspended" if leaving == "suspend" else "terminated")
        return given

    def _end(self, leaving: str) -> None:
        self._api.state = "finished"
        self._judge_mastery()
        total = self._state.total_seconds + self._session_seconds()
        self._model.values.pop(SESSION_TIME, None)
        self._state = replace(self._state, last_exit=leaving, total_seconds=total)

    def _judge_mastery(self) -> None:
        mastery = parse_decimal(self.item.mastery_score)
        score = self._score()
        status = self._model.read(STATUS)
        if not self.settings.mastery_override or mastery is None or score.raw is None:
            return
        if status in ("incomplete", "not attempted", "browsed"):
            return
        self._write_status("passed" if score.raw >= mastery else "failed")

    def _write_status(self, status: str) -> None:
        self._model.values[STATUS] = status
        self._note_status(status)

    def _note_status(self, status: str) -> None:
        completion, success = _STATUS_MEANS[status]
        if self._state.completion == "completed":
            completion = "completed"
        self._state = replace(
            self._state, completion=completion, success=success or self._state.success
        )

    def _score(self) -> Score:
        raw, low, high = (
            parse_decimal(self._model.values.get(f"cmi.core.score.{part}", ""))
            for part in ("raw", "min", "max")
        )
        return Score(raw=raw, min=low, max=high, scaled=scale_score(raw, low, high))

    def _session_seconds(self) -> float:
        return parse_timespan(self._model.values.get(SESSION_TIME, "")) or 0.0
