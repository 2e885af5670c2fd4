"""Names and Roles Provisioning Services 2.0: who is in a course, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from demo_lms.core.course import Activity, Course, Person
from demo_lms.core.errors import ServiceRefused
from demo_lms.core.manner import Manner
from demo_lms.core.personality import Memberships
from demo_lms.core.roles import has_role, member_roles


@dataclass(frozen=True)
class Page:
    """What one request asks for: `first` counts from 0, `limit` None asks for all."""

    role: str
    first: int
    limit: int | None
    rlid: str


def parse_page(query: Mapping[str, str], rules: Memberships) -> Page:
    """The query (2.4.2); raises ServiceRefused(400)."""
    limit = _whole(query, "limit")
    if limit == 0:
        raise ServiceRefused(400, "limit must be positive")
    limit = limit or rules.page
    if limit is not None and rules.most is not None:
        limit = min(limit, rules.most)
    return Page(query.get("role", ""), _whole(query, "from") or 0, limit, query.get("rlid", ""))


def select(people: Sequence[Person], page: Page, rules: Memberships) -> list[Person]:
    """Everybody whom the request means, on all pages."""
    return [
        person
        for person in people
        if (rules.inactive or person.status == "Active")
        and (not page.role or has_role(person, page.role))
    ]


def show_page(
    address: str, course: Course, people: Sequence[Person], page: Page, manner: Manner, link: Any
) -> dict[str, Any]:
    """The membership container (2.2) with one page of members; `link` as of `rlid`, or None."""
    end = len(people) if page.limit is None else page.first + page.limit
    return {
        "id": address,
        "context": {"id": course.number, "label": course.label, "title": course.title},
        "members": [_show(person, manner, link) for person in people[page.first : end]],
    }


def link_header(address: str, total: int, page: Page, rules: Memberships) -> str | None:
    """`rel="next"` while there are more; `rel="differences"` at the end where it is offered."""
    kept = {name: value for name, value in (("role", page.role), ("rlid", page.rlid)) if value}
    if page.limit is not None and page.first + page.limit < total:
        query = urlencode({**kept, "limit": page.limit, "from": page.first + page.limit})
        return f'<{address}?{query}>; rel="next"'
    if rules.differences:
        return f'<{address}?{urlencode({**kept, "since": total})}>; rel="differences"'
    return None


def _show(person: Person, manner: Manner, link: Activity | None) -> dict[str, Any]:
    rules = manner.personality.memberships
    member: dict[str, Any] = {
        "status": person.status,
        "roles": member_roles(person, short=rules.short_roles),
        "user_id": person.user_id,
        "lis_person_sourcedid": person.sourced_id,
    }
    if manner.privacy in ("public", "name_only"):
        member |= {
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
        }
    if manner.privacy in ("public", "email_only"):
        member["email"] = person.email
    if link is not None:
        member["message"] = [_message(link)]
    return member


def _message(link: Activity) -> dict[str, Any]:
    claim = "https://purl.imsglobal.org/spec/lti/claim/"
    return {
        claim + "message_type": "LtiResourceLinkRequest",
        claim + "custom": dict(link.custom),
        claim + "resource_link": {"id": link.number},
    }


def _whole(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not text.isdecimal():
        raise ServiceRefused(400, f"{name} must be a whole number")
    return int(text)
