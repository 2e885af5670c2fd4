"""Reading the parameters of a request by a table of names; all faults at once. XP-15

Names are case-sensitive, unknown ones refused, and values held to the rules of the same values in
statements (xAPI 1.0.3 Communication 3.2; 2.0 4.1.5).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from xapi_lrs.core import rx
from xapi_lrs.core.actor import check_actor, check_agent, identify
from xapi_lrs.core.errors import InvalidRequest, MalformedJson
from xapi_lrs.core.problems import JsonObject, Problems
from xapi_lrs.core.strict_json import parse_json
from xapi_lrs.core.timestamps import parse_timestamp

Parser = Callable[[str], Any]

LONGEST_ID = 2000
"""Characters of a stateId or profileId."""


class WrongValue(ValueError):
    """What is wrong with the value of one parameter, in words that go after its name."""


def read_values(
    pairs: Iterable[tuple[str, str]], known: Mapping[str, Parser], required: Collection[str]
) -> dict[str, Any]:
    """The parsed values of decoded (name, value) pairs. Raises InvalidRequest with every fault."""
    problems, values = Problems(), dict[str, Any]()
    for name, text in pairs:
        if name not in known:
            problems(name[:100], "XP-15", "is not a parameter of this request (case matters)")
        elif name in values:
            problems(name, "XP-15", "is given twice")
        else:
            try:
                values[name] = known[name](text)
            except WrongValue as wrong:
                values[name] = None
                problems(name, "XP-15", str(wrong))
    for name in required:
        if name not in values:
            problems(name, "XP-23", "is missing")
    if problems:
        raise InvalidRequest("; ".join(map(str, problems)), problems)
    return values


def read_id(text: str) -> str:
    """A stateId or profileId: any text of moderate length."""
    if not text or len(text) > LONGEST_ID or "\0" in text:
        raise WrongValue(f"must be 1 to {LONGEST_ID} characters without U+0000")
    return text


def read_uuid(text: str) -> UUID:
    """XP-38"""
    if not rx.is_uuid(text):
        raise WrongValue("must be a UUID with dashes")
    return UUID(text)


def read_iri(text: str) -> str:
    """XP-37"""
    if not rx.is_iri(text):
        raise WrongValue("must be an absolute IRI (with a scheme)")
    return text


def read_timestamp(text: str) -> datetime:
    """XP-11"""
    instant = parse_timestamp(text)
    if instant is None:
        raise WrongValue("must be an ISO 8601 timestamp (is + written as %2B?)")
    return instant


def read_agent(text: str) -> JsonObject:
    """An Agent as JSON; no Group: 1.0.3 Communication 2.4, 2.6. XP-44"""
    return _read_party(text, check_agent, "an Agent")


def read_agent_or_group(text: str) -> JsonObject:
    """An Agent or identified Group as JSON: 2.0 4.1.6.2."""
    party = _read_party(text, check_actor, "an Agent or a Group")
    if identify(party) is None:
        raise WrongValue("must be an Agent or an identified Group, not an anonymous one")
    return party


def _read_party(text: str, check: Callable[[Any, str, Problems], None], what: str) -> JsonObject:
    try:
        party = parse_json(text.encode("utf-8", "surrogatepass"))
    except MalformedJson as error:
        raise WrongValue(f"must be {what} as JSON: {error.message}") from None
    problems = Problems()
    check(party, "", problems)
    if problems:
        raise WrongValue(f"must be {what}: {'; '.join(map(str, problems))}")
    found: JsonObject = party
    return found
