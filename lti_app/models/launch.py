"""The launch log: one row per LTI message that reached a known tenant, accepted or refused; and
the links by which one row is shown to somebody's support."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Launch(Model):
    __tablename__ = "launch"
    __table_args__ = (
        CheckConstraint("result IN ('accepted', 'refused')", name="result"),
        Index("ix_launch_tenant_id_created_at", "tenant_id", "created_at"),
    )

    result: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    """Reason code (lti_app.core.lti.reasons); empty when the content was opened."""
    detail: Mapped[str] = mapped_column(default="")
    """What exactly, for an administrator: never a secret, never personal data."""
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    deployment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("deployment.id", ondelete="SET NULL")
    )
    resource_link_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("resource_link.id", ondelete="SET NULL"), index=True
    )
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL"), index=True
    )
    attempt_id: Mapped[UUID | None]
    """What was opened."""
    message_type: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    """Membership role of this launch (lti_app.core.lti.roles.LaunchRole)."""
    is_test_user: Mapped[bool] = mapped_column(default=False, server_default="false")
    return_url: Mapped[str | None]
    """Where Exit goes."""
    binding: Mapped[str] = mapped_column(default="")
    """How the browser proved that it is the one that logged in: "cookie", "platform_storage",
    "new_window", or empty."""
    skew_ms: Mapped[int | None]
    """Our clock minus the token's `iat`, in milliseconds; has the way of the token in it."""
    trace_id: Mapped[str] = mapped_column(default="")
    """The id that the page showed and the log lines carry."""
    claims: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """The token's claims with personal data taken out; empty before the signature was checked."""


class LaunchShare(Model):
    __tablename__ = "launch_share"
    __table_args__ = (UniqueConstraint("token_hash"),)

    launch_id: Mapped[UUID] = mapped_column(ForeignKey("launch.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str]
    """SHA-256 of the secret in the address."""
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
