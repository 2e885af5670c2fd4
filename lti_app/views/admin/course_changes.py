"""Changes of a draft, as the editor sends them, applied to its document. Pure but for the texts.

A change is {"op": …, …}: `set_course`, `set_module` and `set_unit` carry the fields of their form;
`move_unit` and `move_module` a place; `add_module`, `add_unit`, `copy`, `remove`, `up` and `down`
an id. What a change names and is not there is refused by name, so nothing is half done.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from content.core.course import RULES_OF, UNIT_KINDS
from content.core.errors import CourseInvalid, CourseMissing
from lti_app.views.admin.course_fields import read_module, read_settings, read_unit

Document = dict[str, Any]
NewId = Callable[[], UUID]


def apply_changes(document: Mapping[str, Any], changes: list[Any], new_id: NewId) -> Document:
    """The document after all changes, in their order; raises CourseMissing, CourseInvalid,
    FieldInvalid."""
    now = deepcopy({"modules": []} | dict(document))
    for change in changes:
        if not isinstance(change, Mapping) or change.get("op") not in _OPERATIONS:
            raise CourseInvalid("op", _("This change is not known here; reload the page."))
        now = _OPERATIONS[change["op"]](now, change, new_id)
    return now


def find_part(document: Mapping[str, Any], part_id: object) -> tuple[Document, Document | None]:
    """(module, None) or (module, unit) with the id; raises CourseMissing."""
    for module in document.get("modules", []):
        if module["id"] == str(part_id):
            return module, None
        for unit in module.get("units", []):
            if unit["id"] == str(part_id):
                return module, unit
    raise CourseMissing(_("This module or unit is not in the draft any more."))


def _set_course(document: Document, change: Mapping[str, Any], _new_id: NewId) -> Document:
    return read_settings(document, _fields(change))


def _set_module(document: Document, change: Mapping[str, Any], _new_id: NewId) -> Document:
    module, _unit = find_part(document, change.get("id"))
    module.update(read_module(module, _fields(change)))
    return document


def _set_unit(document: Document, change: Mapping[str, Any], _new_id: NewId) -> Document:
    _module, unit = find_part(document, change.get("id"))
    if unit is None:
        raise CourseMissing(_("This module or unit is not in the draft any more."))
    unit.update(read_unit(unit, _fields(change)))
    return document


def _move_unit(document: Document, change: Mapping[str, Any], _new_id: NewId) -> Document:
    home, unit = find_part(document, change.get("unit"))
    target, is_no_unit = find_part(document, change.get("module"))
    if unit is None or is_no_unit is not None:
        raise CourseMissing(_("This module or unit is not in the draft any more."))
    home["units"].remove(unit)
    target.setdefault("units", []).insert(_index(change), unit)
    return document


def _move_module(document: Document, change: Mapping[str, Any], _new_id: NewId) -> Document:
    module, _unit = find_part(document, change.get("module"))
    document["modules"].remove(module)
    document["modules"].insert(_index(change), module)
    return document


def _add_module(document: Document, change: Mapping[str, Any], new_id: NewId) -> Document:
    title = _("Module %(number)s", number=len(document["modules"]) + 1)
    document["modules"].append({"id": str(new_id()), "title": title, "units": []})
    return document


def _add_unit(document: Document, change: Mapping[str, Any], new_id: NewId) -> Document:
    kind = change.get("kind")
    if kind not in UNIT_KINDS:
        raise CourseInvalid("kind", _("This kind of unit is not known."))
    module, _unit = find_part(document, change.get("id"))
    titles = {
        "lesson": _("New lesson"),
        "package": _("New package"),
        "quiz": _("New quiz"),
        "link": _("New link"),
        "assignment": _("New assignment"),
    }
    unit = {
        "id": str(new_id()),
        "kind": kind,
        "title": titles[kind],
        "completion": {"rule": RULES_OF[kind][0]},
        "required": True,
    }
    module.setdefault("units", []).append(unit)
    return document


def _copy(document: Document, change: Mapping[str, Any], new_id: NewId) -> Document:
    module, unit = find_part(document, change.get("id"))
    if unit is None:
        raise CourseMissing(_("This module or unit is not in the draft any more."))
    title = _("%(title)s (copy)", title=unit["title"])
    copy = {**deepcopy(unit), "id": str(new_id()), "title": title[:200]}
    module["units"].insert(module["units"].index(unit) + 1, copy)
    return document


def _remove(document: Document, change: Mapping[str, Any], _new_id: NewId) -> Document:
    module, unit = find_part(document, change.get("id"))
    (module["units"] if unit else document["modules"]).remove(unit or module)
    return document


def _step(document: Document, change: Mapping[str, Any], _new_id: NewId) -> Document:
    """One place up or down; a unit goes over into the next module, as with the keyboard."""
    module, unit = find_part(document, change.get("id"))
    way = -1 if change["op"] == "up" else 1
    modules = document["modules"]
    at = modules.index(module)
    units = modules if unit is None else module["units"]
    here = units.index(unit or module)
    if 0 <= here + way < len(units):
        units.insert(here + way, units.pop(here))
    elif unit is not None and 0 <= at + way < len(modules):
        target = modules[at + way].setdefault("units", [])
        target.insert(len(target) if way < 0 else 0, units.pop(here))
    return document


def _fields(change: Mapping[str, Any]) -> Mapping[str, Any]:
    fields = change.get("fields")
    return fields if isinstance(fields, Mapping) else {}


def _index(change: Mapping[str, Any]) -> int:
    index = change.get("index")
    return max(index, 0) if isinstance(index, int) else 0


_OPERATIONS: dict[str, Callable[[Document, Mapping[str, Any], NewId], Document]] = {
    "set_course": _set_course,
    "set_module": _set_module,
    "set_unit": _set_unit,
    "move_unit": _move_unit,
    "move_module": _move_module,
    "add_module": _add_module,
    "add_unit": _add_unit,
    "copy": _copy,
    "remove": _remove,
    "up": _step,
    "down": _step,
}
