"""Groups of learners."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from content.core.errors import CourseInvalid, CourseMissing
from content.models.group import GroupMember, LearnerGroup
from database.base import uuid7

AT_ONCE = 1000
"""Members that one statement brings in."""


def create_group(
    session: Session, name: str, *, description: str = "", created_by: UUID | None
) -> LearnerGroup:
    """Raises CourseInvalid for an empty or taken name."""
    name = name.strip()
    if not name or len(name) > 120:
        raise CourseInvalid("name", "a name of at most 120 characters, please")
    if find_group(session, name) is not None:
        raise CourseInvalid("name", "there is a group “%(name)s” already", name=name)
    group = LearnerGroup(name=name, description=description.strip(), created_by=created_by)
    session.add(group)
    session.flush()
    return group


def change_group(session: Session, group: LearnerGroup, name: str, description: str) -> None:
    """Another name or description; raises CourseInvalid for an empty or taken name."""
    name, other = name.strip(), find_group(session, name)
    if not name or len(name) > 120:
        raise CourseInvalid("name", "a name of at most 120 characters, please")
    if other is not None and other.id != group.id:
        raise CourseInvalid("name", "there is a group “%(name)s” already", name=name)
    group.name, group.description = name, description.strip()


def find_group(session: Session, name: str) -> LearnerGroup | None:
    """By its name, whatever the case."""
    query = select(LearnerGroup).where(func.lower(LearnerGroup.name) == name.strip().lower())
    return session.scalar(query)


def get_group(session: Session, group_id: UUID) -> LearnerGroup:
    """Raises CourseMissing."""
    group = session.get(LearnerGroup, group_id)
    if group is None:
        raise CourseMissing("There is no such group.")
    return group


def list_groups(session: Session) -> list[tuple[LearnerGroup, int]]:
    """All of the tenant by name, each with the number of its members."""
    query = (
        select(LearnerGroup, func.count(GroupMember.id))
        .outerjoin(GroupMember, GroupMember.group_id == LearnerGroup.id)
        .group_by(LearnerGroup.id)
        .order_by(func.lower(LearnerGroup.name))
    )
    return [(group, count) for group, count in session.execute(query)]


def list_member_ids(session: Session, group_id: UUID) -> list[UUID]:
    """In the order in which they came."""
    query = select(GroupMember.user_id).where(GroupMember.group_id == group_id)
    return list(session.scalars(query.order_by(GroupMember.id)))


def add_members(session: Session, group_id: UUID, user_ids: Collection[UUID]) -> None:
    """Who is in already stays."""
    get_group(session, group_id)
    add_memberships(session, [(group_id, one) for one in user_ids])


def add_memberships(session: Session, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """(group id, user id) of groups that are there; who is in already stays."""
    rows = [
        {"id": uuid7(), "group_id": group_id, "user_id": user_id}
        for group_id, user_id in dict.fromkeys(pairs)
    ]
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        session.execute(insert(GroupMember).values(some).on_conflict_do_nothing())


def remove_member(session: Session, group_id: UUID, user_id: UUID) -> None:
    """Their enrolments stay."""
    session.execute(
        delete(GroupMember).where(GroupMember.group_id == group_id, GroupMember.user_id == user_id)
    )


def delete_group(session: Session, group_id: UUID) -> None:
    """The people and their enrolments stay."""
    session.delete(get_group(session, group_id))
