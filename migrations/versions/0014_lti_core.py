"""LTI: keys that rotate, storage binding, shared launch reports."""

import sqlalchemy as sa
from alembic import op

from database.rls import protect, tenant_columns

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("tool_key", sa.Column("signs_from", sa.DateTime(timezone=True)))
    op.create_index(
        "uq_tool_key_next",
        "tool_key",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("state = 'next'"),
    )
    op.add_column("lti_login", sa.Column("storage_target", sa.String()))
    op.add_column(
        "lti_login",
        sa.Column("is_new_window", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("lti_login", sa.Column("held_token", sa.String()))
    op.create_table(
        "launch_share",
        *tenant_columns(),
        sa.Column(
            "launch_id",
            sa.Uuid(),
            sa.ForeignKey("launch.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL")),
        sa.UniqueConstraint("token_hash"),
    )
    protect(op, "launch_share")


def downgrade() -> None:
    op.drop_table("launch_share")
    op.drop_column("lti_login", "held_token")
    op.drop_column("lti_login", "is_new_window")
    op.drop_column("lti_login", "storage_target")
    op.drop_index("uq_tool_key_next", "tool_key")
    op.drop_column("tool_key", "signs_from")
