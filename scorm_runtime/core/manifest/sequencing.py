"""`<imsss:sequencing>` and what ADL adds to it, of one item, as plain JSON (CAM 4th Ed. 5.1, 5.2).

    collection = read_collection(manifest_element)
    definition = parse_sequencing(item_element, collection, report)

The definition says everything, defaults included, so its readers decide nothing:

    control_mode           choice, choice_exit, flow, forward_only,
                           use_current_attempt_objective_info, use_current_attempt_progress_info
    constrained_choice     prevent_activation, constrain_choice
    rules                  {pre, exit, post}: [{combination, conditions: [{condition, negated,
                           objective, threshold}], action}]
    limits                 attempts (None: no limit), attempt_absolute_duration,
                           attempt_experienced_duration, activity_absolute_duration,
                           activity_experienced_duration (seconds or None), begin_time, end_time
    auxiliary_resources    [{id, purpose}]
    rollup_rules           [{child_set, minimum_count, minimum_percent, combination,
                           conditions: [{condition, negated}], action}]
    rollup                 objective_satisfied, progress_completion, objective_measure_weight
    rollup_considerations  required_for_satisfied … required_for_incomplete,
                           measure_satisfaction_if_active
    objectives             [{id, primary, satisfied_by_measure, min_measure,
                           maps: [{target, read: [kind…], write: [kind…]}]}], the primary first;
                           kinds: satisfied, measure, raw, min, max, completion, progress
    selection              timing, count          randomization   timing, reorder
    delivery_controls      tracked, completion_set_by_content, objective_set_by_content
    hide_lms_ui            [previous, continue, exit, exitAll, abandon, abandonAll, suspendAll]
    completion_threshold   completed_by_measure, min_progress_measure, progress_weight
    data                   [{target_id, read, write}]
    time_limit_action, data_from_lms
    objectives_global_to_system, shared_data_global_to_system     (organizations only)

An IDRef is merged per child element: what the item says itself wins (CAM 5.1.1, ST-19).
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from scorm_runtime.core.manifest.elements import (
    attribute,
    child,
    child_text,
    children,
    local_name,
    text,
)
from scorm_runtime.core.manifest.sequencing_objectives import read_objectives
from scorm_runtime.core.manifest.sequencing_rules import read_rollup_rules, read_rules
from scorm_runtime.core.manifest.sequencing_values import Values

Collection = Mapping[str, etree._Element]
"""`<imsss:sequencing>` elements of the collection by their ID."""

HIDEABLE = ("previous", "continue", "exit", "exitAll", "abandon", "abandonAll", "suspendAll")
_CONSIDERATIONS = ("always", "ifAttempted", "ifNotSkipped", "ifNotSuspended")
_TIMINGS = ("never", "once", "onEachNewAttempt")
_TIME_ACTIONS = ("exit,message", "exit,no message", "continue,message", "continue,no message")
_CONTROL_MODE = {
    "choice": True,
    "choice_exit": True,
    "flow": False,
    "forward_only": False,
    "use_current_attempt_objective_info": True,
    "use_current_attempt_progress_info": True,
}
_CONSTRAINED = {"prevent_activation": False, "constrain_choice": False}
_DELIVERY = {
    "tracked": True,
    "completion_set_by_content": False,
    "objective_set_by_content": False,
}
_DURATIONS = {
    "attempt_absolute_duration": "attemptAbsoluteDurationLimit",
    "attempt_experienced_duration": "attemptExperiencedDurationLimit",
    "activity_absolute_duration": "activityAbsoluteDurationLimit",
    "activity_experienced_duration": "activityExperiencedDurationLimit",
}


def read_collection(root: etree._Element) -> dict[str, etree._Element]:
    """The manifest's `<imsss:sequencingCollection>`, sub-manifests included."""
    found: dict[str, etree._Element] = {}
    for collection in root.iter("{*}sequencingCollection"):
        for sequencing in children(collection, "sequencing"):
            found.setdefault(attribute(sequencing, "id"), sequencing)
    return found


def parse_sequencing(
    item: etree._Element, collection: Collection, report: Any = None
) -> dict[str, Any]:
    """The definition of one `<item>` or `<organization>`.

    `report` is the manifest's `Report` (None: nobody is told); wrong values are noted there and
    take their default.
    """
    values = Values(report)
    parts = _merge(item, collection, values)
    objectives = read_objectives(parts, values)
    definition = {
        "control_mode": values.switches(parts.get("controlmode"), _CONTROL_MODE),
        "constrained_choice": values.switches(
            parts.get("constrainedchoiceconsiderations"), _CONSTRAINED
        ),
        "rules": read_rules(parts.get("sequencingrules"), values),
        "limits": _limits(parts.get("limitconditions"), values),
        "auxiliary_resources": _auxiliary(parts.get("auxiliaryresources")),
        "rollup_rules": read_rollup_rules(parts.get("rolluprules"), values),
        "rollup": _rollup(parts.get("rolluprules"), values),
        "rollup_considerations": _considerations(parts.get("rollupconsiderations"), values),
        "objectives": objectives,
        "selection": _selection(parts.get("randomizationcontrols"), values),
        "randomization": _randomization(parts.get("randomizationcontrols"), values),
        "delivery_controls": values.switches(parts.get("deliverycontrols"), _DELIVERY),
        "hide_lms_ui": _hidden(item, values),
        "completion_threshold": _threshold(child(item, "completionthreshold"), values),
        "data": _data(child(item, "data"), values),
        "time_limit_action": _time_limit_action(item, values),
        "data_from_lms": _raw_text(child(item, "datafromlms")),
    }
    if local_name(item.tag) == "organization":
        for name in ("objectives_global_to_system", "shared_data_global_to_system"):
            definition[name] = values.switch(item, name, default=True)
    return definition


def _merge(
    item: etree._Element, collection: Collection, values: Values
) -> dict[str, etree._Element]:
    """Children of the item's `<imsss:sequencing>` by name, those of its IDRef where it has none
    of that name itself."""
    own = child(item, "sequencing")
    if own is None:
        return {}
    parts = _parts(own)
    reference = attribute(own, "idref")
    if not reference:
        return parts
    if reference not in collection:
        values.note(own, f"there is no sequencing with the ID {reference!r}; it was left out")
        return parts
    return _parts(collection[reference]) | parts


def _parts(sequencing: etree._Element) -> dict[str, etree._Element]:
    """Its children by local name; `<adlseq:objectives>` as "adl:objectives"."""
    found: dict[str, etree._Element] = {}
    for part in sequencing:
        name = local_name(part.tag)
        is_adl = name == "objectives" and "adlseq" in str(part.tag)
        found.setdefault("adl:objectives" if is_adl else name, part)
    return found


def _limits(element: etree._Element | None, values: Values) -> dict[str, Any]:
    durations = {
        name: None if element is None else values.duration(element, wire)
        for name, wire in _DURATIONS.items()
    }
    return {
        "attempts": None if element is None else values.whole(element, "attemptLimit"),
        **durations,
        "begin_time": "" if element is None else values.time(element, "beginTimeLimit"),
        "end_time": "" if element is None else values.time(element, "endTimeLimit"),
    }


def _auxiliary(element: etree._Element | None) -> list[dict[str, str]]:
    if element is None:
        return []
    return [
        {"id": attribute(one, "auxiliaryresourceid"), "purpose": attribute(one, "purpose")}
        for one in children(element, "auxiliaryresource")
    ]


def _rollup(element: etree._Element | None, values: Values) -> dict[str, Any]:
    switches = {"rollup_objective_satisfied": True, "rollup_progress_completion": True}
    read = values.switches(element, switches)
    return {
        "objective_satisfied": read["rollup_objective_satisfied"],
        "progress_completion": read["rollup_progress_completion"],
        "objective_measure_weight": values.number(element, "objectiveMeasureWeight", 1.0, 0, 1),
    }


def _considerations(element: etree._Element | None, values: Values) -> dict[str, Any]:
    read: dict[str, Any] = {
        f"required_for_{name}": values.word(
            element, f"requiredFor{wire}", _CONSIDERATIONS, "always"
        )
        for name, wire in (
            ("satisfied", "Satisfied"),
            ("not_satisfied", "NotSatisfied"),
            ("completed", "Completed"),
            ("incomplete", "Incomplete"),
        )
    }
    return read | values.switches(element, {"measure_satisfaction_if_active": True})


def _selection(element: etree._Element | None, values: Values) -> dict[str, Any]:
    return {
        "timing": values.word(element, "selectionTiming", _TIMINGS, "never"),
        "count": None if element is None else values.whole(element, "selectCount"),
    }


def _randomization(element: etree._Element | None, values: Values) -> dict[str, Any]:
    return {
        "timing": values.word(element, "randomizationTiming", _TIMINGS, "never"),
        "reorder": values.switches(element, {"reorder_children": False})["reorder_children"],
    }


def _hidden(item: etree._Element, values: Values) -> list[str]:
    interface = child(item, "presentation", "navigationinterface")
    if interface is None:
        return []
    found = [text(one) for one in children(interface, "hidelmsui")]
    by_lower = {name.lower(): name for name in HIDEABLE}
    for word in found:
        if word.lower() not in by_lower:
            values.note(interface, f"hideLMSUI {word!r} is no control of the player")
    return sorted({by_lower[word.lower()] for word in found if word.lower() in by_lower})


def _threshold(element: etree._Element | None, values: Values) -> dict[str, Any]:
    """4th Edition: three attributes. 2nd and 3rd: the number alone, which then decides."""
    written = text(element)
    old = values.parse_number(written) if written else None
    if old is not None and 0 <= old <= 1 and element is not None and not element.attrib:
        return {
            "completed_by_measure": True,
            "min_progress_measure": old,
            "progress_weight": 1.0,
        }
    switches = values.switches(element, {"completed_by_measure": False})
    return {
        "completed_by_measure": switches["completed_by_measure"],
        "min_progress_measure": values.number(element, "minProgressMeasure", 1.0, 0, 1),
        "progress_weight": values.number(element, "progressWeight", 1.0, 0, 1),
    }


def _data(element: etree._Element | None, values: Values) -> list[dict[str, Any]]:
    if element is None:
        return []
    switches = {"read_shared_data": True, "write_shared_data": True}
    found = []
    for one in children(element, "map"):
        target = attribute(one, "targetid")
        if not target:
            values.note(one, "a data map without targetID was left out")
            continue
        read = values.switches(one, switches)
        found.append(
            {
                "target_id": target,
                "read": read["read_shared_data"],
                "write": read["write_shared_data"],
            }
        )
    return found


def _time_limit_action(item: etree._Element, values: Values) -> str:
    written = child_text(item, "timelimitaction").lower()
    action = ",".join(part.strip() for part in written.split(","))
    return action if action in _TIME_ACTIONS else ""


def _raw_text(element: etree._Element | None) -> str:
    """Text as written: launch data belong to the content, white space within included."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()
