"""Links that enrol whoever follows them: with an end, with a number of uses, or without."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.errors import CourseMissing, NotAllowed
from content.models.group import CourseInvitation
from content.services.courses import get_course
from content.services.enrolments import Enrolled, check_prerequisites, enrol
from content.services.groups import add_members


def invite(
    session: Session,
    course_id: UUID,
    *,
    token: str,
    created_by: UUID | None,
    note: str = "",
    expires_at: datetime | None = None,
    max_uses: int | None = None,
    group_id: UUID | None = None,
) -> CourseInvitation:
    """A new link; `token` is 256 random bits as text, made by who asks."""
    get_course(session, course_id)
    invitation = CourseInvitation(
        course_id=course_id,
        token=token,
        note=note.strip(),
        expires_at=expires_at,
        max_uses=max_uses,
        uses=0,
        group_id=group_id,
        created_by=created_by,
    )
    session.add(invitation)
    session.flush()
    return invitation


def list_invitations(session: Session, course_id: UUID) -> list[CourseInvitation]:
    """Newest first."""
    query = select(CourseInvitation).where(CourseInvitation.course_id == course_id)
    return list(session.scalars(query.order_by(CourseInvitation.id.desc())))


def find_invitation(session: Session, token: str) -> CourseInvitation | None:
    """Of this tenant, valid or not."""
    return session.scalar(select(CourseInvitation).where(CourseInvitation.token == token))


def get_invitation(session: Session, course_id: UUID, invitation_id: UUID) -> CourseInvitation:
    """Raises CourseMissing."""
    found = session.get(CourseInvitation, invitation_id)
    if found is None or found.course_id != course_id:
        raise CourseMissing("There is no such invitation.")
    return found


def revoke(session: Session, course_id: UUID, invitation_id: UUID, *, now: datetime) -> None:
    """It lets nobody in any more."""
    invitation = get_invitation(session, course_id, invitation_id)
    invitation.revoked_at = invitation.revoked_at or now


def find_fault(invitation: CourseInvitation, now: datetime) -> str:
    """Why it does not open: "revoked", "expired", "used_up"; "" when it does."""
    if invitation.revoked_at is not None:
        return "revoked"
    if invitation.expires_at is not None and now >= invitation.expires_at:
        return "expired"
    if invitation.max_uses is not None and invitation.uses >= invitation.max_uses:
        return "used_up"
    return ""


def follow(session: Session, token: str, user_id: UUID, *, now: datetime) -> Enrolled:
    """Enrol by a link, whatever the course says about enrolling by oneself. Who is in already uses
    nothing up. Raises CourseMissing, NotAllowed with the fault or "prerequisites"."""
    query = select(CourseInvitation).where(CourseInvitation.token == token)
    invitation = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if invitation is None:
        raise CourseMissing("There is no such invitation.")
    course = get_course(session, invitation.course_id)
    fault = find_fault(invitation, now)
    if fault:
        raise NotAllowed(fault, _FAULTS[fault])
    check_prerequisites(session, course, user_id)
    enrolled = enrol(
        session,
        course.id,
        user_id,
        source="invitation",
        now=now,
        enrolled_by=invitation.created_by,
    )
    if enrolled.is_new:
        invitation.uses += 1
    if invitation.group_id is not None:
        add_members(session, invitation.group_id, [user_id])
    return enrolled


_FAULTS = {
    "revoked": "This invitation was withdrawn.",
    "expired": "This invitation has expired.",
    "used_up": "This invitation was used as often as it may be.",
}
