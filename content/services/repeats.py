"""Taking a course again: a new enrolment in the same place; the earlier one stays as it was.

Units, work, attempts and certificates hang on the enrolment, so each time has its own, and what was
done before is history without a copy being made.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.errors import NotAllowed
from content.models.enrolment import Enrolment
from content.services.enrolments import enrol, find_enrolment, get_enrolment


def take_again(session: Session, enrolment_id: UUID, *, now: datetime) -> Enrolment:
    """Begin a course anew that was completed, in its newest version. Asked twice it begins once.
    Raises NotAllowed "not_completed", "archived"; then nothing is changed."""
    old = get_enrolment(session, enrolment_id, lock=True)
    if old.is_past:
        found = find_enrolment(session, old.course_id, old.user_id, context_key=old.context_key)
        if found is not None:
            return found
    if old.status != "completed":
        raise NotAllowed("not_completed", "Only a course that was completed is taken again.")
    if old.course.state != "published":
        raise NotAllowed(
            "archived", "“%(title)s” is archived: nobody begins it now.", title=old.course.title
        )
    old.is_past = True
    session.flush()
    made = enrol(
        session,
        old.course_id,
        old.user_id,
        source=old.source,
        now=now,
        enrolled_by=old.enrolled_by,
        context_key=old.context_key,
        launch_ref=old.launch_ref,
        entry_unit_id=old.entry_unit_id,
    ).enrolment
    made.number, made.previous_id, made.extra_days = old.number + 1, old.id, old.extra_days
    return made


def list_times(session: Session, enrolment: Enrolment) -> list[Enrolment]:
    """Every time that this person took the course in this place, the newest first."""
    query = select(Enrolment).where(
        Enrolment.course_id == enrolment.course_id,
        Enrolment.user_id == enrolment.user_id,
        Enrolment.context_key == enrolment.context_key,
    )
    return list(session.scalars(query.order_by(Enrolment.number.desc())))
