"""Documents: store, merge, find, list, delete. XP-23

A request that demands nothing of what is there (Preconditions.always_hold) is one statement of SQL.
Any other looks first, and looking locks the row until the transaction ends, so that what was
decided is still true when it is written; where there is nothing to lock, the INSERT decides.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Row, and_, delete, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from xapi_lrs.core.document import Place, document_key
from xapi_lrs.core.document_merge import Content, post_document
from xapi_lrs.core.errors import TooLarge
from xapi_lrs.core.preconditions import Preconditions, make_etag
from xapi_lrs.core.store import Limits
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.models.document import Document
from xapi_lrs.models.store import Store

_KEY = ("store_id", "place_key", "document_key")
_CHANGES = ("etag", "content_type", "content")
_ATTEMPTS = 10
"""Each time somebody deleted the document between two looks at it."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    content: Content
    etag: str
    """Hexadecimal SHA-1, without quotes."""
    updated: datetime


@dataclass(frozen=True, slots=True)
class DocumentList:
    ids: tuple[str, ...]
    """In alphabetical order."""
    updated: datetime | None
    """Of the youngest; none: there are none."""


def save_document(
    session: Session,
    store: Store,
    place: Place,
    document_id: str,
    sent: Content,
    conditions: Preconditions,
    *,
    now: datetime,
    limits: Limits | None = None,
) -> None:
    """PUT replaces, POST merges, as `conditions.method` says.

    Raises PreconditionFailed, DocumentConflict, NoPrecondition, InvalidRequest (no JSON object to
    merge), TooLarge (also when merging makes it so); then nothing is changed.
    """
    most = (limits or Limits()).document_bytes
    if conditions.method == "PUT" and conditions.always_hold:
        session.execute(_upsert(_row(store, place, document_id, _bounded(sent, most), now)))
        return
    for _ in range(_ATTEMPTS):
        there = _look(session, store, place, document_id, lock=True)
        conditions.check(there.etag if there else None)
        content = sent
        if conditions.method == "POST":
            content = post_document(sent, there.content if there else None)
        row = _row(store, place, document_id, _bounded(content, most), now)
        if there is not None:
            session.execute(_upsert(row))
            return
        added = insert(Document).values(row).on_conflict_do_nothing()
        if session.execute(added.returning(Document.etag)).one_or_none() is not None:
            return
    raise RuntimeError("a document that comes and goes")


def find_document(
    session: Session, store: Store, place: Place, document_id: str
) -> StoredDocument | None:
    return _look(session, store, place, document_id, lock=False)


def list_documents(
    session: Session, store: Store, place: Place, *, since: datetime | None = None
) -> DocumentList:
    """The ids of a place; `since`: only of those stored or changed after it (exclusive)."""
    found = select(Document.document_id, Document.updated).where(_at(store, place))
    if since is not None:
        found = found.where(Document.updated > since)
    rows = session.execute(found).all()
    youngest = max((row.updated for row in rows), default=None)
    return DocumentList(tuple(sorted(row.document_id for row in rows)), youngest)


def delete_document(
    session: Session,
    store: Store,
    place: Place,
    document_id: str,
    conditions: Preconditions,
) -> None:
    """That there is none is no error, unless If-Match says otherwise. Raises PreconditionFailed."""
    if not conditions.always_hold:
        there = _look(session, store, place, document_id, lock=True)
        conditions.check(there.etag if there else None)
    session.execute(_delete().where(_is(store, place, document_id)))


def delete_documents(session: Session, store: Store, place: Place) -> int:
    """All of a place; how many that were. Locked in one order, so two of these never block each
    other for good."""
    locked = select(Document.document_key).where(_at(store, place))
    keys = session.scalars(locked.order_by(Document.document_key).with_for_update()).all()
    if keys:
        session.execute(_delete().where(_at(store, place), Document.document_key.in_(keys)))
    return len(keys)


def _look(
    session: Session, store: Store, place: Place, document_id: str, *, lock: bool
) -> StoredDocument | None:
    columns = (getattr(Document, name) for name in (*_CHANGES, "updated"))
    found = select(*columns).where(_is(store, place, document_id))
    row: Row[Any] | None = session.execute(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        return None
    return StoredDocument(Content(bytes(row.content), row.content_type), row.etag, row.updated)


def _at(store: Store, place: Place) -> ColumnElement[bool]:
    return and_(Document.store_id == store.id, Document.place_key == place.key)


def _is(store: Store, place: Place, document_id: str) -> ColumnElement[bool]:
    return and_(_at(store, place), Document.document_key == document_key(document_id))


def _row(
    store: Store, place: Place, document_id: str, content: Content, now: datetime
) -> dict[str, Any]:
    return {
        "store_id": store.id,
        "place_key": place.key,
        "document_key": document_key(document_id),
        "agent_key": place.agent_key,
        "registration": place.registration,
        "updated": now,
        "resource": place.resource.name,
        "document_id": document_id,
        "activity_iri": place.activity_id,
        "agent": dump_json(place.agent) if place.agent else None,
        "etag": make_etag(content.octets),
        "content_type": content.content_type,
        "content": content.octets,
    }


def _upsert(row: dict[str, Any]) -> Insert:
    added = insert(Document).values(row)
    changes: dict[str, Any] = {name: added.excluded[name] for name in _CHANGES}
    changes["updated"] = func.greatest(added.excluded.updated, Document.updated)
    return added.on_conflict_do_update(index_elements=_KEY, set_=changes)


def _delete() -> Delete:
    """Rows are never objects of the session here."""
    return delete(Document).execution_options(synchronize_session=False)


def _bounded(content: Content, most: int) -> Content:
    size = len(content.octets)
    if size > most:
        raise TooLarge(f"the document would have {size} bytes; this store takes {most}")
    return content
