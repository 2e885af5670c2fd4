"""Native content as items that links open: courses, single lessons, quizzes.

Keys: `course:<course key>`, `lesson:<unit id>`, `quiz:<quiz key>`. Opening a course or a lesson
enrols by launch, in the place of the link; what it answers is a path, "/learn/<enrolment id>",
"/learn/<enrolment id>/<unit id>" or "/quizzes/<quiz id>", from which the view makes a signed
address (views/content_address.py).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from content.core.errors import NotAllowed
from content.models.course import Course, CourseUnit
from content.services import enrolments
from lti_app.core.item import After, Item, Opened
from lti_app.services.items import ItemKind, register

COURSE, LESSON = "course", "lesson"
_COURSE_SORT: ColumnElement[str] = literal_column('lower(course.title) COLLATE "C"')
_UNIT_SORT: ColumnElement[str] = literal_column('lower(course_unit.title) COLLATE "C"')


def find_course_item(session: Session, key: str) -> Item | None:
    """By "course:<key>"; None for drafts and archived ones."""
    query = _courses().where(Course.key == key.partition(":")[2])
    found = session.execute(query).one_or_none()
    return _course_item(*found) if found else None


def search_courses(session: Session, text: str, *, limit: int, after: After | None) -> list[Item]:
    """Published courses by title; see items.Searches."""
    query = _courses()
    for word in text.split():
        columns = (Course.title, Course.summary, Course.key)
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in columns)))
    if after is not None:
        query = query.where(tuple_(_COURSE_SORT, Course.id) > tuple_(after.sort_key, after.id))
    rows = session.execute(query.order_by(_COURSE_SORT, Course.id).limit(limit))
    return [_course_item(*row) for row in rows]


def open_course(
    session: Session, item: Item, *, user_id: UUID, context_key: str, now: datetime
) -> Opened:
    """Enrol by launch, or go on."""
    return _open(session, item.id, None, user_id, context_key, now)


def find_lesson_item(session: Session, key: str) -> Item | None:
    """By "lesson:<unit id>", while its course is published."""
    try:
        unit_id = UUID(key.partition(":")[2])
    except ValueError:
        return None
    found = session.execute(_lessons().where(CourseUnit.id == unit_id)).one_or_none()
    return _lesson_item(*found) if found else None


def search_lessons(session: Session, text: str, *, limit: int, after: After | None) -> list[Item]:
    """Lessons of published courses by title; words are looked for in both titles."""
    query = _lessons()
    for word in text.split():
        columns = (CourseUnit.title, Course.title)
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in columns)))
    if after is not None:
        query = query.where(tuple_(_UNIT_SORT, CourseUnit.id) > tuple_(after.sort_key, after.id))
    rows = session.execute(query.order_by(_UNIT_SORT, CourseUnit.id).limit(limit))
    return [_lesson_item(*row) for row in rows]


def open_lesson(
    session: Session, item: Item, *, user_id: UUID, context_key: str, now: datetime
) -> Opened:
    """Enrol by launch in the one lesson, or go on."""
    unit = session.get(CourseUnit, item.id)
    if unit is None:
        return Opened(problem="content_missing")
    return _open(session, unit.course_id, unit.id, user_id, context_key, now)


def _open(
    session: Session,
    course_id: UUID,
    unit_id: UUID | None,
    user_id: UUID,
    context_key: str,
    now: datetime,
) -> Opened:
    try:
        enrolment = enrolments.enrol(
            session,
            course_id,
            user_id,
            source="lti",
            now=now,
            context_key=context_key,
            entry_unit_id=unit_id,
        ).enrolment
    except NotAllowed:
        return Opened(problem="content_unplayable")
    tail = f"/{unit_id}" if unit_id else ""
    return Opened(address_path=f"/learn/{enrolment.id}{tail}")


def _courses() -> Select[*tuple[Course, str]]:
    return select(Course, _COURSE_SORT).where(Course.state == "published")


def _lessons() -> Select[*tuple[CourseUnit, Course, str]]:
    """Only those that the newest version still has."""
    return (
        select(CourseUnit, Course, _UNIT_SORT)
        .join(Course, Course.id == CourseUnit.course_id)
        .where(
            Course.state == "published",
            CourseUnit.kind == "lesson",
            CourseUnit.version_id == Course.current_version_id,
        )
    )


def _course_item(course: Course, sort_key: str) -> Item:
    return Item(
        kind=COURSE,
        key=f"{COURSE}:{course.key}",
        id=course.id,
        title=course.title,
        description=course.summary,
        sort_key=sort_key,
    )


def _lesson_item(unit: CourseUnit, course: Course, sort_key: str) -> Item:
    return Item(
        kind=LESSON,
        key=f"{LESSON}:{unit.id}",
        id=unit.id,
        title=unit.title,
        description=course.title,
        sort_key=sort_key,
    )


def register_kinds() -> Sequence[str]:
    """Let links open courses and lessons; called once, when the application is made."""
    register(
        ItemKind(COURSE, "Course", find=find_course_item, search=search_courses, open=open_course)
    )
    register(
        ItemKind(LESSON, "Lesson", find=find_lesson_item, search=search_lessons, open=open_lesson)
    )
    return (COURSE, LESSON)
