"""Documents: where one lies, and what a request for it asks. XP-23

xAPI 1.0.3 Communication 2.2, 2.3, 2.6, 2.7; 2.0 4.1.6.2, 4.1.6.5, 4.1.6.6.

Three resources of one kind. They differ in what a document hangs on and in the name of its id:

| resource | hangs on | id |
|---|---|---|
| state | activity, agent, registration or none | stateId |
| agent profile | agent | profileId |
| activity profile | activity | profileId |

A registration that is absent is a place of its own, not "any registration".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xapi_lrs.core.actor import identify
from xapi_lrs.core.ids import key_of
from xapi_lrs.core.parameters import (
    Parser,
    read_agent,
    read_agent_or_group,
    read_id,
    read_iri,
    read_timestamp,
    read_uuid,
    read_values,
)
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import agent_key
from xapi_lrs.core.versions import XAPI_1


@dataclass(frozen=True, slots=True)
class Resource:
    """One of the three document resources."""

    name: str
    id_parameter: str
    scope: tuple[str, ...]
    """Required parameters: what a document hangs on."""
    optional: tuple[str, ...] = ()
    deletes_many: bool = False
    """DELETE without an id deletes everything of the scope."""


STATE = Resource("state", "stateId", ("activityId", "agent"), ("registration",), deletes_many=True)
AGENT_PROFILE = Resource("agent profile", "profileId", ("agent",))
ACTIVITY_PROFILE = Resource("activity profile", "profileId", ("activityId",))
RESOURCES = (STATE, AGENT_PROFILE, ACTIVITY_PROFILE)


@dataclass(frozen=True, slots=True)
class Place:
    """What documents hang on."""

    resource: Resource
    activity_id: str | None = None
    agent: JsonObject | None = None
    registration: UUID | None = None

    @property
    def key(self) -> UUID:
        """Of all documents of this place. An agent is its identifier, whatever else it says; no
        part but the last can hold a blank, so no two places read alike."""
        identity = identify(self.agent) if self.agent else None
        parts = (self.registration or "-", self.activity_id or "-", identity or "-")
        return key_of(f"{self.resource.name} place", " ".join(map(str, parts)))

    @property
    def agent_key(self) -> UUID | None:
        """As in core/references.py: finds everything of a person."""
        identity = identify(self.agent) if self.agent else None
        return agent_key(identity) if identity else None


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """A request whose parameters are in order."""

    place: Place
    document_id: str | None
    """None: all of the place."""
    since: datetime | None = None
    """Exclusive; only when all of the place are listed."""


def document_key(document_id: str) -> UUID:
    """Of the stateId or profileId."""
    return key_of("document id", document_id)


def parse_document_request(
    resource: Resource, method: str, pairs: Iterable[tuple[str, str]], version: str = XAPI_1
) -> DocumentRequest:
    """`method`: GET, PUT, POST, DELETE; pairs: decoded parameters. Raises InvalidRequest. XP-15"""
    pairs = list(pairs)
    names = {name for name, _ in pairs}
    known, required = _parameters(resource, method, names, version)
    values = read_values(pairs, known, required)
    place = Place(
        resource, values.get("activityId"), values.get("agent"), values.get("registration")
    )
    return DocumentRequest(place, values.get(resource.id_parameter), values.get("since"))


def _parameters(
    resource: Resource, method: str, names: set[str], version: str
) -> tuple[dict[str, Parser], list[str]]:
    """Those that this request may have, and those that it must have."""
    parsers: dict[str, Parser] = {
        "activityId": read_iri,
        "agent": read_agent if version == XAPI_1 else read_agent_or_group,
        "registration": read_uuid,
        "since": read_timestamp,
        resource.id_parameter: read_id,
    }
    required = [*resource.scope]
    known = [*resource.scope, *resource.optional, resource.id_parameter]
    if method in ("PUT", "POST") or (method == "DELETE" and not resource.deletes_many):
        required.append(resource.id_parameter)
    if method == "GET" and resource.id_parameter not in names:
        known.append("since")
    return {name: parsers[name] for name in known}, required
