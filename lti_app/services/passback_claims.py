"""Taking a row for sending: one at a time per person and line item, so many per platform.

A platform's lanes are counted in the table (rows that are being sent under a lease that still
runs), under a lock per registration. Where all are taken, those of dead workers are freed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.core.platforms.families import get_family
from lti_app.models.context import ResourceLink
from lti_app.models.grade import Passback, PassbackTry
from lti_app.models.registration import Registration
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services import grade_services, senders
from lti_app.services.passback_rows import (
    find_last_timestamp,
    find_sending,
    has_waiting,
    lock_pair,
)
from lti_app.services.platform_access import build_access

LEASE = timedelta(seconds=90)
"""How long a sender may take; longer than all its time limits together."""
MAXIMUM_FRESH = timedelta(hours=1)
"""How long a line item's maximum is believed before it is read again."""
BUSY = 1.0
"""Seconds to wait when all lanes of a platform are taken."""


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
    score: float | None
    comment: str
    timestamp: datetime
    is_repeat: bool
    is_new_attempt: bool
    is_overwriting: bool
    attempt_id: UUID | None
    submitted_at: datetime | None
    maximum: float | None
    """The line item's maximum; None: read it first."""


@dataclass(frozen=True)
class Later:
    """Not now: in so many seconds."""

    seconds: float
    is_platform: bool = False
    """Nothing goes to this platform until then, not this row alone."""


def claim(
    session: Session, passback_id: UUID, now: datetime, sender: int | None = None
) -> Claim | Later | None:
    """Take a due row for sending; None when there is nothing to do for it (any more).

    `sender` is the number that the worker holds meanwhile (services/senders.py).
    """
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
    return _begin(session, row, now, sender)


def list_next(
    session: Session,
    registration_id: UUID,
    now: datetime,
    soon: timedelta,
    tried: Collection[UUID] = (),
    limit: int = 1,
) -> list[tuple[UUID, datetime]]:
    """The rows of a platform that are due first, and when: now, or within `soon`; none of
    `tried`."""
    rows = session.execute(
        select(Passback.id, Passback.due_at)
        .where(
            Passback.registration_id == registration_id,
            Passback.state.in_(("waiting", "sending")),
            Passback.due_at <= now + soon,
            Passback.id.not_in(tried),
        )
        .order_by(Passback.due_at, Passback.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def _begin(session: Session, row: Passback, now: datetime, sender: int | None) -> Claim | Later:
    registration = session.get_one(Registration, row.registration_id)
    link = session.get_one(ResourceLink, row.resource_link_id)
    if not registration.is_active:
        row.state, row.reason = "waiting", "platform_disabled"
        row.due_at = now + timedelta(hours=1)
        if now >= row.give_up_at:
            row.state = "refused"
        return Later(3600.0)
    if (wait := _find_wait(session, row, registration, now)) is not None:
        return wait
    if row.timestamp is None or not row.is_repeat:
        row.timestamp = ags.next_timestamp(now, find_last_timestamp(session, row))
    row.state, row.due_at, row.tries = "sending", now + LEASE, row.tries + 1
    row.sender = sender
    session.add(PassbackTry(passback_id=row.id, number=row.tries, timestamp=row.timestamp))
    session.flush()
    read_at = link.score_maximum_read_at
    is_fresh = read_at is not None and now - read_at < MAXIMUM_FRESH
    return Claim(
        passback_id=row.id,
        number=row.tries,
        access=build_access(session, registration, link.deployment_id),
        family=registration.platform,
        line_item_url=row.line_item_url,
        scopes=tuple(link.ags_scopes),
        subject=row.subject,
        score=row.score,
        comment=row.comment,
        timestamp=row.timestamp,
        is_repeat=row.is_repeat,
        is_new_attempt=row.is_new_attempt,
        is_overwriting=row.is_overwriting,
        attempt_id=row.attempt_id,
        submitted_at=row.submitted_at,
        maximum=(link.score_maximum or ags.DEFAULT_MAXIMUM) if is_fresh else None,
    )


def _find_wait(
    session: Session, row: Passback, registration: Registration, now: datetime
) -> Later | None:
    """Why nothing may go to this platform now: it asked for a pause, or all its lanes are taken."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:lanes, 0))"),
        {"lanes": f"lanes {registration.id}"},
    )
    until = grade_services.find_pause(session, registration.id, now)
    if until is not None:
        return Later((until - now).total_seconds(), is_platform=True)
    lanes = get_family(registration.platform).lanes
    taken = _count_taken(session, row, now)
    if taken >= lanes:
        taken -= senders.release_dead(session, now, registration.id)
    return Later(BUSY, is_platform=True) if taken >= lanes else None


def _count_taken(session: Session, row: Passback, now: datetime) -> int:
    taken = select(func.count()).where(
        Passback.registration_id == row.registration_id,
        Passback.state == "sending",
        Passback.due_at > now,
        Passback.id != row.id,
    )
    return session.scalar(taken) or 0


def _take_over(session: Session, row: Passback) -> bool:
    """A sender died: its try may have been recorded. False when a newer grade waits anyway."""
    row.is_repeat = True
    if has_waiting(session, row):
        row.state, row.reason = "superseded", "interrupted"
        session.flush()
        return False
    return True
