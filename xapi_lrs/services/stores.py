"""Stores: open and find them."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.base import uuid7
from xapi_lrs.core.errors import InvalidRequest
from xapi_lrs.core.store import is_slug
from xapi_lrs.models.store import Store


def ensure_store(session: Session, slug: str = "default", name: str = "Learning records") -> Store:
    """The tenant's store of that slug, made when it is not there; an existing name is kept."""
    if not is_slug(slug):
        raise InvalidRequest(f"{slug!r} is no slug: lower-case letters, digits and dashes")
    added = insert(Store).values(id=uuid7(), slug=slug, name=name)
    session.execute(added.on_conflict_do_nothing(index_elements=["tenant_id", "slug"]))
    return session.scalars(select(Store).where(Store.slug == slug)).one()


def find_store(session: Session, slug: str) -> Store | None:
    return session.scalar(select(Store).where(Store.slug == slug))


def list_stores(session: Session) -> list[Store]:
    return list(session.scalars(select(Store).order_by(Store.slug)))
