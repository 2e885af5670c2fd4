"""Grades: one current value per person and place, every change kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_app.core.grading import Gradable, GradeValue, replaces
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.grade import Grade, GradeChange, Passback
from lti_app.services import grade_counting, resource_links, sendings


class GradeNotFound(LookupError):
    """There is no such grade in this tenant."""

    status_hint = 404


class NotSendable(ValueError):
    """The grade cannot be sent; the message says why."""

    status_hint = 409


def record_grade(
    session: Session, gradable: Gradable, *, role: LaunchRole
) -> tuple[Grade, GradeValue, bool]:
    """Bring the current grade up to date; the third value says whether it changed."""
    grade, is_new = _lock_grade(session, gradable, role)
    counted = grade_counting.count(session, gradable)
    made, is_pending = counted.value, gradable.is_pending_manual and not counted.value.is_final
    old = GradeValue(grade.is_final, grade.score, grade.completion, grade.success)
    if not is_new and not replaces(made, old) and grade.is_pending_manual == is_pending:
        return grade, old, False
    if not is_new and old.is_final and not made.is_final:
        return grade, old, False
    grade.item_type, grade.item_id, grade.title = (
        gradable.item_type,
        gradable.item_id,
        gradable.title,
    )
    grade.attempt_id, grade.attempt_number = counted.id, counted.number
    grade.role, grade.is_pending_manual = role.value, is_pending
    grade.is_final, grade.score = made.is_final, made.score
    grade.completion, grade.success = made.completion, made.success
    grade.graded_at = gradable.occurred_at
    session.add(
        GradeChange(
            grade_id=grade.id,
            attempt_id=gradable.attempt_id,
            revision=gradable.revision,
            is_final=made.is_final,
            score=made.score,
            completion=made.completion,
            success=made.success,
        )
    )
    session.flush()
    return grade, made, True


def send_again(
    session: Session,
    grade_id: UUID,
    *,
    requested_by: UUID,
    now: datetime,
    is_overwriting: bool = False,
) -> Passback:
    """Send the present grade once more, changed or not; raises GradeNotFound or NotSendable.

    A waiting row gives way to the new one. The caller enqueues it after the commit.
    `is_overwriting`: above a grade that somebody gave at the platform.
    """
    grade = get_grade(session, grade_id)
    member = sendings.find_graded_member(session, grade)
    if member is None:
        raise NotSendable("Only a learner's grade is sent to the platform.")
    row = sendings.schedule_grade(
        session, grade_id, now=now, requested_by=requested_by, is_overwriting=is_overwriting
    )
    if row is None:
        link = resource_links.get_resource_link(session, member.resource_link_id)
        what = "The platform keeps no grade for this activity." if not link.line_item_url else ""
        raise NotSendable(what or "There is no final grade yet.")
    return row


def get_grade(session: Session, grade_id: UUID) -> Grade:
    """Raises GradeNotFound."""
    grade = session.get(Grade, grade_id)
    if grade is None:
        raise GradeNotFound("There is no such grade.")
    return grade


def find_link_grade(session: Session, resource_link_id: UUID, user_id: UUID) -> Grade | None:
    """A person's current grade for a resource link."""
    return session.scalar(
        select(Grade).where(Grade.resource_link_id == resource_link_id, Grade.user_id == user_id)
    )


def find_newest_passback(session: Session, grade_id: UUID) -> Passback | None:
    """The newest sending of a grade that was not replaced by a newer grade."""
    return session.scalar(
        select(Passback)
        .where(Passback.grade_id == grade_id, Passback.state != "superseded")
        .order_by(Passback.id.desc())
        .limit(1)
    )


def _lock_grade(session: Session, gradable: Gradable, role: LaunchRole) -> tuple[Grade, bool]:
    """The row of this person and place, locked; made when there is none (second value True)."""
    link_id = resource_links.read_context_key(gradable.context_key)
    place: tuple[ColumnElement[bool], ...] = (Grade.resource_link_id == link_id,)
    if link_id is None:
        place = (
            Grade.resource_link_id.is_(None),
            Grade.context_key == gradable.context_key,
            Grade.item_type == gradable.item_type,
            Grade.item_id == gradable.item_id,
        )
    query = select(Grade).where(Grade.user_id == gradable.user_id, *place).with_for_update()
    found = session.scalar(query)
    if found is not None:
        return found, False
    made = gradable.value
    grade = Grade(
        user_id=gradable.user_id,
        resource_link_id=link_id,
        context_key=gradable.context_key,
        item_type=gradable.item_type,
        item_id=gradable.item_id,
        attempt_id=gradable.attempt_id,
        attempt_number=gradable.attempt_number,
        role=role.value,
        is_final=made.is_final,
        score=made.score,
        completion=made.completion,
        success=made.success,
        graded_at=gradable.occurred_at,
    )
    try:
        with session.begin_nested():
            session.add(grade)
    except IntegrityError:  # another attempt's first outcome at the same moment
        return session.scalars(query).one(), False
    return grade, True
