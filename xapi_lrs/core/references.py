"""Whom and what a statement mentions: the keys that the filters of a query look for.

DIRECT mentions answer `agent` and `activity`; these and the RELATED ones answer `related_agents`
and `related_activities` (xAPI 1.0.3 Communication 2.1.3; 2.0 4.1.6.1). XP-10, XP-39
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any
from uuid import UUID

from xapi_lrs.core.actor import identify
from xapi_lrs.core.ids import digest_of, key_of
from xapi_lrs.core.problems import JsonObject


class Role(IntEnum):
    """What a key is to the statement that mentions it."""

    RELATED = 0
    """An agent or activity anywhere else in it."""
    DIRECT = 1
    """Actor or object, or a member of a group there."""
    VERB = 2
    REGISTRATION = 3


def agent_key(identity: str) -> UUID:
    """Of what `actor.identify` gives."""
    return key_of("agent", identity)


def activity_key(iri: str) -> UUID:
    return key_of("activity", iri)


def verb_key(iri: str) -> UUID:
    return key_of("verb", iri)


def actor_digest(statement: JsonObject) -> str | None:
    """The hexadecimal agent_key of the actor; None for an anonymous group."""
    identity = identify(statement["actor"])
    return None if identity is None else digest_of("agent", identity)


def activity_digest(statement: JsonObject) -> str | None:
    """The hexadecimal activity_key of the object, when that is an Activity."""
    target = statement["object"]
    if target.get("objectType", "Activity") != "Activity":
        return None
    return digest_of("activity", target["id"])


def mentions(statement: JsonObject) -> dict[str, Role]:
    """Hexadecimal key to role for all that a valid statement mentions, but for its own actor and
    activity (`actor_digest`, `activity_digest`), which are found by columns, and its authority."""
    found: dict[str, Role] = {}
    for key in _direct(statement):
        found[key] = Role.DIRECT
    if "context" in statement or statement["object"].get("objectType") == "SubStatement":
        for key in _related(statement):
            found.setdefault(key, Role.RELATED)
    for own in (actor_digest(statement), activity_digest(statement)):
        if own is not None:
            found.pop(own, None)
    return found


def _direct(body: JsonObject) -> Iterator[str]:
    """Members count for their group."""
    actor, target = body["actor"], body["object"]
    if "member" in actor:
        yield from _agents(actor)
    if target.get("objectType") in ("Agent", "Group"):
        yield from _agents(target)


def _related(statement: JsonObject) -> Iterator[str]:
    yield from _context(statement.get("context", {}))
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        yield from _whole(target)
        yield from _context(target.get("context", {}))


def _whole(body: JsonObject) -> Iterator[str]:
    """Actor and object of a SubStatement."""
    yield from _agents(body["actor"])
    activity = activity_digest(body)
    if activity is not None:
        yield activity
    elif body["object"].get("objectType") in ("Agent", "Group"):
        yield from _agents(body["object"])


def _context(context: JsonObject) -> Iterator[str]:
    parties: list[Any] = [context[key] for key in ("instructor", "team") if key in context]
    parties += [one["agent"] for one in context.get("contextAgents", ())]
    parties += [one["group"] for one in context.get("contextGroups", ())]
    for party in parties:
        yield from _agents(party)
    for value in context.get("contextActivities", {}).values():
        for activity in value if type(value) is list else [value]:
            yield digest_of("activity", activity["id"])


def _agents(actor: JsonObject) -> Iterator[str]:
    """The agent or group itself and its members."""
    for one in (actor, *actor.get("member", ())):
        identity = identify(one)
        if identity is not None:
            yield digest_of("agent", identity)
