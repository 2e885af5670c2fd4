"""One SCO of a SCORM 2004 attempt: its values, its communication session, what it reports.

Sequencing decides when it is delivered and with which tracking (`sco_report.TrackingForSco`), and
reads what the SCO said (`report`). Which values outlive a session is decided there too: a delivery
with entry "resume" gets them back, any other begins with a fresh data model (RTE 4th Ed. 4.2.7,
ST-20); `RuntimeSettings.keep_without_suspend` is SCORM 1.2's alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from scorm_runtime.core.cmi.api import Api2004
from scorm_runtime.core.cmi.model import PRIMARY, Answer, DataModel
from scorm_runtime.core.cmi.scalars import parse_decimal
from scorm_runtime.core.cmi.table import Table
from scorm_runtime.core.cmi.timespan import format_duration, parse_timespan
from scorm_runtime.core.interactions import find_index, read_interaction
from scorm_runtime.core.outcome import Interaction, Score, ScoResult
from scorm_runtime.core.sco_report import (
    CompletionStatus,
    Exit,
    ItemLaunch,
    ObjectiveReport,
    Sco2004State,
    ScoReport,
    SuccessStatus,
    TrackingForSco,
)
from scorm_runtime.core.sco_seed import keep_values, seed_launch, seed_values
from scorm_runtime.core.settings import RuntimeSettings

EXIT = "cmi.exit"
SESSION_TIME = "cmi.session_time"
TOTAL_TIME = "cmi.total_time"
REQUEST = "adl.nav.request"
OBJECTIVES = "cmi.objectives"
STORES = "adl.data"


class Sco2004Run:
    """A SCO while calls are applied to it."""

    def __init__(
        self,
        table: Table,
        item: ItemLaunch,
        state: Sco2004State,
        settings: RuntimeSettings,
        *,
        nav: Mapping[str, Any] | None = None,
    ) -> None:
        """`nav` is what adl.nav.request_valid is answered from (core/run.py, NavDocument)."""
        self.item = item
        self.settings = settings
        self.loaded = state
        """The state it began with."""
        self.events: list[str] = []
        self.answered: set[int] = set()
        """Indices of the interactions written to."""
        self._touched = set(state.touched)
        self._written_stores = set(state.written_stores)
        self._state = state
        self._table = table
        self._nav = nav
        self._open(state.launch, state.values)
        self.api.state = state.session

    def call(self, function: str, *arguments: str) -> str:
        """The API as content sees it ("SetValue"): what it answers; `api.last` has the code."""
        operation = _OPERATIONS.get(function, "")
        if operation == "set":
            self.apply("set", (arguments[0], arguments[1]))
        elif operation and not any(arguments):
            self.apply(operation, ())
        else:
            return self.api.call(function, *arguments)
        return "true" if self.api.last.code == "0" else "false"

    def apply(self, op: str, arguments: tuple[str, ...]) -> Answer:
        """Apply one call ("initialize", "set", "commit", "finish"); a refused one changes
        nothing."""
        if op == "initialize":
            self._initialize()
        elif op == "set":
            self._set(*arguments)
        elif op == "finish":
            self._finish()
        else:
            self.api.commit()
        return self.api.last

    def deliver(self, tracking: TrackingForSco) -> None:
        """Get ready for a new launch: the session of before ends, a new one may begin."""
        self.cut_off()
        resumed = tracking.entry == "resume"
        kept = keep_values(self._model.values) if resumed else {}
        values, primary = seed_values(kept, tracking)
        state = self._state
        self._forget(touched=not resumed)
        self._state = replace(
            state,
            total_seconds=state.total_seconds if resumed else 0.0,
            earlier_seconds=state.earlier_seconds + (0.0 if resumed else state.total_seconds),
            session_seconds=0.0,
            last_exit="",
        )
        launch = seed_launch(self.item, tracking, primary)
        launch[TOTAL_TIME] = format_duration(self._state.total_seconds)
        self._open(launch, values)
        if self.item.kind == "asset":
            self._state = replace(self._state, completion="completed", sessions=1)

    def cut_off(self, leaving: Exit = "") -> None:
        """End a session that the SCO itself did not end: time is counted, data kept (PAIN-02).

        `leaving` overrides cmi.exit, also of a session that has ended: "suspend" where the learner
        suspends the course (ST-18).
        """
        if self.api.state == "running":
            self._end(leaving or self._model.values.get(EXIT, "") or "cut off")
            self.events.append("suspended")
        elif leaving and self.api.state == "finished":
            self._state = replace(self._state, last_exit=leaving)

    def abandon(self) -> None:
        """The attempt on the activity is given up: nothing of it is kept (ST-18)."""
        self.cut_off()
        self._forget()
        self._state = replace(self._state, completion="unknown", success="unknown")
        self._open({}, {})
        self.api.state = "finished"

    def set_nav(self, nav: Mapping[str, Any]) -> None:
        """What adl.nav.request_valid is answered from, from now on."""
        self._nav = self._model.nav = nav

    @property
    def state(self) -> Sco2004State:
        return replace(
            self._state,
            values=dict(self._model.values),
            launch=dict(self._model.launch),
            touched=tuple(sorted(self._touched)),
            written_stores=tuple(sorted(self._written_stores)),
            session=self.api.state,
        )

    def launch_values(self) -> dict[str, str]:
        """Read-only elements of this delivery, without the learner's id and name."""
        return dict(self._model.launch)

    def result(self) -> ScoResult:
        """What the SCO has come to, for lists; the running session's time is in it."""
        state, own = self._state, self._report_values("cmi")
        return ScoResult(
            completion=state.completion,
            success=state.success,
            score=Score(raw=own.raw, min=own.min, max=own.max, scaled=own.scaled),
            total_seconds=self.seconds,
        )

    @property
    def seconds(self) -> float:
        """Time in it, in all attempts, the running session's included."""
        state = self._state
        return state.earlier_seconds + state.total_seconds + self._running_seconds()

    def report(self) -> ScoReport:
        """What the SCO has said so far, for sequencing."""
        read, state = self._model.read, self._state
        objectives = {
            read(f"{OBJECTIVES}.{at}.id"): self._report_objective(at)
            for at in range(self._model.count(OBJECTIVES))
        }
        own = self._report_values("cmi")
        running = self.api.state == "running"
        leaving = self._model.values.get(EXIT, "") if running else state.last_exit
        request = read(REQUEST)
        return ScoReport(
            completion_status=own.completion_status,
            success_status=own.success_status,
            score_scaled=own.scaled,
            score_raw=own.raw,
            score_min=own.min,
            score_max=own.max,
            progress_measure=own.progress_measure,
            objectives=objectives,
            primary_objective_id=self._primary_id(),
            stores=self._report_stores(),
            exit=cast("Exit", "" if leaving == "cut off" else leaving),
            session_seconds=self._running_seconds() if running else state.session_seconds,
            nav_request="" if request == "_none_" else request,
            ended=self.api.state == "finished",
            touched=frozenset(self._touched),
        )

    def interactions(self) -> tuple[Interaction, ...]:
        """Those written to since this run began."""
        item = self.item.identifier
        return tuple(read_interaction(self._model, at, item) for at in sorted(self.answered))

    def _open(self, launch: Mapping[str, str], values: Mapping[str, str]) -> None:
        limits = {"suspend_data": self.settings.suspend_data_limit}
        strict = self.settings.strict
        self._model = DataModel(
            self._table, launch, values, strict=strict, limits=limits, nav=self._nav
        )
        self.api = Api2004(self._model)

    def _forget(self, *, touched: bool = True) -> None:
        self._written_stores.clear()
        if touched:
            self._touched.clear()

    def _initialize(self) -> None:
        self.api.initialize()
        if self.api.last.code == "0":
            self._state = replace(self._state, sessions=self._state.sessions + 1)
            self._note_standing()
            resumed = self._model.launch.get("cmi.entry") == "resume"
            self.events.append("resumed" if resumed else "initialized")

    def _set(self, name: str, value: str) -> None:
        self.api.set_value(name, value)
        if self.api.last.code != "0":
            return
        self._touch(name)
        if (index := find_index(name)) is not None:
            self.answered.add(index)
        if name.startswith(f"{STORES}."):
            self._written_stores.add(self._model.read(f"{STORES}.{name.split('.')[2]}.id"))
        self._note_standing()

    def _finish(self) -> None:
        self.api.finish()
        if self.api.last.code == "0":
            leaving = self._model.values.get(EXIT, "")
            self._end(leaving)
            self.events.append("suspended" if leaving == "suspend" else "terminated")

    def _end(self, leaving: str) -> None:
        seconds = self._running_seconds()
        self.api.state = "finished"
        self._model.values.pop(SESSION_TIME, None)
        self._state = replace(
            self._state,
            last_exit=leaving,
            session_seconds=seconds,
            total_seconds=self._state.total_seconds + seconds,
        )
        self._note_standing()

    def _note_standing(self) -> None:
        completion = self._model.read("cmi.completion_status")
        success = self._model.read("cmi.success_status")
        if (completion, success) != (self._state.completion, self._state.success):
            self._state = replace(
                self._state,
                completion=cast("CompletionStatus", completion),
                success=cast("SuccessStatus", success),
            )

    def _touch(self, name: str) -> None:
        """Remember what the SCO has set itself, under the names of `ScoReport.touched`."""
        parts = name.split(".")
        datum = parts[-1]
        if datum not in _DATA or parts[0] != "cmi":
            return
        primary = self._model.launch.get(PRIMARY)
        at = parts[2] if parts[1] == "objectives" else primary
        if at == primary:
            self._touched.add(datum)
        if at is not None:
            objective = self._model.read(f"{OBJECTIVES}.{at}.id")
            self._touched.add(f"objectives.{objective}.{datum}")

    def _primary_id(self) -> str:
        index = self._model.launch.get(PRIMARY)
        return self._model.read(f"{OBJECTIVES}.{index}.id") if index is not None else ""

    def _report_objective(self, at: int) -> ObjectiveReport:
        primary = self._model.launch.get(PRIMARY) == str(at)
        return self._report_values("cmi" if primary else f"{OBJECTIVES}.{at}")

    def _report_values(self, prefix: str) -> ObjectiveReport:
        def text(name: str) -> str:
            return self._model.read(f"{prefix}.{name}")

        return ObjectiveReport(
            success_status=cast("SuccessStatus", text("success_status") or "unknown"),
            completion_status=cast("CompletionStatus", text("completion_status") or "unknown"),
            scaled=parse_decimal(text("score.scaled")),
            raw=parse_decimal(text("score.raw")),
            min=parse_decimal(text("score.min")),
            max=parse_decimal(text("score.max")),
            progress_measure=parse_decimal(text("progress_measure")),
        )

    def _report_stores(self) -> dict[str, str]:
        read = self._model.read
        found = {
            read(f"{STORES}.{at}.id"): read(f"{STORES}.{at}.store")
            for at in range(self._model.count(STORES))
        }
        return {name: found[name] for name in sorted(self._written_stores) if name in found}

    def _running_seconds(self) -> float:
        return parse_timespan(self._model.values.get(SESSION_TIME, "")) or 0.0


_OPERATIONS = {
    "Initialize": "initialize",
    "Terminate": "finish",
    "SetValue": "set",
    "Commit": "commit",
}
_DATA = frozenset(
    {"completion_status", "success_status", "scaled", "raw", "min", "max", "progress_measure"}
)
