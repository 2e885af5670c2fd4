"""Which courses somebody may look at and change in Manage, and the list of them.

As with grades: whoever manages grades sees all courses; others those that are their own, which is
those they made and those that name them as instructor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.core.errors import CourseMissing
from content.models.course import Course, CourseInstructor, CourseVersion
from content.models.enrolment import Enrolment
from content.services import courses
from lti_app.core.permissions import may_edit
from lti_app.models.user import User
from lti_app.services.visible_attempts import Viewer

STATES = ("draft", "published", "archived")
LEARNING = ("enrolled", "in_progress", "completed")


@dataclass(frozen=True)
class CourseRow:
    """A course in a list."""

    course: Course
    title: str
    """Of the draft, which its author knows best."""
    learners: int
    has_changes: bool
    """The draft is newer than what is published."""


def get_visible_course(session: Session, course_id: UUID, viewer: Viewer) -> Course:
    """The course; raises CourseMissing, also where it is not to be seen."""
    course = courses.get_course(session, course_id)
    if not (viewer.sees_all or courses.is_own(session, course, viewer.user_id)):
        raise CourseMissing("There is no such course.")
    return course


def is_editable(session: Session, course: Course, viewer: Viewer) -> bool:
    """Whether the viewer may change the course."""
    return may_edit(viewer.role, is_own=courses.is_own(session, course, viewer.user_id))


def list_visible(
    session: Session,
    viewer: Viewer,
    *,
    search: str = "",
    state: str = "",
    page: int = 1,
    size: int = 50,
) -> list[CourseRow]:
    """Courses, the one that was changed last first; without a state all but archived ones."""
    found = courses.list_courses(
        session,
        search=search,
        state=state if state in STATES else None,
        own_of=None if viewer.sees_all else viewer.user_id,
        page=page,
        size=size,
    )
    counts = count_learners(session, [course.id for course in found])
    changed = _find_changed(session, found)
    return [
        CourseRow(one, title_of(one), counts.get(one.id, 0), one.id in changed) for one in found
    ]


def title_of(course: Course) -> str:
    """The title of the draft, or the published one."""
    return str(course.draft.get("title") or course.title or course.key)


def has_changes(session: Session, course: Course) -> bool:
    """Whether the draft differs from the version that is published."""
    return bool(_find_changed(session, [course]))


def count_learners(session: Session, course_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many learn or have learnt each course."""
    rows = session.execute(
        select(Enrolment.course_id, func.count())
        .where(
            Enrolment.course_id.in_(list(course_ids)),
            Enrolment.status.in_(LEARNING),
            Enrolment.is_past.is_(False),
        )
        .group_by(Enrolment.course_id)
    )
    return {row[0]: row[1] for row in rows}


def count_by_version(session: Session, course_id: UUID) -> dict[UUID, int]:
    """How many are in the middle of each version."""
    rows = session.execute(
        select(Enrolment.version_id, func.count())
        .where(Enrolment.course_id == course_id, Enrolment.status.in_(LEARNING[:2]))
        .group_by(Enrolment.version_id)
    )
    return {row[0]: row[1] for row in rows}


def count_under_way(session: Session, course_id: UUID) -> int:
    """How many have begun and not finished."""
    query = select(func.count()).select_from(Enrolment)
    query = query.where(Enrolment.course_id == course_id, Enrolment.status == "in_progress")
    return session.scalar(query) or 0


def list_instructors(session: Session, course_id: UUID) -> list[User]:
    """Who teaches the course, in the order in which they were added."""
    query = (
        select(User)
        .join(CourseInstructor, CourseInstructor.user_id == User.id)
        .where(CourseInstructor.course_id == course_id)
    )
    return list(session.scalars(query.order_by(CourseInstructor.id)))


def _find_changed(session: Session, found: Iterable[Course]) -> set[UUID]:
    ids = [course.id for course in found if course.current_version_id]
    query = (
        select(Course.id)
        .join(CourseVersion, CourseVersion.id == Course.current_version_id)
        .where(Course.id.in_(ids), CourseVersion.document != Course.draft)
    )
    return set(session.scalars(query)) if ids else set()
