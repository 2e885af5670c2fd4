"""Regrades: what somebody has seen and said yes to, and how far its job is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class QuizRegrade(Model):
    """One regrade of a quiz; its changes are in the audit with this row's id as their batch."""

    __tablename__ = "quiz_regrade"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        Index("ix_quiz_regrade_quiz_id", "quiz_id"),
        Index(
            "uq_quiz_regrade_open",
            "quiz_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    quiz_id: Mapped[UUID] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    quiz_version_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_version.id", ondelete="CASCADE"))
    """Whose keys and points are applied, also when a newer one is published meanwhile."""
    reason: Mapped[str]
    """For the audit."""
    attempts: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    """Ids of the attempts that were to change, in order; emptied when all are done."""
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    """So many of `attempts` are over: written in the transaction that changed them."""
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """Taken up since it last got further."""
    touched_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
