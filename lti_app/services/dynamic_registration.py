"""Links with which a platform registers us by itself: made, opened, used once, taken back.

One use of a link is two transactions with the platform's answers between them: `claim_invitation`
marks that a try is under way, `complete_registration` or `log_failure` ends it. A try that died on
its way lets the next one in after CLAIM_SECONDS.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.routing import RouteTaken
from lti_app.core.lti.registration import NewRegistration, RegistrationInvalid
from lti_app.core.lti.registration_reasons import RegistrationProblem
from lti_app.core.lti.state import digest
from lti_app.core.platforms.families import get_family
from lti_app.models.registration import Registration
from lti_app.models.registration_invitation import RegistrationInvitation, RegistrationLogEntry
from lti_app.services.registrations import register

CLAIM_SECONDS = 120
"""Longer than both calls to a platform may take."""
KEPT_ENTRIES = 50
"""Lines of the log for each link, the newest."""
ANSWER_LIMIT = 1000
"""Characters of a platform's answer that the log keeps."""


class InvitationNotFound(LookupError):
    """There is no such link in this tenant."""

    status_hint = 404


@dataclass(frozen=True)
class NewInvitation:
    """What an administrator chose for a link."""

    name: str
    platform: str = ""
    tool_name: str = "Lectern"
    privacy: str = "public"


@dataclass(frozen=True)
class Circumstances:
    """Of one try, for the log."""

    trace_id: str = ""
    configuration_url: str = ""
    """Without its query."""
    issuer: str = ""
    client_id: str = ""
    """Known as soon as the platform has answered."""


def create_invitation(
    session: Session,
    new: NewInvitation,
    *,
    token: str,
    created_by: UUID,
    now: datetime,
    lifetime: timedelta,
) -> RegistrationInvitation:
    """A link; `token` is random text that only its address holds."""
    invitation = RegistrationInvitation(
        name=new.name,
        platform=new.platform,
        tool_name=new.tool_name,
        privacy=new.privacy,
        token_digest=digest(token),
        expires_at=now + lifetime,
        created_by=created_by,
    )
    session.add(invitation)
    session.flush()
    return invitation


def find_invitation(session: Session, token: str) -> RegistrationInvitation:
    """The link with this token; raises RegistrationProblem `link_unknown`."""
    return _find(session, token, for_update=False)


def check_invitation(invitation: RegistrationInvitation, now: datetime) -> None:
    """Raise RegistrationProblem when the link leads nowhere any more."""
    if invitation.used_at is not None:
        raise RegistrationProblem("link_used", f"{invitation.used_at:%Y-%m-%d %H:%M} UTC")
    if invitation.cancelled_at is not None:
        raise RegistrationProblem("link_cancelled")
    if now >= invitation.expires_at:
        raise RegistrationProblem("link_expired", f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC")


def claim_invitation(session: Session, token: str, now: datetime) -> RegistrationInvitation:
    """Begin a try; raises RegistrationProblem, `link_busy` while another one is under way."""
    invitation = _find(session, token, for_update=True)
    check_invitation(invitation, now)
    claimed = invitation.claimed_at
    if claimed is not None and now < claimed + timedelta(seconds=CLAIM_SECONDS):
        raise RegistrationProblem("link_busy")
    invitation.claimed_at = now
    session.flush()
    return invitation


def complete_registration(
    session: Session,
    invitation_id: UUID,
    new: NewRegistration,
    circumstances: Circumstances,
    now: datetime,
) -> Registration:
    """Keep what the platform answered, and use the link up (LTI-DR-8).

    Raises RegistrationProblem when it cannot be kept; the caller then logs it, and the link stays.
    """
    invitation = get_invitation(session, invitation_id)
    known = replace(new, name=invitation.name or new.name, platform=get_family(new.platform).code)
    try:
        with session.begin_nested():
            registration = register(session, known)
    except RouteTaken:
        raise RegistrationProblem("registration_taken", f"{new.issuer} {new.client_id}") from None
    except RegistrationInvalid as error:
        raise RegistrationProblem("registration_unusable", str(error)) from None
    invitation.used_at, invitation.claimed_at = now, None
    invitation.registration_id = registration.id
    _log(session, invitation, "registered", circumstances, registration_id=registration.id)
    return registration


def log_failure(
    session: Session,
    invitation_id: UUID,
    problem: RegistrationProblem,
    circumstances: Circumstances,
    *,
    releases: bool,
) -> None:
    """Write down why a try failed; `releases`: it was the one that had claimed the link."""
    invitation = get_invitation(session, invitation_id)
    if releases:
        invitation.claimed_at = None
    entry = _log(session, invitation, "refused", circumstances)
    entry.reason, entry.detail = problem.code, problem.detail[:1000]
    entry.platform_status, entry.platform_answer = problem.status, problem.said[:ANSWER_LIMIT]
    session.flush()
    _prune(session, invitation.id)


def get_invitation(session: Session, invitation_id: UUID) -> RegistrationInvitation:
    """Raises InvitationNotFound."""
    invitation = session.get(RegistrationInvitation, invitation_id)
    if invitation is None:
        raise InvitationNotFound("There is no such registration link.")
    return invitation


def cancel_invitation(session: Session, invitation_id: UUID, now: datetime) -> None:
    """The link leads nowhere from now on; a used one stays used."""
    invitation = get_invitation(session, invitation_id)
    if invitation.used_at is None and invitation.cancelled_at is None:
        invitation.cancelled_at = now
        session.flush()


def list_invitations(session: Session, limit: int = 50) -> list[RegistrationInvitation]:
    """Links of the tenant, the newest first."""
    newest = RegistrationInvitation.id.desc()
    return list(session.scalars(select(RegistrationInvitation).order_by(newest).limit(limit)))


def list_log(session: Session, invitation_id: UUID) -> list[RegistrationLogEntry]:
    """What came of the tries with one link, the newest first."""
    return list(
        session.scalars(
            select(RegistrationLogEntry)
            .where(RegistrationLogEntry.invitation_id == invitation_id)
            .order_by(RegistrationLogEntry.id.desc())
        )
    )


def find_last_entries(session: Session, limit: int = 20) -> list[RegistrationLogEntry]:
    """The newest lines of the whole log."""
    newest = RegistrationLogEntry.id.desc()
    return list(session.scalars(select(RegistrationLogEntry).order_by(newest).limit(limit)))


def _find(session: Session, token: str, *, for_update: bool) -> RegistrationInvitation:
    query = select(RegistrationInvitation).where(
        RegistrationInvitation.token_digest == digest(token)
    )
    found = session.scalar(query.with_for_update() if for_update else query)
    if found is None:
        raise RegistrationProblem("link_unknown")
    return found


def _log(
    session: Session,
    invitation: RegistrationInvitation,
    result: str,
    circumstances: Circumstances,
    registration_id: UUID | None = None,
) -> RegistrationLogEntry:
    entry = RegistrationLogEntry(
        invitation_id=invitation.id,
        registration_id=registration_id,
        result=result,
        configuration_url=circumstances.configuration_url[:500],
        issuer=circumstances.issuer[:500],
        client_id=circumstances.client_id[:500],
        trace_id=circumstances.trace_id,
    )
    session.add(entry)
    session.flush()
    return entry


def _prune(session: Session, invitation_id: UUID) -> None:
    for old in list_log(session, invitation_id)[KEPT_ENTRIES:]:
        session.delete(old)
