"""The columns of the gradebook, as AGS reads and writes them."""

from __future__ import annotations

import math
from typing import Any

from demo_lms.core.errors import ServiceRefused
from demo_lms.state.store import State


def get_line_item(state: State, item_id: str) -> dict[str, Any]:
    """The kept line item; raises ServiceRefused(404)."""
    for item in state["line_items"]:
        if item["id"] == item_id:
            return dict(item)
    raise ServiceRefused(404, "Line item not found")


def add_line_item(state: State, fields: dict[str, Any]) -> dict[str, Any]:
    """A new column. Nothing is unique but the id: the same resourceId twice gives two."""
    item = {"id": str(state["next_line_item"]), **fields, "own": False}
    state["line_items"].append(item)
    state["next_line_item"] += 1
    state["revision"] += 1
    return item


def replace_line_item(state: State, item_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    """PUT: what is left out is cleared; grades are rescaled to a new maximum."""
    old = get_line_item(state, item_id)
    new = {"id": item_id, **fields, "own": old["own"]}
    state["line_items"] = [new if item["id"] == item_id else item for item in state["line_items"]]
    if old["scoreMaximum"] and new["scoreMaximum"] != old["scoreMaximum"]:
        _rescale(state, item_id, new["scoreMaximum"] / old["scoreMaximum"])
    state["revision"] += 1
    return new


def delete_line_item(state: State, item_id: str) -> None:
    """Columns that a tool made can go, with their grades; those of activities cannot."""
    if get_line_item(state, item_id)["own"]:
        raise ServiceRefused(403, "The line item belongs to an activity of the course")
    state["line_items"] = [item for item in state["line_items"] if item["id"] != item_id]
    state["grades"].pop(item_id, None)
    state["revision"] += 1


def _rescale(state: State, item_id: str, factor: float) -> None:
    for cell in state["grades"].get(item_id, {}).values():
        if cell["score"] is not None:
            cell["score"] = round(cell["score"] * factor, 5)
            raw = round(cell["raw"] * factor, 5)
            cell["raw"] = raw if math.isfinite(raw) else cell["score"]
