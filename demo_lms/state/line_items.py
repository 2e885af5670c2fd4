"""The columns of the gradebook, as AGS reads and writes them."""

from __future__ import annotations

import math
from typing import Any

from demo_lms.core.errors import ServiceRefused
from demo_lms.core.manner import Manner
from demo_lms.state.store import State


def get_line_item(state: State, item_id: str) -> dict[str, Any]:
    """The kept line item; raises ServiceRefused(404)."""
    for item in state["line_items"]:
        if item["id"] == item_id:
            return dict(item)
    raise ServiceRefused(404, "Line item not found")


def line_items_of(state: State, manner: Manner, course: str, client_id: str) -> list[Any]:
    """The columns of a course that the tool may see: those of its own activities and those it
    made; Blackboard shows only the latter, and its activities' (BB-9)."""
    return [
        item
        for item in state["line_items"]
        if item["course"] == course
        and (item["client_id"] == client_id or not manner.personality.line_items.only_own)
    ]


def check_link(state: State, manner: Manner, course: str, client_id: str, fields: Any) -> None:
    """A resourceLinkId names an activity of this tool; raises ServiceRefused. CANVAS-34"""
    link = fields.get("resourceLinkId")
    if link is None:
        return
    found = next((one for one in state["activities"] if one["number"] == link), None)
    if found is None or (found["course"], found["client_id"]) != (course, client_id):
        raise ServiceRefused(*manner.personality.line_items.unknown_link)
    has_column = any(item.get("resourceLinkId") == link for item in state["line_items"])
    if manner.name == "canvas" and not has_column:
        raise ServiceRefused(412, "The resource link has no active line item")


def add_line_item(
    state: State, course: str, client_id: str, fields: dict[str, Any], *, own: bool = False
) -> dict[str, Any]:
    """A new column. Nothing is unique but the id: the same resourceId twice gives two."""
    item = {
        "id": str(state["next_line_item"]),
        "course": course,
        "client_id": client_id,
        **fields,
        "own": own,
    }
    state["line_items"].append(item)
    state["next_line_item"] += 1
    state["revision"] += 1
    return item


def replace_line_item(state: State, item_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    """PUT: what is left out is cleared; grades are rescaled to a new maximum."""
    old = get_line_item(state, item_id)
    kept = {name: old[name] for name in ("course", "client_id")}
    new = {"id": item_id, **kept, **fields, "own": old["own"]}
    state["line_items"] = [new if item["id"] == item_id else item for item in state["line_items"]]
    if old["scoreMaximum"] and new["scoreMaximum"] != old["scoreMaximum"]:
        _rescale(state, item_id, new["scoreMaximum"] / old["scoreMaximum"])
    state["revision"] += 1
    return new


def delete_line_item(state: State, manner: Manner, item_id: str) -> None:
    """Columns that a tool made can go, with their grades; those of activities cannot."""
    if get_line_item(state, item_id)["own"]:
        raise ServiceRefused(*manner.personality.line_items.delete_coupled)
    state["line_items"] = [item for item in state["line_items"] if item["id"] != item_id]
    state["grades"].pop(item_id, None)
    state["revision"] += 1


def _rescale(state: State, item_id: str, factor: float) -> None:
    for cell in state["grades"].get(item_id, {}).values():
        if cell["score"] is not None:
            cell["score"] = round(cell["score"] * factor, 5)
            raw = round(cell["raw"] * factor, 5)
            cell["raw"] = raw if math.isfinite(raw) else cell["score"]
