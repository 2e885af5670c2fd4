"""What the store knows of an agent. XP-24"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.parties import named, parties
from xapi_lrs.core.person import build_person
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import agent_key
from xapi_lrs.core.strict_json import load_json
from xapi_lrs.models.document import Document
from xapi_lrs.models.statement import Statement, StatementReference
from xapi_lrs.models.store import Store

LOOKED_AT = 25
"""The newest so many statements of each kind of mention, and so many documents, are asked for names.
Enough to know how somebody is called, and the answer costs the same whoever it is."""


def find_person(session: Session, store: Store, agent: JsonObject) -> JsonObject:
    """The Person of a valid Agent; of one never seen, what the request said itself."""
    identity = identify(agent)
    return build_person(agent, _names(session, store, identity) if identity else ())


def _names(session: Session, store: Store, identity: str) -> Iterator[str]:
    wanted = frozenset((identity,))
    mentions = (_mentioned(store, identity, direct) for direct in (True, False))
    found = union_all(*(one.subquery().select() for one in (*mentions, _kept(store, identity))))
    for (text,) in session.execute(found):
        value = load_json(text)
        for party in parties(value) if "verb" in value else (value,):
            if named(party, wanted) and party.get("name"):
                yield party["name"]


def _mentioned(store: Store, identity: str, direct: bool) -> Select[Any]:
    """The bodies of the newest statements that mention him."""
    reference = StatementReference
    return (
        select(Statement.body)
        .join(
            reference,
            (reference.store_id == Statement.store_id) & (reference.sequence == Statement.sequence),
        )
        .where(
            reference.store_id == store.id,
            reference.key == agent_key(identity),
            reference.direct.is_(direct),
        )
        .order_by(reference.sequence.desc())
        .limit(LOOKED_AT)
    )


def _kept(store: Store, identity: str) -> Select[Any]:
    """How those wrote him who keep documents for him."""
    kept = select(Document.agent).where(
        Document.store_id == store.id, Document.agent_key == agent_key(identity)
    )
    return kept.limit(LOOKED_AT)
