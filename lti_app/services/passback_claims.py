"""Taking rows for sending: one at a time per person and line item, so many per platform.

A platform's lanes are counted in the table (rows that are being sent under a lease that still
runs), under a lock per registration. Where all are taken, those of dead workers are freed.

Several rows are taken in one transaction, never more than there are lanes: each leaves at once, so
that a row in "sending" is a request under way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from database.base import uuid7
from lti_app.core import ags
from lti_app.core.platforms.families import get_family
from lti_app.models.context import ResourceLink
from lti_app.models.grade import Passback, PassbackTry
from lti_app.models.grade_service import GradeService
from lti_app.models.registration import Registration
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services import senders
from lti_app.services.passback_rows import (
    find_last_timestamps,
    list_open,
    lock_pair,
    pair_of,
    try_lock_pairs,
)
from lti_app.services.platform_access import build_access

LEASE = timedelta(seconds=90)
"""How long a sender may take; longer than all its time limits together."""
MAXIMUM_FRESH = timedelta(hours=1)
"""How long a line item's maximum is believed before it is read again."""
BUSY = 1.0
"""Seconds to wait when all lanes of a platform are taken."""
OPEN = ("waiting", "sending")


@dataclass(frozen=True)
class Claim:
    """One try, as a worker needs it outside the transaction."""

    passback_id: UUID
    try_id: UUID
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


@dataclass(frozen=True)
class Taken:
    """What may be sent now."""

    claims: tuple[Claim, ...] = ()
    passed_over: tuple[UUID, ...] = ()
    """Rows that are due, but have nothing to send just now: somebody else sees to them."""
    later: Later | None = None
    """The platform is to be left alone."""


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
        .where(Passback.id == passback_id, Passback.state.in_(OPEN))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    if row.due_at > now:
        return Later((row.due_at - now).total_seconds()) if row.state == "waiting" else None
    registration = session.get_one(Registration, row.registration_id)
    if not registration.is_active:
        return _put_off([row], now)
    room = _find_room(session, registration, now)
    if isinstance(room, Later):
        return room
    claims = _begin(session, registration, _choose(session, [row], now), now, sender)
    return claims[0] if claims else None


def claim_next(
    session: Session,
    registration_id: UUID,
    now: datetime,
    sender: int | None = None,
    tried: Collection[UUID] = (),
) -> Taken:
    """Take as many of a platform's due rows as it has free lanes, the longest due first; none of
    `tried`. Waits for nobody who orders one of the rows: it is passed over."""
    registration = session.get_one(Registration, registration_id)
    room = _find_room(session, registration, now)
    if isinstance(room, Later):
        return Taken(later=room)
    rows = session.scalars(
        select(Passback)
        .where(
            Passback.registration_id == registration_id,
            Passback.state.in_(OPEN),
            Passback.due_at <= now,
            Passback.id.not_in(tried),
        )
        .order_by(Passback.due_at)
        .limit(room)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return Taken()
    if not registration.is_active:
        _put_off(rows, now)
        return Taken(passed_over=tuple(row.id for row in rows))
    locked = try_lock_pairs(session, registration_id, {pair_of(row) for row in rows})
    chosen = _choose(session, [row for row in rows if pair_of(row) in locked], now)
    claims = _begin(session, registration, chosen, now, sender)
    taken = {one.passback_id for one in claims}
    return Taken(tuple(claims), tuple(row.id for row in rows if row.id not in taken))


def find_next_due(
    session: Session,
    registration_id: UUID,
    now: datetime,
    soon: timedelta,
    tried: Collection[UUID] = (),
) -> datetime | None:
    """When the next row of a platform is due: now, or within `soon`; none of `tried`."""
    return session.scalar(
        select(Passback.due_at)
        .where(
            Passback.registration_id == registration_id,
            Passback.state.in_(OPEN),
            Passback.due_at <= now + soon,
            Passback.id.not_in(tried),
        )
        .order_by(Passback.due_at)
        .limit(1)
    )


def _put_off(rows: Collection[Passback], now: datetime) -> Later:
    """Of a platform that is switched off: somebody may switch it on again."""
    for row in rows:
        row.state, row.reason = "waiting", "platform_disabled"
        row.due_at = now + timedelta(hours=1)
        if now >= row.give_up_at:
            row.state = "refused"
    return Later(3600.0)


def _find_room(session: Session, registration: Registration, now: datetime) -> int | Later:
    """How many requests may go to this platform now; Later: it asked for a pause, or all its lanes
    are taken."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:lanes, 0))"),
        {"lanes": f"lanes {registration.id}"},
    )
    until, taken = _find_pace(session, registration.id, now)
    if until is not None and until > now:
        return Later((until - now).total_seconds(), is_platform=True)
    lanes = get_family(registration.platform).lanes
    if taken >= lanes:
        taken -= senders.release_dead(session, now, registration.id)
    return lanes - taken if taken < lanes else Later(BUSY, is_platform=True)


def _find_pace(
    session: Session, registration_id: UUID, now: datetime
) -> tuple[datetime | None, int]:
    """Until when the platform asked us to pause, and how many requests are under way."""
    paused = select(GradeService.paused_until).where(
        GradeService.registration_id == registration_id
    )
    taken = select(func.count()).where(
        Passback.registration_id == registration_id,
        Passback.state == "sending",
        Passback.due_at > now,
    )
    row = session.execute(select(paused.scalar_subquery(), taken.scalar_subquery())).one()
    return row[0], row[1]


def _choose(session: Session, rows: list[Passback], now: datetime) -> list[Passback]:
    """Of due rows whose pairs are locked, those to send. Of a sender that died its try may have
    been recorded: it is repeated, or gives way to a newer grade."""
    if not rows:
        return []
    beside = list_open(session, rows[0].registration_id, {pair_of(row) for row in rows})
    chosen = []
    for row in rows:
        others = [one for one in beside[pair_of(row)] if one.id != row.id]
        if row.state == "sending":
            row.is_repeat = True
            if any(one.state == "waiting" for one in others):
                row.state, row.reason = "superseded", "interrupted"
        for other in others:
            if row.state == "waiting" and other.state == "sending" and other.due_at <= now:
                other.state, other.reason = "superseded", "interrupted"
        is_sent = any(one.state == "sending" for one in others)  # its conclusion asks for this one
        if row.state in OPEN and not is_sent:
            chosen.append(row)
    session.flush()  # one of a pair may be "sending", and what is superseded no longer is
    return chosen


def _begin(
    session: Session,
    registration: Registration,
    rows: list[Passback],
    now: datetime,
    sender: int | None,
) -> list[Claim]:
    if not rows:
        return []
    last = find_last_timestamps(session, registration.id, {pair_of(row) for row in rows})
    try_ids = [uuid7() for _ in rows]
    for row in rows:
        if row.timestamp is None or not row.is_repeat:
            row.timestamp = ags.next_timestamp(now, last.get(pair_of(row)))
        row.state, row.due_at, row.tries = "sending", now + LEASE, row.tries + 1
        row.sender = sender
    session.flush()
    session.execute(
        insert(PassbackTry),
        [
            {"id": id_, "passback_id": row.id, "number": row.tries, "timestamp": row.timestamp}
            for id_, row in zip(try_ids, rows, strict=True)
        ],
    )
    ids = {row.resource_link_id for row in rows}
    found = session.scalars(select(ResourceLink).where(ResourceLink.id.in_(ids)))
    links = {link.id: link for link in found}
    accesses = {
        deployment: build_access(session, registration, deployment)
        for deployment in {link.deployment_id for link in links.values()}
    }
    return [
        _describe(row, id_, links[row.resource_link_id], accesses, registration, now)
        for id_, row in zip(try_ids, rows, strict=True)
    ]


def _describe(
    row: Passback,
    try_id: UUID,
    link: ResourceLink,
    accesses: dict[UUID, PlatformAccess],
    registration: Registration,
    now: datetime,
) -> Claim:
    assert row.timestamp is not None  # noqa: S101  given a moment ago
    read_at = link.score_maximum_read_at
    is_fresh = read_at is not None and now - read_at < MAXIMUM_FRESH
    return Claim(
        passback_id=row.id,
        try_id=try_id,
        number=row.tries,
        access=accesses[link.deployment_id],
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
