"""What is left of a statement when a person is taken out of it.

| the person is | erase | pseudonymise |
|---|---|---|
| actor or object, also of a SubStatement | the statement goes | the stand-in takes the place |
| actor of a voiding statement | the stand-in takes the place: what is void stays void | the same |
| member, instructor, team, in contextAgents or contextGroups | is left out | the stand-in |
| authority | the stand-in: no statement is without one | the same |

A Group that nobody is left in goes the way of the person. A signature signs what the statement said
before, with the person's name in it: it is taken off every statement that changes. What stands in
texts (responses, extensions, documents of others) nobody can take out safely: `mentioned_in_text`
finds it, so that somebody can look.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xapi_lrs.core.actor import canonical_mbox, identify
from xapi_lrs.core.attachment import SIGNATURE
from xapi_lrs.core.parties import parties, principals, replace_parties
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.verb import VOIDED

SHORTEST_TELLING = 5
"""Characters of an identifier that says something when it is met in a text."""


class Mode(StrEnum):
    ERASE = "erase"
    PSEUDONYMISE = "pseudonymise"


@dataclass(frozen=True, slots=True)
class Subject:
    """The person who is to be forgotten."""

    identities: frozenset[str]
    """All by which he is known: core/actor.py identify."""
    texts: tuple[str, ...]
    """His identifiers as they may stand in texts, lower-cased."""

    def is_party(self, party: JsonObject) -> bool:
        return identify(party) in self.identities


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one statement."""

    statement: JsonObject | None
    """None: it goes."""
    signatures: tuple[str, ...] = ()
    """sha2 of the signatures that were taken off."""


def describe_subject(agents: Iterable[JsonObject]) -> Subject:
    """Valid Agents that are one person; an mbox is also known by its SHA-1 (Data 2.4.2.3)."""
    identities, texts = set(), set()
    for agent in agents:
        identity = identify(agent)
        if identity is None:
            raise ValueError("an anonymous group is nobody")
        identities.add(identity)
        texts |= _texts(agent)
        for digest in _hashes(agent):
            identities.add(f"sha1 {digest}")
            texts.add(digest)
    telling = sorted(text for text in texts if len(text) >= SHORTEST_TELLING)
    return Subject(frozenset(identities), tuple(telling))


def make_stand_in(home_page: str, name: str) -> JsonObject:
    """The Agent that stands for somebody who is not known any more; one name per run, so that his
    statements still belong together."""
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


def judge(statement: JsonObject, subject: Subject, mode: Mode, stand_in: JsonObject) -> Verdict:
    """What becomes of a valid statement; one that does not name him comes back as it is."""
    if not any(map(subject.is_party, parties(statement))):
        return Verdict(statement)
    if mode is Mode.ERASE and statement["verb"]["id"] != VOIDED:
        if any(_is_he_or_his_group(one, subject) for one in principals(statement)):
            return Verdict(None)
        changed = _left_out(statement, subject, stand_in)
    else:
        changed = replace_parties(statement, lambda party: _stand_in(party, subject, stand_in))
    return _without_signatures(changed)


def replace_authority(authority: JsonObject, subject: Subject, stand_in: JsonObject) -> JsonObject:
    """Of a stored authority: an Agent, or a Group of two. The same when he is not in it."""
    changed = dict(authority)
    if "member" in changed:
        changed["member"] = [_stand_in(one, subject, stand_in) for one in changed["member"]]
    return _stand_in(changed, subject, stand_in)


def mentioned_in_text(text: str, subject: Subject) -> bool:
    """Whether an identifier of his stands anywhere in the JSON `text`, escaped or not."""
    lowered = text.lower()
    return any(written in lowered for one in subject.texts for written in _written(one))


def _written(text: str) -> set[str]:
    """A lower-cased text as it may stand in JSON."""
    quoted = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    return {text} | {one.lower() for one in quoted}


def _hashes(agent: JsonObject) -> set[str]:
    if "mbox" not in agent:
        return set()
    written = {agent["mbox"], canonical_mbox(agent["mbox"])}
    return {hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest() for one in written}


def _texts(agent: JsonObject) -> set[str]:
    found = {agent.get("mbox", "").removeprefix("mailto:"), agent.get("openid", "")}
    found |= {agent.get("mbox_sha1sum", ""), agent.get("account", {}).get("name", "")}
    return {text.lower() for text in found}


def _is_he_or_his_group(party: JsonObject, subject: Subject) -> bool:
    """A group of nobody but him is him."""
    members = party.get("member", ())
    alone = bool(members) and all(map(subject.is_party, members)) and identify(party) is None
    return alone or subject.is_party(party)


def _stand_in(party: JsonObject, subject: Subject, stand_in: JsonObject) -> JsonObject:
    if not subject.is_party(party):
        return party
    kept = {key: party[key] for key in ("objectType", "member") if key in party}
    return stand_in | kept


def _left_out(statement: JsonObject, subject: Subject, stand_in: JsonObject) -> JsonObject:
    own = {key: value for key, value in statement.items() if key != "authority"}

    changed = replace_parties(own, lambda party: None if subject.is_party(party) else party)
    if "authority" in statement:
        changed["authority"] = replace_authority(statement["authority"], subject, stand_in)
    return changed


def _without_signatures(statement: JsonObject) -> Verdict:
    attachments = statement.get("attachments", ())
    signatures = tuple(one["sha2"].lower() for one in attachments if one["usageType"] == SIGNATURE)
    if not signatures:
        return Verdict(statement)
    kept = [one for one in attachments if one["usageType"] != SIGNATURE]
    rest = {key: value for key, value in statement.items() if key != "attachments"}
    return Verdict(rest | ({"attachments": kept} if kept else {}), signatures)
