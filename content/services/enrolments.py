"""Enrolling: whoever brings somebody in, it ends in `enrol`. Leaving, being let in, being due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from content.core.errors import CourseMissing, NotAllowed
from content.models.course import Course, CourseUnit
from content.models.enrolment import SOURCES, STATUSES, Enrolment
from content.models.group import GroupMember
from content.services.course_settings import list_prerequisites
from content.services.courses import get_course
from database.base import uuid7

PORTAL = "portal"


@dataclass(frozen=True)
class Enrolled:
    """What enrolling came to."""

    enrolment: Enrolment
    is_new: bool
    """False: they were in already, and nothing changed."""


def enrol(
    session: Session,
    course_id: UUID,
    user_id: UUID,
    *,
    source: str,
    now: datetime,
    enrolled_by: UUID | None = None,
    context_key: str = PORTAL,
    launch_ref: str = PORTAL,
    entry_unit_id: UUID | None = None,
    status: str = "enrolled",
    due_at: datetime | None = None,
) -> Enrolled:
    """Let somebody into a course, in one place ("portal" or a platform's link).

    Who had asked is let in; who had left comes back to what they had done. Raises NotAllowed
    "not_published" and "archived", CourseMissing.
    """
    if source not in SOURCES or status not in ("enrolled", "requested"):
        raise ValueError(f"{source!r}, {status!r}")
    course = get_course(session, course_id)
    found = find_enrolment(session, course_id, user_id, context_key=context_key, lock=True)
    if found is not None:
        return _enrol_again(found, source, status, launch_ref, entry_unit_id, now)
    if course.current_version_id is None:
        raise NotAllowed("not_published", "“%(title)s” is not published yet.", title=course.title)
    if course.state == "archived":
        raise NotAllowed(
            "archived", "“%(title)s” is archived: nobody new can enrol.", title=course.title
        )
    enrolment = Enrolment(
        course_id=course_id,
        user_id=user_id,
        version_id=course.current_version_id,
        context_key=context_key,
        entry_unit_id=entry_unit_id,
        launch_ref=launch_ref,
        registration=uuid7(),
        status=status,
        source=source,
        enrolled_by=enrolled_by,
        enrolled_at=now,
        due_at=due_at,
        completion="not attempted",
        success="unknown",
        done=0,
        wanted=0,
        seconds=0.0,
        revision=0,
    )
    session.add(enrolment)
    session.flush()
    return Enrolled(enrolment, True)


def enrol_by_oneself(
    session: Session, course_id: UUID, user_id: UUID, *, now: datetime
) -> Enrolled:
    """As the course allows: at once, or as a request. Raises NotAllowed "closed",
    "prerequisites", "not_published", "archived"."""
    course = get_course(session, course_id)
    if course.enrolment_mode == "closed":
        raise NotAllowed(
            "closed", "Nobody can enrol in “%(title)s” by themselves.", title=course.title
        )
    check_prerequisites(session, course, user_id)
    status = "requested" if course.enrolment_mode == "approval" else "enrolled"
    return enrol(session, course_id, user_id, source="self", now=now, status=status)


def check_prerequisites(session: Session, course: Course, user_id: UUID) -> None:
    """Raise NotAllowed "prerequisites" naming what is missing."""
    missing = list_missing_prerequisites(session, course.id, user_id)
    if missing:
        names = ", ".join(f"“{one.title}”" for one in missing)
        raise NotAllowed("prerequisites", "First complete: %(names)s.", names=names)


def list_missing_prerequisites(session: Session, course_id: UUID, user_id: UUID) -> list[Course]:
    """Courses that come before and that this person has not completed anywhere."""
    done = select(Enrolment.course_id).where(
        Enrolment.user_id == user_id, Enrolment.completion == "completed"
    )
    completed = set(session.scalars(done))
    return [one for one in list_prerequisites(session, course_id) if one.id not in completed]


def accept_request(session: Session, enrolment_id: UUID, *, by: UUID | None, now: datetime) -> bool:
    """Let somebody in who asked; False: they did not, or are in."""
    enrolment = get_enrolment(session, enrolment_id, lock=True)
    if enrolment.status != "requested":
        return False
    enrolment.status, enrolment.enrolled_by, enrolment.enrolled_at = "enrolled", by, now
    return True


def drop(session: Session, enrolment_id: UUID, *, now: datetime) -> Enrolment:
    """They leave, or their request is refused; what they did is kept. A completed course stays."""
    enrolment = get_enrolment(session, enrolment_id, lock=True)
    if enrolment.status == "completed":
        raise NotAllowed("completed", "A course that was completed cannot be left.")
    enrolment.status, enrolment.dropped_at = "dropped", now
    return enrolment


def get_enrolment(session: Session, enrolment_id: UUID, *, lock: bool = False) -> Enrolment:
    """Raises CourseMissing."""
    query = select(Enrolment).where(Enrolment.id == enrolment_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise CourseMissing("There is no such enrolment.")
    return found


def find_enrolment(
    session: Session,
    course_id: UUID,
    user_id: UUID,
    *,
    context_key: str = PORTAL,
    lock: bool = False,
) -> Enrolment | None:
    """A person's enrolment in a course in one place."""
    query = select(Enrolment).where(
        Enrolment.course_id == course_id,
        Enrolment.user_id == user_id,
        Enrolment.context_key == context_key,
        Enrolment.is_past.is_(False),
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def find_best_enrolment(session: Session, course_id: UUID, user_id: UUID) -> Enrolment | None:
    """The portal's, else the one last used at a platform."""
    query = select(Enrolment).where(Enrolment.course_id == course_id, Enrolment.user_id == user_id)
    query = query.where(Enrolment.is_past.is_(False))
    found = list(session.scalars(query.order_by(Enrolment.id.desc())))
    return next((one for one in found if one.context_key == PORTAL), found[0] if found else None)


def list_own(session: Session, user_id: UUID, *, context_key: str = PORTAL) -> list[Enrolment]:
    """A person's courses, the one last used first; without those that they have left."""
    query = (
        select(Enrolment)
        .where(
            Enrolment.user_id == user_id,
            Enrolment.context_key == context_key,
            Enrolment.status != "dropped",
            Enrolment.is_past.is_(False),
        )
        .options(joinedload(Enrolment.course), joinedload(Enrolment.version))
        .order_by(func.coalesce(Enrolment.last_active_at, Enrolment.enrolled_at).desc())
    )
    return list(session.scalars(query))


def list_enrolments(
    session: Session,
    course_id: UUID,
    *,
    status: str | None = None,
    group_id: UUID | None = None,
    page: int = 1,
    size: int = 50,
) -> list[Enrolment]:
    """Of a course, newest first; `status` None: all but those who left."""
    query = select(Enrolment).where(*_filters(course_id, status, group_id))
    query = query.order_by(Enrolment.id.desc()).limit(size).offset((page - 1) * size)
    return list(session.scalars(query))


def count_enrolments(
    session: Session, course_id: UUID, *, status: str | None = None, group_id: UUID | None = None
) -> int:
    """How many `list_enrolments` has on all pages."""
    query = select(func.count(Enrolment.id)).where(*_filters(course_id, status, group_id))
    return session.scalar(query) or 0


def count_by_status(session: Session, course_id: UUID) -> dict[str, int]:
    """Every status of STATUSES with its number."""
    rows = session.execute(
        select(Enrolment.status, func.count())
        .where(Enrolment.course_id == course_id, Enrolment.is_past.is_(False))
        .group_by(Enrolment.status)
    )
    return dict.fromkeys(STATUSES, 0) | {row[0]: row[1] for row in rows}


def find_unit_place(session: Session, unit_id: UUID) -> CourseUnit | None:
    """Where a unit of a published version is."""
    return session.get(CourseUnit, unit_id)


def list_user_ids(session: Session, course_id: UUID, user_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these people are in the course already (on the portal)."""
    query = select(Enrolment.user_id).where(
        Enrolment.course_id == course_id,
        Enrolment.context_key == PORTAL,
        Enrolment.status.not_in(("dropped", "requested")),
        Enrolment.is_past.is_(False),
        Enrolment.user_id.in_(user_ids),
    )
    return set(session.scalars(query))


def enrol_many(
    session: Session,
    course_id: UUID,
    user_ids: Iterable[UUID],
    *,
    source: str,
    now: datetime,
    enrolled_by: UUID | None,
) -> list[Enrolment]:
    """Enrol all of them; those who were not in already."""
    made = []
    for user_id in dict.fromkeys(user_ids):
        enrolled = enrol(
            session, course_id, user_id, source=source, now=now, enrolled_by=enrolled_by
        )
        if enrolled.is_new:
            made.append(enrolled.enrolment)
    return made


def _enrol_again(
    enrolment: Enrolment,
    source: str,
    status: str,
    launch_ref: str,
    entry_unit_id: UUID | None,
    now: datetime,
) -> Enrolled:
    enrolment.launch_ref, enrolment.entry_unit_id = launch_ref, entry_unit_id
    if enrolment.status == "dropped":
        enrolment.dropped_at, enrolment.enrolled_at, enrolment.source = None, now, source
        begun = {"not attempted": status, "incomplete": "in_progress", "completed": "completed"}
        enrolment.status = status if status == "requested" else begun[enrolment.completion]
        return Enrolled(enrolment, True)
    if enrolment.status == "requested" and status == "enrolled":
        enrolment.status, enrolment.enrolled_at, enrolment.source = "enrolled", now, source
        return Enrolled(enrolment, True)
    return Enrolled(enrolment, False)


def _filters(
    course_id: UUID, status: str | None, group_id: UUID | None
) -> list[ColumnElement[bool]]:
    found = [
        Enrolment.course_id == course_id,
        Enrolment.status == status if status else Enrolment.status != "dropped",
        Enrolment.is_past.is_(False),
    ]
    if group_id is not None:
        members = select(GroupMember.user_id).where(GroupMember.group_id == group_id)
        found.append(Enrolment.user_id.in_(members))
    return found
