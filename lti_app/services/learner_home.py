"""A learner's first page: courses, packages and quizzes together, what is due and was earned."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.progress import CourseStanding
from content.models.certificate import Certificate
from content.models.course import Course
from content.models.enrolment import Enrolment
from content.services import certificates, enrolments, standings
from lti_app.services import learning, quiz_shelf
from lti_app.services.quiz_shelf import QuizEntry

FEW, SUGGESTED = 4, 4
"""Who takes part in fewer courses is shown so many others."""
SOON = timedelta(days=14)
"""What is due within that time is on the page."""


@dataclass(frozen=True)
class CourseEntry:
    """A course that the person is enrolled in."""

    enrolment: Enrolment
    title: str
    standing: CourseStanding

    @property
    def id(self) -> UUID:
        return self.enrolment.id

    @property
    def last_used(self) -> datetime:
        return self.enrolment.last_active_at or self.enrolment.enrolled_at

    @property
    def is_finished(self) -> bool:
        return self.standing.completion == "completed"

    @property
    def seconds(self) -> float:
        return self.standing.seconds

    @property
    def path(self) -> str:
        return f"/learn/{self.enrolment.id}/"


Entry = CourseEntry | learning.Entry | QuizEntry
"""A course, a package or a quiz by itself."""


@dataclass(frozen=True)
class Due:
    """Something that has a date."""

    title: str
    course: CourseEntry | QuizEntry
    """What it belongs to; a quiz by itself is its own."""
    at: datetime
    is_overdue: bool
    unit_id: UUID | None


@dataclass(frozen=True)
class Home:
    """What the page shows; of the entries the one last used comes first."""

    open_entries: list[Entry]
    finished_entries: list[Entry]
    due: list[Due]
    certificates: list[Certificate]
    suggestions: list[Course]
    """Courses of the catalogue that the person could begin, the newest first."""

    @property
    def seconds(self) -> float:
        """Spent on all of it."""
        entries = [*self.open_entries, *self.finished_entries]
        return sum(entry.seconds for entry in entries)


def build_home(session: Session, user_id: UUID, now: datetime) -> Home:
    """For one person, as it is now."""
    courses = list_courses(session, user_id, now)
    quizzes = quiz_shelf.list_begun(session, user_id, now)
    entries: list[Entry] = [*courses, *learning.list_begun(session, user_id), *quizzes]
    entries.sort(key=_last_used, reverse=True)
    return Home(
        open_entries=[entry for entry in entries if not entry.is_finished],
        finished_entries=[entry for entry in entries if entry.is_finished],
        due=sorted([*list_due(courses, now, SOON), *_list_running(quizzes, now)], key=_when),
        certificates=certificates.list_own(session, user_id),
        suggestions=list_suggestions(session, user_id) if len(courses) < FEW else [],
    )


def list_suggestions(session: Session, user_id: UUID) -> list[Course]:
    """What may be begun without being asked by anybody, and has not been."""
    own = select(Enrolment.course_id).where(Enrolment.user_id == user_id)
    found = select(Course).where(
        Course.state == "published", Course.enrolment_mode == "open", Course.id.not_in(own)
    )
    return list(session.scalars(found.order_by(Course.published_at.desc()).limit(SUGGESTED)))


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
    return sorted(found, key=_when)


def _list_running(quizzes: list[QuizEntry], now: datetime) -> list[Due]:
    """Attempts whose time runs out within SOON."""
    return [
        Due(entry.title, entry, entry.due_at, entry.due_at < now, None)
        for entry in quizzes
        if entry.due_at is not None and entry.due_at <= now + SOON
    ]


def _when(due: Due) -> datetime:
    return due.at


def _last_used(entry: Entry) -> datetime:
    if isinstance(entry, CourseEntry | QuizEntry):
        return entry.last_used
    attempt = entry.attempt
    if attempt is None:
        return entry.package.created_at
    return attempt.last_active_at or attempt.created_at
