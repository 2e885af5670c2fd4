"""The call log of an attempt: a page of lines, and all of it as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scorm_runtime.core.call_log import Batch, Line, LineFilter, count_lines, read_lines
from scorm_runtime.core.storable import from_storable
from scorm_runtime.models.attempt import CommitLog

PAGE_LINES = 100
CHUNK = 50
"""Rows read at once."""
MOST_ROWS = 2000
"""Rows that one page looks through; the next page goes on from there."""


@dataclass(frozen=True)
class LogPage:
    """Some lines, oldest first."""

    lines: tuple[Line, ...]
    cursor: str
    """Where the next page begins; "" when this is the last one."""


def read_page(
    session: Session, attempt_id: UUID, wanted: LineFilter, *, cursor: str = ""
) -> LogPage:
    """The lines after `cursor` that `wanted` takes; an unreadable cursor is the beginning."""
    after, position = _read_cursor(cursor)
    found: list[Line] = []
    rows = 0
    for batch in list_batches(session, attempt_id, since=after):
        rows += 1
        for line in read_lines(batch):
            if after is not None and batch.id == str(after) and line.position <= position:
                continue
            if wanted.takes(line):
                found.append(line)
            if len(found) == PAGE_LINES:
                return LogPage(tuple(found), f"{batch.id}.{line.position}")
        if rows == MOST_ROWS:
            return LogPage(tuple(found), f"{batch.id}.{count_lines(batch)}")
    return LogPage(tuple(found), "")


def list_batches(
    session: Session, attempt_id: UUID, *, since: UUID | None = None
) -> Iterator[Batch]:
    """All batches from `since` on, that one included, oldest first; read in chunks."""
    query = select(CommitLog).where(CommitLog.attempt_id == attempt_id).order_by(CommitLog.id)
    chunk = query if since is None else query.where(CommitLog.id >= since)
    while True:
        rows = list(session.scalars(chunk.limit(CHUNK)))
        for row in rows:
            yield _batch(row)
            session.expunge(row)
        if len(rows) < CHUNK:
            return
        chunk = query.where(CommitLog.id > rows[-1].id)


def count_entries(session: Session, attempt_id: UUID) -> tuple[int, int]:
    """(batches, entries) of an attempt's log."""
    counted = session.execute(
        select(func.count(), func.sum(func.jsonb_array_length(CommitLog.entries))).where(
            CommitLog.attempt_id == attempt_id
        )
    ).one()
    return int(counted[0]), int(counted[1] or 0)


def _batch(row: CommitLog) -> Batch:
    return Batch(
        id=str(row.id),
        at=row.created_at,
        kind=row.kind,
        writer=row.writer,
        number=row.number,
        item=row.item,
        entries=from_storable(row.entries),
        remarks=from_storable(row.remarks),
        decisions=from_storable(row.decisions),
        launch_ref=row.launch_ref,
        calls=from_storable(row.calls),
    )


def _read_cursor(cursor: str) -> tuple[UUID | None, int]:
    row, _, position = cursor.partition(".")
    try:
        return UUID(row), int(position)
    except ValueError:
        return None, 0
