"""Rosters of courses: read page by page, kept, and shown beside who has begun and finished."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.base import uuid7
from lti_app.core.lti.roles import LaunchRole
from lti_app.core.rosters import Member
from lti_app.models.context import Context, ResourceLink
from lti_app.models.grade import Grade
from lti_app.models.registration import Deployment, Registration
from lti_app.models.roster import RosterMember
from lti_app.models.user import LtiIdentity, User
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services.identities import pseudonym
from lti_app.services.platform_access import build_access


class ContextNotFound(LookupError):
    """There is no such course in this tenant."""

    status_hint = 404


@dataclass(frozen=True)
class RosterToRead:
    """A course, as a worker needs it outside the transaction."""

    access: PlatformAccess
    family: str
    memberships_url: str
    differences_url: str | None


@dataclass(frozen=True)
class RosterEntry:
    """One person of a course, and where they stand in one link."""

    member: RosterMember
    name: str
    """A pseudonym where the platform keeps names to itself."""
    user: User | None
    grade: Grade | None

    @property
    def standing(self) -> str:
        """ "none" (has not begun), "begun" or "finished"."""
        if self.grade is None:
            return "none"
        return "finished" if self.grade.is_final else "begun"


def get_context(session: Session, context_id: UUID) -> Context:
    """Raises ContextNotFound."""
    context = session.get(Context, context_id)
    if context is None:
        raise ContextNotFound("There is no such course.")
    return context


def get_registration(session: Session, context: Context) -> Registration:
    """The platform of a course."""
    deployment = session.get_one(Deployment, context.deployment_id)
    return session.get_one(Registration, deployment.registration_id)


def find_roster(session: Session, context_id: UUID) -> RosterToRead | None:
    """How to read a course's roster; None where the platform has not told where it is."""
    context = get_context(session, context_id)
    if context.memberships_url is None:
        return None
    registration = get_registration(session, context)
    return RosterToRead(
        access=build_access(session, registration, context.deployment_id),
        family=registration.platform,
        memberships_url=context.memberships_url,
        differences_url=context.roster_differences_url,
    )


def record_members(
    session: Session, context_id: UUID, members: Sequence[Member], *, job_id: UUID, now: datetime
) -> None:
    """Write down one page: whoever is known is brought up to date, the same person once."""
    unique = {member.subject: member for member in members}
    if not unique:
        return
    issuer = get_registration(session, get_context(session, context_id)).issuer
    users = dict(
        session.execute(
            select(LtiIdentity.subject, LtiIdentity.user_id).where(
                LtiIdentity.issuer == issuer, LtiIdentity.subject.in_(unique)
            )
        ).all()
    )
    rows = [
        {
            "id": uuid7(),
            "context_id": context_id,
            "subject": one.subject,
            "user_id": users.get(one.subject),
            "name": one.name,
            "sort_name": one.sort_name,
            "email": one.email,
            "roles": list(one.roles),
            "role": one.role.value,
            "is_test_user": one.is_test_user,
            "status": one.status,
            "read_by": job_id,
            "seen_at": now,
        }
        for one in unique.values()
    ]
    made = insert(RosterMember).values(rows)
    changed = {
        name: made.excluded[name] for name in rows[0] if name not in ("id", "context_id", "subject")
    }
    session.execute(
        made.on_conflict_do_update(index_elements=["context_id", "subject"], set_=changed)
    )


def finish_reading(
    session: Session,
    context_id: UUID,
    *,
    job_id: UUID,
    is_whole: bool,
    differences_url: str | None,
    now: datetime,
) -> int:
    """The last page is in: who was not in a whole list has left; how many have."""
    context = get_context(session, context_id)
    context.roster_read_at, context.roster_differences_url = now, differences_url
    if not is_whole:
        return 0
    gone = session.scalars(
        update(RosterMember)
        .where(
            RosterMember.context_id == context_id,
            RosterMember.read_by != job_id,
            RosterMember.status != "Deleted",
        )
        .values(status="Deleted")
        .returning(RosterMember.id)
    )
    return len(gone.all())


def list_entries(
    session: Session,
    context: Context,
    link_id: UUID | None,
    *,
    standing: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[RosterEntry]:
    """Learners of a course by name, with their grade in one link; `standing` is one of "none",
    "begun", "finished" or None for all."""
    rows = session.execute(
        _learners(context, link_id, standing)
        .order_by(func.lower(RosterMember.sort_name), RosterMember.subject)
        .limit(limit)
        .offset(offset)
    )
    issuer = get_registration(session, context).issuer
    return [
        RosterEntry(
            member,
            member.name or (user.display_name if user else "") or pseudonym(issuer, member.subject),
            user,
            grade,
        )
        for member, user, grade in rows
    ]


def count_standings(session: Session, context: Context, link_id: UUID | None) -> dict[str, int]:
    """How many learners have not begun, have begun, have finished."""
    return {
        standing: session.scalar(
            select(func.count()).select_from(_learners(context, link_id, standing).subquery())
        )
        or 0
        for standing in ("none", "begun", "finished")
    }


def list_links(session: Session, context_id: UUID) -> list[ResourceLink]:
    """What a course has of ours."""
    found = select(ResourceLink).where(ResourceLink.context_id == context_id)
    return list(session.scalars(found.order_by(ResourceLink.title, ResourceLink.id)))


def list_named_links(session: Session, ids: Sequence[str]) -> list[ResourceLink]:
    """These links, as far as they are there."""
    return list(session.scalars(select(ResourceLink).where(ResourceLink.id.in_(ids))))


def list_contexts(session: Session, registration_id: UUID) -> list[Context]:
    """Courses of a platform, newest first."""
    found = (
        select(Context)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(Deployment.registration_id == registration_id)
    )
    return list(session.scalars(found.order_by(Context.id.desc()).limit(200)))


def count_members(session: Session, context_id: UUID) -> int:
    """Everybody who is in the course now."""
    found = select(func.count()).where(
        RosterMember.context_id == context_id, RosterMember.status != "Deleted"
    )
    return session.scalar(found) or 0


def _learners(
    context: Context, link_id: UUID | None, standing: str | None
) -> Select[RosterMember, User, Grade]:
    found = (
        select(RosterMember, User, Grade)
        .outerjoin(User, User.id == RosterMember.user_id)
        .outerjoin(
            Grade, (Grade.user_id == RosterMember.user_id) & (Grade.resource_link_id == link_id)
        )
        .where(
            RosterMember.context_id == context.id,
            RosterMember.status != "Deleted",
            RosterMember.role == LaunchRole.LEARNER.value,
            RosterMember.is_test_user.is_(False),
        )
    )
    if standing == "none":
        return found.where(Grade.id.is_(None))
    if standing == "begun":
        return found.where(Grade.is_final.is_(False))
    return found.where(Grade.is_final) if standing == "finished" else found
