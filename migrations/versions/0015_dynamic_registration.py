"""Dynamic Registration: one-time links and what came of them."""

import sqlalchemy as sa
from alembic import op

from database.rls import protect, tenant_columns

revision = "0015"
down_revision = "0014"

TABLES = ("registration_invitation", "registration_log")


def upgrade() -> None:
    op.create_table(
        "registration_invitation",
        *tenant_columns(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), server_default="", nullable=False),
        sa.Column("tool_name", sa.String(), server_default="Lectern", nullable=False),
        sa.Column("privacy", sa.String(), server_default="public", nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column(
            "registration_id", sa.Uuid(), sa.ForeignKey("registration.id", ondelete="SET NULL")
        ),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL")),
        sa.CheckConstraint(
            "privacy IN ('public', 'name_only', 'email_only', 'anonymous')", name="privacy"
        ),
        sa.UniqueConstraint("tenant_id", "token_digest"),
    )
    op.create_table(
        "registration_log",
        *tenant_columns(),
        sa.Column(
            "invitation_id",
            sa.Uuid(),
            sa.ForeignKey("registration_invitation.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column(
            "registration_id", sa.Uuid(), sa.ForeignKey("registration.id", ondelete="SET NULL")
        ),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("detail", sa.String(), server_default="", nullable=False),
        sa.Column("platform_status", sa.Integer()),
        sa.Column("platform_answer", sa.String(), server_default="", nullable=False),
        sa.Column("configuration_url", sa.String(), server_default="", nullable=False),
        sa.Column("issuer", sa.String(), server_default="", nullable=False),
        sa.Column("client_id", sa.String(), server_default="", nullable=False),
        sa.Column("trace_id", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("result IN ('registered', 'refused')", name="result"),
    )
    for table in TABLES:
        protect(op, table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
