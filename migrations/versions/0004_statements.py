"""The Learning Record Store: stores, credentials, statements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.base import CURRENT_TENANT
from database.rls import APPLICATION_ROLE, protect, tenant_columns

revision = "0004"
down_revision = "0003"

TABLES = (
    *("lrs_store", "lrs_credential"),
    *("statement", "statement_reference", "statement_authority"),
)


def upgrade() -> None:
    create_stores()
    create_statements()
    for table in TABLES:
        protect(op, table)


def create_stores() -> None:
    op.create_table(
        "lrs_store",
        *tenant_columns(),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.UniqueConstraint("tenant_id", "slug"),
    )
    op.create_table(
        "lrs_credential",
        *tenant_columns(),
        sa.Column(
            "store_id",
            sa.Uuid(),
            sa.ForeignKey("lrs_store.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )


def tenant() -> sa.Column:
    """Without a foreign key and index: these tables grow to any size (models/statement.py)."""
    default = sa.text(CURRENT_TENANT)
    return sa.Column("tenant_id", sa.Uuid(), server_default=default, nullable=False)


def create_statements() -> None:
    op.execute("CREATE SEQUENCE statement_number MINVALUE 0 MAXVALUE 1048575 START 0 CYCLE")
    op.execute(f"GRANT USAGE ON SEQUENCE statement_number TO {APPLICATION_ROLE}")
    op.create_table(
        "statement",
        sa.Column("store_id", sa.Uuid(), primary_key=True),
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        tenant(),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("stored", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb_key", sa.Uuid(), nullable=False),
        sa.Column("registration", sa.Uuid()),
        sa.Column("target_id", sa.Uuid()),
        sa.Column("authority_key", sa.Uuid(), nullable=False),
        sa.Column("actor_key", sa.Uuid()),
        sa.Column("verb_iri", sa.Text(), nullable=False),
        sa.Column("activity_iri", sa.Text()),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.UniqueConstraint("store_id", "statement_id"),
    )
    op.create_index("ix_statement_verb", "statement", ["store_id", "verb_key", "sequence"])
    op.create_index(
        "ix_statement_registration",
        "statement",
        ["store_id", "registration", "sequence"],
        postgresql_where=sa.text("registration IS NOT NULL"),
    )
    op.create_index(
        "ix_statement_target",
        "statement",
        ["store_id", "target_id"],
        postgresql_where=sa.text("target_id IS NOT NULL"),
    )
    op.create_table(
        "statement_reference",
        sa.Column("store_id", sa.Uuid(), primary_key=True),
        sa.Column("key", sa.Uuid(), primary_key=True),
        sa.Column("direct", sa.Boolean(), primary_key=True),
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        tenant(),
    )
    op.create_table(
        "statement_authority",
        sa.Column("store_id", sa.Uuid(), primary_key=True),
        sa.Column("key", sa.Uuid(), primary_key=True),
        tenant(),
        sa.Column("agent_key", sa.Uuid()),
        sa.Column("body", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP SEQUENCE statement_number")
