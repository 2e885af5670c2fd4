"""Media types of the services; Moodle compares them as exact strings (MOODLE 6, MOODLE 7)."""

from __future__ import annotations

from demo_lms.core.errors import ServiceRefused

LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERSHIPS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

ACCEPTED = {
    # what is read: the Accept headers that find a handler; None = no header at all
    LINE_ITEMS: frozenset({LINE_ITEMS, None}),
    LINE_ITEM: frozenset({LINE_ITEM, "*/*", None}),
    RESULTS: frozenset({RESULTS, "*/*", None}),
    MEMBERSHIPS: frozenset({MEMBERSHIPS, "*/*", None}),
}


def check_accept(accept: str | None, wanted: str, *, exact: bool) -> None:
    """Raises ServiceRefused(400) unless the header lets us answer with `wanted`; with `exact`
    it must be one of the few whole texts."""
    ranges = {one.split(";")[0].strip() for one in (accept or "*/*").split(",")}
    fits = bool(ranges & {wanted, "application/*", "*/*", "application/json"})
    if (accept or None) not in ACCEPTED[wanted] if exact else not fits:
        raise ServiceRefused(400, f"No handler found for Accept {accept}; send {wanted}")


def check_content_type(content_type: str | None, wanted: str) -> None:
    """Raises ServiceRefused(400) for another type; a parameter such as charset is fine."""
    sent = (content_type or "").split(";")[0].strip()
    if sent != wanted:
        raise ServiceRefused(400, f"No handler found for Content-Type {sent}; send {wanted}")


def check_typed_read(content_type: str | None) -> None:
    """Raises ServiceRefused(415) where a read does not say what it is about. BB-8"""
    if not (content_type or "").startswith("application/vnd.ims.lis."):
        raise ServiceRefused(415, f"Content-Type {content_type}: send {LINE_ITEM} with reads, too")
