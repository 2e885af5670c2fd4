"""What is set for a course beside its document, and holds at once: address, category, who teaches,
what comes before, who may enrol."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content.core.errors import CourseInvalid, NotAllowed
from content.models.course import Course, CourseCategory, CourseInstructor, CoursePrerequisite
from content.services.courses import choose_key, get_course, lock_course


def change_settings(
    session: Session,
    course_id: UUID,
    *,
    key: str | None = None,
    enrolment_mode: str | None = None,
    category_id: UUID | None = None,
    clears_category: bool = False,
) -> Course:
    """What is not in the document and holds at once; None leaves as it is. Raises CourseInvalid."""
    course = lock_course(session, course_id)
    if key is not None and key != course.key:
        if course.published_at is not None:
            raise NotAllowed(
                "published", "The address of a published course stays: links lead to it."
            )
        course.key = choose_key(session, key, course.title)
    if enrolment_mode is not None:
        if enrolment_mode not in ("open", "approval", "closed"):
            raise CourseInvalid(
                "enrolment_mode", "“%(value)s” is no way of enrolling", value=enrolment_mode
            )
        course.enrolment_mode = enrolment_mode
    if category_id is not None or clears_category:
        if category_id is not None and session.get(CourseCategory, category_id) is None:
            raise CourseInvalid("category", "there is no such category")
        course.category_id = category_id
    session.flush()
    return course


def list_instructor_ids(session: Session, course_id: UUID) -> list[UUID]:
    """In the order in which they were added."""
    query = select(CourseInstructor.user_id).where(CourseInstructor.course_id == course_id)
    return list(session.scalars(query.order_by(CourseInstructor.id)))


def set_instructors(session: Session, course_id: UUID, user_ids: Collection[UUID]) -> None:
    """Exactly these people teach it."""
    known = set(list_instructor_ids(session, course_id))
    for user_id in dict.fromkeys(user_ids):
        if user_id not in known:
            session.add(CourseInstructor(course_id=course_id, user_id=user_id))
    gone = known - set(user_ids)
    session.execute(
        delete(CourseInstructor).where(
            CourseInstructor.course_id == course_id, CourseInstructor.user_id.in_(gone)
        )
    )
    session.flush()


def list_prerequisites(session: Session, course_id: UUID) -> list[Course]:
    """Courses that must be completed before."""
    query = (
        select(Course)
        .join(CoursePrerequisite, CoursePrerequisite.required_id == Course.id)
        .where(CoursePrerequisite.course_id == course_id)
        .order_by(CoursePrerequisite.id)
    )
    return list(session.scalars(query))


def set_prerequisites(session: Session, course_id: UUID, required: Iterable[UUID]) -> None:
    """Exactly these courses come before; raises CourseInvalid for a circle."""
    wanted = list(dict.fromkeys(required))
    for one in wanted:
        if one == course_id or course_id in _all_required(session, one):
            raise CourseInvalid("prerequisites", "a course cannot come before itself")
        get_course(session, one)
    session.execute(delete(CoursePrerequisite).where(CoursePrerequisite.course_id == course_id))
    session.add_all(CoursePrerequisite(course_id=course_id, required_id=one) for one in wanted)
    session.flush()


def _all_required(session: Session, course_id: UUID) -> set[UUID]:
    found: set[UUID] = set()
    todo = [course_id]
    while todo:
        query = select(CoursePrerequisite.required_id)
        rows = session.scalars(query.where(CoursePrerequisite.course_id == todo.pop()))
        new = set(rows) - found
        found |= new
        todo.extend(new)
    return found
