"""Dates of one person in a course: their last day, and the days that they have more than others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from content.core.errors import CourseInvalid
from content.models.enrolment import Enrolment
from content.services import quiz_attempts
from content.services.enrolments import get_enrolment


def set_dates(
    session: Session, enrolment_id: UUID, *, due_at: datetime | None, extra_days: int
) -> Enrolment:
    """The day by which this person should be through (None: none), and how many days more they have
    for each unit that has a date and for the closing of its quizzes, running ones included. Raises
    CourseInvalid."""
    if not 0 <= extra_days <= 3650:
        raise CourseInvalid("extra_days", "a whole number from 0 to 3650, please")
    enrolment = get_enrolment(session, enrolment_id, lock=True)
    enrolment.due_at, enrolment.extra_days = due_at, extra_days
    session.flush()
    quiz_attempts.extend_in_course(session, enrolment_id)
    return enrolment
