"""Tenants, people and the routes that lead to a tenant."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, share, tenant_columns

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "tenant",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False, unique=True),
        sa.Column("domain", sa.String(), unique=True),
        sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    share(op, "tenant", "SELECT, INSERT, UPDATE")
    op.create_table(
        "tenant_route",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            sa.ForeignKey("tenant.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
    )
    share(op, "tenant_route", "SELECT, INSERT, DELETE")
    op.create_table(
        "app_user",
        *tenant_columns(),
        sa.Column("email", sa.String()),
        sa.Column("password_hash", sa.String()),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locale", sa.String()),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "role IN ('system_administrator', 'tenant_administrator', 'instructor', "
            "'content_creator', 'learner')",
            name="role",
        ),
    )
    op.create_index(
        "uq_app_user_email", "app_user", ["tenant_id", sa.text("lower(email)")], unique=True
    )
    op.create_table(
        "lti_identity",
        *tenant_columns(),
        sa.Column(
            "user_id",
            sa.Uuid(),
            sa.ForeignKey("app_user.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.UniqueConstraint("tenant_id", "issuer", "subject"),
    )
    for table in ("app_user", "lti_identity"):
        protect(op, table)


def downgrade() -> None:
    for table in ("lti_identity", "app_user", "tenant_route", "tenant"):
        op.drop_table(table)
