"""From a valid statement to its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from xapi_lrs.core.actor import identify
from xapi_lrs.core.ids import sequence_of
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import agent_key, references, verb_key
from xapi_lrs.core.timestamps import parse_timestamp


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a batch has in common."""

    store_id: UUID
    stored: datetime
    version: str
    authority: JsonObject
    authority_key: UUID


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement on its way in."""

    statement_id: UUID
    sequence: int
    body: JsonObject
    text: str


def arrange(
    arrival: Arrival,
    ids: Sequence[UUID],
    numbers: Sequence[int],
    bodies: Sequence[JsonObject],
    texts: Sequence[str],
) -> list[NewStatement]:
    """The batch in its own order, each statement with its place in the store's order."""
    return [
        NewStatement(statement_id, sequence_of(arrival.stored, number), body, text)
        for statement_id, number, body, text in zip(ids, numbers, bodies, texts, strict=True)
    ]


def statement_row(arrival: Arrival, new: NewStatement) -> dict[str, Any]:
    """Columns of models.statement.Statement."""
    body, target = new.body, new.body["object"]
    kind = target.get("objectType", "Activity")
    actor, verb = identify(body["actor"]), body["verb"]["id"]
    registration = body.get("context", {}).get("registration")
    timestamp = parse_timestamp(body["timestamp"]) if "timestamp" in body else None
    return {
        "store_id": arrival.store_id,
        "sequence": new.sequence,
        "statement_id": new.statement_id,
        "stored": arrival.stored,
        "timestamp": timestamp or arrival.stored,
        "verb_key": verb_key(verb),
        "registration": UUID(registration) if registration else None,
        "target_id": UUID(target["id"]) if kind == "StatementRef" else None,
        "authority_key": arrival.authority_key,
        "actor_key": agent_key(actor) if actor else None,
        "verb_iri": verb,
        "activity_iri": target["id"] if kind == "Activity" else None,
        "version": arrival.version,
        "body": new.text,
    }


def reference_rows(arrival: Arrival, new: NewStatement) -> list[dict[str, Any]]:
    """Columns of models.statement.StatementReference."""
    return [
        {
            "store_id": arrival.store_id,
            "key": key,
            "direct": direct,
            "sequence": new.sequence,
        }
        for key, direct in references(new.body, arrival.authority).items()
    ]
