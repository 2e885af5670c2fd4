"""Notices for people: written with their cause, in its transaction; listed, read, chosen.

notify ─► what does the person want? ─► row for the portal ─► row of mail ─► (then) job
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.session import on_commit
from lti_app import queue
from lti_app.core.notices import CHANNELS, KINDS, MAIL, PORTAL, is_on, switch_of
from lti_app.models.notification import Mail, Notification, NotificationChoice

LIST_SIZE = 50
MANY = 1000
"""Rows of one insert."""


class NoticeInvalid(ValueError):
    """A defect of the caller: no such kind, or a name that its text needs is missing."""


def notify(
    session: Session,
    user_id: UUID,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
    *,
    path: str = "",
    once: str = "",
) -> Notification | None:
    """Tell a person something: on the portal and by mail, as they have chosen.

    `kind` is one of `core.notices.KINDS`, `data` holds the names that its text needs, `path` is
    where it leads on the portal. With `once` the same person is told only one time; then, or when
    the person wants to hear it nowhere, None. The mail is sent after the commit.
    """
    _check(kind, data)
    choices = list_choices(session, user_id)
    shown, mailed = is_on(kind, PORTAL, choices), is_on(kind, MAIL, choices)
    row = None
    if shown or once:  # a notice told once is remembered even where only a mail is wanted
        values = {"kind": kind, "data": dict(data), "path": path, "once": once, "is_shown": shown}
        row = _insert(session, user_id, values)
        if row is None:
            return None
    if mailed:
        _schedule_mail(session, user_id, kind, data, now, path)
    return row if shown else None


def notify_many(
    session: Session,
    user_ids: Collection[UUID],
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
    *,
    path: str,
    once: str,
) -> int:
    """As `notify`, the same to many people in a few statements; how many were told."""
    _check(kind, data)
    chosen = select(NotificationChoice).where(
        NotificationChoice.kind == switch_of(kind), NotificationChoice.user_id.in_(user_ids)
    )
    choices = {(row.user_id, row.channel): row.is_on for row in session.scalars(chosen)}

    def wants(user_id: UUID, channel: str) -> bool:
        own = choices.get((user_id, channel))
        return is_on(kind, channel, {} if own is None else {(switch_of(kind), channel): own})

    told: list[UUID] = []
    everybody = list(dict.fromkeys(user_ids))
    row = {"kind": kind, "data": dict(data), "path": path, "once": once}
    for start in range(0, len(everybody), MANY):
        some = everybody[start : start + MANY]
        rows = [{**row, "user_id": one, "is_shown": wants(one, PORTAL)} for one in some]
        added = insert(Notification).values(rows).on_conflict_do_nothing()
        told += session.scalars(added.returning(Notification.user_id))
    for user_id in told:
        if wants(user_id, MAIL):
            _schedule_mail(session, user_id, kind, data, now, path)
    return len(told)


def list_notices(
    session: Session, user_id: UUID, *, limit: int = LIST_SIZE, before: UUID | None = None
) -> list[Notification]:
    """What the person was told on the portal, newest first."""
    found = select(Notification).where(Notification.user_id == user_id, Notification.is_shown)
    if before is not None:
        found = found.where(Notification.id < before)
    return list(session.scalars(found.order_by(Notification.id.desc()).limit(limit)))


def count_unread(session: Session, user_id: UUID) -> int:
    """How many of them wait to be read."""
    unread = select(func.count()).select_from(Notification)
    return session.scalar(unread.where(*_unread(user_id))) or 0


def find_notice(session: Session, user_id: UUID, notice_id: UUID) -> Notification | None:
    """One of this person's notices."""
    row = session.get(Notification, notice_id)
    return row if row is not None and row.user_id == user_id and row.is_shown else None


def mark_read(session: Session, user_id: UUID, now: datetime, notice_id: UUID | None = None) -> int:
    """One notice, or all of them; how many that changed."""
    change = update(Notification).where(*_unread(user_id)).values(read_at=now)
    if notice_id is not None:
        change = change.where(Notification.id == notice_id)
    return len(session.scalars(change.returning(Notification.id)).all())


def list_choices(session: Session, user_id: UUID) -> dict[tuple[str, str], bool]:
    """(kind, channel) to what the person has chosen; what is missing goes its usual way."""
    rows = session.scalars(select(NotificationChoice).where(NotificationChoice.user_id == user_id))
    return {(row.kind, row.channel): row.is_on for row in rows}


def choose(session: Session, user_id: UUID, kind: str, channel: str, *, on: bool) -> None:
    """Switch one kind on one channel; raises NoticeInvalid for what there is not."""
    if kind not in KINDS or switch_of(kind) != kind or channel not in CHANNELS:
        raise NoticeInvalid(f"there is no notice {kind} by {channel}")
    added = insert(NotificationChoice).values(user_id=user_id, kind=kind, channel=channel, is_on=on)
    session.execute(
        added.on_conflict_do_update(
            index_elements=["user_id", "kind", "channel"], set_={"is_on": on}
        )
    )


def _check(kind: str, data: Mapping[str, Any]) -> None:
    missing = [name for name in KINDS[kind].names if name not in data] if kind in KINDS else [kind]
    if missing:
        raise NoticeInvalid(f"notice {kind}: missing {', '.join(missing)}")


def _insert(session: Session, user_id: UUID, values: Mapping[str, Any]) -> Notification | None:
    added = insert(Notification).values(user_id=user_id, **values)
    # "Once" is the only rule that a row can break here.
    return session.scalars(added.on_conflict_do_nothing().returning(Notification)).one_or_none()


def _schedule_mail(
    session: Session, user_id: UUID, kind: str, data: Mapping[str, Any], now: datetime, path: str
) -> None:
    row = Mail(user_id=user_id, kind=kind, data=dict(data), path=path, due_at=now)
    session.add(row)
    session.flush()
    on_commit(session, partial(queue.enqueue, queue.SEND_MAIL, row.tenant_id, row.id))


def _unread(user_id: UUID) -> tuple[Any, ...]:
    own = Notification.user_id == user_id
    return own, Notification.read_at.is_(None), Notification.is_shown
