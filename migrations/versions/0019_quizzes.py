"""Quizzes, question banks, attempts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0019"
down_revision = "0018"

TABLES = (
    *("quiz", "quiz_version", "quiz_accommodation"),
    *("question_bank", "question", "question_version"),
    *("quiz_attempt", "quiz_answer", "quiz_mark", "grading_audit"),
)


def upgrade() -> None:
    _create_quiz()
    _create_question()
    _create_attempt()
    _create_marks()
    for table in TABLES:
        protect(op, table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _text(name: str, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def _whole(name: str, default: int | None = 0) -> sa.Column[int]:
    server_default = None if default is None else str(default)
    return sa.Column(name, sa.Integer(), server_default=server_default, nullable=False)


def _json(name: str, default: str | None = "{}") -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=default, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _switch(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default="false", nullable=False)


def _person(name: str, *, index: bool = False) -> sa.Column[object]:
    key = sa.ForeignKey("app_user.id", ondelete="SET NULL")
    return sa.Column(name, sa.Uuid(), key, index=index)


def _owner(name: str, table: str, *, index: bool = False) -> sa.Column[object]:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Uuid(), key, nullable=False, index=index)


def _create_quiz() -> None:
    op.create_table(
        "quiz",
        *tenant_columns(),
        _text("key", None),
        _text("title", None),
        _text("description"),
        _text("state", "draft"),
        _json("settings"),
        _json("items", "[]"),
        _whole("revision", 1),
        sa.Column("current_version_id", sa.Uuid()),
        _person("created_by", index=True),
        _moment("updated_at"),
        sa.UniqueConstraint("tenant_id", "key"),
        sa.CheckConstraint("state IN ('draft', 'published', 'archived')", name="state"),
    )
    op.create_table(
        "quiz_version",
        *tenant_columns(),
        _owner("quiz_id", "quiz"),
        _whole("number", None),
        _text("title", None),
        _text("description"),
        _json("settings", None),
        _json("items", None),
        _number("points"),
        _person("published_by"),
        sa.UniqueConstraint("quiz_id", "number"),
    )
    op.create_table(
        "quiz_accommodation",
        *tenant_columns(),
        _owner("quiz_id", "quiz"),
        _owner("user_id", "app_user", index=True),
        _whole("extra_time_percent"),
        _whole("extra_minutes"),
        _whole("extra_attempts"),
        _moment("closes_at"),
        _text("reason"),
        _person("made_by"),
        sa.UniqueConstraint("quiz_id", "user_id"),
    )


def _create_question() -> None:
    op.create_table(
        "question_bank",
        *tenant_columns(),
        _text("title", None),
        _text("description"),
        _person("created_by", index=True),
    )
    op.create_table(
        "question",
        *tenant_columns(),
        sa.Column("bank_id", sa.Uuid(), sa.ForeignKey("question_bank.id", ondelete="CASCADE")),
        sa.Column("quiz_id", sa.Uuid(), sa.ForeignKey("quiz.id", ondelete="CASCADE")),
        _text("kind", None),
        _text("title"),
        sa.Column("tags", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False),
        _json("body", None),
        sa.Column("current_version_id", sa.Uuid()),
        _moment("archived_at"),
        sa.CheckConstraint("(bank_id IS NULL) <> (quiz_id IS NULL)", name="home"),
    )
    op.create_index("ix_question_tags", "question", ["tags"], postgresql_using="gin")
    for home in ("bank_id", "quiz_id"):
        where = sa.text(f"{home} IS NOT NULL")
        op.create_index(f"ix_question_{home}", "question", [home], postgresql_where=where)
    op.create_table(
        "question_version",
        *tenant_columns(),
        _owner("question_id", "question"),
        _whole("number", None),
        _json("body", None),
        sa.UniqueConstraint("question_id", "number"),
    )


def _create_attempt() -> None:
    op.create_table(
        "quiz_attempt",
        *tenant_columns(),
        sa.Column("registration", sa.Uuid(), nullable=False, unique=True),
        _whole("number", None),
        _owner("quiz_id", "quiz"),
        _owner("quiz_version_id", "quiz_version", index=True),
        _owner("user_id", "app_user"),
        _text("context_key", None),
        _text("launch_ref", "portal"),
        _switch("is_preview"),
        _text("seed", None),
        _json("paper", None),
        _text("state", "running"),
        _text("ended_by"),
        _moment("started_at", nullable=False),
        _moment("due_at"),
        _moment("submitted_at"),
        _moment("last_active_at", nullable=False),
        _whole("writers"),
        _json("applied"),
        _json("answers"),
        _json("flags"),
        _number("points", nullable=True),
        _number("points_max"),
        _number("score_scaled", nullable=True),
        _switch("is_pending_manual"),
        _whole("revision"),
        sa.UniqueConstraint("user_id", "quiz_id", "context_key", "number"),
        sa.CheckConstraint("state IN ('running', 'submitted')", name="state"),
        sa.CheckConstraint("ended_by IN ('', 'learner', 'time', 'teacher')", name="ended_by"),
    )
    op.create_index(
        "uq_quiz_attempt_running",
        "quiz_attempt",
        ["user_id", "quiz_id", "context_key"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(
        "ix_quiz_attempt_due",
        "quiz_attempt",
        ["due_at"],
        postgresql_where=sa.text("state = 'running' AND due_at IS NOT NULL"),
    )
    op.create_index("ix_quiz_attempt_quiz_id_state", "quiz_attempt", ["quiz_id", "state"])
    op.create_table(
        "quiz_answer",
        *tenant_columns(),
        _owner("attempt_id", "quiz_attempt"),
        _whole("writer", None),
        _whole("number", None),
        _text("kind", None),
        _whole("slot", None),
        _json("value", None),
        _moment("made_at", nullable=False),
        _switch("is_late"),
        _text("remark"),
        sa.UniqueConstraint("attempt_id", "writer", "number", "is_late"),
    )


def _create_marks() -> None:
    statuses = "'right', 'partly', 'wrong', 'unanswered', 'waiting', 'marked'"
    op.create_table(
        "quiz_mark",
        *tenant_columns(),
        _owner("attempt_id", "quiz_attempt"),
        _whole("slot", None),
        _owner("question_version_id", "question_version"),
        _number("points"),
        _number("points_max"),
        _text("status", None),
        _text("comment"),
        _json("levels"),
        _person("marked_by"),
        sa.UniqueConstraint("attempt_id", "slot"),
        sa.CheckConstraint(f"status IN ({statuses})", name="status"),
    )
    op.create_index(
        "ix_quiz_mark_waiting",
        "quiz_mark",
        ["question_version_id"],
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "grading_audit",
        *tenant_columns(),
        _owner("attempt_id", "quiz_attempt", index=True),
        _whole("slot", None),
        _text("kind", None),
        _number("points_before"),
        _number("points_after"),
        _number("max_before"),
        _number("max_after"),
        sa.Column("question_version_id", sa.Uuid(), nullable=False),
        _person("made_by"),
        _text("reason"),
        sa.Column("batch", sa.Uuid()),
    )
