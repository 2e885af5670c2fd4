"""The keys that sign badges."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from database.base import Model


class BadgeKey(Model):
    """Apart from those towards platforms (`ToolKey`), which are deleted some time after they were
    replaced: a badge must be verifiable for as long as somebody shows it."""

    __tablename__ = "badge_key"
    __table_args__ = (UniqueConstraint("tenant_id", "kid"),)

    kid: Mapped[str]
    """RFC 7638 thumbprint."""
    private_pem: Mapped[str]
    """PKCS #8, unencrypted: only this tenant's transactions can read the row."""
    public_jwk: Mapped[dict[str, Any]]
    """The newest row signs, all are published."""
