"""Rows of the call log: one for each batch that arrives, and how many of them a day may bring.

The log keeps every value of every commit, so whoever commits for ever would fill the disk. Each
attempt has room for a day (`core.log_room`): in its first half everything is kept whole, in its
second long values are kept by their beginnings, then nothing more is taken until tomorrow (UTC);
the browser's journal holds it until then. Data that was acknowledged is never touched.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from database.base import uuid7
from scorm_runtime.core.calls import TracedCall
from scorm_runtime.core.journal import Entry, Journal
from scorm_runtime.core.log_room import LogRoom, shorten
from scorm_runtime.core.run import Remark
from scorm_runtime.models.attempt import Attempt, CommitLog


class LogFull(ValueError):
    """The attempt has recorded today what a day has room for; nothing of this was taken."""

    status_hint = 429


def ensure_room(attempt: Attempt, now: datetime) -> None:
    """Raises LogFull."""
    if _room_of(attempt).on(now.date()).is_full:
        raise LogFull(f"attempt {attempt.id} has recorded more today than a day has room for")


def count_stale(session: Session, attempt: Attempt, journal: Journal) -> int:
    """How many entries of an older writer's journal were never applied."""
    if journal.writer == attempt.writer:
        return 0
    last = cast(CommitLog.entries[-1][0].astext, Integer)
    applied = session.scalar(
        select(func.max(last)).where(
            CommitLog.attempt_id == attempt.id,
            CommitLog.writer == journal.writer,
            CommitLog.kind.in_(("commit", "replay")),
        )
    )
    return sum(entry.n > (applied or 0) for entry in journal.entries)


def build_log(
    attempt: Attempt,
    kind: str,
    journal: Journal,
    entries: Sequence[Entry],
    remarks: Sequence[Remark] = (),
    *,
    now: datetime,
    number: int = 0,
    launch_ref: str = "",
    decisions: Sequence[Sequence[str]] = (),
    calls: Sequence[TracedCall] = (),
) -> list[dict[str, Any]]:
    """The row that the call log grows by, for `attempt_rows.write_attempt`. None where there is no
    room: what is stale is left out once the day's room is half full, as it is only kept for people
    who ask."""
    room = _room_of(attempt).on(now.date())
    if room.is_tight:
        if kind == "stale":
            return []
        entries, calls = [shorten(entry) for entry in entries], ()
    room = room.take(entries, calls, len(decisions))
    attempt.logged_on, attempt.logged_size = room.day, room.size
    row = {
        "id": uuid7(),
        "kind": kind,
        "writer": journal.writer,
        "number": number,
        "first_entry": entries[0].n if entries else 0,
        "entries": [entry.to_json() for entry in entries],
        "remarks": [remark.to_json() for remark in remarks],
        "decisions": [list(one) for one in decisions],
        "calls": [one.to_json() for one in calls],
        "launch_ref": launch_ref,
        "item": attempt.current_item,
    }
    return [row]


def _room_of(attempt: Attempt) -> LogRoom:
    return LogRoom(attempt.logged_on, attempt.logged_size)
