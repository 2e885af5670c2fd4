"""Sequencing: its state, what outlives a course, decisions in the call log; the log's room."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0011"
down_revision = "0010"


def _json(name: str, default: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), server_default=default, nullable=False)


def upgrade() -> None:
    op.add_column("attempt", _json("sequencing", "{}"))
    op.add_column("attempt", sa.Column("last_navigation", postgresql.JSONB()))
    op.add_column("attempt", sa.Column("logged_on", sa.Date()))
    op.add_column(
        "attempt", sa.Column("logged_size", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("attempt_sco", _json("run_state", "{}"))
    op.add_column("commit_log", _json("decisions", "[]"))
    op.create_table(
        "learner_global",
        *tenant_columns(),
        sa.Column(
            "user_id",
            sa.Uuid(),
            sa.ForeignKey("app_user.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        _json("value", "{}"),
        sa.UniqueConstraint("user_id", "kind", "key"),
        sa.CheckConstraint("kind IN ('objective', 'data')", name="kind"),
    )
    protect(op, "learner_global")


def downgrade() -> None:
    op.drop_table("learner_global")
    op.drop_column("commit_log", "decisions")
    op.drop_column("attempt_sco", "run_state")
    op.drop_column("attempt", "logged_size")
    op.drop_column("attempt", "logged_on")
    op.drop_column("attempt", "last_navigation")
    op.drop_column("attempt", "sequencing")
