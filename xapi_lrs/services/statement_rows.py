"""From a valid statement to its rows, ready for json_to_recordset.

Keys and ids stay text on their way: PostgreSQL reads them quicker than Python makes UUIDs of them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.base import uuid7
from xapi_lrs.core.ids import digest_of
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import activity_digest, actor_digest, mentions
from xapi_lrs.core.timestamps import parse_timestamp


@dataclass(frozen=True, slots=True)
class Arrived:
    """A valid statement on its way in."""

    statement_id: str
    """In lower case."""
    body: JsonObject
    text: str

    @property
    def target_id(self) -> str | None:
        """Of the statement that it refers to, in lower case. XP-29, XP-30"""
        return target_of(self.body)


def arrive(body: JsonObject, text: str) -> Arrived:
    """With an id of ours where the sender gave none."""
    return Arrived(body["id"].lower() if "id" in body else str(uuid7()), body, text)


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement that was not here before."""

    statement_id: UUID
    sequence: int
    body: JsonObject
    text: str


def target_of(body: JsonObject) -> str | None:
    target = body["object"]
    return target["id"].lower() if target.get("objectType") == "StatementRef" else None


def statement_row(place: int, arrived: Arrived) -> dict[str, Any]:
    """What differs from statement to statement: columns of models.statement.Statement.

    place: in the batch, from 1 on.
    """
    body = arrived.body
    verb = body["verb"]["id"]
    activity = activity_digest(body)
    context = body.get("context")
    return {
        "place": place,
        "statement_id": arrived.statement_id,
        "timestamp": _timestamp(body),
        "verb_key": digest_of("verb", verb),
        "registration": context.get("registration") if context else None,
        "target_id": target_of(body),
        "actor_key": actor_digest(body),
        "activity_key": activity,
        "verb_iri": verb,
        "activity_iri": body["object"]["id"] if activity else None,
        "body": arrived.text,
    }


def reference_rows(place: int, arrived: Arrived) -> list[dict[str, Any]]:
    """Columns of models.statement.StatementReference."""
    return [
        {"place": place, "key": key, "role": int(role)}
        for key, role in mentions(arrived.body).items()
    ]


def _timestamp(body: JsonObject) -> datetime | None:
    """None: the moment of storing, which the database writes."""
    return parse_timestamp(body["timestamp"]) if "timestamp" in body else None
