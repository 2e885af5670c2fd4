"""Everybody whom a statement names: one table of places, to look at them or to replace them.

(xAPI 1.0.3 Data 2.4.2, 2.4.4, 2.4.6, 2.4.9; contextAgents and contextGroups: 2.0 4.2.2.5.)
A party is an Agent or a Group, also a member of a Group. Statements are valid ones.
"""

from collections.abc import Callable, Iterator
from typing import Any

from xapi_lrs.core.actor import identify
from xapi_lrs.core.problems import JsonObject

Change = Callable[[JsonObject], JsonObject | None]
"""What takes a party's place; None: it is left out."""

CONTEXT_PARTIES = ("instructor", "team")
CONTEXT_LISTS = {"contextAgents": "agent", "contextGroups": "group"}
"""List to the property of its entries."""


def parties(statement: JsonObject) -> Iterator[JsonObject]:
    """All of them, members after their group; those of a SubStatement and the authority too."""
    for key in ("actor", "authority"):
        if key in statement:
            yield from _with_members(statement[key])
    target = statement["object"]
    if target.get("objectType") in ("Agent", "Group"):
        yield from _with_members(target)
    elif target.get("objectType") == "SubStatement":
        yield from parties(target)
    context = statement.get("context", {})
    for key in CONTEXT_PARTIES:
        if key in context:
            yield from _with_members(context[key])
    for key, noun in CONTEXT_LISTS.items():
        for entry in context.get(key, ()):
            yield from _with_members(entry[noun])


def principals(statement: JsonObject) -> Iterator[JsonObject]:
    """Whose deeds it tells or whom it is about: actor and object, here and in a SubStatement."""
    yield statement["actor"]
    target = statement["object"]
    if target.get("objectType") in ("Agent", "Group"):
        yield target
    elif target.get("objectType") == "SubStatement":
        yield from principals(target)


def replace_parties(statement: JsonObject, change: Change) -> JsonObject:
    """A new statement in which `change` was asked for each party, members first.

    Members, instructor, team, contextAgents and contextGroups may be left out; an actor, object or
    authority that is left out raises ValueError, because no statement is without.
    """
    changed = dict(statement)
    for key in ("actor", "authority"):
        if key in changed:
            changed[key] = _required(changed[key], change)
    target = statement["object"]
    if target.get("objectType") in ("Agent", "Group"):
        changed["object"] = _required(target, change)
    elif target.get("objectType") == "SubStatement":
        changed["object"] = replace_parties(target, change)
    if "context" in statement:
        changed["context"] = _replace_in_context(statement["context"], change)
    return changed


def named(party: JsonObject, identities: frozenset[str]) -> bool:
    """Whether the party is one of those `identities` (core/actor.py identify)."""
    return identify(party) in identities


def _with_members(party: JsonObject) -> Iterator[JsonObject]:
    yield party
    yield from party.get("member", ())


def _replace(party: JsonObject, change: Change) -> JsonObject | None:
    """A Group that is nothing but its members goes with the last of them."""
    if party.get("member"):
        kept = [new for one in party["member"] if (new := change(one)) is not None]
        if not kept and identify(party) is None:
            return None
        party = party | {"member": kept}
    return change(party)


def _required(party: JsonObject, change: Change) -> JsonObject:
    new = _replace(party, change)
    if new is None:
        raise ValueError("a statement needs its actor, object and authority")
    return new


def _replace_in_context(context: JsonObject, change: Change) -> JsonObject:
    changed: dict[str, Any] = {}
    for key, value in context.items():
        if key in CONTEXT_PARTIES:
            new = _replace(value, change)
            if new is not None:
                changed[key] = new
        elif key in CONTEXT_LISTS:
            changed[key] = _replace_in_list(value, CONTEXT_LISTS[key], change)
        else:
            changed[key] = value
    return changed


def _replace_in_list(entries: list[Any], noun: str, change: Change) -> list[Any]:
    pairs = [(entry, _replace(entry[noun], change)) for entry in entries]
    return [entry | {noun: new} for entry, new in pairs if new is not None]
