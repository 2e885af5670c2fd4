"""Between a SCO's run-time data and the tracking model (SN 4th Ed. 4.2.1; RTE 4th Ed. 4.2)."""

from scorm_runtime.core.sco_report import (
    CompletionStatus,
    ObjectiveForSco,
    ObjectiveReport,
    ScoReport,
    StoreForSco,
    SuccessStatus,
    TrackingForSco,
)
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.definition import Objective
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.state import Value

_SATISFIED: dict[str, bool | None] = {"passed": True, "failed": False, "unknown": None}
_COMPLETION: dict[str, bool | None] = {
    "completed": True,
    "incomplete": False,
    "not attempted": False,
    "unknown": None,
}
_SUCCESS: dict[bool | None, SuccessStatus] = {True: "passed", False: "failed", None: "unknown"}
_COMPLETED: dict[bool | None, CompletionStatus] = {
    True: "completed",
    False: "incomplete",
    None: "unknown",
}


def apply_report(s: Sequencer, activity: Activity, report: ScoReport) -> None:
    """What the SCO itself has said becomes tracking; what it left untouched stays as it is.

    Data of an activity that is not tracked is not recorded (DB.2 7.1); its data stores are.
    """
    for objective in activity.definition.objectives:
        _apply_objective(s, activity, objective, report)
    if activity.definition.tracked:
        said = [
            kind
            for kind, name, status in (
                ("satisfied", "success_status", report.success_status),
                ("completion", "completion_status", report.completion_status),
            )
            if name in report.touched and status == "unknown"
        ]
        s.change(activity, said_unknown=tuple(said))
    writable = {target for target, _, may_write in activity.definition.data_maps if may_write}
    for name, value in report.stores.items():
        if name in writable:
            s.store_scope[name] = value


def count_time(s: Sequencer, activity: Activity, seconds: float) -> None:
    """Add a session's time to the experienced durations of the activity and its ancestors."""
    for one in activity.path:
        state = s.of(one)
        s.change(
            one,
            attempt_experienced=state.attempt_experienced + seconds,
            activity_experienced=state.activity_experienced + seconds,
        )


def build_tracking(s: Sequencer, activity: Activity, *, resumes: bool) -> TrackingForSco:
    """What a SCO is told at its delivery; credit and mode are the caller's to add."""
    primary = _report(s, activity, activity.primary)
    return TrackingForSco(
        entry="resume" if resumes else "ab-initio",
        objectives=tuple(
            _for_sco(s, activity, objective)
            for objective in activity.definition.objectives
            if objective.id
        ),
        stores=tuple(
            StoreForSco(target, s.store_scope.get(target), readable, writable)
            for target, readable, writable in activity.definition.data_maps
        ),
        completion_status=primary.completion_status,
        success_status=primary.success_status,
        score_scaled=primary.scaled,
        score_raw=primary.raw,
        score_min=primary.min,
        score_max=primary.max,
        progress_measure=primary.progress_measure,
    )


def _apply_objective(
    s: Sequencer, activity: Activity, objective: Objective, report: ScoReport
) -> None:
    if objective.is_primary and not objective.id:
        said, prefix = _main(report), ""
    elif objective.id in report.objectives:
        said, prefix = report.objectives[objective.id], f"objectives.{objective.id}."
    elif objective.is_primary:
        said, prefix = _main(report), ""
    else:
        return
    touched = {name for name in _NAMES if prefix + name in report.touched}
    if objective.is_primary:
        touched |= {name for name in _NAMES if name in report.touched}
    values: dict[str, Value | None] = {}
    if "success_status" in touched:
        values["satisfied"] = _SATISFIED[said.success_status]
    if "completion_status" in touched:
        values["completion"] = _COMPLETION[said.completion_status]
    for kind, name in _MEASURES.items():
        if name in touched:
            values[kind] = getattr(said, name)
    if values:
        s.write(activity, objective, values, by_content=True)


_MEASURES = {
    "measure": "scaled",
    "raw": "raw",
    "min": "min",
    "max": "max",
    "progress": "progress_measure",
}
_NAMES = ("success_status", "completion_status", *_MEASURES.values())


def _main(report: ScoReport) -> ObjectiveReport:
    return ObjectiveReport(
        success_status=report.success_status,
        completion_status=report.completion_status,
        scaled=report.score_scaled,
        raw=report.score_raw,
        min=report.score_min,
        max=report.score_max,
        progress_measure=report.progress_measure,
    )


def _report(s: Sequencer, activity: Activity, objective: Objective) -> ObjectiveReport:
    def number(kind: str) -> float | None:
        value = s.read_untracked(activity, objective, kind)
        return None if value is None else float(value)

    completion = s.read_untracked(activity, objective, "completion")
    satisfied = s.read_untracked(activity, objective, "satisfied")
    return ObjectiveReport(
        success_status=_SUCCESS[None if satisfied is None else bool(satisfied)],
        completion_status=_COMPLETED[None if completion is None else bool(completion)],
        scaled=number("measure"),
        raw=number("raw"),
        min=number("min"),
        max=number("max"),
        progress_measure=number("progress"),
    )


def _for_sco(s: Sequencer, activity: Activity, objective: Objective) -> ObjectiveForSco:
    known = _report(s, activity, objective)
    return ObjectiveForSco(
        success_status=known.success_status,
        completion_status=known.completion_status,
        scaled=known.scaled,
        raw=known.raw,
        min=known.min,
        max=known.max,
        progress_measure=known.progress_measure,
        id=objective.id,
        primary=objective.is_primary,
    )
