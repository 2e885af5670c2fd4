"""Deep Linking requests: what a platform asked a teacher to choose, and what was chosen."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class DeepLink(Model):
    """One request of a platform; the picker's address names it."""

    __tablename__ = "deep_link"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'answered', 'cancelled')", name="state"),
        Index("ix_deep_link_expires_at", "expires_at"),
    )

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    """Who was asked."""
    context_id: Mapped[UUID | None] = mapped_column(ForeignKey("context.id", ondelete="SET NULL"))
    """The course that gets the links, where the platform named one."""
    settings: Mapped[dict[str, Any]]
    """`lti_app.core.lti.deep_linking.Settings` as JSON: where the answer goes, what is accepted."""
    locale: Mapped[str] = mapped_column(default="", server_default="")
    """The language that the platform asked for."""
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    """answered: with the items below; cancelled: with a message and none."""
    content_items: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """What was answered, as sent."""
    answered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    """Afterwards the picker's address opens nothing."""
