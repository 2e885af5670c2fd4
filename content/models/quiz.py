"""Quizzes: what a teacher edits, what was published, and what a learner is allowed beyond it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Quiz(Model):
    """A quiz, and the draft of its next version."""

    __tablename__ = "quiz"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint("state IN ('draft', 'published', 'archived')", name="state"),
    )

    key: Mapped[str]
    """Stable and speaking: in addresses, in `quiz:<key>` of links, in course folders."""
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    """Markdown; shown before an attempt."""
    state: Mapped[str] = mapped_column(default="draft", server_default="draft")
    """Archived: nothing new begins; what was taken stays."""
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """`core.quiz.settings`, of the draft."""
    items: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Of the draft, in order: {"question": id, "points": number or null} or {"bank": id, "tags":
    [text], "count": n, "points": number}."""
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    """Grows with each change of the draft: who saves an older one is told."""
    current_version_id: Mapped[UUID | None]
    """What attempts that begin now get; none before the first publishing."""
    is_listed: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Learners find it in the catalogue, by itself; at once, not versioned."""
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL"), index=True
    )
    updated_at: Mapped[datetime | None]


class QuizVersion(Model):
    """A published version: never changed; attempts keep theirs."""

    __tablename__ = "quiz_version"
    __table_args__ = (UniqueConstraint("quiz_id", "number"),)

    quiz_id: Mapped[UUID] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    settings: Mapped[dict[str, Any]]
    items: Mapped[list[Any]]
    """{"question": version id, "points": number} or {"pool": [version id], "count": n, "points":
    number}: pools are frozen, too."""
    points: Mapped[float]
    """What a paper can give."""
    published_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL")
    )


class QuizAccommodation(Model):
    """What one learner is allowed beyond the settings of a quiz."""

    __tablename__ = "quiz_accommodation"
    __table_args__ = (
        UniqueConstraint("quiz_id", "user_id"),
        Index("ix_quiz_accommodation_user_id", "user_id"),
    )

    quiz_id: Mapped[UUID] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    extra_time_percent: Mapped[int] = mapped_column(default=0, server_default="0")
    extra_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    extra_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    closes_at: Mapped[datetime | None]
    """Instead of the quiz's own closing."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """For teachers; no learner sees it."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
