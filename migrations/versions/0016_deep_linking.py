"""Deep Linking and course copies: versions that links name, content chosen here, requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0016"
down_revision = "0015"

LINK_COLUMNS = ("copied_from_id", "chosen_at", "chosen_by", "points", "item_version")


def upgrade() -> None:
    op.create_index(
        "ix_package_by_title",
        "package",
        ["tenant_id", sa.text('lower(title) COLLATE "C"'), "id"],
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.add_column("attempt", _reference("named_version_id", "package_version"))
    op.add_column("resource_link", sa.Column("item_version", sa.Integer()))
    op.add_column("resource_link", sa.Column("points", sa.Double()))
    op.add_column("resource_link", _reference("chosen_by", "app_user"))
    op.add_column("resource_link", sa.Column("chosen_at", sa.DateTime(timezone=True)))
    op.add_column("resource_link", _reference("copied_from_id", "resource_link"))
    op.create_index("ix_resource_link_copied_from_id", "resource_link", ["copied_from_id"])
    _create_deep_link()


def _create_deep_link() -> None:
    op.create_table(
        "deep_link",
        *tenant_columns(),
        _reference("deployment_id", "deployment", "CASCADE"),
        _reference("user_id", "app_user", "CASCADE"),
        _reference("context_id", "context"),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.Column("locale", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("content_items", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'answered', 'cancelled')", name="state"),
    )
    op.create_index("ix_deep_link_expires_at", "deep_link", ["expires_at"])
    protect(op, "deep_link")


def _reference(name: str, table: str, ondelete: str = "SET NULL") -> sa.Column:
    key = sa.ForeignKey(f"{table}.id", ondelete=ondelete)
    return sa.Column(name, sa.Uuid(), key, nullable=ondelete == "SET NULL")


def downgrade() -> None:
    op.drop_table("deep_link")
    op.drop_index("ix_resource_link_copied_from_id", "resource_link")
    for column in LINK_COLUMNS:
        op.drop_column("resource_link", column)
    op.drop_column("attempt", "named_version_id")
    op.drop_index("ix_package_by_title", "package")
