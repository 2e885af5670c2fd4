"""Records: exports, imports and erasures as jobs; statements per day, counted once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.base import CURRENT_TENANT
from database.rls import protect, tenant_columns

revision = "0013"
down_revision = "0012"

TABLES = ("record_job", "statement_day")


def upgrade() -> None:
    op.create_table(
        "record_job",
        *tenant_columns(),
        sa.Column(
            "store_id",
            sa.Uuid(),
            sa.ForeignKey("lrs_store.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("report", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("error", sa.String(), server_default="", nullable=False),
        sa.Column("file_key", sa.String(), server_default="", nullable=False),
        sa.Column("file_name", sa.String(), server_default="", nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("link_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("link_used_at", sa.DateTime(timezone=True)),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL")),
        sa.Column("touched_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kind IN ('export', 'import', 'erasure')", name="kind"),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
    )
    op.create_index(
        "ix_record_job_unfinished",
        "record_job",
        ["created_at"],
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_table(
        "statement_day",
        sa.Column("store_id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(CURRENT_TENANT), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
    )
    for table in TABLES:
        protect(op, table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
