"""The SQL of a statement query: index scans in order that stop after the page.

Each filter by agent or activity is a range of `statement_reference` that is already in order. The
first such range drives the query; with related_* it is two ranges, direct and not, of which each
gives a page and the better of both is kept. Everything else is looked up row by row. XP-43
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, select, union_all
from sqlalchemy.sql.selectable import TypedReturnsRows

from xapi_lrs.core.ids import first_sequence_after
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.references import activity_key, agent_key, verb_key
from xapi_lrs.core.verb import VOIDED
from xapi_lrs.models.statement import Statement, StatementAuthority, StatementReference

VOIDING = verb_key(VOIDED)

statement = Statement.__table__.alias("s")
voider = Statement.__table__.alias("v")
authority = StatementAuthority.__table__.alias("a")

COLUMNS = (
    statement.c.statement_id,
    statement.c.sequence,
    statement.c.stored,
    statement.c.version,
    statement.c.body,
    authority.c.body.label("authority"),
)
"""What core.formats.StoredStatement is made of."""


class Mention(NamedTuple):
    """The statement mentions `key`; `related`: anywhere."""

    key: UUID
    related: bool


def select_one(store_id: UUID, statement_id: UUID) -> Select[Any]:
    return _select(store_id).where(statement.c.statement_id == statement_id)


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
    return authority.c.agent_key == agent_key(identity)


def select_page(store_id: UUID, query: StatementQuery, size: int) -> TypedReturnsRows[Any]:
    """The next `size` statements of `query`, columns as in COLUMNS."""
    mentions = _mentions(query)
    arms = [True, False] if mentions and mentions[0].related else [True]
    selects = [_arm(store_id, query, mentions, direct, size) for direct in arms]
    if len(selects) == 1:
        return selects[0]
    both = union_all(*(one.subquery().select() for one in selects))
    order = both.selected_columns.sequence
    return both.order_by(order.asc() if query.ascending else order.desc()).limit(size)


def _select(store_id: UUID) -> Select[Any]:
    vouched = and_(
        authority.c.store_id == statement.c.store_id,
        authority.c.key == statement.c.authority_key,
    )
    return (
        select(*COLUMNS)
        .select_from(statement.join(authority, vouched))
        .where(statement.c.store_id == store_id)
    )


def _mentions(query: StatementQuery) -> list[Mention]:
    found = []
    if query.agent is not None:
        found.append(Mention(agent_key(query.agent), query.related_agents))
    if query.activity is not None:
        found.append(Mention(activity_key(query.activity), query.related_activities))
    if query.authority is not None:
        found.append(Mention(agent_key(query.authority), related=True))
    return found


def _arm(
    store_id: UUID,
    query: StatementQuery,
    mentions: Sequence[Mention],
    direct: bool,
    size: int,
) -> Select[Any]:
    """A page of the statements whose first mention is direct, or is not."""
    selected, order = _select(store_id), statement.c.sequence
    for place, mention in enumerate(mentions):
        reference = StatementReference.__table__.alias(f"r{place}")
        selected = selected.join(
            reference,
            and_(
                reference.c.store_id == store_id,
                reference.c.key == mention.key,
                reference.c.sequence == statement.c.sequence,
            ),
        )
        if place == 0:
            order = reference.c.sequence
            selected = selected.where(reference.c.direct.is_(direct))
        elif not mention.related:
            selected = selected.where(reference.c.direct.is_(True))
    selected = selected.where(*_conditions(query, order), ~is_voided())
    return selected.order_by(order.asc() if query.ascending else order.desc()).limit(size)


def _conditions(query: StatementQuery, order: ColumnElement[int]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.verb is not None:
        found.append(statement.c.verb_key == verb_key(query.verb))
    if query.registration is not None:
        found.append(statement.c.registration == query.registration)
    if query.authority is not None:
        found.append(vouched_by(query.authority))
    if query.since is not None:
        found.append(order >= first_sequence_after(query.since))
    if query.until is not None:
        found.append(order < first_sequence_after(query.until))
    if query.cursor is not None:
        found.append(order > query.cursor if query.ascending else order < query.cursor)
    return found
