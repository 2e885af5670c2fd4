"""Line items, results and rosters of the fake platform, as Moodle has them (moodle.md 6 and 7)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

LISTS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ITEM = "application/vnd.ims.lis.v2.lineitem+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@dataclass
class Services:
    """What one platform has, and how it misbehaves."""

    line_items: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By address."""
    creations: list[dict[str, Any]] = field(default_factory=list)
    queries: list[dict[str, list[str]]] = field(default_factory=list)
    """Of requests for line items, results and members."""
    overrides: dict[str, float | None] = field(default_factory=dict)
    """What a teacher gave; None: the grade is gone."""
    members: list[dict[str, Any]] = field(default_factory=list)
    page_size: int | None = None
    member_requests: list[str] = field(default_factory=list)
    member_faults: dict[int, int] = field(default_factory=dict)
    """The n-th request for members is answered with this status."""
    choose_member_fault: Callable[[], str] = lambda: ""
    """Asked for each request for members: a fault of FakePlatform."""
    differences: list[dict[str, Any]] | None = None
    header_name: str = "Link"


def answer_get(handler: Any, path: str) -> bool:
    """Whether it was a request for one of these, and then it is answered."""
    services, query = handler.platform.services, parse_qs(urlsplit(handler.path).query)
    if path.endswith("/lineitems"):
        services.queries.append(query)
        found = [one for one in services.line_items.values() if _matches(one, query)]
        _send(handler, LISTS, found)
    elif path.endswith("/results"):
        services.queries.append(query)
        _send(handler, RESULTS, _results(handler.platform))
    elif path.endswith("/memberships"):
        services.queries.append(query)
        _send_members(handler, services, query)
    else:
        return False
    return True


def answer_post(handler: Any, path: str, body: bytes) -> bool:
    """The same for a POST."""
    if not path.endswith("/lineitems"):
        return False
    platform = handler.platform
    if not handler.is_authorized() or handler.headers["Content-Type"] != ITEM:
        handler.answer(400, "No handler found")
        return True
    made = json.loads(body)
    with platform.lock:
        platform.services.creations.append(made)
        number = 100 + len(platform.services.creations)
        address = f"{platform.issuer}/course/2/lineitems/{number}/lineitem?type_id=1"
        platform.services.line_items[address] = {"id": address, **made}
    handler.answer(201, platform.services.line_items[address], ITEM)
    return True


def _matches(item: dict[str, Any], query: dict[str, list[str]]) -> bool:
    for name, key in (("resource_id", "resourceId"), ("resource_link_id", "resourceLinkId")):
        if name in query and str(item.get(key, "")) != query[name][0]:
            return False
    return True


def _results(platform: Any) -> list[dict[str, Any]]:
    found = []
    for subject, grade in platform.grades.items():
        score = platform.services.overrides.get(subject, grade["given"])
        if score is not None:
            maximum = grade["maximum"]
            found.append({"userId": subject, "resultScore": score, "resultMaximum": maximum})
    return found


def _send_members(handler: Any, services: Services, query: dict[str, list[str]]) -> None:
    services.member_requests.append(handler.path)
    fault = services.member_faults.pop(len(services.member_requests), None)
    if fault:
        return handler.answer(fault, "")
    if word := services.choose_member_fault():
        return handler.spoil(word)
    if "since" in query:
        return _send(handler, MEMBERS, {"members": services.differences or []})
    size, start = services.page_size or len(services.members) or 1, int(query.get("from", ["0"])[0])
    page = services.members[start : start + size]
    base = f"{handler.platform.issuer}/course/2/memberships"
    links = []
    if start + size < len(services.members):
        links.append(f'<{base}?keep=1&from={start + size}>; rel="next"')
    elif services.differences is not None:
        links.append(f'<{base}?keep=1&since=1>; rel="differences"')
    headers = {services.header_name: ", ".join(links)} if links else {}
    return _send(handler, MEMBERS, {"id": base, "members": page}, headers)


def _send(handler: Any, kind: str, body: Any, headers: dict[str, str] | None = None) -> None:
    if not handler.is_authorized():
        handler.answer(401, "")
    elif handler.headers["Accept"] != kind:
        handler.answer(400, "No handler found")
    else:
        handler.answer(200, body, kind, headers)
