"""What a credential is bound to, and the exact refusal of anything beyond it.

A scope says what may be done (core/scopes.py), a bound to whose records. One table:

| bound           | statements in            | statements out              | state         | agent profile | activity profile, definition |
|-----------------|--------------------------|-----------------------------|---------------|---------------|------------------------------|
| actor           | actor is it, no voiding  | only those with this agent  | agent is it   | agent is it   | free                         |
| registration    | context.registration is  | only those of it            | is it         | free          | free                         |
| activity        | object is it             | only asked for by it        | activityId is | free          | activityId is                |
| activity_prefix | object lies below        | asked for by one below      | lies below    | free          | lies below                   |
| origins         | for every request: the browser's Origin header is one of them                                              |

Profiles know no registration, so that bound leaves them to the scopes. A bound that cannot be seen
in the request (a StatementRef names no activity) counts as exceeded.
"""  # noqa: E501  (a table)

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from xapi_lrs.core.actor import identify
from xapi_lrs.core.errors import NotAllowed
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.verb import VOIDED

_DELIMITERS = "/?#:&="


@dataclass(frozen=True, slots=True)
class Bounds:
    """All empty: the credential's store is its only bound."""

    actor: str | None = None
    """The identity (`actor.identify`) of the only Agent it speaks for."""
    registration: UUID | None = None
    activity: str | None = None
    """The only activity's IRI."""
    activity_prefix: str | None = None
    """Activities whose IRI is this, or goes on after it at a delimiter."""
    origins: tuple[str, ...] = ()
    """Of browser pages, as `https://host[:port]`; empty: from anywhere, browser or not."""

    @property
    def narrows_activities(self) -> bool:
        return self.activity is not None or self.activity_prefix is not None

    def holds_activity(self, iri: str | None) -> bool:
        """Whether the activity lies within. None (nothing named) lies in no narrowed bound."""
        if self.activity is not None and iri != self.activity:
            return False
        return self.activity_prefix is None or (
            iri is not None and lies_below(iri, self.activity_prefix)
        )


def lies_below(iri: str, prefix: str) -> bool:
    """`https://a.example/course/1` holds /course/1 and /course/1/quiz, but not /course/10."""
    if not iri.startswith(prefix):
        return False
    return len(iri) == len(prefix) or prefix[-1] in _DELIMITERS or iri[len(prefix)] in _DELIMITERS


def check_origin(bounds: Bounds, origin: str | None) -> None:
    """The page that sends the request, by its Origin header (RFC 6454 7). Raises NotAllowed."""
    if bounds.origins and origin not in bounds.origins:
        allowed = ", ".join(bounds.origins)
        said = f"comes from {origin[:200]}" if origin else "names no Origin"
        raise NotAllowed(f"this credential works in pages of {allowed}; the request {said}")


def check_statement(bounds: Bounds, statement: JsonObject) -> None:
    """Raises NotAllowed for the first bound that storing `statement` would exceed."""
    _check(
        "statement",
        _reason_for_actor(bounds, statement),
        _reason_for_voiding(bounds, statement),
        _reason_for_registration(bounds, _text(statement, "context", "registration")),
        _reason_for_object(bounds, statement),
    )


def check_state(
    bounds: Bounds, activity_id: str, agent: JsonObject, registration: UUID | None
) -> None:
    """A State document's address. Raises NotAllowed."""
    _check(
        "state",
        _reason_for_agent(bounds, agent),
        _reason_for_registration(bounds, str(registration) if registration else None),
        _reason_for_activity(bounds, activity_id),
    )


def check_agent_profile(bounds: Bounds, agent: JsonObject) -> None:
    """Also of a Person that is asked for. Raises NotAllowed."""
    _check("agent", _reason_for_agent(bounds, agent))


def check_activity_profile(bounds: Bounds, activity_id: str) -> None:
    """Also of a definition that is asked for. Raises NotAllowed."""
    _check("activity", _reason_for_activity(bounds, activity_id))


def narrow(bounds: Bounds, query: StatementQuery) -> StatementQuery:
    """The part of `query` that may be read. Raises NotAllowed where it asks beyond the bounds."""
    if bounds.actor is not None and query.agent not in (None, bounds.actor):
        _check("query", "agent: it reads the statements of its own learner only")
    if bounds.registration is not None and query.registration not in (None, bounds.registration):
        _check("query", _reason_for_registration(bounds, str(query.registration)))
    _check("query", _reason_for_activity(bounds, query.activity))
    return replace(
        query,
        agent=bounds.actor or query.agent,
        registration=bounds.registration or query.registration,
    )


def may_see(bounds: Bounds, statement: JsonObject) -> bool:
    """Whether a stored statement that was asked for by its id lies within: as in a query, the
    learner is its actor or its object."""
    parties = (statement.get("actor"), statement.get("object"))
    is_own = bounds.actor is None or any(_identity(one) == bounds.actor for one in parties)
    return is_own and not any(
        (
            _reason_for_registration(bounds, _text(statement, "context", "registration")),
            _reason_for_object(bounds, statement),
        )
    )


Reason = str | None
"""Why not; None: nothing is against it."""


def _check(what: str, *reasons: Reason) -> None:
    for reason in reasons:
        if reason is not None:
            raise NotAllowed(f"{what} beyond what this credential is bound to: {reason}")


def _reason_for_actor(bounds: Bounds, statement: JsonObject) -> Reason:
    if bounds.actor is None or _identity(statement.get("actor")) == bounds.actor:
        return None
    return "actor: it speaks for its own learner only, as the Agent that the launch named"


def _reason_for_agent(bounds: Bounds, agent: JsonObject) -> Reason:
    if bounds.actor is None or _identity(agent) == bounds.actor:
        return None
    return "agent: it opens the documents of its own learner only"


def _reason_for_voiding(bounds: Bounds, statement: JsonObject) -> Reason:
    """What is voided may be anybody's. CMI5-TOK-12"""
    if bounds.actor is None or _text(statement, "verb", "id") != VOIDED:
        return None
    return "verb: it must not void statements"


def _reason_for_registration(bounds: Bounds, registration: str | None) -> Reason:
    if bounds.registration is None:
        return None
    if registration is None:
        return f"registration: is missing, it must be {bounds.registration}"
    if registration.lower() != str(bounds.registration):
        return f"registration: must be {bounds.registration}, not {registration[:50]}"
    return None


def _reason_for_activity(bounds: Bounds, iri: str | None) -> Reason:
    if bounds.holds_activity(iri):
        return None
    wanted = bounds.activity or f"{bounds.activity_prefix} or below"
    return f"activity: must be {wanted}, not {iri[:200] if iri else 'any'}"


def _reason_for_object(bounds: Bounds, statement: JsonObject) -> Reason:
    """An Activity's own id; what a SubStatement is about; a StatementRef names none."""
    if not bounds.narrows_activities:
        return None
    target = statement.get("object")
    if _text(target, "objectType") == "SubStatement":
        target = target.get("object") if type(target) is dict else None
    is_activity = _text(target, "objectType") in (None, "Activity")
    return _reason_for_activity(bounds, _text(target, "id") if is_activity else None)


def _identity(agent: Any) -> str | None:
    """Of a single Agent; a Group is nobody's learner. Tolerates what validation would refuse."""
    if type(agent) is not dict or agent.get("objectType", "Agent") != "Agent":
        return None
    try:
        return identify(agent)
    except (KeyError, TypeError, AttributeError):
        return None


def _text(value: Any, *path: str) -> str | None:
    for key in path:
        value = value.get(key) if type(value) is dict else None
    return value if type(value) is str else None
