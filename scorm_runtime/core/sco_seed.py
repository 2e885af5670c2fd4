"""The values a SCORM 2004 SCO begins with, out of what sequencing and the manifest know.

RTE 4th Ed. 4.2: cmi.objectives begins with the manifest's objectives that have an id (ST-21), the
primary's elements are the SCO's own; adl.data with the item's data stores; thresholds and launch
data come from the manifest. What is not known is left out, so that reading it answers 403.
"""

from collections.abc import Mapping

from scorm_runtime.core.cmi.model import EDITION, PRIMARY
from scorm_runtime.core.editions import FOURTH
from scorm_runtime.core.sco_report import (
    ItemLaunch,
    ObjectiveForSco,
    ObjectiveReport,
    TrackingForSco,
)

_OF_ONE_SESSION = ("cmi.exit", "cmi.session_time", "adl.")
OBJECTIVES = "cmi.objectives"


def keep_values(values: Mapping[str, str]) -> dict[str, str]:
    """What a suspended session leaves to the next one (RTE 4.2.7)."""
    return {name: value for name, value in values.items() if not name.startswith(_OF_ONE_SESSION)}


def seed_values(
    kept: Mapping[str, str], tracking: TrackingForSco
) -> tuple[dict[str, str], int | None]:
    """The read-write values of a delivery, and the index of its primary objective."""
    values = dict(kept)
    own = ObjectiveReport(
        tracking.success_status,
        tracking.completion_status,
        tracking.score_scaled,
        tracking.score_raw,
        tracking.score_min,
        tracking.score_max,
        tracking.progress_measure,
    )
    values.update(_known("cmi", own))
    primary = None
    places = _places(kept)
    for objective in tracking.objectives:
        at = places.setdefault(objective.id, len(places))
        values.update(_seed_objective(at, objective))
        if objective.primary:
            primary = at
    for at, store in enumerate(tracking.stores):
        if store.value is not None:
            values[f"adl.data.{at}.store"] = store.value
    return values, primary


def seed_launch(item: ItemLaunch, tracking: TrackingForSco, primary: int | None) -> dict[str, str]:
    """The read-only values of a delivery."""
    launch = {
        "cmi.launch_data": item.launch_data,
        "cmi.max_time_allowed": item.max_time_allowed,
        "cmi.time_limit_action": item.time_limit_action,
        "cmi.completion_threshold": _number(item.completion_threshold),
        "cmi.scaled_passing_score": _number(item.scaled_passing_score),
        EDITION: "" if item.edition == FOURTH else str(item.edition),
        PRIMARY: "" if primary is None else str(primary),
    }
    launch = {name: value for name, value in launch.items() if value}
    launch["cmi.credit"] = tracking.credit
    launch["cmi.mode"] = tracking.mode
    launch["cmi.entry"] = tracking.entry
    for at, store in enumerate(tracking.stores):
        launch[f"adl.data.{at}.id"] = store.id
        launch[f"adl.data.{at}._read"] = "true" if store.read else "false"
        launch[f"adl.data.{at}._write"] = "true" if store.write else "false"
    return launch


def _places(kept: Mapping[str, str]) -> dict[str, int]:
    """Index by id of the objectives that a suspended session leaves."""
    places: dict[str, int] = {}
    while (name := kept.get(f"{OBJECTIVES}.{len(places)}.id")) is not None:
        places[name] = len(places)
    return places


def _seed_objective(at: int, objective: ObjectiveForSco) -> dict[str, str]:
    prefix = f"{OBJECTIVES}.{at}"
    values = {f"{prefix}.id": objective.id}
    if objective.description:
        values[f"{prefix}.description"] = objective.description
    if not objective.primary:
        values.update(_known(prefix, objective))
    return values


def _known(prefix: str, report: ObjectiveReport) -> dict[str, str]:
    values = {
        "score.scaled": _number(report.scaled),
        "score.raw": _number(report.raw),
        "score.min": _number(report.min),
        "score.max": _number(report.max),
        "progress_measure": _number(report.progress_measure),
        "success_status": report.success_status,
        "completion_status": report.completion_status,
    }
    return {
        f"{prefix}.{name}": value for name, value in values.items() if value not in ("", "unknown")
    }


def _number(value: float | None) -> str:
    """A number as the data model has it: no exponent, seven significant digits or more."""
    if value is None:
        return ""
    return f"{value + 0.0:.10f}".rstrip("0").rstrip(".")
