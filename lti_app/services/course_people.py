"""People of a course, with names: lists for pages, and finding whom to enrol."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from content.models.enrolment import STATUSES, Enrolment
from content.models.group import GroupMember
from lti_app.models.user import User

_BETWEEN = re.compile(r"[\s,;]+")
MOST_ADDRESSES = 200


@dataclass(frozen=True)
class PeopleFilter:
    """What a list shows; empty: everybody who has not left."""

    course_id: UUID
    search: str = ""
    status: str = ""
    group_id: UUID | None = None


@dataclass(frozen=True)
class CoursePerson:
    """Somebody in a course."""

    enrolment: Enrolment
    user: User


def list_people(
    session: Session, wanted: PeopleFilter, *, page: int = 1, size: int = 50
) -> list[CoursePerson]:
    """By family name; who asks to come in first."""
    everybody = select(Enrolment, User).join(User, User.id == Enrolment.user_id)
    query = _filtered(everybody, wanted)
    asks_last = Enrolment.status != "requested"
    query = query.order_by(asks_last, func.lower(User.family_name), func.lower(User.given_name))
    query = query.order_by(Enrolment.id).limit(size).offset((page - 1) * size)
    return [CoursePerson(*row) for row in session.execute(query)]


def count_people(session: Session, wanted: PeopleFilter) -> int:
    """How many `list_people` has on all pages."""
    query = select(func.count()).select_from(Enrolment).join(User, User.id == Enrolment.user_id)
    return session.scalar(_filtered(query, wanted)) or 0


def find_by_addresses(session: Session, text: str) -> tuple[list[User], list[str]]:
    """(people, addresses that nobody has) of e-mail addresses with spaces, commas or new lines
    between; at most MOST_ADDRESSES are looked at."""
    addresses = [one.lower() for one in _BETWEEN.split(text.strip()) if one]
    wanted = list(dict.fromkeys(addresses))[:MOST_ADDRESSES]
    query = select(User).where(User.email_key.in_(wanted), User.is_active)
    people = list(session.scalars(query))
    known = {(user.email or "").lower() for user in people}
    return people, [one for one in wanted if one not in known]


def _filtered(query: Any, wanted: PeopleFilter) -> Any:
    query = query.where(Enrolment.course_id == wanted.course_id, Enrolment.is_past.is_(False))
    if wanted.status in STATUSES:
        query = query.where(Enrolment.status == wanted.status)
    else:
        query = query.where(Enrolment.status != "dropped")
    if sought := wanted.search.strip():
        query = query.where(matches_name(sought))
    if wanted.group_id is not None:
        members = select(GroupMember.user_id).where(GroupMember.group_id == wanted.group_id)
        query = query.where(Enrolment.user_id.in_(members))
    return query


def matches_name(sought: str) -> ColumnElement[bool]:
    """Whether a part of somebody's name or address is `sought`."""
    columns = (User.display_name, User.email)
    return or_(*(one.icontains(sought, autoescape=True) for one in columns))
