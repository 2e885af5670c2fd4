"""Courses: made, found, set up, published, archived."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from content.core.course import Course as CourseDocument
from content.core.course_check import Problem, find_problems
from content.core.course_document import read_course
from content.core.errors import CourseInvalid, CourseMissing
from content.models.course import (
    Course,
    CourseInstructor,
    CourseUnit,
    CourseVersion,
)
from content.models.enrolment import Enrolment
from content.services.course_search import index_course

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_KEY = 80


@dataclass(frozen=True)
class Published:
    """What publishing made."""

    course: Course
    version: CourseVersion
    moved: int
    """Enrolments that had not begun and have the new version now."""


def create_course(
    session: Session,
    *,
    title: str,
    created_by: UUID | None,
    now: datetime,
    key: str = "",
    document: dict[str, Any] | None = None,
) -> Course:
    """A new draft whose author teaches it; raises CourseInvalid for a bad or taken key."""
    draft = document if document is not None else {"title": title, "modules": []}
    read = read_course(draft)
    course = Course(
        key=choose_key(session, key, title),
        state="draft",
        draft=draft,
        draft_revision=1,
        draft_changed_by=created_by,
        draft_changed_at=now,
        tags=[],
        created_by=created_by,
        enrolment_mode="open",
    )
    show_in_catalogue(course, read)
    session.add(course)
    session.flush()
    index_course(session, course, read)
    if created_by is not None:
        session.add(CourseInstructor(course_id=course.id, user_id=created_by))
    return course


def get_course(session: Session, course_id: UUID) -> Course:
    """Raises CourseMissing."""
    course = session.get(Course, course_id)
    if course is None:
        raise CourseMissing("There is no such course.")
    return course


def find_course_by_key(session: Session, key: str) -> Course | None:
    """Whatever its state."""
    query = select(Course).where(Course.key == key).options(joinedload(Course.current_version))
    return session.scalar(query)


def read_draft(course: Course) -> CourseDocument:
    """The course as its draft has it now."""
    return read_course(course.draft)


def is_own(session: Session, course: Course, user_id: UUID) -> bool:
    """Whether a person made the course or teaches it."""
    taught = select(CourseInstructor.id).where(
        CourseInstructor.course_id == course.id, CourseInstructor.user_id == user_id
    )
    return course.created_by == user_id or session.scalar(taught) is not None


def list_courses(
    session: Session,
    *,
    search: str = "",
    state: str | None = None,
    own_of: UUID | None = None,
    page: int = 1,
    size: int = 50,
) -> list[Course]:
    """For those who manage them, the last changed first; `state` None: all but archived ones;
    `own_of`: only those that this person made or teaches."""
    query = select(Course).order_by(
        func.coalesce(Course.draft_changed_at, Course.created_at).desc(), Course.id
    )
    query = query.where(Course.state == state if state else Course.state != "archived")
    if search.strip():
        columns = (Course.title, Course.summary, Course.key)
        query = query.where(
            or_(*(one.icontains(search.strip(), autoescape=True) for one in columns))
        )
    if own_of is not None:
        taught = select(CourseInstructor.course_id).where(CourseInstructor.user_id == own_of)
        query = query.where(or_(Course.created_by == own_of, Course.id.in_(taught)))
    return list(session.scalars(query.limit(size).offset((page - 1) * size)))


def publish(
    session: Session,
    course_id: UUID,
    *,
    published_by: UUID | None,
    now: datetime,
    note: str = "",
    move_everybody: bool = False,
) -> Published:
    """Freeze the draft as a new version and show it in the catalogue.

    Whoever has not begun gets it; who has begun keeps theirs, unless `move_everybody`. Raises
    CourseInvalid with the first problem that keeps it from being published.
    """
    course = lock_course(session, course_id)
    read = read_course(course.draft)
    errors = [one for one in find_problems(read) if one.is_error]
    if errors:
        raise CourseInvalid(errors[0].place, errors[0].message)
    last = session.scalar(
        select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course_id)
    )
    version = CourseVersion(
        course_id=course_id,
        number=(last or 0) + 1,
        document=course.draft,
        published_by=published_by,
        note=note.strip(),
    )
    session.add(version)
    session.flush()
    course.current_version_id, course.state = version.id, "published"
    course.published_at, course.archived_at = now, None
    show_in_catalogue(course, read)
    index_course(session, course, read)
    _place_units(session, course, version, read)
    moved = _move_enrolments(session, course_id, version.id, everybody=move_everybody)
    session.flush()
    return Published(course, version, moved)


def problems_of(course: Course) -> list[Problem]:
    """What keeps the draft from being published, and what its author may want to know."""
    return find_problems(read_course(course.draft))


def archive(session: Session, course_id: UUID, *, now: datetime) -> Course:
    """Out of the catalogue and closed for new learners; who learns there may finish."""
    course = lock_course(session, course_id)
    course.state, course.archived_at = "archived", now
    return course


def restore(session: Session, course_id: UUID) -> Course:
    """Back from the archive."""
    course = lock_course(session, course_id)
    course.state = "published" if course.current_version_id else "draft"
    course.archived_at = None
    return course


def list_versions(session: Session, course_id: UUID) -> list[CourseVersion]:
    """Newest first."""
    query = select(CourseVersion).where(CourseVersion.course_id == course_id)
    return list(session.scalars(query.order_by(CourseVersion.number.desc())))


def get_version(session: Session, course_id: UUID, number: int) -> CourseVersion:
    """Raises CourseMissing."""
    version = session.scalar(
        select(CourseVersion).where(
            CourseVersion.course_id == course_id, CourseVersion.number == number
        )
    )
    if version is None:
        raise CourseMissing("There is no version %(number)s of this course.", number=number)
    return version


def show_in_catalogue(course: Course, read: CourseDocument) -> None:
    """Copy what lists show out of a document."""
    course.title, course.summary, course.language = read.title, read.summary, read.language
    course.difficulty, course.duration_minutes = read.difficulty, read.duration_minutes
    course.tags, course.picture_id = list(read.tags), read.picture


def choose_key(session: Session, wanted: str, title: str) -> str:
    """The key asked for, or one made from the title that nobody has; raises CourseInvalid."""
    if wanted:
        if not _KEY.fullmatch(wanted) or len(wanted) > MAX_KEY:
            raise CourseInvalid(
                "key", "small letters, digits and single hyphens, at most %(most)s", most=MAX_KEY
            )
        if find_course_by_key(session, wanted) is not None:
            raise CourseInvalid("key", "there is a course “%(key)s” already", key=wanted)
        return wanted
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: MAX_KEY - 6].strip("-") or "course"
    taken = set(
        session.scalars(
            select(Course.key).where(or_(Course.key == base, Course.key.startswith(f"{base}-")))
        )
    )
    return next(
        key
        for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3)))
        if key not in taken
    )


def _place_units(
    session: Session, course: Course, version: CourseVersion, read: CourseDocument
) -> None:
    known = {row.id: row for row in session.scalars(_units_of(course.id))}
    for position, unit in enumerate(read.units()):
        row = known.get(unit.id)
        if row is None:
            row = CourseUnit(id=unit.id, course_id=course.id)
            session.add(row)
        row.kind, row.title, row.position = unit.kind, unit.title, position
        row.version_id, row.package_id, row.quiz_id = version.id, unit.package, unit.quiz


def _units_of(course_id: UUID) -> Any:
    return select(CourseUnit).where(CourseUnit.course_id == course_id)


def _move_enrolments(
    session: Session, course_id: UUID, version_id: UUID, *, everybody: bool
) -> int:
    move = update(Enrolment).where(Enrolment.course_id == course_id)
    if everybody:
        move = move.where(Enrolment.status.in_(("requested", "enrolled", "in_progress")))
    else:
        move = move.where(
            Enrolment.status.in_(("requested", "enrolled")), Enrolment.started_at.is_(None)
        )
    changed = session.scalars(move.values(version_id=version_id).returning(Enrolment.id)).all()
    return len(changed)


def lock_course(session: Session, course_id: UUID) -> Course:
    """The course, for this transaction alone; raises CourseMissing."""
    course = session.get(Course, course_id, with_for_update=True, populate_existing=True)
    if course is None:
        raise CourseMissing("There is no such course.")
    return course
