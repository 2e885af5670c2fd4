"""Grades: one current value per person and place, every change kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import uuid7
from lti_app.core.grading import Gradable, GradedAttempt, GradeValue, replaces
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.grade import Grade, Passback
from lti_app.services import grade_counting, resource_links, sendings
from lti_app.services.grade_rows import enter_grade, store_grade


class GradeNotFound(LookupError):
    """There is no such grade in this tenant."""

    status_hint = 404


class NotSendable(ValueError):
    """The grade cannot be sent; the message says why."""

    status_hint = 409


def record_grade(
    session: Session, gradable: Gradable, *, role: LaunchRole
) -> tuple[Grade, GradeValue, bool]:
    """Bring the current grade up to date; the third value says whether it changed. The grade
    belongs to no session."""
    entered = enter_grade(session, gradable)
    if entered.grade is None:
        grade = Grade(
            id=uuid7(),
            user_id=gradable.user_id,
            resource_link_id=resource_links.read_context_key(gradable.context_key),
            context_key=gradable.context_key,
        )
        made = _grade(grade, gradable, grade_counting.count(gradable, entered), role)
        if store_grade(session, grade, gradable, is_new=True):
            return grade, made, True
        entered = enter_grade(session, gradable)  # another attempt's first outcome came between
    assert entered.grade is not None  # noqa: S101  somebody has made it
    grade, counted = entered.grade, grade_counting.count(gradable, entered)
    old = GradeValue(grade.is_final, grade.score, grade.completion, grade.success)
    is_pending = _is_pending(gradable, counted)
    if not replaces(counted.value, old) and grade.is_pending_manual == is_pending:
        return grade, old, False
    if old.is_final and not counted.value.is_final:
        return grade, old, False
    made = _grade(grade, gradable, counted, role)
    store_grade(session, grade, gradable, is_new=False)
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


def _grade(
    grade: Grade, gradable: Gradable, counted: GradedAttempt, role: LaunchRole
) -> GradeValue:
    """Let the grade say what counts."""
    made = counted.value
    grade.item_type, grade.item_id = gradable.item_type, gradable.item_id
    grade.title = gradable.title
    grade.attempt_id, grade.attempt_number = counted.id, counted.number
    grade.role, grade.is_pending_manual = role.value, _is_pending(gradable, counted)
    grade.is_final, grade.score = made.is_final, made.score
    grade.completion, grade.success = made.completion, made.success
    grade.graded_at = gradable.occurred_at
    return made


def _is_pending(gradable: Gradable, counted: GradedAttempt) -> bool:
    return gradable.is_pending_manual and not counted.value.is_final
