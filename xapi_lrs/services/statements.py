"""Statements: store a batch, find one, read a page."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import check_authority
from xapi_lrs.core.attachment import check_files
from xapi_lrs.core.comparison import same_statement
from xapi_lrs.core.errors import StatementConflict, StatementsRefused
from xapi_lrs.core.formats import StoredStatement
from xapi_lrs.core.ids import first_sequence_at, whole_milliseconds
from xapi_lrs.core.problems import JsonObject, Problems
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.statement import validate_statements
from xapi_lrs.core.store import Limits
from xapi_lrs.core.strict_json import dump_json, load_json
from xapi_lrs.core.versions import XAPI_1
from xapi_lrs.models.statement import Statement
from xapi_lrs.models.store import Store
from xapi_lrs.services.activities import collect_definitions, define_activities
from xapi_lrs.services.statement_chains import link_chains
from xapi_lrs.services.statement_drivers import plan_search
from xapi_lrs.services.statement_filters import (
    IN_ORDER,
    is_voided,
    select_one,
    select_page,
    vouched_by,
)
from xapi_lrs.services.statement_rows import Arrived, NewStatement, arrive
from xapi_lrs.services.statement_writes import Arrival, write_statements


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """What became of the statements of one request."""

    store_id: UUID
    ids: tuple[UUID, ...]
    """Of all statements, in the order they came in."""
    new: tuple[NewStatement, ...]
    """Those that were not there before, in the order of the batch."""
    stored: datetime
    credential_id: UUID | None
    """Who sent them; none: Lectern itself."""

    def split(self, sizes: Sequence[int]) -> "list[StoredBatch]":
        """As if parts of these sizes had been stored one after the other."""
        if len(sizes) == 1:
            return [self]
        parts, first = [], 0
        for size in sizes:
            ids = self.ids[first : first + size]
            new = tuple(one for one in self.new if one.statement_id in ids)
            parts.append(replace(self, ids=ids, new=new))
            first += size
        return parts


@dataclass(frozen=True, slots=True)
class StatementPage:
    statements: tuple[StoredStatement, ...]
    cursor: int | None
    """The next page begins behind it; none: this was the last."""


def store_statements(
    session: Session,
    store: Store,
    bodies: Sequence[JsonObject],
    *,
    authority: JsonObject,
    version: str = XAPI_1,
    now: datetime,
    texts: Sequence[str] | None = None,
    credential_id: UUID | None = None,
    may_define: bool = True,
    files: Set[str] = frozenset(),
) -> StoredBatch:
    """Store all of `bodies` or, by an error, none: roll the transaction back then.

    texts: the JSON of each as it was sent; written from `bodies` where absent. A statement that is
    there already with the same content is left as it is (xAPI 1.0.3 Communication 2.1.2).
    may_define: what it says of activities becomes known in the store (ibid. 4.2, "define").
    files: the hashes of the attachments whose data came along (services/attachments.py).
    Raises StatementsRefused before any SQL, StatementConflict. XP-22, XP-26
    """
    check_statements(bodies, authority, version, files)
    texts = [dump_json(body) for body in bodies] if texts is None else texts
    batch = list(map(arrive, bodies, texts))
    ids = tuple(UUID(one.statement_id) for one in batch)
    stored = whole_milliseconds(now)
    if not bodies:
        return StoredBatch(store.id, (), (), stored, credential_id)
    said = collect_definitions(bodies) if may_define else {}
    written = write_statements(session, Arrival(store.id, stored, version, authority), batch, said)
    added = written.added
    repeated = [one for one in batch if one.statement_id not in added]
    _compare_with_stored(session, store.id, version, repeated)
    new = tuple(
        NewStatement(statement_id, added[one.statement_id], one.body, one.text)
        for statement_id, one in zip(ids, batch, strict=True)
        if one.statement_id in added
    )
    link_chains(session, store.id, new, written.awaited)
    if repeated and may_define:
        said = collect_definitions(one.body for one in new)
    define_activities(session, store.id, said, written.definitions)
    return StoredBatch(store.id, ids, new, stored, credential_id)


def find_statement(
    session: Session,
    store: Store,
    statement_id: UUID,
    *,
    voided: bool = False,
    authority: str | None = None,
) -> StoredStatement | None:
    """The statement of that id; only a voided one when `voided`, otherwise only one that is not.

    authority: only when this identity vouched for it. XP-30
    """
    found = select_one(store.id, statement_id).where(is_voided() if voided else ~is_voided())
    if authority is not None:
        found = found.where(vouched_by(authority))
    row = session.execute(found).one_or_none()
    return None if row is None else _stored(row)


def query_statements(
    session: Session,
    store: Store,
    query: StatementQuery,
    *,
    limits: Limits | None = None,
    settled: datetime | None = None,
) -> StatementPage:
    """The next page of `query`; a `limit` of 0 or beyond the store's own means the store's.

    settled: what services/consistency.py said just before. An ascending page that goes on ends
    there, because a writer that is still at work may put statements behind it, and whoever reads
    on would miss them. Then the page may be empty and yet have a cursor: before whatever may still
    come. XP-27
    """
    most = (limits or Limits()).page
    size = min(query.limit or most, most)
    search = plan_search(session, store.id, query)
    if search.authorities == ():
        return StatementPage((), None)
    session.execute(IN_ORDER)
    rows = [_stored(row) for row in session.execute(select_page(search, size + 1))]
    if len(rows) <= size:
        return StatementPage(tuple(rows), None)
    page = rows[:size]
    if query.ascending and settled is not None:
        page = [one for one in page if one.stored < settled]
        if not page:
            return StatementPage((), max(query.cursor or 0, first_sequence_at(settled) - 1))
    return StatementPage(tuple(page), page[-1].sequence)


def check_statements(
    bodies: Sequence[JsonObject], authority: JsonObject, version: str, files: Set[str] = frozenset()
) -> None:
    """Raises StatementsRefused with all faults of all of them."""
    validate_statements(bodies, version)
    problems = Problems()
    check_authority(authority, "authority", problems)
    check_files(bodies, files, problems)
    if problems:
        raise StatementsRefused("; ".join(map(str, problems)), problems)


def _compare_with_stored(
    session: Session, store_id: UUID, version: str, repeated: Sequence[Arrived]
) -> None:
    """Raise StatementConflict when a statement is there with other content. XP-33"""
    if not repeated:
        return
    found = select(Statement.statement_id, Statement.body).where(
        Statement.store_id == store_id,
        Statement.statement_id.in_([UUID(one.statement_id) for one in repeated]),
    )
    there = {str(row.statement_id): row.body for row in session.execute(found)}
    for one in repeated:
        if not same_statement(load_json(there[one.statement_id]), one.body, version):
            raise StatementConflict(
                f"the statement {one.statement_id} is here already, with other content"
            )


def _stored(row: Any) -> StoredStatement:
    return StoredStatement(
        row.statement_id, row.sequence, row.stored, row.version, row.body, row.authority
    )
