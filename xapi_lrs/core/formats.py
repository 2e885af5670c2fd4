"""How a stored statement is given back: exact, ids (xAPI 1.0.3 Communication 2.1.3). XP-42

The statement is kept as it was sent; what the store assigns is added on the way out. Where that is
all, the text itself is extended and never parsed into something else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from xapi_lrs.core.actor import IDENTIFIERS
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.strict_json import dump_json, load_json
from xapi_lrs.core.timestamps import format_timestamp


@dataclass(frozen=True, slots=True)
class StoredStatement:
    statement_id: UUID
    sequence: int
    stored: datetime
    version: str
    """Of the request that brought it; printed where the statement says none."""
    text: str
    """As it was sent."""
    authority: str
    """JSON of the authority."""


def exact(statement: StoredStatement) -> str:
    """JSON text as received, plus id, timestamp, stored, authority and version where missing.

    stored and authority of the sender are replaced (XP-40), a lone context activity becomes an
    array of one (XP-33).
    """
    sent = orjson.loads(statement.text)
    added = _assigned(statement, sent)
    if "stored" not in sent and "authority" not in sent and not _lone_activities(sent):
        return f"{statement.text.rstrip()[:-1].rstrip()},{dump_json(added)[1:-1]}" + (
            f',"authority":{statement.authority}}}'
        )
    full = load_json(statement.text) | added | {"authority": load_json(statement.authority)}
    for body in (full, full["object"]):
        if "contextActivities" in body.get("context", {}):
            body["context"] = body["context"] | {"contextActivities": _arrays(body["context"])}
    return dump_json(full)


def ids(statement: StoredStatement) -> str:
    """Only what identifies agents, groups, verbs and activities."""
    return dump_json(_ids(load_json(exact(statement))))


FORMATS = {"exact": exact, "ids": ids}


def _assigned(statement: StoredStatement, sent: JsonObject) -> JsonObject:
    stored = format_timestamp(statement.stored)
    given = {
        "id": str(statement.statement_id),
        "timestamp": stored,
        "version": "1.0.0" if statement.version.startswith("1") else statement.version,
    }
    return {key: value for key, value in given.items() if key not in sent} | {"stored": stored}


def _lone_activities(sent: JsonObject) -> bool:
    target = sent["object"]
    contexts = [sent.get("context", {})]
    if target.get("objectType") == "SubStatement":
        contexts.append(target.get("context", {}))
    return any(
        type(value) is dict
        for context in contexts
        for value in context.get("contextActivities", {}).values()
    )


def _arrays(context: JsonObject) -> JsonObject:
    activities = context["contextActivities"]
    return {key: value if type(value) is list else [value] for key, value in activities.items()}


def _ids(body: JsonObject) -> JsonObject:
    short = dict(body)
    short["verb"] = {"id": body["verb"]["id"]}
    for key in ("actor", "authority"):
        if key in short:
            short[key] = _actor_ids(short[key])
    short["object"] = _object_ids(body["object"])
    if "context" in body:
        short["context"] = _context_ids(body["context"])
    return short


def _object_ids(target: JsonObject) -> JsonObject:
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        return _activity_ids(target)
    if kind == "SubStatement":
        return _ids(target)
    return target if kind == "StatementRef" else _actor_ids(target)


def _actor_ids(actor: JsonObject) -> JsonObject:
    """An anonymous group is identified by its members."""
    identified = any(key in actor for key in IDENTIFIERS)
    kept = ("objectType", *IDENTIFIERS) if identified else ("objectType", "member")
    short = {key: value for key, value in actor.items() if key in kept}
    if "member" in short:
        short["member"] = [_actor_ids(one) for one in short["member"]]
    return short


def _activity_ids(activity: JsonObject) -> JsonObject:
    """Activity is what an object is that does not say."""
    return {"id": activity["id"]}


def _context_ids(context: JsonObject) -> JsonObject:
    short: dict[str, Any] = dict(context)
    for key in ("instructor", "team"):
        if key in short:
            short[key] = _actor_ids(short[key])
    if "contextActivities" in short:
        short["contextActivities"] = {
            key: [_activity_ids(one) for one in value] for key, value in _arrays(context).items()
        }
    for key, noun in (("contextAgents", "agent"), ("contextGroups", "group")):
        if key in short:
            short[key] = [one | {noun: _actor_ids(one[noun])} for one in short[key]]
    return short
