"""A learner's first page: courses and packages together, what is due, what was earned."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.progress import CourseStanding
from content.models.certificate import Certificate
from content.models.enrolment import Enrolment
from content.services import certificates, enrolments, standings
from lti_app.models.user import User
from lti_app.services import learning, notifications
from lti_app.services.wording import nearest_language

SOON = timedelta(days=14)
"""What is due within that time is on the page."""
REMIND = timedelta(days=3)
"""What is due within that time is told by notice, once."""


@dataclass(frozen=True)
class CourseEntry:
    """A course that the person is enrolled in."""

    enrolment: Enrolment
    title: str
    standing: CourseStanding

    @property
    def last_used(self) -> datetime:
        return self.enrolment.last_active_at or self.enrolment.enrolled_at

    @property
    def is_finished(self) -> bool:
        return self.standing.completion == "completed"

    @property
    def path(self) -> str:
        return f"/learn/{self.enrolment.id}/"


@dataclass(frozen=True)
class Due:
    """Something that has a date."""

    title: str
    course: CourseEntry
    at: datetime
    is_overdue: bool
    unit_id: UUID | None


@dataclass(frozen=True)
class Home:
    """What the page shows; entries are courses and packages, the one last used first."""

    open_entries: list[CourseEntry | learning.Entry]
    finished_entries: list[CourseEntry | learning.Entry]
    due: list[Due]
    certificates: list[Certificate]


def build_home(session: Session, user_id: UUID, now: datetime) -> Home:
    """For one person, as it is now."""
    courses = list_courses(session, user_id, now)
    entries: list[CourseEntry | learning.Entry] = [
        *courses,
        *learning.list_begun(session, user_id),
    ]
    entries.sort(key=_last_used, reverse=True)
    return Home(
        open_entries=[entry for entry in entries if not entry.is_finished],
        finished_entries=[entry for entry in entries if entry.is_finished],
        due=list_due(courses, now, SOON),
        certificates=certificates.list_own(session, user_id),
    )


def list_courses(session: Session, user_id: UUID, now: datetime) -> list[CourseEntry]:
    """The person's courses on the portal, with where they stand."""
    found = []
    for enrolment in enrolments.list_own(session, user_id):
        if enrolment.is_active:
            title = standings.read_enrolled(enrolment).title or enrolment.course.title
            standing = standings.find_standing(session, enrolment, now=now)
            found.append(CourseEntry(enrolment, title, standing))
    return found


def list_due(courses: list[CourseEntry], now: datetime, within: timedelta) -> list[Due]:
    """What is open and due within that time, or overdue; the most urgent first."""
    found = []
    for course in courses:
        if course.is_finished:
            continue
        whole = course.enrolment.due_at
        if whole is not None and whole <= now + within:
            found.append(Due(course.title, course, whole, whole < now, None))
        for unit in course.standing.units:
            if unit.due_at is not None and not unit.is_complete and unit.due_at <= now + within:
                due = Due(unit.unit.title, course, unit.due_at, unit.is_overdue, unit.unit.id)
                found.append(due)
    return sorted(found, key=lambda due: due.at)


def remind(open_session: Callable[[], AbstractContextManager[Session]], now: datetime) -> int:
    """Tell everybody what is due within REMIND, each thing once; how many were looked at."""
    with open_session() as session:
        learners = list(
            session.scalars(
                select(Enrolment.user_id)
                .where(
                    Enrolment.status.in_(("enrolled", "in_progress")),
                    Enrolment.context_key == enrolments.PORTAL,
                )
                .distinct()
            )
        )
    for user_id in learners:
        with open_session() as session:
            _remind_one(session, user_id, now)
    return len(learners)


def _remind_one(session: Session, user_id: UUID, now: datetime) -> None:
    user = session.get(User, user_id)
    if user is None or not user.is_active:
        return
    language = nearest_language(user.locale or "en")
    for due in list_due(list_courses(session, user_id, now), now, REMIND):
        if due.is_overdue:
            continue
        where = f"units/{due.unit_id}" if due.unit_id else ""
        notifications.notify(
            session,
            user_id,
            "due_soon",
            {
                "title": due.title,
                "course": due.course.title,
                "due": format_date(due.at, "long", locale=language),
            },
            now,
            path=due.course.path + where,
            # With the date: a new date is told again.
            once=f"due:{due.course.enrolment.id}:{due.unit_id}:{due.at.date()}",
        )


def _last_used(entry: CourseEntry | learning.Entry) -> datetime:
    if isinstance(entry, CourseEntry):
        return entry.last_used
    attempt = entry.attempt
    if attempt is None:
        return entry.package.created_at
    return attempt.last_active_at or attempt.created_at
