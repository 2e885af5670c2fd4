"""Packages: settings, published versions and their history, uploads in parts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "package", sa.Column("running_attempts", sa.String(), server_default="keep", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_package_running_attempts"),
        "package",
        "running_attempts IN ('keep', 'new_attempt', 'move')",
    )
    op.add_column(
        "package",
        sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False),
    )
    # What was imported before counts as published: the default fills the rows of all tenants.
    op.add_column(
        "package_version",
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.alter_column("package_version", "published_at", server_default=None)
    op.add_column(
        "package_version", sa.Column("read_by", sa.Integer(), server_default="1", nullable=False)
    )
    _create_package_event()
    _create_upload()
    _extend_import_job()


def _create_package_event() -> None:
    op.create_table(
        "package_event",
        *tenant_columns(),
        sa.Column(
            "package_id",
            sa.Uuid(),
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "package_version_id",
            sa.Uuid(),
            sa.ForeignKey("package_version.id", ondelete="CASCADE"),
        ),
        sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False),
        _user("made_by"),
        sa.CheckConstraint("kind IN ('imported', 'published', 'settings', 'reread')", name="kind"),
    )
    op.create_index(
        "ix_package_event_package_id_created_at", "package_event", ["package_id", "created_at"]
    )
    protect(op, "package_event")


def _create_upload() -> None:
    op.create_table(
        "upload",
        *tenant_columns(),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("modified_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("package_id", sa.Uuid(), sa.ForeignKey("package.id", ondelete="SET NULL")),
        _user("created_by", index=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.CheckConstraint("byte_count > 0", name="byte_count"),
        sa.CheckConstraint("received >= 0 AND received <= byte_count", name="received"),
    )
    op.create_table(
        "upload_part",
        *tenant_columns(),
        sa.Column(
            "upload_id",
            sa.Uuid(),
            sa.ForeignKey("upload.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("stored_key", sa.String(), nullable=False),
        sa.UniqueConstraint("upload_id", "start"),
    )
    for table in ("upload", "upload_part"):
        protect(op, table)


def _extend_import_job() -> None:
    op.add_column(
        "import_job",
        sa.Column("upload_id", sa.Uuid(), sa.ForeignKey("upload.id", ondelete="SET NULL")),
    )
    op.create_unique_constraint(op.f("uq_import_job_upload_id"), "import_job", ["upload_id"])
    # "always" is what the code before this did, and does while both run.
    op.add_column(
        "import_job", sa.Column("publish", sa.String(), server_default="always", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_import_job_publish"), "import_job", "publish IN ('when_clean', 'always', 'never')"
    )


def _user(name: str, *, index: bool = False) -> sa.Column[object]:
    return sa.Column(
        name, sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL"), index=index
    )


def downgrade() -> None:
    op.drop_column("import_job", "publish")
    op.drop_column("import_job", "upload_id")
    op.drop_table("upload_part")
    op.drop_table("upload")
    op.drop_table("package_event")
    op.drop_column("package_version", "read_by")
    op.drop_column("package_version", "published_at")
    op.drop_column("package", "settings")
    op.drop_column("package", "running_attempts")
