"""Line items: what they say, which one is ours, and how one is made or changed.

Source: AGS 2.0 section 3.2 (line item service); LTI-AGS-11 to LTI-AGS-14; moodle.md 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TAG = "lectern"
"""`tag` of every line item that we make or ask for; `resourceId` is the item's key."""


@dataclass(frozen=True)
class LineItem:
    """One column of a platform's gradebook."""

    url: str
    label: str
    maximum: float | None
    """None: it says none that can be used."""
    resource_id: str = ""
    tag: str = ""
    resource_link_id: str = ""
    launch_url: str = ""
    """What it opens, where the platform says so (CANVAS-32)."""


LAUNCH_URL = "https://canvas.instructure.com/lti/launch_url"


def read_line_item(body: Any) -> LineItem | None:
    """A line item as a platform describes it; None for anything else."""
    if not isinstance(body, Mapping) or not isinstance(body.get("id"), str):
        return None
    return LineItem(
        url=body["id"],
        label=_text(body.get("label")),
        maximum=read_maximum(body),
        resource_id=_text(body.get("resourceId")),
        tag=_text(body.get("tag")),
        resource_link_id=_text(body.get("resourceLinkId")),
        launch_url=_text(body.get(LAUNCH_URL)),
    )


def read_maximum(body: Any) -> float | None:
    """`scoreMaximum`, where it is a number above zero."""
    value = body.get("scoreMaximum") if isinstance(body, Mapping) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        return float(value)
    return None


def name_resource(item_key: str, resource_link_id: str, *, binds: bool) -> str:
    """`resourceId` of a line item for a link; where it cannot say which link it is for, this has
    to, or two links to the same content would share a column."""
    return item_key if binds else f"{item_key}#{resource_link_id}"


def choose(
    items: Sequence[LineItem], resource_id: str, resource_link_id: str, own_url: str = ""
) -> LineItem | None:
    """The one that belongs to a link: by `resourceId` and our tag, bound to this very link or to
    none; else the only one bound to the link that does not open another tool than that at
    `own_url` (LTI-AGS-13, CANVAS-32)."""
    ours = [one for one in items if one.resource_id == resource_id and one.tag == TAG]
    bound = [one for one in ours if one.resource_link_id == resource_link_id]
    free = [one for one in ours if not one.resource_link_id]
    if bound or free:
        return (bound or free)[0]
    only = [
        one
        for one in items
        if one.resource_link_id == resource_link_id
        and (not one.launch_url or not own_url or one.launch_url.startswith(own_url))
    ]
    return only[0] if len(only) == 1 else None


def build_line_item(
    *,
    label: str,
    maximum: float | None,
    resource_id: str,
    resource_link_id: str | None,
    extension: Mapping[str, Any],
) -> dict[str, Any]:
    """A new one, bound to a link or to none; its maximum is never 0, which would block Moodle's
    gradebook (moodle.md 6)."""
    return {
        "label": label or resource_id,
        "scoreMaximum": maximum if maximum and maximum > 0 else 100.0,
        "resourceId": resource_id,
        "tag": TAG,
        **({} if resource_link_id is None else {"resourceLinkId": resource_link_id}),
        **extension,
    }


def change_line_item(body: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """All fields as they were read, with some changed: a PUT replaces all (LTI-AGS-11). Raises
    ValueError for a maximum that is not above zero."""
    changed = {**body, **changes}
    changed.pop(LAUNCH_URL, None)  # told to us, not asked of us (CANVAS-32)
    if read_maximum(changed) is None:
        raise ValueError("scoreMaximum must be above zero")
    return changed


def _text(value: Any) -> str:
    return str(value)[:500] if isinstance(value, (str, int)) else ""
