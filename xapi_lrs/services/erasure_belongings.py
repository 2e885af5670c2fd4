"""What a person leaves beside statements: files, documents, refused requests."""

from collections.abc import Collection
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from sqlalchemy import Delete, delete, func, select, tuple_
from sqlalchemy.orm import Session

from xapi_lrs.core.erasure import Subject, mentioned_in_text
from xapi_lrs.models.attachment import Attachment, AttachmentChunk, AttachmentUse
from xapi_lrs.models.document import Document
from xapi_lrs.models.rejection import Rejection

Use = tuple[str, UUID]
"""sha2 of an attachment's data, and the statement that declares it."""


def forget_uses(session: Session, store_id: UUID, uses: Collection[Use]) -> int:
    """These statements use these data no more; data that nothing uses now is deleted: how many."""
    if not uses:
        return 0
    use = AttachmentUse
    his = (use.store_id == store_id) & tuple_(use.sha2, use.statement_id).in_(uses)
    session.execute(_delete(use, his))
    unused = set(find_unused(session, store_id, (), {sha2 for sha2, _ in uses}))
    for table in (AttachmentChunk, Attachment):
        session.execute(_delete(table, (table.store_id == store_id) & table.sha2.in_(unused)))
    return len(unused)


def find_unused(
    session: Session, store_id: UUID, uses: Collection[Use], hashes: Collection[str]
) -> list[str]:
    """Those of `hashes` whose data is here and which nothing but `uses` uses."""
    use = AttachmentUse
    others = select(use.sha2).where(use.store_id == store_id, use.sha2.in_(hashes))
    if uses:
        others = others.where(tuple_(use.sha2, use.statement_id).not_in(uses))
    there = select(Attachment.sha2).where(
        Attachment.store_id == store_id,
        Attachment.sha2.in_(hashes),
        Attachment.sha2.not_in(others),
    )
    return list(session.scalars(there))


def delete_documents_of(
    session: Session, store_id: UUID, keys: Collection[UUID], *, dry_run: bool
) -> int:
    """State and agent profiles of the agents `keys`; how many."""
    his = (Document.store_id == store_id) & Document.agent_key.in_(keys)
    count = session.scalar(select(func.count()).select_from(Document).where(his)) or 0
    if not dry_run:
        session.execute(_delete(Document, his))
    return count


def delete_rejections_of(
    session: Session, store_id: UUID, subject: Subject, *, dry_run: bool
) -> int:
    """Logged refusals in which he stands; how many. The log of a store is short."""
    logged = select(Rejection.id, Rejection.body, Rejection.query, Rejection.message).where(
        Rejection.store_id == store_id
    )
    met = [
        row.id
        for row in session.execute(logged)
        if mentioned_in_text(f"{row.body} {unquote_plus(row.query)} {row.message}", subject)
    ]
    if met and not dry_run:
        session.execute(_delete(Rejection, Rejection.id.in_(met)))
    return len(met)


def _delete(table: Any, which: Any) -> Delete:
    """Rows are never objects of the session here."""
    return delete(table).where(which).execution_options(synchronize_session=False)
