"""A statement as a sentence for people: who did what, to what, with which result.

`Sentence` holds the parts; how they are set is the page's. A statement about a statement, a
SubStatement and a group are told as well; what has no name is told by what identifies it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.table_rows import identifier
from xapi_lrs.core.verb import VOIDED

_ADL, _TINCAN = "http://adlnet.gov/expapi/verbs/", "http://activitystrea.ms/schema/1.0/"
_W3ID, _BRINDLE = "https://w3id.org/xapi/", "http://id.tincanapi.com/verb/"

KINDS: dict[str, str] = {
    **{f"{_ADL}{name}": "began" for name in ("initialized", "launched", "attempted", "resumed")},
    **{f"{_ADL}{name}": "ended" for name in ("terminated", "suspended", "exited")},
    f"{_W3ID}adl/verbs/abandoned": "ended",
    f"{_W3ID}adl/verbs/satisfied": "passed",
    f"{_W3ID}adl/verbs/waived": "passed",
    **{f"{_ADL}{name}": "done" for name in ("completed", "mastered")},
    f"{_TINCAN}complete": "done",
    f"{_ADL}passed": "passed",
    f"{_ADL}failed": "failed",
    f"{_ADL}answered": "answered",
    f"{_ADL}responded": "answered",
    f"{_ADL}scored": "scored",
    f"{_ADL}progressed": "progressed",
    f"{_ADL}experienced": "seen",
    f"{_BRINDLE}viewed": "seen",
    f"{_TINCAN}open": "seen",
    f"{_W3ID}video/verbs/played": "played",
    f"{_W3ID}video/verbs/paused": "paused",
    f"{_ADL}interacted": "interacted",
    f"{_ADL}commented": "said",
    f"{_ADL}asked": "said",
    f"{_ADL}shared": "said",
    f"{_ADL}registered": "registered",
    VOIDED: "voided",
}
"""Verb to the kind of thing that happened, for a symbol; verbs not listed are "other"."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One part of the result: what it is and its value as text."""

    kind: str
    """score, success, completion, response, duration or progress."""
    value: str


@dataclass(frozen=True, slots=True)
class Sentence:
    kind: str
    """One of KINDS' values, or "other"."""
    actor: str
    actor_id: str
    """What identifies the actor; "" for an anonymous group."""
    verb: str
    verb_id: str
    target: str
    target_id: str
    target_type: str
    """Activity, Agent, Group, StatementRef or SubStatement."""
    facts: tuple[Fact, ...]


def tell(
    statement: JsonObject,
    languages: Sequence[str] = (),
    definitions: Mapping[str, JsonObject] | None = None,
) -> Sentence:
    """The parts of a valid statement's sentence, names in the first of `languages` there is.

    definitions: activities' IRIs to what the store knows of them, for those without a name here.
    """
    verb, target = statement["verb"], statement["object"]
    target_type = target.get("objectType", "Activity")
    return Sentence(
        kind=KINDS.get(verb["id"], "other"),
        actor=name_of(statement["actor"]),
        actor_id=identifier(statement["actor"]),
        verb=pick(verb.get("display", {}), languages) or _tail(verb["id"]),
        verb_id=verb["id"],
        target=_target_name(target, target_type, languages, definitions or {}),
        target_id=str(target.get("id", "")) or identifier(target),
        target_type=target_type,
        facts=tuple(_facts(statement.get("result", {}))),
    )


def name_of(party: JsonObject) -> str:
    """An Agent's or Group's name, else the readable part of its identifier."""
    if party.get("name"):
        return str(party["name"])
    if "account" in party:
        return str(party["account"]["name"])
    found = identifier(party)
    return found.removeprefix("mailto:") if found else "?"


def pick(texts: Mapping[str, Any], languages: Sequence[str]) -> str:
    """A language map in the language wanted most, otherwise in its first; "" when it is empty."""
    for wanted in languages:
        for tag, text in texts.items():
            if f"{tag}-".lower().startswith(f"{wanted}-".lower()):
                return str(text)
    return str(next(iter(texts.values()), ""))


def _target_name(
    target: JsonObject,
    target_type: str,
    languages: Sequence[str],
    definitions: Mapping[str, JsonObject],
) -> str:
    if target_type in ("Agent", "Group"):
        return name_of(target)
    if target_type == "StatementRef":
        return str(target["id"])
    if target_type == "SubStatement":
        inner = tell(target, languages, definitions)
        return f"{inner.actor} {inner.verb} {inner.target}"
    known = definitions.get(target["id"], {})
    names = target.get("definition", {}).get("name") or known.get("name", {})
    return pick(names, languages) or str(target["id"])


def _facts(result: JsonObject) -> list[Fact]:
    found = []
    score = _score(result.get("score", {}))
    if score:
        found.append(Fact("score", score))
    found += [
        Fact(key, "yes" if result[key] else "no")
        for key in ("success", "completion")
        if key in result
    ]
    found += [Fact(key, str(result[key])) for key in ("response", "duration") if key in result]
    return found


def _score(score: JsonObject) -> str:
    if "scaled" in score:
        return f"{score['scaled'] * 100:.4g} %"
    if "raw" not in score:
        return ""
    return f"{score['raw']:g}" + (f"/{score['max']:g}" if "max" in score else "")


def _tail(iri: str) -> str:
    """The last part of an IRI, where a verb has no word of its own."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1] or iri
