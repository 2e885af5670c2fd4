"""Line items, AGS 2.0 section 3.2: reading what a tool sends, showing what we keep.

A kept line item is a dict: id, label, scoreMaximum, optional resourceLinkId, resourceId, tag, and
`own` (True for the columns of the course's activities, which a tool cannot delete), `course`,
`client_id`; perhaps submissionReview and Canvas's submission type.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from demo_lms.core.addresses import line_item_url
from demo_lms.core.client import Client
from demo_lms.core.errors import ServiceRefused
from demo_lms.core.manner import Manner

OPTIONAL = ("resourceId", "tag")
SUBMISSION_TYPE = "https://canvas.instructure.com/lti/submission_type"
"""Canvas's extension of a line item: {type, external_tool_url}. CANVAS-31"""
OBJECTS = ("submissionReview", SUBMISSION_TYPE)
ECHOED = ("startDateTime", "endDateTime")
"""Given back in the answer to the call that sent them, never stored (MOODLE 6)."""

FILTERS = {"resource_id": "resourceId", "tag": "tag", "resource_link_id": "resourceLinkId"}


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
        item["resourceLinkId"] = str(link)
    item |= {name: str(body[name]) for name in OPTIONAL if body.get(name) not in (None, "")}
    return item | {name: body[name] for name in OBJECTS if isinstance(body.get(name), dict)}


def show_line_item(
    issuer: str, manner: Manner, client: Client, item: Mapping[str, Any]
) -> dict[str, Any]:
    """The line item as AGS shows it."""
    shown = {
        "id": line_item_url(issuer, manner, item["course"], item["id"], client.deployment_id),
        "label": item["label"],
        "scoreMaximum": item["scoreMaximum"],
    }
    kept = ("resourceLinkId", *OPTIONAL, *OBJECTS)
    return shown | {name: item[name] for name in kept if name in item}


def matching(
    items: Iterable[Mapping[str, Any]], asked: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """The line items that fit every filter in the query."""
    wanted = {field: asked[name] for name, field in FILTERS.items() if asked.get(name)}
    return [
        item for item in items if all(item.get(field) == value for field, value in wanted.items())
    ]


def own_item_of(items: Iterable[Mapping[str, Any]], link_id: str) -> Mapping[str, Any] | None:
    """The column that came with the activity; None when it is not graded."""
    return next((i for i in items if i["own"] and i.get("resourceLinkId") == link_id), None)


def line_item_of(
    items: Iterable[Mapping[str, Any]], link_id: str, *, hides_second: bool
) -> str | None:
    """The id for the launch claim: the activity's own column, else the only one of the link;
    with `hides_second` None as soon as there are two (MOODLE 3)."""
    found = [item for item in items if item.get("resourceLinkId") == link_id]
    if hides_second or len(found) == 1:
        return str(found[0]["id"]) if len(found) == 1 else None
    own = own_item_of(found, link_id)
    return str(own["id"]) if own else None
