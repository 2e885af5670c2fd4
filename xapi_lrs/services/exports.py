"""Export of statements as JSONL or CSV, streamed: memory for one page, whatever is exported.

    with open(path, "wb") as file:
        for chunk in export_statements(open_session, store, query, form="csv", now=now,
                                       progress=lambda done, total: ...):
            file.write(chunk)

Each page has a transaction of its own: one that lasted for the whole export would hold back
Consistent-Through for everybody (services/consistency.py). What is exported is fixed all the same:
everything up to the instant until which the store was complete at the start.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from xapi_lrs.core.errors import InvalidRequest
from xapi_lrs.core.formats import exact
from xapi_lrs.core.ids import LARGEST
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.store import Limits
from xapi_lrs.core.strict_json import load_json
from xapi_lrs.core.table_rows import (
    BYTE_ORDER_MARK,
    COLUMNS,
    Reading,
    activity_without_name,
    statement_cells,
    write_rows,
)
from xapi_lrs.models.store import Store
from xapi_lrs.services.activities import find_definitions
from xapi_lrs.services.consistency import complete_until
from xapi_lrs.services.statement_drivers import plan_search
from xapi_lrs.services.statement_filters import select_arms
from xapi_lrs.services.statements import StatementPage, query_statements

OpenSession = Callable[[], AbstractContextManager[Session]]
"""Opens a transaction of the store's tenant: `lambda: transaction(tenant_id)`."""

Progress = Callable[[int, int], object]
"""Called with (done, total): after each page, or batch, of work."""

PAGE = Limits(page=500)

FORMS = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
"""Form to the content type of its file."""


def export_statements(
    open_session: OpenSession,
    store: Store,
    query: StatementQuery,
    *,
    form: str,
    now: datetime,
    languages: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
) -> Iterator[bytes]:
    """The file in pieces: statements as `query` selects them, oldest first.

    A whole store is StatementQuery(with_voided=True) as jsonl; attachments' data is not in it.
    form: jsonl, a line of JSON for each statement as GET with format=exact gives it; or csv,
    columns as in core/table_rows.py, names in the first of `languages` that there is. Limit
    and order of `query` are not looked at. progress: statements written, statements selected at
    the start. Raises InvalidRequest for another form, at the first piece.
    """
    if form not in FORMS:
        raise InvalidRequest(f"{form!r} is no form of an export: {' or '.join(FORMS)}")
    with open_session() as session:
        query = _settle(session, query, now)
        total, done = count_statements(session, store, query), 0
    progress(done, total)
    if form == "csv":
        yield (BYTE_ORDER_MARK + write_rows([COLUMNS])).encode()
    while True:
        with open_session() as session:
            page = query_statements(session, store, query, limits=PAGE)
            text = _jsonl(page) if form == "jsonl" else _csv(session, store, page, languages)
        if page.statements:
            yield text.encode()
            done += len(page.statements)
            progress(done, max(total, done))
        if page.cursor is None:
            return
        query = replace(query, cursor=page.cursor)


def count_statements(session: Session, store: Store, query: StatementQuery) -> int:
    """How many statements `query` selects, whatever its limit; reads that much of an index."""
    search = plan_search(session, store.id, query)
    if search.authorities == ():
        return 0
    arms = select_arms(search, LARGEST)
    found = union_all(*(arm.subquery().select() for arm in arms)).subquery()
    once = func.count(found.c.sequence.distinct())
    return session.scalar(select(once)) or 0


def _settle(session: Session, query: StatementQuery, now: datetime) -> StatementQuery:
    """Oldest first, up to an instant that no statement can still come before."""
    until = complete_until(session, query.until, now)
    return replace(query, limit=0, ascending=True, until=until)


def _jsonl(page: StatementPage) -> str:
    """A statement that was sent in several lines becomes one; strings hold no raw line ends."""
    lines = (exact(one).translate(_LINE_ENDS) for one in page.statements)
    return "".join(f"{line}\n" for line in lines)


_LINE_ENDS = {ord("\r"): " ", ord("\n"): " "}


def _csv(session: Session, store: Store, page: StatementPage, languages: Sequence[str]) -> str:
    statements = [load_json(exact(one)) for one in page.statements]
    nameless = {iri for one in statements if (iri := activity_without_name(one)) is not None}
    definitions = find_definitions(session, store, nameless) if nameless else {}
    reading = Reading(definitions, languages)
    return write_rows(statement_cells(one, reading) for one in statements)
