"""`<imsss:objectives>` and `<adlseq:objectives>` as JSON (CAM 4th Ed. 5.1.7, 5.2.4)."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from scorm_runtime.core.manifest.elements import attribute, child, child_text, children
from scorm_runtime.core.manifest.sequencing_values import Values

_IMSSS_KINDS = {"satisfied": "SatisfiedStatus", "measure": "NormalizedMeasure"}
_ADLSEQ_KINDS = {
    "raw": "RawScore",
    "min": "MinScore",
    "max": "MaxScore",
    "completion": "CompletionStatus",
    "progress": "ProgressMeasure",
}


def read_objectives(parts: Mapping[str, etree._Element], values: Values) -> list[dict[str, Any]]:
    """The activity's objectives, the primary first; one without id is made where none is."""
    found = _imsss(parts.get("objectives"), values)
    if not any(objective["primary"] for objective in found):
        found.insert(0, _objective("", primary=True))
    if "adl:objectives" in parts:
        _extend(found, parts["adl:objectives"], values)
    return found


def _objective(
    name: str, *, primary: bool, by_measure: bool = False, minimum: float = 1.0
) -> dict[str, Any]:
    return {
        "id": name,
        "primary": primary,
        "satisfied_by_measure": by_measure,
        "min_measure": minimum,
        "maps": [],
    }


def _imsss(element: etree._Element | None, values: Values) -> list[dict[str, Any]]:
    if element is None:
        return []
    found = [_read(one, values, primary=True) for one in children(element, "primaryobjective")][:1]
    for one in children(element, "objective"):
        if not attribute(one, "objectiveid"):
            values.note(one, "an objective without objectiveID was left out")
            continue
        found.append(_read(one, values, primary=False))
    return found


def _read(element: etree._Element, values: Values, *, primary: bool) -> dict[str, Any]:
    minimum = 1.0
    if child(element, "minnormalizedmeasure") is not None:
        written = child_text(element, "minnormalizedmeasure")
        minimum = values.in_range(element, "minNormalizedMeasure", written, 1.0, -1, 1)
    objective = _objective(
        values.identifier(element, "objectiveid"),
        primary=primary,
        by_measure=values.switch(element, "satisfied_by_measure", default=False),
        minimum=minimum,
    )
    for one in children(element, "mapinfo"):
        _add_map(objective, one, _IMSSS_KINDS, values)
    return objective


def _extend(found: list[dict[str, Any]], element: etree._Element, values: Values) -> None:
    by_id = {objective["id"]: objective for objective in found}
    for one in children(element, "objective"):
        name = values.identifier(one, "objectiveid")
        objective = by_id.get(name)
        if objective is None:
            values.note(one, f"adlseq:objective {name!r} is no objective of its activity")
            continue
        for mapping in children(one, "mapinfo"):
            _add_map(objective, mapping, _ADLSEQ_KINDS, values)


def _add_map(
    objective: dict[str, Any], element: etree._Element, kinds: Mapping[str, str], values: Values
) -> None:
    """Maps read by default and write when told to; one entry for each target."""
    target = values.identifier(element, "targetobjectiveid")
    if not target:
        values.note(element, "a map without targetObjectiveID was left out")
        return
    entry = next((one for one in objective["maps"] if one["target"] == target), None)
    if entry is None:
        entry = {"target": target, "read": [], "write": []}
        objective["maps"].append(entry)
    for kind, wire in kinds.items():
        if values.switch(element, f"read_{wire}".lower(), default=True):
            entry["read"].append(kind)
        if values.switch(element, f"write_{wire}".lower(), default=False):
            entry["write"].append(kind)
