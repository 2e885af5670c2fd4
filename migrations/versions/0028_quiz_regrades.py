"""Regrades of quizzes are jobs: what was seen, and how far each is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0028"
down_revision = "0027"

_TABLE = "quiz_regrade"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        *tenant_columns(),
        _owner("quiz_id", "quiz"),
        _owner("quiz_version_id", "quiz_version"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in ("done", "total", "tries")
        ),
        sa.Column("touched_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL")),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
    )
    op.create_index("ix_quiz_regrade_quiz_id", _TABLE, ["quiz_id"])
    open_ = sa.text("state IN ('waiting', 'running')")
    op.create_index(
        "uq_quiz_regrade_open", _TABLE, ["quiz_id"], unique=True, postgresql_where=open_
    )
    protect(op, _TABLE)


def downgrade() -> None:
    op.drop_table(_TABLE)


def _owner(name: str, table: str) -> sa.Column[object]:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Uuid(), key, nullable=False)
