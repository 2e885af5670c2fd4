"""What follows when somebody comes into a course: they are told."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from content.models.course import Course
from content.models.enrolment import Enrolment
from content.services import enrolments
from content.services.enrolments import Enrolled
from lti_app.services import notifications


def welcome(session: Session, enrolled: Enrolled, now: datetime) -> None:
    """Tell somebody who is in now; who asked hears when they are let in."""
    enrolment = enrolled.enrolment
    if not enrolled.is_new or enrolment.status == "requested" or enrolment.source == "lti":
        return
    tell_enrolled(session, enrolment, enrolment.course, now)


def enrol_people(
    session: Session,
    course: Course,
    user_ids: Iterable[UUID],
    *,
    source: str,
    by: UUID | None,
    now: datetime,
) -> list[Enrolment]:
    """Enrol all of them and tell those who were not in already."""
    made = enrolments.enrol_many(
        session, course.id, user_ids, source=source, now=now, enrolled_by=by
    )
    for enrolment in made:
        tell_enrolled(session, enrolment, course, now)
    return made


def accept_request(session: Session, enrolment_id: UUID, *, by: UUID, now: datetime) -> bool:
    """Let somebody in who asked, and tell them."""
    if not enrolments.accept_request(session, enrolment_id, by=by, now=now):
        return False
    enrolment = enrolments.get_enrolment(session, enrolment_id)
    tell_enrolled(session, enrolment, enrolment.course, now)
    return True


def tell_enrolled(session: Session, enrolment: Enrolment, course: Course, now: datetime) -> None:
    """On the portal and by mail, as they have chosen."""
    notifications.notify(
        session,
        enrolment.user_id,
        "enrolled",
        {"course": course.title},
        now,
        path=f"/courses/{course.key}",
    )
