"""What the store knows of an agent. XP-24"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.parties import named, parties
from xapi_lrs.core.person import build_person
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import Role, agent_key
from xapi_lrs.core.strict_json import load_json
from xapi_lrs.models.document import Document
from xapi_lrs.models.statement import Statement, StatementReference
from xapi_lrs.models.store import Store

LOOKED_AT = 25
"""So many documents, and of each kind of mention the newest so many statements, are asked for
names: enough to know how somebody is called, and the answer costs the same whoever it is."""


def find_person(session: Session, store: Store, agent: JsonObject) -> JsonObject:
    """The Person of a valid Agent; of one never seen, what the request said itself."""
    identity = identify(agent)
    return build_person(agent, _names(session, store, identity) if identity else ())


def _names(session: Session, store: Store, identity: str) -> Iterator[str]:
    key, wanted = agent_key(identity), frozenset((identity,))
    arms = (
        _acting(store, key),
        _mentioned(store, key, Role.DIRECT),
        _mentioned(store, key, Role.RELATED),
        _kept(store, key),
    )
    found = union_all(*(one.subquery().select() for one in arms))
    for (text,) in session.execute(found):
        value = load_json(text)
        for party in parties(value) if "verb" in value else (value,):
            if named(party, wanted) and party.get("name"):
                yield party["name"]


def _acting(store: Store, key: UUID) -> Select[Any]:
    """The bodies of his newest statements."""
    found = select(Statement.body).where(Statement.store_id == store.id, Statement.actor_key == key)
    return found.order_by(Statement.sequence.desc()).limit(LOOKED_AT)


def _mentioned(store: Store, key: UUID, role: Role) -> Select[Any]:
    """The bodies of the newest statements that name him themselves, in that role."""
    reference = StatementReference
    same = (reference.store_id == Statement.store_id) & (reference.sequence == Statement.sequence)
    found = select(Statement.body).join(reference, same)
    return (
        found.where(
            reference.store_id == store.id,
            reference.key == key,
            reference.role == int(role),
            reference.source == reference.sequence,
        )
        .order_by(reference.sequence.desc())
        .limit(LOOKED_AT)
    )


def _kept(store: Store, key: UUID) -> Select[Any]:
    """How those wrote him who keep documents for him."""
    kept = select(Document.agent).where(Document.store_id == store.id, Document.agent_key == key)
    return kept.limit(LOOKED_AT)
