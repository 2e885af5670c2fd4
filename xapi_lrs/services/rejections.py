"""The log of refused requests: why did my statement not arrive?

The newest of each store are kept, up to a number; a page lists them with `list_rejections`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from database.base import uuid7
from xapi_lrs.core.permit import Permit
from xapi_lrs.models.rejection import Rejection
from xapi_lrs.models.store import Store

HEADERS = (
    *("X-Experience-API-Version", "Content-Type", "Content-Encoding", "Transfer-Encoding"),
    *("If-Match", "If-None-Match", "Accept", "Accept-Language", "Origin", "User-Agent"),
)
"""Those that are kept: they decide what a request means. Never Authorization."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused request, already without secrets and cut to size."""

    method: str
    path: str
    query: str
    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    details: Sequence[Mapping[str, Any]] = ()
    body: str = ""
    body_bytes: int | None = None
    unrecorded: int = 0


def record_rejection(
    session: Session, permit: Permit, refusal: Refusal, *, now: datetime, keep: int
) -> None:
    """Write it down in the store of `permit`, and let go of all but the newest `keep`."""
    session.execute(
        insert(Rejection).values(
            id=uuid7(),
            created_at=now,
            store_id=permit.store_id,
            credential_id=permit.id,
            credential_name=permit.name,
            method=refusal.method,
            path=refusal.path,
            query=refusal.query,
            headers=dict(refusal.headers),
            status=refusal.status,
            code=refusal.code,
            message=refusal.message,
            details=[dict(one) for one in refusal.details],
            body=refusal.body,
            body_bytes=refusal.body_bytes,
            unrecorded=refusal.unrecorded,
        )
    )
    own = Rejection.store_id == permit.store_id
    oldest_kept = (
        select(Rejection.id).where(own).order_by(Rejection.id.desc()).offset(keep - 1).limit(1)
    )
    session.execute(delete(Rejection).where(own, Rejection.id < oldest_kept.scalar_subquery()))


def list_rejections(
    session: Session,
    store: Store,
    *,
    limit: int = 50,
    before: UUID | None = None,
    credential_id: UUID | None = None,
    status: int | None = None,
) -> list[Rejection]:
    """Newest first. before: the id of the last one of the page above, for the next page."""
    found = select(Rejection).where(Rejection.store_id == store.id)
    if before is not None:
        found = found.where(Rejection.id < before)
    if credential_id is not None:
        found = found.where(Rejection.credential_id == credential_id)
    if status is not None:
        found = found.where(Rejection.status == status)
    return list(session.scalars(found.order_by(Rejection.id.desc()).limit(limit)))


def find_rejection(session: Session, rejection_id: UUID) -> Rejection | None:
    return session.get(Rejection, rejection_id)


def clear_rejections(session: Session, store: Store) -> None:
    """Somebody has read them all."""
    session.execute(delete(Rejection).where(Rejection.store_id == store.id))
