"""The parameters of GET statements (xAPI 1.0.3 Communication 2.1.3; 2.0 4.1.6.1). XP-15, XP-16

Names are case-sensitive, unknown ones refused, values held to the rules of the same values in
statements; all faults at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xapi_lrs.core import rx
from xapi_lrs.core.actor import check_actor, identify
from xapi_lrs.core.errors import InvalidRequest, MalformedJson
from xapi_lrs.core.ids import LARGEST
from xapi_lrs.core.problems import Problems
from xapi_lrs.core.strict_json import parse_json
from xapi_lrs.core.timestamps import parse_timestamp

FORMAT_NAMES = ("exact", "ids", "canonical")
CURSOR = "cursor"
"""Ours: the sequence of the last statement of the page before, in `more` addresses only."""


@dataclass(frozen=True, slots=True)
class StatementQuery:
    """Which statements, in which order. `agent` is an identity as `actor.identify` gives it."""

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    """Exclusive, on `stored`. XP-43"""
    until: datetime | None = None
    """Inclusive, on `stored`."""
    limit: int = 0
    """0: as many as the store gives at once."""
    ascending: bool = False
    cursor: int | None = None
    authority: str | None = None
    """Only statements of this authority's identity: what "statements/read/mine" means."""
    with_voided: bool = False
    """Voided statements as well: for those who look after a store, never for GET. XP-30"""


@dataclass(frozen=True, slots=True)
class StatementRequest:
    """A GET: one statement by its id, or a query."""

    statement_id: UUID | None = None
    voided: bool = False
    """The id was given as voidedStatementId."""
    query: StatementQuery = StatementQuery()
    format: str = "exact"
    attachments: bool = False


def parse_statement_request(pairs: Iterable[tuple[str, str]]) -> StatementRequest:
    """From decoded (name, value) pairs in the order of the address. Raises InvalidRequest."""
    problems, values = Problems(), dict[str, object]()
    for name, text in pairs:
        if name not in _PARAMETERS:
            problems(name[:100], "XP-15", "is not a parameter of this resource (case matters)")
        elif name in values:
            problems(name, "XP-15", "is given twice")
        else:
            try:
                values[name] = _PARAMETERS[name](text)
            except _Wrong as wrong:
                values[name] = None
                problems(name, "XP-15", str(wrong))
    _check_together(values, problems)
    refuse(problems)
    return _build(values)


def parse_statement_id(pairs: Iterable[tuple[str, str]]) -> UUID:
    """The one parameter of PUT. Raises InvalidRequest. XP-26"""
    problems, found = Problems(), None
    for name, text in pairs:
        if name != "statementId" or found is not None:
            problems(name[:100], "XP-15", "is not a parameter of this request, or is given twice")
        elif not rx.is_uuid(text):
            problems(name, "XP-38", "must be a UUID with dashes")
        else:
            found = UUID(text)
    if found is None and not problems:
        problems("statementId", "XP-26", "is missing")
    refuse(problems)
    assert found is not None  # noqa: S101 - for the type checker; refuse() has raised otherwise
    return found


def refuse(problems: Problems) -> None:
    """Raise InvalidRequest when there are problems."""
    if problems:
        raise InvalidRequest("; ".join(map(str, problems)), problems)


class _Wrong(ValueError):
    """What is wrong with the value of one parameter."""


def _uuid(text: str) -> UUID:
    if not rx.is_uuid(text):
        raise _Wrong("must be a UUID with dashes")
    return UUID(text)


def _iri(text: str) -> str:
    if not rx.is_iri(text):
        raise _Wrong("must be an absolute IRI (with a scheme)")
    return text


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise _Wrong("must be true or false")
    return text == "true"


def _timestamp(text: str) -> datetime:
    instant = parse_timestamp(text)
    if instant is None:
        raise _Wrong("must be an ISO 8601 timestamp (is + written as %2B?)")
    return instant


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        raise _Wrong("must be a whole number, 0 or more")
    return min(int(text), LARGEST)


def _format(text: str) -> str:
    if text not in FORMAT_NAMES:
        raise _Wrong(f"must be one of {', '.join(FORMAT_NAMES)}")
    return text


def _agent(text: str) -> str:
    """An Agent or identified Group as JSON. XP-44"""
    try:
        agent = parse_json(text.encode("utf-8", "surrogatepass"))
    except MalformedJson as error:
        raise _Wrong(f"must be an Agent as JSON: {error.message}") from None
    problems = Problems()
    check_actor(agent, "", problems)
    if problems:
        raise _Wrong("; ".join(map(str, problems)))
    identity = identify(agent)
    if identity is None:
        raise _Wrong("must be an Agent or an identified Group")
    return identity


_PARAMETERS: dict[str, Callable[[str], object]] = {
    "statementId": _uuid,
    "voidedStatementId": _uuid,
    "agent": _agent,
    "verb": _iri,
    "activity": _iri,
    "registration": _uuid,
    "related_agents": _boolean,
    "related_activities": _boolean,
    "since": _timestamp,
    "until": _timestamp,
    "limit": _number,
    "ascending": _boolean,
    "format": _format,
    "attachments": _boolean,
    CURSOR: _number,
}


def _check_together(values: dict[str, object], problems: Problems) -> None:
    """statementId and voidedStatementId stand alone, but for format and attachments. XP-16"""
    single = [name for name in ("statementId", "voidedStatementId") if name in values]
    others = values.keys() - {"attachments", "format", *single}
    if len(single) > 1:
        problems("voidedStatementId", "XP-16", "must not stand beside statementId")
    elif single and others:
        problems(single[0], "XP-16", f"must not stand beside {', '.join(sorted(others))}")


def _build(values: dict[str, object]) -> StatementRequest:
    rest = dict(values)
    one = rest.pop("statementId", None)
    voided = rest.pop("voidedStatementId", None)
    form = str(rest.pop("format", "exact"))
    attachments = bool(rest.pop("attachments", False))
    query = StatementQuery(**rest)  # type: ignore[arg-type]  # _PARAMETERS has read each
    found = one or voided
    return StatementRequest(
        found if isinstance(found, UUID) else None, voided is not None, query, form, attachments
    )
