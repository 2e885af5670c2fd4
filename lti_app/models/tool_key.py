"""Our own RSA keys, with which we sign towards platforms."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class ToolKey(Model):
    __tablename__ = "tool_key"
    __table_args__ = (
        CheckConstraint("state IN ('next', 'current', 'retired')", name="state"),
        UniqueConstraint("tenant_id", "kid"),
        Index(
            "uq_tool_key_current",
            "tenant_id",
            unique=True,
            postgresql_where=text("state = 'current'"),
        ),
        Index(
            "uq_tool_key_next",
            "tenant_id",
            unique=True,
            postgresql_where=text("state = 'next'"),
        ),
    )

    kid: Mapped[str]
    """The key's name in our key set: its RFC 7638 thumbprint."""
    private_pem: Mapped[str]
    """PKCS #8, unencrypted: only this tenant's transactions can read the row."""
    public_jwk: Mapped[dict[str, Any]]
    """What /lti/jwks publishes."""
    state: Mapped[str] = mapped_column(default="current")
    """next: published, not used yet; current: signs; retired: published until nobody asks."""
    signs_from: Mapped[datetime | None]
    """When a next key becomes the current one; of a current one: when it did."""
    retired_at: Mapped[datetime | None]
    """When it stopped signing; some time after that the row is deleted."""
