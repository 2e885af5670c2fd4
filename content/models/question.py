"""Questions: in a bank, or of one quiz; every version that was ever asked is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class QuestionBank(Model):
    """A collection of questions that quizzes draw from."""

    __tablename__ = "question_bank"

    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL"), index=True
    )


class Question(Model):
    """A question as its teacher edits it."""

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("(bank_id IS NULL) <> (quiz_id IS NULL)", name="home"),
        Index("ix_question_tags", "tags", postgresql_using="gin"),
        Index("ix_question_bank_id", "bank_id", postgresql_where=text("bank_id IS NOT NULL")),
        Index("ix_question_quiz_id", "quiz_id", postgresql_where=text("quiz_id IS NOT NULL")),
    )

    bank_id: Mapped[UUID | None] = mapped_column(ForeignKey("question_bank.id", ondelete="CASCADE"))
    """The bank it stands in; or"""
    quiz_id: Mapped[UUID | None] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    """the only quiz that asks it."""
    kind: Mapped[str]
    title: Mapped[str] = mapped_column(default="", server_default="")
    """For lists: the title, or the beginning of the text."""
    tags: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}")
    """In small letters."""
    body: Mapped[dict[str, Any]]
    """`core.quiz.writing`."""
    current_version_id: Mapped[UUID | None]
    """The newest version that was published; its body may be older than `body`."""
    archived_at: Mapped[datetime | None]
    """Taken out: not drawn and not listed any more."""


class QuestionVersion(Model):
    """A question as it was asked: never changed."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]]
    """`core.quiz.writing`."""
