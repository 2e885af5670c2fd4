"""Stores: open, find, rename, close."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.base import uuid7
from xapi_lrs.core.errors import InvalidRequest, NotFound
from xapi_lrs.core.store import is_slug
from xapi_lrs.models.store import Store


def ensure_store(session: Session, slug: str = "default", name: str = "Learning records") -> Store:
    """The tenant's store of that slug, made when it is not there; an existing name is kept."""
    found = find_store(session, slug)
    if found is not None:
        return found
    _add(session, slug, name)
    return session.scalars(select(Store).where(Store.slug == slug)).one()


def create_store(session: Session, slug: str, name: str) -> Store:
    """A new store at /xapi/<slug>/. Raises InvalidRequest when the slug is taken or no slug."""
    if not name.strip():
        raise InvalidRequest("a store needs a name")
    if not _add(session, slug, name.strip()):
        raise InvalidRequest(f"there is a store {slug!r} already")
    return session.scalars(select(Store).where(Store.slug == slug)).one()


def find_store(session: Session, slug: str) -> Store | None:
    return session.scalar(select(Store).where(Store.slug == slug))


def get_store(session: Session, store_id: UUID) -> Store:
    """Raises NotFound."""
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("no such store")
    return store


def list_stores(session: Session) -> list[Store]:
    """All of the tenant, closed ones included, by slug."""
    return list(session.scalars(select(Store).order_by(Store.slug)))


def rename_store(session: Session, store_id: UUID, name: str) -> Store:
    """The name people see; the address stays. Raises NotFound, InvalidRequest."""
    if not name.strip():
        raise InvalidRequest("a store needs a name")
    store = get_store(session, store_id)
    store.name = name.strip()
    session.flush()
    return store


def archive_store(session: Session, store_id: UUID) -> Store:
    """Close it: every request is refused at once, nothing is deleted. Raises NotFound."""
    return _switch(session, store_id, active=False)


def reopen_store(session: Session, store_id: UUID) -> Store:
    """The keys that it had work again, except revoked ones. Raises NotFound."""
    return _switch(session, store_id, active=True)


def _switch(session: Session, store_id: UUID, *, active: bool) -> Store:
    store = get_store(session, store_id)
    store.is_active = active
    session.flush()
    return store


def _add(session: Session, slug: str, name: str) -> bool:
    """Whether it is new."""
    if not is_slug(slug):
        raise InvalidRequest(f"{slug!r} is no slug: lower-case letters, digits and dashes")
    added = insert(Store).values(id=uuid7(), slug=slug, name=name)
    again = added.on_conflict_do_nothing(index_elements=["tenant_id", "slug"])
    return session.scalar(again.returning(Store.id)) is not None
