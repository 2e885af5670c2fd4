"""Rows of mail: taken up by one worker at a time, sent, tried again later, given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_app.models.notification import Mail
from lti_app.models.tenant import Tenant
from lti_app.models.user import User

LEASE = timedelta(minutes=5)
"""So long a row belongs to the worker that took it up."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
"""Between the tries; after the last of them the mail is given up."""
GRACE = timedelta(seconds=30)
"""Rows younger than this are left to the hint that was sent with them."""
OPEN = ("waiting", "sending")


@dataclass(frozen=True)
class Outgoing:
    """A worker's right to send one mail, and what goes into it."""

    mail_id: UUID
    number: int
    user_id: UUID
    address: str
    name: str
    locale: str
    organisation: str
    kind: str
    data: Mapping[str, Any]
    path: str


def claim(session: Session, mail_id: UUID, now: datetime) -> Outgoing | None:
    """Take a mail up; None when it is not due, ended, or there is nobody to send it to."""
    row = session.get(Mail, mail_id, with_for_update=True)
    if row is None or row.state not in OPEN or row.due_at > now:
        return None
    user = session.get_one(User, row.user_id)
    if not user.email or not user.is_active:
        row.state, row.error = "dropped", "no address, or not active"
        return None
    row.state, row.tries, row.due_at = "sending", row.tries + 1, now + LEASE
    return Outgoing(
        mail_id=row.id,
        number=row.tries,
        user_id=user.id,
        address=user.email,
        name=user.display_name,
        locale=user.locale or "",
        organisation=session.get_one(Tenant, row.tenant_id).name,
        kind=row.kind,
        data=row.data,
        path=row.path,
    )


def conclude(
    session: Session,
    outgoing: Outgoing,
    *,
    is_sent: bool,
    is_final: bool,
    said: str,
    now: datetime,
    jitter: float,
) -> str:
    """Write down what became of it; the new state. `jitter` (0 to 1) spreads the next tries."""
    row = session.get(Mail, outgoing.mail_id, with_for_update=True)
    if row is None or row.state != "sending" or row.tries != outgoing.number:
        return "overtaken"
    row.error = "" if is_sent else said
    if is_sent:
        row.state, row.sent_at = "sent", now
    elif is_final or row.tries > len(PAUSES):
        row.state = "failed"
    else:
        row.state, row.due_at = "waiting", now + PAUSES[row.tries - 1] * (1 + jitter / 4)
    return row.state


def list_due(session: Session, now: datetime, *, limit: int = 500) -> list[UUID]:
    """Mails whose time has come and whose hint was lost, oldest first."""
    due = select(Mail.id).where(
        Mail.state.in_(OPEN), Mail.due_at <= now, Mail.created_at < now - GRACE
    )
    return list(session.scalars(due.order_by(Mail.due_at).limit(limit)))


def list_mails(
    session: Session, *, limit: int = 50, state: str | None = None
) -> list[tuple[Mail, str]]:
    """The newest mails with the name of the person, for administrators; of one state, or all."""
    found = select(Mail, User.display_name).join(User, User.id == Mail.user_id)
    if state is not None:
        found = found.where(Mail.state == state)
    rows = session.execute(found.order_by(Mail.id.desc()).limit(limit))
    return [(row, name) for row, name in rows]


def count_by_state(session: Session) -> dict[str, int]:
    """State to how many."""
    counted = session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    return {row[0]: row[1] for row in counted}
