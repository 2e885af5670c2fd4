"""Attempts of learners on packages, what each SCO keeps, and the log of commits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0003"
down_revision = "0002"

COMPLETIONS = "completion IN ('not attempted', 'incomplete', 'completed', 'unknown')"
SUCCESSES = "success IN ('unknown', 'passed', 'failed')"


def _text(name: str, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def _integer(name: str, default: str | None = "0") -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


def _json(name: str, default: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), server_default=default, nullable=False)


def _belongs_to(name: str, target: str, *, index: bool = False) -> sa.Column:
    key = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, sa.Uuid(), key, nullable=False, index=index)


def upgrade() -> None:
    op.create_table(
        "attempt",
        *tenant_columns(),
        sa.Column("registration", sa.Uuid(), nullable=False, unique=True),
        _integer("number", None),
        _belongs_to("user_id", "app_user.id"),
        _belongs_to("package_id", "package.id", index=True),
        _belongs_to("package_version_id", "package_version.id", index=True),
        _text("context_key", None),
        _text("mode", "normal"),
        _text("state", "new"),
        _json("settings", "{}"),
        _integer("writer"),
        _integer("applied_entry"),
        _integer("last_commit_number"),
        sa.Column("last_answer", postgresql.JSONB()),
        _integer("delivery"),
        _text("current_item"),
        _text("completion", "not attempted"),
        _text("success", "unknown"),
        sa.Column("score_scaled", sa.Float()),
        sa.Column("score_raw", sa.Float()),
        sa.Column("score_min", sa.Float()),
        sa.Column("score_max", sa.Float()),
        sa.Column("total_seconds", sa.Float(), server_default="0", nullable=False),
        sa.Column("launched_at", sa.DateTime(timezone=True)),
        sa.Column("last_active_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("user_id", "package_id", "context_key", "number"),
        sa.CheckConstraint("mode IN ('normal', 'review')", name="mode"),
        sa.CheckConstraint("state IN ('new', 'running', 'suspended', 'ended')", name="state"),
        sa.CheckConstraint(COMPLETIONS, name="completion"),
        sa.CheckConstraint(SUCCESSES, name="success"),
    )
    op.create_index("ix_attempt_user_id_last_active_at", "attempt", ["user_id", "last_active_at"])
    protect(op, "attempt")
    op.create_table(
        "attempt_sco",
        *tenant_columns(),
        _belongs_to("attempt_id", "attempt.id"),
        _text("item", None),
        _json("cmi", "{}"),
        _text("session", "not initialized"),
        _integer("sessions"),
        _text("last_exit"),
        sa.Column("status_set", sa.Boolean(), server_default=sa.false(), nullable=False),
        _text("completion", "not attempted"),
        _text("success", "unknown"),
        sa.Column("total_seconds", sa.Float(), server_default="0", nullable=False),
        sa.UniqueConstraint("attempt_id", "item"),
        sa.CheckConstraint(COMPLETIONS, name="completion"),
        sa.CheckConstraint(SUCCESSES, name="success"),
    )
    protect(op, "attempt_sco")
    op.create_table(
        "commit_log",
        *tenant_columns(),
        _belongs_to("attempt_id", "attempt.id"),
        _text("kind", None),
        _integer("writer", None),
        _integer("number"),
        _integer("first_entry"),
        _json("entries", "[]"),
        _json("remarks", "[]"),
        _text("launch_ref"),
        sa.UniqueConstraint("attempt_id", "writer", "number", "kind", "first_entry"),
        sa.CheckConstraint("kind IN ('open', 'commit', 'replay', 'stale')", name="kind"),
    )
    protect(op, "commit_log")


def downgrade() -> None:
    op.drop_table("commit_log")
    op.drop_table("attempt_sco")
    op.drop_table("attempt")
