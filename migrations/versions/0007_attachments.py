"""Attachments: their data in chunks, and which statement brought it."""

import sqlalchemy as sa
from alembic import op

from database.base import CURRENT_TENANT
from database.rls import protect

revision = "0007"
down_revision = "0006"

TABLES = ("attachment", "attachment_chunk", "attachment_use")


def upgrade() -> None:
    op.create_table(
        "attachment",
        *key(),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("stored", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "attachment_chunk",
        *key(),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.execute("ALTER TABLE attachment_chunk ALTER COLUMN data SET STORAGE EXTERNAL")
    op.create_table(
        "attachment_use", *key(), sa.Column("statement_id", sa.Uuid(), primary_key=True)
    )
    for table in TABLES:
        protect(op, table)


def key() -> list[sa.Column]:
    """Store and hash lead every key; tenant_id as in the statement tables."""
    default = sa.text(CURRENT_TENANT)
    return [
        sa.Column("store_id", sa.Uuid(), primary_key=True),
        sa.Column("sha2", sa.Text(), primary_key=True),
        sa.Column("tenant_id", sa.Uuid(), server_default=default, nullable=False),
    ]


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
