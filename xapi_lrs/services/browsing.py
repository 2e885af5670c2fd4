"""What a page for people asks of a store: the newest statements, what is typed, how many a day.

Voided statements are listed, and marked: who looks after a store wants to see them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.formats import StoredStatement, exact
from xapi_lrs.core.ids import LARGEST, first_sequence_after, first_sequence_at
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.sentence import Sentence, name_of, tell
from xapi_lrs.core.store import Limits
from xapi_lrs.core.strict_json import dump_json, load_json
from xapi_lrs.core.table_rows import activity_without_name
from xapi_lrs.models.statement import Statement
from xapi_lrs.models.statement_day import StatementDay
from xapi_lrs.models.store import Store
from xapi_lrs.services.activities import find_definitions
from xapi_lrs.services.consistency import complete_until, consistent_through
from xapi_lrs.services.statement_filters import is_voided, statement
from xapi_lrs.services.statements import query_statements

RECENT = 2000
"""Suggestions come from so many of the newest statements."""
MOST_SUGGESTIONS = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement in a list."""

    stored: StoredStatement
    statement: JsonObject
    """As GET statements would give it."""
    sentence: Sentence
    is_voided: bool

    @property
    def vouched_by(self) -> str:
        """The authority's name, else what identifies it."""
        return name_of(self.statement["authority"])


@dataclass(frozen=True, slots=True)
class EntryPage:
    entries: tuple[Entry, ...]
    cursor: int | None
    """Where the next page begins; none: this was the last."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to filter by: what to put into the field, and what people call it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    """UTC."""
    statements: int


def browse_statements(
    session: Session, store: Store, query: StatementQuery, *, languages: Sequence[str] = ()
) -> EntryPage:
    """A page of statements, newest first unless the query says otherwise, voided ones marked."""
    found = query_statements(
        session, store, replace(query, with_voided=True), limits=Limits(page=100)
    )
    return EntryPage(_entries(session, store, found.statements, languages), found.cursor)


def list_arrivals(
    session: Session,
    store: Store,
    query: StatementQuery,
    *,
    after: int,
    now: datetime,
    languages: Sequence[str] = (),
) -> EntryPage:
    """Statements of `query` after the cursor `after`, oldest first: a live tail.

    Only up to the instant until which the store is complete, so that the next call with
    `cursor` misses nothing that a slower writer brings. `cursor` is always given.
    """
    until = complete_until(session, query.until, now)
    asked = replace(query, cursor=after, ascending=True, until=until)
    page = browse_statements(session, store, asked, languages=languages)
    last = page.entries[-1].stored.sequence if page.entries else after
    return EntryPage(page.entries, last)


def find_entry(
    session: Session, store: Store, statement_id: UUID, *, languages: Sequence[str] = ()
) -> Entry | None:
    """One statement, voided or not."""
    sequence = session.scalar(
        select(Statement.sequence).where(
            Statement.store_id == store.id, Statement.statement_id == statement_id
        )
    )
    if sequence is None:
        return None
    query = StatementQuery(cursor=sequence + 1, limit=1)
    page = browse_statements(session, store, query, languages=languages)
    return page.entries[0] if page.entries else None


def newest_cursor(session: Session, store: Store, now: datetime) -> int:
    """Where a live tail begins: nothing will come before it any more.

    So it may bring again what a page read just before has shown, where a writer is still at work.
    """
    settled = first_sequence_at(consistent_through(session, now)) - 1
    newest = select(func.max(Statement.sequence)).where(Statement.store_id == store.id)
    return min(session.scalar(newest) or 0, settled)


def suggest(
    session: Session, store: Store, kind: str, typed: str, *, languages: Sequence[str] = ()
) -> list[Suggestion]:
    """Agents, verbs or activities of the newest RECENT statements in which `typed` appears.

    kind: agent, verb, activity or registration. The most frequent come first.
    """
    rows = session.execute(
        select(Statement.body)
        .where(Statement.store_id == store.id)
        .order_by(Statement.sequence.desc())
        .limit(RECENT)
    )
    counts: dict[Suggestion, int] = {}
    for row in rows:
        for one in _suggestions(kind, load_json(row.body), languages):
            counts[one] = counts.get(one, 0) + 1
    wanted = typed.casefold().strip()
    fitting = [one for one in counts if wanted in f"{one.value} {one.label}".casefold()]
    return sorted(fitting, key=lambda one: (-counts[one], one.label))[:MOST_SUGGESTIONS]


def count_by_day(session: Session, store: Store, *, now: datetime, days: int) -> list[DayCount]:
    """Statements per day (UTC), `days` of them, today last.

    Days that are over do not change any more (what is stored gets the present time), so each is
    counted once and kept.
    """
    today = now.astimezone(UTC).date()
    wanted = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    kept = select(StatementDay.day, StatementDay.statements).where(
        StatementDay.store_id == store.id, StatementDay.day >= wanted[0]
    )
    known = {row.day: row.statements for row in session.execute(kept)}
    for day in wanted:
        if day not in known:
            known[day] = _count(session, store, day)
            if _is_settled(day, now):
                _keep(session, store, day, known[day])
    return [DayCount(day, known[day]) for day in wanted]


def _is_settled(day: date, now: datetime) -> bool:
    """Over for long enough that no transaction which began on it is still open."""
    return now.astimezone(UTC) - timedelta(hours=6) >= datetime.combine(
        day + timedelta(days=1), time(), UTC
    )


def _count(session: Session, store: Store, day: date) -> int:
    begin = datetime.combine(day, time(), UTC) - timedelta(milliseconds=1)
    end = begin + timedelta(days=1)
    counted = (
        select(func.count())
        .select_from(Statement)
        .where(
            Statement.store_id == store.id,
            Statement.sequence >= first_sequence_after(begin),
            Statement.sequence < min(first_sequence_after(end), LARGEST),
        )
    )
    return session.scalar(counted) or 0


def _keep(session: Session, store: Store, day: date, count: int) -> None:
    kept = insert(StatementDay).values(store_id=store.id, day=day, statements=count)
    session.execute(kept.on_conflict_do_nothing())


def _entries(
    session: Session, store: Store, found: Sequence[StoredStatement], languages: Sequence[str]
) -> tuple[Entry, ...]:
    bodies = [load_json(exact(one)) for one in found]
    nameless = {iri for body in bodies if (iri := activity_without_name(body)) is not None}
    definitions = find_definitions(session, store, nameless) if nameless else {}
    voided = _voided(session, store, [one.statement_id for one in found])
    return tuple(
        Entry(one, body, tell(body, languages, definitions), one.statement_id in voided)
        for one, body in zip(found, bodies, strict=True)
    )


def _voided(session: Session, store: Store, ids: Sequence[UUID]) -> set[UUID]:
    marked = select(statement.c.statement_id).where(
        statement.c.store_id == store.id, statement.c.statement_id.in_(ids), is_voided()
    )
    return set(session.scalars(marked))


def _suggestions(kind: str, body: JsonObject, languages: Sequence[str]) -> Iterable[Suggestion]:
    sentence = tell(body, languages)
    if kind == "verb":
        yield Suggestion(sentence.verb_id, sentence.verb)
    elif kind == "activity" and sentence.target_type == "Activity":
        yield Suggestion(sentence.target_id, sentence.target)
    elif kind == "registration" and "registration" in body.get("context", {}):
        yield Suggestion(body["context"]["registration"], sentence.actor)
    elif kind == "agent" and identify(body["actor"]) is not None:
        yield Suggestion(identifying_json(body["actor"]), name_of(body["actor"]))


def identifying_json(party: JsonObject) -> str:
    """An Agent or identified Group with nothing but what identifies it."""
    kept = ("mbox", "mbox_sha1sum", "openid", "account")
    return dump_json({key: party[key] for key in kept if key in party})
