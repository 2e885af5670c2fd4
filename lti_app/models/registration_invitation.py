"""One-time links with which a platform registers us by itself, and what came of each try."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class RegistrationInvitation(Model):
    __tablename__ = "registration_invitation"
    __table_args__ = (
        CheckConstraint(
            "privacy IN ('public', 'name_only', 'email_only', 'anonymous')", name="privacy"
        ),
        UniqueConstraint("tenant_id", "token_digest"),
    )

    name: Mapped[str]
    """What the platform will be called here."""
    platform: Mapped[str] = mapped_column(default="", server_default="")
    """Product family chosen beforehand; empty: as the platform says of itself."""
    tool_name: Mapped[str] = mapped_column(default="Lectern", server_default="Lectern")
    """What we will be called there."""
    privacy: Mapped[str] = mapped_column(default="public", server_default="public")
    """Which personal data we ask for, in Canvas's words (CANVAS-11)."""
    token_digest: Mapped[str]
    """SHA-256 of the link's token, in hexadecimal; the token itself is kept nowhere."""
    expires_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    """A try is under way since then, so that no second one begins beside it."""
    used_at: Mapped[datetime | None]
    """It led to a registration: once, and never again."""
    cancelled_at: Mapped[datetime | None]
    """An administrator took it back."""
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL")
    )
    """What it led to."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))


class RegistrationLogEntry(Model):
    __tablename__ = "registration_log"
    __table_args__ = (CheckConstraint("result IN ('registered', 'refused')", name="result"),)

    invitation_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration_invitation.id", ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL")
    )
    result: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Reason code (lti_app.core.lti.registration_reasons); empty when it went well."""
    detail: Mapped[str] = mapped_column(default="", server_default="")
    """What exactly: the field, the address, what was found instead."""
    platform_status: Mapped[int | None]
    """HTTP status of the platform's last answer; none: it gave none."""
    platform_answer: Mapped[str] = mapped_column(default="", server_default="")
    """What the platform said, cut; never a token."""
    configuration_url: Mapped[str] = mapped_column(default="", server_default="")
    """Where the platform's configuration was, without its query."""
    issuer: Mapped[str] = mapped_column(default="", server_default="")
    client_id: Mapped[str] = mapped_column(default="", server_default="")
    """Our name at the platform, also where we could not keep the registration."""
    trace_id: Mapped[str] = mapped_column(default="", server_default="")
    """The id that the page showed and the log lines carry."""
