"""Whom and what a statement mentions: the keys that the filters of a query look for.

`direct` references answer `agent` and `activity`; all of them answer `related_agents` and
`related_activities` (xAPI 1.0.3 Communication 2.1.3; 2.0 4.1.6.1). XP-10, XP-39
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from xapi_lrs.core.actor import identities
from xapi_lrs.core.ids import key_of
from xapi_lrs.core.problems import JsonObject


def agent_key(identity: str) -> UUID:
    """Of what `actor.identify` gives."""
    return key_of("agent", identity)


def activity_key(iri: str) -> UUID:
    return key_of("activity", iri)


def verb_key(iri: str) -> UUID:
    return key_of("verb", iri)


def references(statement: JsonObject, authority: JsonObject) -> dict[UUID, bool]:
    """Key to `direct` for every agent and activity of a valid statement."""
    found: dict[UUID, bool] = {}
    for key in _direct(statement):
        found[key] = True
    for key in _related(statement, authority):
        found.setdefault(key, False)
    return found


def _direct(body: JsonObject) -> Iterator[UUID]:
    """Actor and object; members count for their group."""
    yield from map(agent_key, identities(body["actor"]))
    target = body["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        yield activity_key(target["id"])
    elif kind in ("Agent", "Group"):
        yield from map(agent_key, identities(target))


def _related(statement: JsonObject, authority: JsonObject) -> Iterator[UUID]:
    yield from map(agent_key, identities(authority))
    yield from _context(statement.get("context", {}))
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        yield from _direct(target)
        yield from _context(target.get("context", {}))


def _context(context: JsonObject) -> Iterator[UUID]:
    parties: list[Any] = [context[key] for key in ("instructor", "team") if key in context]
    parties += [one["agent"] for one in context.get("contextAgents", ())]
    parties += [one["group"] for one in context.get("contextGroups", ())]
    for party in parties:
        yield from map(agent_key, identities(party))
    for value in context.get("contextActivities", {}).values():
        for activity in value if type(value) is list else [value]:
            yield activity_key(activity["id"])
