"""A key and secret with which a content vendor or a tool speaks to one store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database.base import Model
from xapi_lrs.models.store import Store


class Credential(Model):
    __tablename__ = "lrs_credential"

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("lrs_store.id", ondelete="CASCADE"), index=True
    )
    """The only store it opens."""
    store: Mapped[Store] = relationship(lazy="joined", innerjoin=True)
    name: Mapped[str]
    """Who uses it, in words; also the name of the statements' authority."""
    key: Mapped[str] = mapped_column(unique=True)
    """The user name of HTTP Basic; leads to the tenant through tenant_route kind "lrs_key"."""
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the secret, which is 256 random bits and kept nowhere."""
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    """Names of core/scopes.py."""
    expires_at: Mapped[datetime | None]
    """Refused from this moment on; none: never."""
    revoked_at: Mapped[datetime | None]
    """When somebody took it back."""
