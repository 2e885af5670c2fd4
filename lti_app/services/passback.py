"""Sending grades: scheduled with their cause, claimed by a worker, concluded by the answer.

State of a row: waiting → sending → sent | refused | waiting again; a newer grade of the same person
at the same line item makes a waiting one superseded. Rules that hold at every moment:

- One at a time per (line item, person): an advisory lock orders scheduling and claiming, and
  unique partial indexes allow one waiting and one sending row.
- A row in "sending" holds a lease. The worker that dies between network and write leaves it to
  the sweep; it is sent again with the SAME timestamp, and a 409 then means "already recorded".
- Timestamps rise by whole seconds per (line item, person) (LTI-AGS-9, MOODLE-6).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.models.context import LinkMember, ResourceLink
from lti_app.models.grade import Grade, Passback, PassbackTry
from lti_app.models.registration import Deployment, Registration
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services import keys
from lti_app.services.passback_rows import (
    find_last,
    find_last_timestamp,
    find_sending,
    has_waiting,
    lock_pair,
)

LEASE = timedelta(seconds=90)
"""How long a sender may take; longer than all its time limits together."""
MAXIMUM_FRESH = timedelta(hours=1)
"""How long a line item's maximum is believed before it is read again."""
SWEEP_LIMIT = 500


@dataclass(frozen=True)
class Claim:
    """One try, as a worker needs it outside the transaction."""

    passback_id: UUID
    number: int
    access: PlatformAccess
    family: str
    line_item_url: str
    scopes: tuple[str, ...]
    subject: str
    score: float
    comment: str
    timestamp: datetime
    is_repeat: bool
    maximum: float | None
    """The line item's maximum; None: read it first."""


@dataclass(frozen=True)
class Later:
    """Not now: in so many seconds."""

    seconds: float


def schedule(
    session: Session,
    grade: Grade,
    member: LinkMember,
    link: ResourceLink,
    *,
    comment: str,
    now: datetime,
    requested_by: UUID | None = None,
) -> Passback | None:
    """A waiting row for the grade's present score; None when the platform has, awaits or has
    refused it.

    `requested_by` is the person who pressed "send again": then it is sent even when unchanged.
    """
    if link.line_item_url is None or grade.score is None or not grade.is_final:
        return None
    registration_id = session.scalars(
        select(Deployment.registration_id).where(Deployment.id == link.deployment_id)
    ).one()
    lock_pair(session, registration_id, link.line_item_url, member.subject)
    last = find_last(session, registration_id, link.line_item_url, member.subject)
    if requested_by is None and last is not None and _is_settled(last, grade.score):
        return None
    session.execute(
        update(Passback)
        .where(
            Passback.registration_id == registration_id,
            Passback.line_item_url == link.line_item_url,
            Passback.subject == member.subject,
            Passback.state == "waiting",
        )
        .values(state="superseded", reason="superseded")
    )
    merged = last.sent_at + ags.MERGE_PAUSE if last and last.sent_at else now
    row = Passback(
        grade_id=grade.id,
        registration_id=registration_id,
        resource_link_id=link.id,
        line_item_url=link.line_item_url,
        subject=member.subject,
        score=grade.score,
        comment=comment,
        due_at=max(now, merged),
        give_up_at=now + ags.RETRY_FOR,
        requested_by=requested_by,
    )
    session.add(row)
    session.flush()
    return row


def claim(session: Session, passback_id: UUID, now: datetime) -> Claim | Later | None:
    """Take a due row for sending; None when there is nothing to do for it (any more)."""
    known = session.get(Passback, passback_id)
    if known is None:
        return None
    lock_pair(session, known.registration_id, known.line_item_url, known.subject)
    row = session.scalar(
        select(Passback)
        .where(Passback.id == passback_id, Passback.state.in_(("waiting", "sending")))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    if row.due_at > now:
        return Later((row.due_at - now).total_seconds()) if row.state == "waiting" else None
    if row.state == "sending" and not _take_over(session, row):
        return None
    if row.state == "waiting" and (other := find_sending(session, row)) is not None:
        if other.due_at > now:
            return None  # its conclusion asks for this one
        other.state, other.reason = "superseded", "interrupted"
        session.flush()
    return _begin(session, row, now)


def list_due(session: Session, now: datetime, limit: int = SWEEP_LIMIT) -> list[UUID]:
    """Rows that wait and are due, and those whose sender is taken for dead; oldest first."""
    return list(
        session.scalars(
            select(Passback.id)
            .where(Passback.state.in_(("waiting", "sending")), Passback.due_at <= now)
            .order_by(Passback.due_at)
            .limit(limit)
        )
    )


def _is_settled(last: Passback, score: float) -> bool:
    """The platform has, awaits or has refused exactly this score; asking again and again would
    only make a storm of refusals (PAIN-19). One that could not be delivered is tried anew."""
    return last.reason != "gave_up" and abs(last.score - score) < 1e-6


def _begin(session: Session, row: Passback, now: datetime) -> Claim | Later:
    registration = session.get_one(Registration, row.registration_id)
    link = session.get_one(ResourceLink, row.resource_link_id)
    if not registration.is_active:
        row.state, row.reason = "waiting", "platform_disabled"
        row.due_at = now + timedelta(hours=1)
        if now >= row.give_up_at:
            row.state = "refused"
        return Later(3600.0)
    if row.timestamp is None or not row.is_repeat:
        row.timestamp = ags.next_timestamp(now, find_last_timestamp(session, row))
    row.state, row.due_at, row.tries = "sending", now + LEASE, row.tries + 1
    session.add(PassbackTry(passback_id=row.id, number=row.tries, timestamp=row.timestamp))
    session.flush()
    read_at = link.score_maximum_read_at
    is_fresh = read_at is not None and now - read_at < MAXIMUM_FRESH
    return Claim(
        passback_id=row.id,
        number=row.tries,
        access=_build_access(session, registration),
        family=registration.platform,
        line_item_url=row.line_item_url,
        scopes=tuple(link.ags_scopes),
        subject=row.subject,
        score=row.score,
        comment=row.comment,
        timestamp=row.timestamp,
        is_repeat=row.is_repeat,
        maximum=(link.score_maximum or ags.DEFAULT_MAXIMUM) if is_fresh else None,
    )


def _build_access(session: Session, registration: Registration) -> PlatformAccess:
    key = keys.ensure_current_key(session)
    return PlatformAccess(
        registration_id=registration.id,
        issuer=registration.issuer,
        client_id=registration.client_id,
        token_url=registration.token_url,
        token_audience=registration.token_audience or registration.token_url,
        kid=key.kid,
        private_pem=key.private_pem,
    )


def _take_over(session: Session, row: Passback) -> bool:
    """A sender died: its try may have been recorded. False when a newer grade waits anyway."""
    row.is_repeat = True
    if has_waiting(session, row):
        row.state, row.reason = "superseded", "interrupted"
        session.flush()
        return False
    return True
