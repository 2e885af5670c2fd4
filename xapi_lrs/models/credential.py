"""A key and secret with which a vendor, a tool or one learner's launch speaks to one store."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database.base import Model
from xapi_lrs.models.store import Store


class Credential(Model):
    """Requests read it through the function lrs_enter (services/entrance.py), not as an object."""

    __tablename__ = "lrs_credential"
    __table_args__ = (
        Index(
            "ix_lrs_credential_launch",
            *("store_id", "expires_at"),
            postgresql_where=text("kind = 'launch'"),
        ),
    )

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("lrs_store.id", ondelete="CASCADE"), index=True
    )
    """The only store it opens."""
    store: Mapped[Store] = relationship(lazy="joined", innerjoin=True)
    kind: Mapped[str] = mapped_column(default="key", server_default="key")
    """core/permit.py Kind: made by a person, or for one launch."""
    name: Mapped[str]
    """Who uses it, in words; also the name of the statements' authority."""
    key: Mapped[str] = mapped_column(unique=True)
    """The user name of HTTP Basic; leads to the tenant through tenant_route kind "lrs_key", a
    launch token's by itself."""
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the secret, which is 256 random bits and kept nowhere."""
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the secret before the last rotation, good until `previous_until`."""
    previous_until: Mapped[datetime | None]
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    """Names of core/scopes.py."""
    actor: Mapped[dict[str, Any] | None]
    """The only Agent that it speaks for; this and the next four: core/bounds.py."""
    registration: Mapped[UUID | None]
    """The only registration."""
    activity: Mapped[str | None] = mapped_column(Text)
    """The only activity."""
    activity_prefix: Mapped[str | None] = mapped_column(Text)
    """Activities whose IRI is this or goes on after it."""
    origins: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    """Of the pages that may use it; empty: any, and programs."""
    requests_per_second: Mapped[int | None]
    """How many requests it may send; none: the server's default, 0: any number."""
    expires_at: Mapped[datetime | None]
    """Refused from this moment on; none: never."""
    revoked_at: Mapped[datetime | None]
    """When somebody took it back."""
    last_used_at: Mapped[datetime | None]
    """Written down every few minutes of use only."""
