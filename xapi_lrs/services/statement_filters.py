"""The SQL of a statement query: index scans in order that stop after the page. XP-29, XP-43

A filter finds statements in one or more *arms*, each a range of an index that is in order already:

| filter | index of the statement itself | role of its references |
|---|---|---|
| verb | ix_statement_verb | VERB |
| agent | ix_statement_actor | DIRECT; related_agents: RELATED, and ix_statement_authority |
| activity | ix_statement_activity | DIRECT; related_activities: RELATED |
| registration | ix_statement_registration | REGISTRATION |

References are agents and activities that a statement mentions besides its own actor and activity,
and all keys of those that it refers to, and so on.
Each arm gives a page, the best of all are kept. Of several filters one drives, the rarest
(services/statement_drivers.py), and the others are looked up row by row, on the same statement of
a chain: the one that meets a filter has to meet all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    exists,
    literal_column,
    or_,
    select,
    text,
    true,
    union_all,
)

from xapi_lrs.core.ids import first_sequence_after
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.references import Role, activity_key, agent_key, verb_key
from xapi_lrs.core.verb import VOIDED
from xapi_lrs.models.statement import Statement, StatementAuthority, StatementReference

VOIDING = verb_key(VOIDED)

statement = Statement.__table__.alias("s")
source = Statement.__table__.alias("t")
voider = Statement.__table__.alias("v")
reference = StatementReference.__table__.alias("r")
mention = StatementReference.__table__.alias("m")
authority = StatementAuthority.__table__.alias("a")

VOUCHED = and_(
    authority.c.store_id == statement.c.store_id, authority.c.key == statement.c.authority_key
)
IN_ORDER = text(
    "SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true), "
    "set_config('enable_seqscan', 'off', true)"
)
"""Before a page is asked for, for the rest of the transaction: as long as nobody has analysed a
store, the planner takes it for empty and would rather sort it than follow an index."""

COLUMNS = (
    statement.c.statement_id,
    statement.c.sequence,
    statement.c.stored,
    statement.c.version,
    statement.c.body,
    select(authority.c.body).where(VOUCHED).scalar_subquery().label("authority"),
)
"""What core.formats.StoredStatement is made of. The authority is looked up per row and not joined:
without statistics the planner would begin with it and read everything that it vouched for."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a query."""

    column: str
    """Of the statement itself."""
    key: UUID
    roles: tuple[Role, ...]
    """Of its references."""
    authorities: tuple[UUID, ...] = ()
    """Keys of the authorities that count too."""


@dataclass(frozen=True, slots=True)
class Search:
    """A query as keys."""

    store_id: UUID
    query: StatementQuery
    filters: tuple[Filter, ...]
    """The first one drives."""
    authorities: tuple[UUID, ...] | None
    """Only statements of these authorities; none: everybody's."""


def filters_of(query: StatementQuery, agent_authorities: Sequence[UUID]) -> tuple[Filter, ...]:
    """From the rarest to the commonest, as a rule. agent_authorities: those that are the agent."""
    found = []
    if query.registration is not None:
        found.append(Filter("registration", query.registration, (Role.REGISTRATION,)))
    if query.agent is not None:
        roles = _roles(query.related_agents)
        vouching = tuple(agent_authorities) if query.related_agents else ()
        found.append(Filter("actor_key", agent_key(query.agent), roles, vouching))
    if query.activity is not None:
        roles = _roles(query.related_activities)
        found.append(Filter("activity_key", activity_key(query.activity), roles))
    if query.verb is not None:
        found.append(Filter("verb_key", verb_key(query.verb), (Role.VERB,)))
    return tuple(found)


def _roles(related: bool) -> tuple[Role, ...]:
    return (Role.DIRECT, Role.RELATED) if related else (Role.DIRECT,)


def select_one(store_id: UUID, statement_id: UUID) -> Select[Any]:
    return _full(store_id).where(statement.c.statement_id == statement_id)


def is_voided() -> ColumnElement[bool]:
    """It is no voiding statement and one refers to it (xAPI 1.0.3 Data 2.3.2). XP-30"""
    refers = exists().where(
        voider.c.store_id == statement.c.store_id,
        voider.c.target_id == statement.c.statement_id,
        voider.c.verb_key == VOIDING,
    )
    return and_(statement.c.verb_key != VOIDING, refers)


def vouched_by(identity: str) -> ColumnElement[bool]:
    """Its authority is this agent."""
    return exists().where(VOUCHED, authority.c.agent_key == agent_key(identity))


def select_page(search: Search, size: int) -> Select[Any]:
    """The next `size` statements, columns as in COLUMNS."""
    arms = select_arms(search, size)
    ascending = search.query.ascending
    if len(arms) == 1:
        page = arms[0].subquery("page")
    else:
        every = union_all(*(arm.subquery().select() for arm in arms)).subquery()
        once = select(every.c.sequence).distinct()
        page = once.order_by(_ordered(every.c.sequence, ascending)).limit(size).subquery("page")
    # One by one through the primary key: LIMIT keeps the planner from joining in another order.
    here = statement.c.sequence == page.c.sequence
    full = _full(search.store_id).where(here).limit(1).lateral("full")
    return (
        select(full)
        .select_from(page.join(full, true()))
        .order_by(_ordered(page.c.sequence, ascending))
    )


def select_arms(search: Search, size: int) -> list[Select[Any]]:
    """The sequences of a page, from each range of an index that the driving filter has."""
    if not search.filters:
        if search.authorities is None:
            return [_own_arm(search, statement.c.sequence >= 0, size)]
        vouched = [statement.c.authority_key == key for key in search.authorities]
        return [_own_arm(search, one, size) for one in vouched]
    driver = search.filters[0]
    own = [statement.c[driver.column] == driver.key]
    own += [statement.c.authority_key == key for key in driver.authorities]
    arms = [_own_arm(search, one, size) for one in own]
    return arms + [_reference_arm(search, role, size) for role in driver.roles]


def count_entries(search: Search, one: Filter) -> list[Select[Any]]:
    """A row for each index entry of a filter, within since and until."""
    store_id, own = search.store_id, [statement.c[one.column] == one.key]
    own += [statement.c.authority_key == key for key in one.authorities]
    found: list[Select[Any]] = [
        select(literal_column("1")).where(
            statement.c.store_id == store_id, each, *_bounds(search.query, statement.c.sequence)
        )
        for each in own
    ]
    bounds = _bounds(search.query, reference.c.sequence)
    return found + [
        select(literal_column("1")).where(
            reference.c.store_id == store_id,
            reference.c.key == one.key,
            reference.c.role == int(role),
            *bounds,
        )
        for role in one.roles
    ]


def _own_arm(search: Search, found: ColumnElement[bool], size: int) -> Select[Any]:
    """Statements found by a column of their own."""
    order = statement.c.sequence
    selected = select(order).where(
        statement.c.store_id == search.store_id,
        found,
        *_others(search, statement),
        *_bounds(search.query, order),
        *_unvoided(search),
    )
    return selected.order_by(_ordered(order, search.query.ascending)).limit(size)


def _reference_arm(search: Search, role: Role, size: int) -> Select[Any]:
    """Statements found by a row of statement_reference, each once."""
    order, store_id = reference.c.sequence, search.store_id
    listed = and_(statement.c.store_id == store_id, statement.c.sequence == order)
    mentioning = and_(source.c.store_id == store_id, source.c.sequence == reference.c.source)
    selected = (
        select(order)
        .select_from(reference.join(statement, listed).join(source, mentioning))
        .where(
            reference.c.store_id == store_id,
            reference.c.key == search.filters[0].key,
            reference.c.role == int(role),
            *_others(search, source),
            *_vouched(search, statement),
            *_bounds(search.query, order),
            *_unvoided(search),
        )
        .distinct()
    )
    return selected.order_by(_ordered(order, search.query.ascending)).limit(size)


def _others(search: Search, row: FromClause) -> list[ColumnElement[bool]]:
    """What `row` has to meet beside the driving filter."""
    found = [_meets(row, one) for one in search.filters[1:]]
    return found + _vouched(search, row)


def _vouched(search: Search, row: FromClause) -> list[ColumnElement[bool]]:
    keys = search.authorities
    return [] if keys is None else [row.c.authority_key.in_(keys)]


def _unvoided(search: Search) -> list[ColumnElement[bool]]:
    return [] if search.query.with_voided else [~is_voided()]


def _meets(row: FromClause, one: Filter) -> ColumnElement[bool]:
    """Whether the statement `row` itself, without its chain, meets a filter."""
    own: ColumnElement[bool] = row.c[one.column] == one.key
    if one.column in ("verb_key", "registration"):
        return own
    mentions = exists().where(
        mention.c.store_id == row.c.store_id,
        mention.c.key == one.key,
        mention.c.role.in_([int(role) for role in one.roles]),
        mention.c.sequence == row.c.sequence,
        mention.c.source == row.c.sequence,
    )
    vouching = [row.c.authority_key.in_(one.authorities)] if one.authorities else []
    return or_(own, *vouching, mentions)


def _bounds(query: StatementQuery, order: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """since, until and where the page before ended: of the statement that is listed."""
    found: list[ColumnElement[bool]] = []
    if query.since is not None:
        found.append(order >= first_sequence_after(query.since))
    if query.until is not None:
        found.append(order < first_sequence_after(query.until))
    if query.cursor is not None:
        found.append(order > query.cursor if query.ascending else order < query.cursor)
    return found


def _ordered(order: ColumnElement[int], ascending: bool) -> ColumnElement[int]:
    return order.asc() if ascending else order.desc()


def _full(store_id: UUID) -> Select[Any]:
    return select(*COLUMNS).where(statement.c.store_id == store_id)
