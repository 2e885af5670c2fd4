"""Sending grades that are there already: again, all again, or for the first time now that their
link has a line item."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lti_app.core.grading import GradeValue, write_comment
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.context import LinkMember, ResourceLink
from lti_app.models.grade import Grade, Passback
from lti_app.models.registration import Deployment
from lti_app.services import passback, resource_links

_NO_ID = UUID(int=0)


def list_grade_ids(
    session: Session,
    registration_id: UUID,
    *,
    link_id: UUID | None = None,
    after: UUID = _NO_ID,
    limit: int = 20_000,
) -> list[UUID]:
    """Final grades of learners at a platform, or of one of its links, in the order of their ids."""
    found = _graded(registration_id, link_id).where(Grade.id > after)
    return list(session.scalars(found.order_by(Grade.id).limit(limit)))


def count_grades(session: Session, registration_id: UUID, link_id: UUID | None = None) -> int:
    """How many those are."""
    found = _graded(registration_id, link_id).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def schedule_grade(
    session: Session,
    grade_id: UUID,
    *,
    now: datetime,
    requested_by: UUID | None = None,
    is_overwriting: bool = False,
    is_forced: bool = False,
) -> Passback | None:
    """A waiting row for a grade as it is now; None where there is nothing to send. `is_forced`:
    even though the platform has had exactly this score."""
    grade = session.get(Grade, grade_id)
    member = find_graded_member(session, grade) if grade else None
    if grade is None or member is None:
        return None
    return passback.schedule(
        session,
        grade,
        member,
        resource_links.get_resource_link(session, member.resource_link_id),
        comment=comment_on(grade),
        now=now,
        requested_by=requested_by,
        is_overwriting=is_overwriting,
        is_forced=is_forced,
    )


def find_graded_member(session: Session, grade: Grade) -> LinkMember | None:
    """Whom the platform grades for it; None for teachers, test users, and the portal (PAIN-19)."""
    if grade.resource_link_id is None:
        return None
    member = resource_links.find_member(session, grade.resource_link_id, grade.user_id)
    if member is None or member.is_test_user or not LaunchRole(member.role).is_graded:
        return None
    return member


def comment_on(grade: Grade) -> str:
    """The line beside the grade in the platform's gradebook."""
    value = GradeValue(grade.is_final, grade.score, grade.completion, grade.success)
    return write_comment(grade.title, value, grade.attempt_number)


def _graded(registration_id: UUID, link_id: UUID | None) -> Select[UUID]:
    found = (
        select(Grade.id)
        .join(ResourceLink, ResourceLink.id == Grade.resource_link_id)
        .join(Deployment, Deployment.id == ResourceLink.deployment_id)
        .where(
            Deployment.registration_id == registration_id,
            Grade.is_final,
            Grade.role == LaunchRole.LEARNER.value,
        )
    )
    return found.where(ResourceLink.id == link_id) if link_id else found
