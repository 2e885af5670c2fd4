"""Rows of the ledger that concern one person at one line item, and the lock that orders them.

A line item is known by its URL within a registration only: another platform of the same tenant may
claim any URL and any subject, and must not supersede or settle anything by that.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.core.ags import Verdict
from lti_app.models.grade import Passback, PassbackTry


def lock_pair(session: Session, registration_id: UUID, line_item_url: str, subject: str) -> None:
    """Order everything about this person at this line item until the transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:pair, 0))"),
        {"pair": f"{registration_id} {line_item_url} {subject}"},
    )


def lock_row(session: Session, passback_id: UUID) -> Passback:
    """The row as it is now, locked."""
    return session.scalars(
        select(Passback)
        .where(Passback.id == passback_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


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


def has_waiting(session: Session, row: Passback) -> bool:
    """Whether a newer grade waits behind `row`."""
    others = select(Passback.id).where(
        _same(row), Passback.state == "waiting", Passback.id != row.id
    )
    return session.scalar(others.limit(1)) is not None


def find_sending(session: Session, row: Passback) -> Passback | None:
    """Another row of the same person and line item that is being sent."""
    return session.scalar(
        select(Passback).where(_same(row), Passback.state == "sending", Passback.id != row.id)
    )


def find_last_timestamp(session: Session, row: Passback) -> datetime | None:
    """The latest timestamp ever given to this person at this line item (LTI-SP-4)."""
    return session.scalar(select(func.max(Passback.timestamp)).where(_same(row)))


def list_due_beside(session: Session, row: Passback, now: datetime) -> list[UUID]:
    """Waiting rows of the same person and line item that are due at once, or nearly."""
    soon = now + ags.MERGE_PAUSE
    due = select(Passback.id).where(
        _same(row), Passback.state == "waiting", Passback.due_at <= soon
    )
    return list(session.scalars(due))


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


def was_tried(session: Session, row: Passback, attempt_id: UUID) -> bool:
    """Whether a score of this attempt has gone out before (CANVAS-25)."""
    tried = select(Passback.id).where(
        _same(row), Passback.attempt_id == attempt_id, Passback.tries > 0
    )
    return session.scalar(tried.limit(1)) is not None
