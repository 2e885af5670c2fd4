"""Which of several filters drives a query: the rarest.

"This agent and this verb" must not walk the millions of statements of a common verb, nor those of
a busy agent when the verb is rare. How common a filter is, is counted, up to ENOUGH entries of its
indexes: a fraction of a millisecond, and true where the planner's statistics only guess. A query
whose rarest filter has fewer is bounded by them. Where all have more, the order of
`statement_filters.filters_of` decides, and agent or activity with verb is settled inside the index
that carries both.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.references import agent_key
from xapi_lrs.models.statement import StatementAuthority
from xapi_lrs.services.statement_filters import Filter, Search, count_entries, filters_of

ENOUGH = 1000


def plan_search(session: Session, store_id: UUID, query: StatementQuery) -> Search:
    """The query as keys, its rarest filter first."""
    mine = query.authority
    authorities = None if mine is None else _authorities(session, store_id, mine)
    vouching: tuple[UUID, ...] = ()
    if query.agent is not None and query.related_agents:
        vouching = _authorities(session, store_id, query.agent)
    search = Search(store_id, query, filters_of(query, vouching), authorities)
    if len(search.filters) < 2:
        return search
    counts = session.execute(_count_all(search)).one()
    order = sorted(zip(counts, range(len(counts)), search.filters, strict=True))
    return replace(search, filters=tuple(one for *_, one in order))


def _authorities(session: Session, store_id: UUID, identity: str) -> tuple[UUID, ...]:
    """Keys of the authorities that are this agent."""
    found = select(StatementAuthority.key).where(
        StatementAuthority.store_id == store_id,
        StatementAuthority.agent_key == agent_key(identity),
    )
    return tuple(session.scalars(found))


def _count_all(search: Search) -> Select[Any]:
    return select(*(_count(search, one) for one in search.filters))


def _count(search: Search, one: Filter) -> Any:
    """How many entries the filter has between since and until, at most ENOUGH of each index."""
    counts = [
        select(func.count()).select_from(part.limit(ENOUGH).subquery()).scalar_subquery()
        for part in count_entries(search, one)
    ]
    return func.least(sum(counts[1:], start=counts[0].self_group()), ENOUGH)
