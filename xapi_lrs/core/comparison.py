"""Are two statements the same? (xAPI 1.0.3 Data 2.3.1 with 2.3.1.s2; 2.0 4.2.3, 4.2.7). XP-33

A statement is brought into a canonical form in which everything the rules ignore is gone:

| ignored | because |
|---|---|
| id, stored, authority | assigned or replaced by the store |
| timestamp, version, when one side has none | the store assigned it |
| verb display, activity definitions | belong to the verb and the activity, not to the statement |
| attachments | not part of the statement |
| order of a group's members | an unordered list |
| how an instant is written | 12:00Z is 13:00+01:00 |
| case of an e-mail's domain, of UUIDs, hex digits, language tags | they have none |
| one context activity or an array of one | 1.0.3 Data 2.4.6.2 |
| order of keys, 1 or 1.0 | the same JSON value |

Durations are compared as strings in 1.0.x, and cut at a hundredth of a second in 2.0.
"""

import re
from typing import Any

from xapi_lrs.core.actor import canonical_mbox
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.core.timestamps import canonical_timestamp

_ASSIGNED = ("id", "stored", "authority", "attachments", "timestamp", "version")
_SECONDS = re.compile(r"(\d+)[.,](\d{1,2})\d*S\Z")


def same_statement(one: JsonObject, other: JsonObject, version: str = "1.0.3") -> bool:
    """Whether two valid statements say the same; `version` of the request that compares."""
    for key, canonical in (("timestamp", canonical_timestamp), ("version", str)):
        if key in one and key in other and canonical(one[key]) != canonical(other[key]):
            return False
    cut = version.startswith("2")
    return _text(_statement(one, cut)) == _text(_statement(other, cut))


def canonical_duration(duration: str) -> str:
    """Seconds cut (never rounded) after two decimals: PT1.239S and PT1.23S are equal in 2.0."""
    match = _SECONDS.search(duration)
    if match is None:
        return duration
    decimals = match[2].rstrip("0")
    seconds = f"{match[1]}.{decimals}S" if decimals else f"{match[1]}S"
    return duration[: match.start()] + seconds


def _statement(statement: JsonObject, cut: bool) -> JsonObject:
    kept = {key: value for key, value in statement.items() if key not in _ASSIGNED}
    return _body(kept, cut)


def _body(body: JsonObject, cut: bool) -> JsonObject:
    canonical = dict(body)
    canonical["actor"] = _actor(body["actor"])
    canonical["verb"] = {"id": body["verb"]["id"]}
    canonical["object"] = _object(body["object"], cut)
    if "result" in body:
        canonical["result"] = _result(body["result"], cut)
    if "context" in body:
        canonical["context"] = _context(body["context"])
    return canonical


def _object(target: JsonObject, cut: bool) -> JsonObject:
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        return _activity(target)
    if kind == "StatementRef":
        return _reference(target)
    if kind == "SubStatement":
        inner = {key: value for key, value in target.items() if key != "attachments"}
        if "timestamp" in inner:
            inner["timestamp"] = canonical_timestamp(inner["timestamp"])
        return _body(inner, cut)
    return _actor(target)


def _activity(activity: JsonObject) -> JsonObject:
    return {key: value for key, value in activity.items() if key != "definition"}


def _reference(reference: JsonObject) -> JsonObject:
    return reference | {"id": reference["id"].lower()}


def _actor(actor: JsonObject) -> JsonObject:
    canonical = dict(actor)
    if "mbox" in canonical:
        canonical["mbox"] = canonical_mbox(canonical["mbox"])
    if "mbox_sha1sum" in canonical:
        canonical["mbox_sha1sum"] = canonical["mbox_sha1sum"].lower()
    if "member" in canonical:
        canonical["member"] = sorted((_actor(one) for one in actor["member"]), key=_text)
    return canonical


def _result(result: JsonObject, cut: bool) -> JsonObject:
    if cut and "duration" in result:
        return result | {"duration": canonical_duration(result["duration"])}
    return result


def _context(context: JsonObject) -> JsonObject:
    canonical = dict(context)
    for key in ("registration", "language"):
        if key in canonical:
            canonical[key] = canonical[key].lower()
    for key in ("instructor", "team"):
        if key in canonical:
            canonical[key] = _actor(canonical[key])
    if "statement" in canonical:
        canonical["statement"] = _reference(canonical["statement"])
    if "contextActivities" in canonical:
        activities = context["contextActivities"]
        canonical["contextActivities"] = {
            key: [_activity(one) for one in (value if type(value) is list else [value])]
            for key, value in activities.items()
        }
    for key, noun in (("contextAgents", "agent"), ("contextGroups", "group")):
        if key in canonical:
            canonical[key] = [one | {noun: _actor(one[noun])} for one in context[key]]
    return canonical


def _text(value: Any) -> str:
    return dump_json(_plain(value))


def _plain(value: Any) -> Any:
    """Keys sorted, whole floats as integers: equal JSON values give equal text, true stays true."""
    if type(value) is dict:
        return {key: _plain(value[key]) for key in sorted(value)}
    if type(value) is list:
        return [_plain(one) for one in value]
    if type(value) is float and value.is_integer():
        return int(value)
    return value
