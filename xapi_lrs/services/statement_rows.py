"""From a valid statement to its rows, ready for json_to_recordset.

Keys and ids stay text on their way: PostgreSQL reads them quicker than Python makes UUIDs of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from xapi_lrs.core.ids import digest_of, sequence_of
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import activity_digest, actor_digest, mentions
from xapi_lrs.core.timestamps import parse_timestamp


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a batch has in common."""

    store_id: UUID
    stored: datetime
    version: str
    authority_key: UUID


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement on its way in."""

    statement_id: UUID
    sequence: int
    body: JsonObject
    text: str

    @property
    def target_id(self) -> UUID | None:
        """Of the statement that it refers to. XP-29, XP-30"""
        target = self.body["object"]
        return UUID(target["id"]) if target.get("objectType") == "StatementRef" else None


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
    """What differs from statement to statement: columns of models.statement.Statement."""
    body, target = new.body, new.body["object"]
    verb = body["verb"]["id"]
    activity = activity_digest(body)
    return {
        "sequence": new.sequence,
        "statement_id": new.statement_id,
        "timestamp": _timestamp(body, arrival.stored),
        "verb_key": digest_of("verb", verb),
        "registration": body.get("context", {}).get("registration"),
        "target_id": target["id"] if target.get("objectType") == "StatementRef" else None,
        "actor_key": actor_digest(body),
        "activity_key": activity,
        "verb_iri": verb,
        "activity_iri": target["id"] if activity else None,
        "body": new.text,
    }


def reference_rows(new: NewStatement) -> list[dict[str, Any]]:
    """Columns of models.statement.StatementReference."""
    return [
        {"key": key, "role": int(role), "sequence": new.sequence}
        for key, role in mentions(new.body).items()
    ]


def _timestamp(body: JsonObject, stored: datetime) -> datetime:
    return (parse_timestamp(body["timestamp"]) if "timestamp" in body else None) or stored
