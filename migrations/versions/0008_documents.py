"""Documents: state, agent profiles, activity profiles."""

import sqlalchemy as sa
from alembic import op

from database.base import CURRENT_TENANT
from database.rls import protect

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """tenant_id without a foreign key, as for statements (0004): rows come at every page turn."""
    op.create_table(
        "xapi_document",
        sa.Column("store_id", sa.Uuid(), primary_key=True),
        sa.Column("place_key", sa.Uuid(), primary_key=True),
        sa.Column("document_key", sa.Uuid(), primary_key=True),
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(CURRENT_TENANT), nullable=False),
        sa.Column("agent_key", sa.Uuid()),
        sa.Column("registration", sa.Uuid()),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("activity_iri", sa.Text()),
        sa.Column("agent", sa.Text()),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_index(
        "ix_xapi_document_agent",
        "xapi_document",
        ["store_id", "agent_key", "place_key", "document_key"],
        postgresql_where=sa.text("agent_key IS NOT NULL"),
    )
    protect(op, "xapi_document")


def downgrade() -> None:
    op.drop_table("xapi_document")
