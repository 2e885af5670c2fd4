"""Workers that send, and how one that died is known before its lease is over.

A worker holds a number at PostgreSQL while it delivers (database/presence.py) and writes it into
the rows that it takes. A row whose number nobody holds any more is due again at once, with the SAME
timestamp: also when only the worker's connection was cut and the request still is under way, a
platform records it once (LTI-AGS-9).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from database import presence
from lti_app.models.grade import Passback

SPACE = 1
"""Of the numbers of senders among all that are held."""


def release_dead(session: Session, now: datetime, registration_id: UUID | None = None) -> int:
    """Let what dead workers were sending be due now, at one platform or at all; how many rows.

    The rows are read before the numbers: who wrote one into a row had held it before.
    """
    under_way = (
        Passback.state == "sending",
        Passback.due_at > now,
        Passback.sender.is_not(None),
        *(() if registration_id is None else (Passback.registration_id == registration_id,)),
    )
    seen = set(session.scalars(select(Passback.sender).where(*under_way)))
    dead = seen - presence.list_held(session, SPACE) if seen else seen
    if not dead:
        return 0
    left = select(Passback.id).where(*under_way, Passback.sender.in_(dead))
    rows = list(session.scalars(left.with_for_update(skip_locked=True)))
    session.execute(update(Passback).where(Passback.id.in_(rows)).values(due_at=now, sender=None))
    return len(rows)
