"""Line items at a platform (AGS 2.0): read, look for, make, change."""

from collections.abc import Mapping, Sequence
from typing import Any

from lti_app.core import ags
from lti_app.core.ags import Answer
from lti_app.core.line_items import LineItem, change_line_item, choose, read_line_item, read_maximum
from lti_app.core.paging import add_query, find_link, stays
from lti_app.core.platforms.family import Family
from lti_app.platform_client.connector import PlatformAccess
from lti_app.platform_client.exchange import Exchange, exchange
from lti_app.platform_client.grade_service import ask

MAX_PAGES = 100


def can_read(granted: Sequence[str]) -> bool:
    """Whether line items may be read (LTI-AGS-1)."""
    return bool({ags.LINE_ITEM_SCOPE, ags.LINE_ITEM_READ_SCOPE} & set(granted))


def read_item(
    access: PlatformAccess, url: str, granted: Sequence[str], family: Family
) -> tuple[Mapping[str, Any] | None, Answer]:
    """A line item as the platform describes it, or None, and the answer."""
    if not can_read(granted):
        return None, Answer(None, failure="scope_missing")
    kind = ags.LINE_ITEM_TYPE if family.sends_type_with_reads else None
    asked = add_query(url, **family.item_query) if family.item_query else url
    made = exchange(
        access, "GET", asked, ask(granted), accept=ags.LINE_ITEM_TYPE, content_type=kind
    )
    return (made.body if isinstance(made.body, Mapping) else None), made.answer


def read_score_maximum(
    access: PlatformAccess, url: str, granted: Sequence[str], family: Family
) -> tuple[float | None, Answer]:
    """The line item's own scoreMaximum, or None when it cannot be read, and the answer."""
    body, answer = read_item(access, url, granted, family)
    return read_maximum(body), answer


def find_item(
    access: PlatformAccess,
    line_items_url: str,
    granted: Sequence[str],
    family: Family,
    *,
    resource_id: str,
    resource_link_id: str,
    own_url: str = "",
) -> tuple[LineItem | None, Answer]:
    """The link's line item by `resourceId` and tag, else the one bound to it (LTI-AGS-13)."""
    if not can_read(granted):
        return None, Answer(None, failure="scope_missing")
    for query in ({"resource_id": resource_id}, {"resource_link_id": resource_link_id}):
        asked = add_query(line_items_url, **query, **family.item_query)
        items, answer = _list(access, asked, granted, family)
        if items is None:
            return None, answer
        found = choose(items, resource_id, resource_link_id, own_url)
        if found is not None:
            return found, answer
    return None, answer


def create_item(
    access: PlatformAccess, line_items_url: str, granted: Sequence[str], body: Mapping[str, Any]
) -> tuple[LineItem | None, Answer]:
    """Make a line item; None where the platform did not, or did not say where it is."""
    if ags.LINE_ITEM_SCOPE not in granted:
        return None, Answer(None, failure="scope_missing")
    made = exchange(
        access,
        "POST",
        line_items_url,
        ask(granted),
        accept=ags.LINE_ITEM_TYPE,
        content_type=ags.LINE_ITEM_TYPE,
        body=body,
    )
    return read_line_item(made.body), made.answer


def change_item(
    access: PlatformAccess,
    url: str,
    granted: Sequence[str],
    family: Family,
    changes: Mapping[str, Any],
) -> Answer:
    """PUT all fields as they are read now, with `changes` (LTI-AGS-11); raises ValueError for a
    maximum that is not above zero."""
    body, answer = read_item(access, url, granted, family)
    if body is None:
        return answer
    return exchange(
        access,
        "PUT",
        url,
        ask(granted),
        accept=ags.LINE_ITEM_TYPE,
        content_type=ags.LINE_ITEM_TYPE,
        body=change_line_item(body, changes),
    ).answer


def _list(
    access: PlatformAccess, first: str, granted: Sequence[str], family: Family
) -> tuple[list[LineItem] | None, Answer]:
    """No `limit` is sent: Moodle's next link is unusable, and without it all come at once."""
    url, found = first, list[LineItem]()
    for _page in range(MAX_PAGES):
        made = _read_page(access, url, granted, family)
        if not made.is_good or not isinstance(made.body, list):
            return None, made.answer if not made.is_good else Answer(None, failure="answer_odd")
        found += [item for one in made.body if (item := read_line_item(one)) is not None]
        after = find_link(made.headers.get("Link", ""), "next") if family.pages_line_items else None
        if after is None or not stays(url, after):
            break
        url = after
    return found, made.answer


def _read_page(
    access: PlatformAccess, url: str, granted: Sequence[str], family: Family
) -> Exchange:
    kind = ags.LINE_ITEM_LIST_TYPE if family.sends_type_with_reads else None
    return exchange(
        access, "GET", url, ask(granted), accept=ags.LINE_ITEM_LIST_TYPE, content_type=kind
    )
