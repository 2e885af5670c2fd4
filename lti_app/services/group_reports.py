"""Groups as teachers see them: who is in, in which courses they learn, how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from content.core.errors import CourseMissing
from content.models.course import Course
from content.models.enrolment import Enrolment
from content.models.group import GroupMember, LearnerGroup
from content.services import groups
from lti_app.models.user import User
from lti_app.services.teaching import taught
from lti_app.services.visible_attempts import Viewer

LEARNING = ("enrolled", "in_progress", "completed")


@dataclass(frozen=True)
class Member:
    """Somebody in a group."""

    user: User
    courses: int
    """That the viewer may see and the person learns or has learnt."""
    completed: int


@dataclass(frozen=True)
class GroupCourse:
    """A course in which members of a group learn."""

    course: Course
    learners: int
    begun: int
    completed: int
    mean_score: float | None
    """0..1, of those who have one."""


def list_visible(session: Session, viewer: Viewer) -> list[tuple[LearnerGroup, int]]:
    """Groups with the number of their members: all of them, or the viewer's own."""
    return [
        (group, count)
        for group, count in groups.list_groups(session)
        if viewer.sees_all or group.created_by == viewer.user_id
    ]


def get_visible(session: Session, group_id: UUID, viewer: Viewer) -> LearnerGroup:
    """Raises CourseMissing, also for somebody else's where the viewer sees only their own."""
    group = groups.get_group(session, group_id)
    if not viewer.sees_all and group.created_by != viewer.user_id:
        raise CourseMissing("There is no such group.")
    return group


def list_members(
    session: Session, group_id: UUID, viewer: Viewer, *, page: int, size: int
) -> list[Member]:
    """By family name."""
    completed = func.count(Enrolment.id).filter(Enrolment.completion == "completed")
    query = (
        select(User, func.count(Enrolment.id), completed)
        .join(GroupMember, GroupMember.user_id == User.id)
        .outerjoin(Enrolment, (Enrolment.user_id == User.id) & _counts(viewer))
        .where(GroupMember.group_id == group_id)
        .group_by(User.id)
        .order_by(func.lower(User.family_name), func.lower(User.given_name), User.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Member(*row) for row in session.execute(query)]


def list_courses(session: Session, group_id: UUID, viewer: Viewer) -> Sequence[GroupCourse]:
    """Courses in which members learn or have learnt, of those that the viewer may see, by title."""
    query = (
        select(
            Course,
            func.count(),
            func.count(Enrolment.started_at),
            func.count().filter(Enrolment.completion == "completed"),
            func.avg(Enrolment.score_scaled),
        )
        .join(Enrolment, Enrolment.course_id == Course.id)
        .join(GroupMember, GroupMember.user_id == Enrolment.user_id)
        .where(GroupMember.group_id == group_id, _counts(viewer))
        .group_by(Course.id)
        .order_by(func.lower(Course.title), Course.id)
    )
    return [GroupCourse(*row) for row in session.execute(query)]


def _counts(viewer: Viewer) -> ColumnElement[bool]:
    found = Enrolment.status.in_(LEARNING) & Enrolment.is_past.is_(False)
    if viewer.sees_all:
        return found
    own = select(Course.id).where(taught(viewer.user_id))
    return found & Enrolment.course_id.in_(own)
