"""What a teacher needs to see: work that waits for a grade, learners at risk, what happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from content.models.course import Course, CourseInstructor
from content.models.enrolment import Enrolment, Submission, UnitProgress
from lti_app.models.user import User
from lti_app.services.overdue import has_overdue_unit

DAYS = 14
"""Of the chart of activity."""
QUIET_DAYS = 7
"""Without a sign of life until somebody is at risk."""
_UNDER_WAY = ("enrolled", "in_progress")
Risk = Literal["quiet", "overdue", "failing"]


@dataclass(frozen=True)
class AtRisk:
    """Somebody who may need a word."""

    enrolment: Enrolment
    user: User
    risks: tuple[Risk, ...]


@dataclass(frozen=True)
class Day:
    """What happened on one day."""

    date: date
    units: int
    """Units completed."""
    courses: int
    """Courses completed."""
    enrolled: int


def list_taught(session: Session, user_id: UUID) -> list[Course]:
    """Courses that the person made or teaches, without archived ones, by title."""
    query = select(Course).where(taught(user_id), Course.state != "archived")
    return list(session.scalars(query.order_by(func.lower(Course.title))))


def taught(user_id: UUID) -> ColumnElement[bool]:
    """The condition that a course is the person's own."""
    named = select(CourseInstructor.course_id).where(CourseInstructor.user_id == user_id)
    return or_(Course.created_by == user_id, Course.id.in_(named))


def list_at_risk(
    session: Session, course_ids: Sequence[UUID], now: datetime, *, limit: int = 20
) -> list[AtRisk]:
    """Who is under way and has been quiet for QUIET_DAYS, is past a date of their own or of a
    required unit, or stands below the passing score; the quietest first."""
    seen = func.coalesce(Enrolment.last_active_at, Enrolment.enrolled_at)
    is_quiet = seen < now - timedelta(days=QUIET_DAYS)
    is_overdue = or_(
        func.coalesce(Enrolment.due_at < now, False), has_overdue_unit(session, course_ids, now)
    )
    is_failing = Enrolment.success == "failed"
    query = (
        select(Enrolment, User, is_quiet, is_overdue, is_failing)
        .join(User, User.id == Enrolment.user_id)
        .where(
            Enrolment.course_id.in_(course_ids),
            Enrolment.status.in_(_UNDER_WAY),
            Enrolment.is_past.is_(False),
            or_(is_quiet, is_overdue, is_failing),
        )
        .options(joinedload(Enrolment.course))
        .order_by(seen, Enrolment.id)
        .limit(limit)
    )
    names: tuple[Risk, ...] = ("quiet", "overdue", "failing")
    return [
        AtRisk(row[0], row[1], tuple(n for n, holds in zip(names, row[2:], strict=True) if holds))
        for row in session.execute(query)
    ]


def count_by_day(session: Session, course_ids: Sequence[UUID], now: datetime) -> list[Day]:
    """The last DAYS days (UTC), today last."""
    first = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)

    def count(moment: ColumnElement[Any], *, of_units: bool = False) -> dict[date, int]:
        day = cast(func.timezone("UTC", moment), Date)
        query = select(day, func.count()).select_from(Enrolment)
        query = query.where(Enrolment.course_id.in_(course_ids), moment >= first)
        if of_units:
            query = query.join(UnitProgress, UnitProgress.enrolment_id == Enrolment.id)
        return {row[0]: row[1] for row in session.execute(query.group_by(day))}

    units = count(UnitProgress.completed_at.expression, of_units=True)
    done = count(Enrolment.completed_at.expression)
    enrolled = count(Enrolment.enrolled_at.expression)
    days = [(first + timedelta(days=number)).date() for number in range(DAYS)]
    return [Day(day, units.get(day, 0), done.get(day, 0), enrolled.get(day, 0)) for day in days]


def list_graded(session: Session, course_id: UUID, *, limit: int) -> list[Submission]:
    """What was graded or given back last."""
    query = (
        select(Submission)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(Enrolment.course_id == course_id, Submission.state != "submitted")
        .options(joinedload(Submission.enrolment))
        .order_by(Submission.graded_at.desc(), Submission.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def find_next_waiting(session: Session, course_id: UUID, after: UUID) -> UUID | None:
    """The oldest piece of work that waits beside `after`."""
    query = (
        select(Submission.id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(
            Enrolment.course_id == course_id,
            Submission.state == "submitted",
            Submission.id != after,
        )
        .order_by(Submission.submitted_at, Submission.id)
        .limit(1)
    )
    return session.scalar(query)
