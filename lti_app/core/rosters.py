"""Who is in a course: members as platforms describe them.

Source: NRPS 2.0 sections 2.4 (members) and 3.2; LTI-NRPS-1 to LTI-NRPS-6; moodle.md 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_app.core.lti import claims as c
from lti_app.core.lti.roles import LaunchRole, read_roles

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MAX_PAGES = 2000
"""Pages read at most for one roster (PAIN-21)."""


@dataclass(frozen=True)
class Member:
    """One person of a course; every name may be empty (privacy off)."""

    subject: str
    name: str
    sort_name: str
    email: str
    roles: tuple[str, ...]
    role: LaunchRole
    is_test_user: bool
    status: str
    """Active, Inactive or Deleted."""


def read_members(body: Any) -> list[Member] | None:
    """The members of one page; None: this is no list of members."""
    members = body.get("members") if isinstance(body, Mapping) else None
    if not isinstance(members, list):
        return None
    return [made for one in members if (made := _read_member(one)) is not None]


def _read_member(body: Any) -> Member | None:
    if not isinstance(body, Mapping):
        return None
    subject = body.get("user_id")
    subject = str(subject) if isinstance(subject, int) else subject
    if not isinstance(subject, str) or not subject or not c.is_storable(subject):
        return None
    roles = c.strings(body.get("roles"))[:20]
    found = read_roles(roles)
    given, family = c.text(body.get("given_name"), 200), c.text(body.get("family_name"), 200)
    name = c.text(body.get("name"), 400) or f"{given} {family}".strip()
    status = c.text(body.get("status"), 20).capitalize()
    return Member(
        subject=subject[:255],
        name=name,
        sort_name=", ".join(part for part in (family, given) if part) or name,
        email=c.text(body.get("email"), 320),
        roles=tuple(role[:200] for role in roles),
        role=found.role,
        is_test_user=found.is_test_user,
        status=status if status in ("Inactive", "Deleted") else "Active",
    )
