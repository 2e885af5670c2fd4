"""Line items, AGS 2.0 section 3.2: reading what a tool sends, showing what we keep.

A kept line item is a dict: id, label, scoreMaximum, optional resourceLinkId, resourceId, tag, and
`own` (True for the columns of the course's activities, which a tool cannot delete).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from demo_lms.core.course import COURSE, TYPE_ID, find_activity
from demo_lms.core.errors import ServiceRefused

OPTIONAL = ("resourceId", "tag")
ECHOED = ("startDateTime", "endDateTime")
"""Given back in the answer to the call that sent them, never stored (MOODLE 6)."""

FILTERS = {"resource_id": "resourceId", "tag": "tag", "resource_link_id": "resourceLinkId"}


def line_items_url(issuer: str) -> str:
    return f"{issuer}/lti/services/{COURSE.number}/lineitems?type_id={TYPE_ID}"


def line_item_url(issuer: str, item_id: str, ending: str = "") -> str:
    """A line item's id; the query stays behind whatever is put to the path's end. LTI-AGS-6"""
    path = f"/lti/services/{COURSE.number}/lineitems/{item_id}/lineitem{ending}"
    return f"{issuer}{path}?type_id={TYPE_ID}"


def number(value: object) -> float | None:
    """A finite number, also when written as a string; otherwise None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def parse_line_item(body: object) -> dict[str, Any]:
    """The fields to keep, all of them: a PUT replaces everything. Raises ServiceRefused."""
    if not isinstance(body, dict):
        raise ServiceRefused(400, "Incorrect line item received: not a JSON object")
    label = body.get("label")
    maximum = number(body.get("scoreMaximum"))
    if not isinstance(label, str) or not label.strip():
        raise ServiceRefused(400, "Incorrect line item received: label is missing")
    if maximum is None or maximum < 0:
        raise ServiceRefused(400, "Incorrect line item received: scoreMaximum is missing")
    item: dict[str, Any] = {"label": label.strip(), "scoreMaximum": maximum}
    link = body.get("resourceLinkId")
    if link not in (None, ""):
        if find_activity(str(link)) is None:
            raise ServiceRefused(403, "The resource link is not one of this tool")
        item["resourceLinkId"] = str(link)
    item |= {name: str(body[name]) for name in OPTIONAL if body.get(name) not in (None, "")}
    return item


def show_line_item(issuer: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """The line item as AGS shows it."""
    shown = {
        "id": line_item_url(issuer, item["id"]),
        "label": item["label"],
        "scoreMaximum": item["scoreMaximum"],
    }
    kept = ("resourceLinkId", *OPTIONAL)
    return shown | {name: item[name] for name in kept if name in item}


def matching(
    items: Iterable[Mapping[str, Any]], asked: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """The line items that fit every filter in the query."""
    wanted = {field: asked[name] for name, field in FILTERS.items() if asked.get(name)}
    return [
        item for item in items if all(item.get(field) == value for field, value in wanted.items())
    ]


def only_line_item_of(items: Iterable[Mapping[str, Any]], link_id: str) -> str | None:
    """The id for the launch claim; None as soon as a link has a second line item (MOODLE 3)."""
    found = [item["id"] for item in items if item.get("resourceLinkId") == link_id]
    return found[0] if len(found) == 1 else None
