"""Packages, their immutable versions, and the imports that make them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "package",
        *tenant_columns(),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("is_published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.Column("current_version_id", sa.Uuid()),
        _created_by(),
        sa.UniqueConstraint("tenant_id", "key"),
    )
    op.create_table(
        "package_version",
        *tenant_columns(),
        sa.Column(
            "package_id",
            sa.Uuid(),
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("standard", sa.String(), nullable=False),
        sa.Column("schema_version", sa.String(), nullable=False),
        sa.Column("manifest", postgresql.JSONB(), nullable=False),
        sa.Column("report", postgresql.JSONB(), nullable=False),
        sa.Column("playable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("not_playable_reason", sa.String(), server_default="", nullable=False),
        sa.Column("storage_prefix", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("file_count", sa.Integer(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("zip_key", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        _created_by(),
        sa.UniqueConstraint("package_id", "number"),
        sa.UniqueConstraint("package_id", "sha256"),
    )
    op.create_foreign_key(
        None,
        "package",
        "package_version",
        ["current_version_id"],
        ["id"],
        ondelete="SET NULL",
    )
    _create_import_job()
    for table in ("package", "package_version", "import_job"):
        protect(op, table)


def _create_import_job() -> None:
    op.create_table(
        "import_job",
        *tenant_columns(),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("stage", sa.String(), server_default="", nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error_code", sa.String(), server_default="", nullable=False),
        sa.Column("error_message", sa.String(), server_default="", nullable=False),
        sa.Column("report", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("stored_key", sa.String(), nullable=False),
        sa.Column("package_key", sa.String(), server_default="", nullable=False),
        sa.Column(
            "package_version_id",
            sa.Uuid(),
            sa.ForeignKey("package_version.id", ondelete="SET NULL"),
        ),
        sa.Column("repeated", sa.Boolean(), server_default="false", nullable=False),
        _created_by(),
        sa.Column("touched_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
    )
    op.create_index(
        "ix_import_job_unfinished",
        "import_job",
        ["created_at"],
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )


def _created_by() -> sa.Column[object]:
    return sa.Column("created_by", sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL"))


def downgrade() -> None:
    op.drop_table("import_job")
    op.drop_constraint("fk_package_current_version_id", "package")
    op.drop_table("package_version")
    op.drop_table("package")
