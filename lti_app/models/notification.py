"""What people are told: on the portal, by mail, and what each of them wants to hear."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Notification(Model):
    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_user_id_id", "user_id", "id"),
        Index(
            "ix_notification_unread",
            "user_id",
            postgresql_where=text("read_at IS NULL AND is_shown"),
        ),
        Index(
            "uq_notification_once",
            "user_id",
            "once",
            unique=True,
            postgresql_where=text("once <> ''"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    kind: Mapped[str]
    """One of `lti_app.core.notices.KINDS`."""
    data: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What the kind's text names: course, title, score …"""
    path: Mapped[str] = mapped_column(default="", server_default="")
    """Where it leads on the portal."""
    once: Mapped[str] = mapped_column(default="", server_default="")
    """What must not be told to this person twice; "" for no such rule."""
    is_shown: Mapped[bool] = mapped_column(default=True, server_default="true")
    """Whether it is in the list of the portal; off where the person wants mail only."""
    read_at: Mapped[datetime | None]


class NotificationChoice(Model):
    __tablename__ = "notification_choice"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "channel"),
        CheckConstraint("channel IN ('portal', 'mail')", name="channel"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    kind: Mapped[str]
    channel: Mapped[str]
    is_on: Mapped[bool]
    """Rows are kept only for what differs from the kind's own choice."""


class Mail(Model):
    """One message to send; its address is that of the person at the time of sending."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'dropped')", name="state"
        ),
        Index("ix_mail_due", "due_at", postgresql_where=text("state IN ('waiting', 'sending')")),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    path: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    """waiting, sending (until `due_at` it belongs to a worker), sent, failed (for good), dropped
    (nobody to send it to)."""
    due_at: Mapped[datetime]
    """waiting: not before; sending: when its worker is thought dead."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str] = mapped_column(default="", server_default="")
    """What the server answered last; never holds the address."""
    sent_at: Mapped[datetime | None]
