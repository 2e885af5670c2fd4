"""Attempts at quizzes: the paper, every answer that arrived, and what each was worth."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class QuizAttempt(Model):
    """One learner's attempt at a quiz in one place."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("user_id", "quiz_id", "context_key", "number"),
        Index(
            "uq_quiz_attempt_running",
            "user_id",
            "quiz_id",
            "context_key",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index(
            "ix_quiz_attempt_due",
            "due_at",
            postgresql_where=text("state = 'running' AND due_at IS NOT NULL"),
        ),
        Index("ix_quiz_attempt_quiz_id_state", "quiz_id", "state"),
        CheckConstraint("state IN ('running', 'submitted')", name="state"),
        CheckConstraint("ended_by IN ('', 'learner', 'time', 'teacher')", name="ended_by"),
    )

    registration: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    """The attempt's UUID in xAPI."""
    number: Mapped[int]
    """1, 2, 3 … for this learner, quiz and place."""
    quiz_id: Mapped[UUID] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    quiz_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("quiz_version.id", ondelete="CASCADE"), index=True
    )
    """The version it began with and stays with."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    context_key: Mapped[str]
    """"portal", "link:<resource link id>" or "unit:<enrolment id>:<unit id>"."""
    launch_ref: Mapped[str] = mapped_column(default="portal", server_default="portal")
    """The launch it was last opened from."""
    is_preview: Mapped[bool] = mapped_column(default=False, server_default="false")
    """A teacher trying it out: counts nowhere."""
    seed: Mapped[str]
    """Order, draws and veils follow from it; it never leaves the server."""
    paper: Mapped[list[Any]]
    """[[slot, question version id, points], …]: what is asked, in order."""
    state: Mapped[str] = mapped_column(default="running", server_default="running")
    ended_by: Mapped[str] = mapped_column(default="", server_default="")
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When time is over, by the server's clock; the grace of the settings comes on top."""
    submitted_at: Mapped[datetime | None]
    last_active_at: Mapped[datetime]
    writers: Mapped[int] = mapped_column(default=0, server_default="0")
    """Windows that were opened; each has its number."""
    applied: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """{writer: highest entry that was applied}."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """{slot: {"value": answer with the author's ids, "by": [writer, entry]}}."""
    flags: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """{slot: {"value": true or false, "by": [writer, entry]}}."""
    points: Mapped[float | None]
    """Once submitted; what waits for a person counts 0 until then."""
    points_max: Mapped[float]
    score_scaled: Mapped[float | None]
    """0..1."""
    is_pending_manual: Mapped[bool] = mapped_column(default=False, server_default="false")
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    """Grows with every outcome that was told."""


class QuizAnswer(Model):
    """Append-only: every entry of a browser's journal that arrived."""

    __tablename__ = "quiz_answer"
    __table_args__ = (UniqueConstraint("attempt_id", "writer", "number", "is_late"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_attempt.id", ondelete="CASCADE"))
    writer: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str]
    """answer, flag, visit (`core.quiz.journal`)."""
    slot: Mapped[int]
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=False))
    """With the author's ids."""
    made_at: Mapped[datetime]
    """By the browser's account of how long ago it was, not later than it arrived."""
    is_late: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Arrived when the attempt was over: kept, not counted."""
    remark: Mapped[str] = mapped_column(default="", server_default="")
    """Why it was not taken, or "older": a newer window had answered already."""


class QuizMark(Model):
    """What the answer in one slot is worth now."""

    __tablename__ = "quiz_mark"
    __table_args__ = (
        UniqueConstraint("attempt_id", "slot"),
        Index(
            "ix_quiz_mark_waiting",
            "question_version_id",
            postgresql_where=text("status = 'waiting'"),
        ),
        CheckConstraint(
            "status IN ('right', 'partly', 'wrong', 'unanswered', 'waiting', 'marked')",
            name="status",
        ),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_attempt.id", ondelete="CASCADE"))
    slot: Mapped[int]
    question_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("question_version.id", ondelete="CASCADE")
    )
    """Whose key it was marked by: after a regrade a newer one than was asked."""
    points: Mapped[float]
    points_max: Mapped[float]
    status: Mapped[str]
    """`core.quiz.marking.Status`, or "marked": a person did."""
    comment: Mapped[str] = mapped_column(default="", server_default="")
    """For the learner."""
    levels: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """{criterion: level} of the rubric."""
    marked_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """None: marked by key."""


class GradingAudit(Model):
    """Append-only: every change of a mark after submission, who made it and why."""

    __tablename__ = "grading_audit"
    __table_args__ = (Index("ix_grading_audit_attempt_id", "attempt_id"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_attempt.id", ondelete="CASCADE"))
    slot: Mapped[int]
    kind: Mapped[str]
    """mark (by a person), regrade (by a changed key)."""
    points_before: Mapped[float]
    points_after: Mapped[float]
    max_before: Mapped[float]
    max_after: Mapped[float]
    question_version_id: Mapped[UUID]
    """The key that holds now."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(default="", server_default="")
    batch: Mapped[UUID | None]
    """Changes of one regrade share it."""
