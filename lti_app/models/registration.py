"""Platforms that may launch us: our client at each, and its installations there."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Registration(Model):
    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("tenant_id", "issuer", "client_id"),)

    issuer: Mapped[str]
    """The platform's `iss`, byte for byte."""
    client_id: Mapped[str]
    """Our name at that platform."""
    name: Mapped[str] = mapped_column(default="")
    """For people; empty: the issuer is shown."""
    platform: Mapped[str] = mapped_column(default="generic")
    """Product family (lti_app.core.platforms), which decides about quirks."""
    auth_login_url: Mapped[str]
    """Where the login sends the browser (OIDC authentication request)."""
    token_url: Mapped[str]
    """Where service tokens are asked for."""
    token_audience: Mapped[str | None]
    """`aud` of our assertions; none: the token URL (PAIN-17)."""
    jwks_url: Mapped[str]
    """The platform's key set."""
    leeway_seconds: Mapped[int | None]
    """Accepted clock difference; none: the setting LTI_LEEWAY_SECONDS (PAIN-14)."""
    origins: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Origins of pages that frame us, learned from verified launches (return_url)."""
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")
    """Off: every login and launch is refused, and no grade is sent."""


class Deployment(Model):
    __tablename__ = "deployment"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'approved', 'disabled')", name="state"),
        UniqueConstraint("registration_id", "deployment_id"),
    )

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    deployment_id: Mapped[str]
    """The platform's name for this installation of the registration."""
    state: Mapped[str] = mapped_column(default="pending")
    """pending: seen in a verified launch, waits for an administrator (PAIN-16)."""
    name: Mapped[str] = mapped_column(default="")
    """For people: `tool_platform.name` of the first launch."""
