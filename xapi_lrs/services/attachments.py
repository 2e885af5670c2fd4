"""Attachments: keep the data that came with statements, find it again chunk by chunk. XP-31"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from xapi_lrs.core.attachment import SIGNATURE, attachments_of
from xapi_lrs.core.errors import StatementsRefused
from xapi_lrs.core.problems import JsonObject, Problems
from xapi_lrs.core.signature import LONGEST, signature_fault
from xapi_lrs.models.attachment import CHUNK, Attachment, AttachmentChunk, AttachmentUse


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """The data of an attachment on its way in; its hash has been checked."""

    sha2: str
    """Lower-case hex."""
    length: int
    content: BinaryIO
    """Read from its beginning, as often as needed."""


@dataclass(frozen=True, slots=True)
class FoundAttachment:
    """Data that is there; `read_chunk` reads it."""

    tenant_id: UUID
    store_id: UUID
    sha2: str
    content_type: str
    length: int

    @property
    def chunks(self) -> int:
        return -(-self.length // CHUNK)


def store_attachments(
    session: Session,
    store_id: UUID,
    statements: Sequence[tuple[UUID, JsonObject]],
    files: Collection[ReceivedFile],
    *,
    now: datetime,
) -> None:
    """Keep `files`, each of which a valid statement declares; in the statements' transaction.

    Data that is there already is not written again. Two requests with the same data wait for each
    other; sorted by hash, so never in a circle.
    """
    if not files:
        return
    hashes = {file.sha2 for file in files}
    types: dict[str, str] = {}
    uses = set()
    for statement_id, body in statements:
        for declared in attachments_of(body):
            sha2 = declared["sha2"].lower()
            if sha2 in hashes:
                types.setdefault(sha2, declared["contentType"])
                uses.add((store_id, sha2, statement_id))
    for file in sorted(files, key=lambda one: one.sha2):
        _store_one(session, store_id, file, types[file.sha2], now)
    rows = [dict(zip(("store_id", "sha2", "statement_id"), use, strict=True)) for use in uses]
    session.execute(insert(AttachmentUse).values(rows).on_conflict_do_nothing())


def check_signatures(
    statements: Sequence[JsonObject], files: Collection[ReceivedFile], version: str
) -> None:
    """Every signature of valid statements is one of its statement.

    Raises StatementsRefused with all that are not. XP-32
    """
    problems = Problems()
    by_hash = {file.sha2: file for file in files}
    for place, statement in enumerate(statements):
        for index, declared in enumerate(statement.get("attachments", ())):
            if declared["usageType"] == SIGNATURE:
                fault = _fault(by_hash.get(declared["sha2"].lower()), statement, version)
                if fault is not None:
                    where = f"[{place}]" if len(statements) > 1 else ""
                    problems(f"{where}.attachments[{index}]", "XP-32", f"the signature {fault}")
    if problems:
        raise StatementsRefused(problems.sentence(), problems)


def find_attachments(
    session: Session, store_id: UUID, hashes: Collection[str]
) -> list[FoundAttachment]:
    """Those of `hashes` (any case) whose data is here, each once, in the order of `hashes`."""
    wanted = dict.fromkeys(one.lower() for one in hashes)
    if not wanted:
        return []
    rows = select(
        Attachment.tenant_id,
        Attachment.store_id,
        Attachment.sha2,
        Attachment.content_type,
        Attachment.length,
    ).where(Attachment.store_id == store_id, Attachment.sha2.in_(wanted))
    there = {row.sha2: FoundAttachment(*row) for row in session.execute(rows)}
    return [there[one] for one in wanted if one in there]


def read_chunk(session: Session, found: FoundAttachment, number: int) -> bytes | None:
    """Octets `number` * CHUNK and following; None when it was deleted since it was found."""
    return session.scalar(
        select(AttachmentChunk.data).where(
            AttachmentChunk.store_id == found.store_id,
            AttachmentChunk.sha2 == found.sha2,
            AttachmentChunk.number == number,
        )
    )


def _store_one(
    session: Session, store_id: UUID, file: ReceivedFile, content_type: str, now: datetime
) -> None:
    key = {"store_id": store_id, "sha2": file.sha2}
    row = key | {"content_type": content_type, "length": file.length, "stored": now}
    added = insert(Attachment).values(row).on_conflict_do_nothing().returning(Attachment.sha2)
    if session.scalar(added) is None:
        return
    file.content.seek(0)
    number = 0
    while data := file.content.read(CHUNK):
        session.execute(insert(AttachmentChunk).values(key | {"number": number, "data": data}))
        number += 1


def _fault(file: ReceivedFile | None, statement: JsonObject, version: str) -> str | None:
    if file is None:
        return "must come as data with the statement, not by fileUrl"
    if file.length > LONGEST:
        return f"is longer than {LONGEST} octets"
    file.content.seek(0)
    return signature_fault(file.content.read(), statement, version)
