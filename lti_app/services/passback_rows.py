"""Rows of the ledger that concern one person at one line item, and the lock that orders them.

A line item is known by its URL within a registration only: another platform of the same tenant may
claim any URL and any subject, and must not supersede or settle anything by that.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, text, tuple_
from sqlalchemy.orm import Session

from lti_app.core.ags import Verdict
from lti_app.models.grade import Passback, PassbackTry

Pair = tuple[str, str]
"""Line item URL and subject: a person at a line item of one registration."""

_TRY_LOCKS = text(
    "SELECT place, pg_try_advisory_xact_lock(hashtextextended(pair, 0)) "
    "FROM unnest(CAST(:pairs AS text[])) WITH ORDINALITY AS wanted (pair, place)"
)


def pair_of(row: Passback) -> Pair:
    """Whose score at which line item."""
    return row.line_item_url, row.subject


def lock_pair(session: Session, registration_id: UUID, line_item_url: str, subject: str) -> None:
    """Order everything about this person at this line item until the transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:pair, 0))"),
        {"pair": f"{registration_id} {line_item_url} {subject}"},
    )


def lock_rows(session: Session, ids: Collection[UUID]) -> dict[UUID, Passback]:
    """The rows as they are now, locked."""
    rows = session.scalars(
        select(Passback)
        .where(Passback.id.in_(ids))
        .order_by(Passback.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def try_lock_pairs(session: Session, registration_id: UUID, pairs: Collection[Pair]) -> set[Pair]:
    """As `lock_pair` for those that nobody else orders now, without waiting: whoever waited for one
    while he holds others could wait for ever."""
    wanted = list(pairs)
    names = [f"{registration_id} {url} {subject}" for url, subject in wanted]
    answers = session.execute(_TRY_LOCKS, {"pairs": names})
    return {wanted[place - 1] for place, is_locked in answers if is_locked}


def find_last(
    session: Session, registration_id: UUID, line_item_url: str, subject: str
) -> Passback | None:
    """The newest sending that was not superseded."""
    return session.scalar(
        select(Passback)
        .where(
            Passback.registration_id == registration_id,
            Passback.line_item_url == line_item_url,
            Passback.subject == subject,
            Passback.state != "superseded",
        )
        .order_by(Passback.id.desc())
        .limit(1)
    )


def list_open(
    session: Session, registration_id: UUID, pairs: Collection[Pair]
) -> dict[Pair, list[Passback]]:
    """What waits or is being sent, by person and line item: one of each at most."""
    rows = session.scalars(
        select(Passback).where(
            *_among(registration_id, pairs), Passback.state.in_(("waiting", "sending"))
        )
    )
    found: dict[Pair, list[Passback]] = {pair: [] for pair in pairs}
    for row in rows:
        found[pair_of(row)].append(row)
    return found


def find_last_timestamps(
    session: Session, registration_id: UUID, pairs: Collection[Pair]
) -> dict[Pair, datetime | None]:
    """The latest timestamp ever given to each person at each line item (LTI-SP-4)."""
    rows = session.execute(
        select(Passback.line_item_url, Passback.subject, func.max(Passback.timestamp))
        .where(*_among(registration_id, pairs))
        .group_by(Passback.line_item_url, Passback.subject)
    )
    return {(url, subject): latest for url, subject, latest in rows}


def count_conflicts(session: Session, row: Passback) -> int:
    """How many tries of `row` were answered with "I hold a newer score"."""
    tries = select(func.count()).where(
        PassbackTry.passback_id == row.id, PassbackTry.verdict == Verdict.CONFLICT.value
    )
    return session.scalar(tries) or 0


def _same(row: Passback) -> ColumnElement[bool]:
    return and_(
        Passback.registration_id == row.registration_id,
        Passback.line_item_url == row.line_item_url,
        Passback.subject == row.subject,
    )


def _among(registration_id: UUID, pairs: Collection[Pair]) -> tuple[ColumnElement[bool], ...]:
    place = tuple_(Passback.line_item_url, Passback.subject)
    return Passback.registration_id == registration_id, place.in_(list(pairs))


def was_tried(session: Session, row: Passback, attempt_id: UUID) -> bool:
    """Whether a score of this attempt has gone out before (CANVAS-25)."""
    tried = select(Passback.id).where(
        _same(row), Passback.attempt_id == attempt_id, Passback.tries > 0
    )
    return session.scalar(tried.limit(1)) is not None
