"""LTI: our keys, platforms, logins, launches, grades and their sending."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0005"
down_revision = "0004"

TABLES = (
    "registration",
    "tool_key",
    "deployment",
    "lti_login",
    "context",
    "resource_link",
    "grade",
    "launch",
    "link_member",
    "grade_change",
    "passback",
    "passback_try",
)


def upgrade() -> None:
    op.create_table(
        "registration",
        *tenant_columns(),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("auth_login_url", sa.String(), nullable=False),
        sa.Column("token_url", sa.String(), nullable=False),
        sa.Column("token_audience", sa.String()),
        sa.Column("jwks_url", sa.String(), nullable=False),
        sa.Column("leeway_seconds", sa.Integer()),
        sa.Column("origins", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.UniqueConstraint("tenant_id", "issuer", "client_id"),
    )
    op.create_table(
        "tool_key",
        *tenant_columns(),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("private_pem", sa.String(), nullable=False),
        sa.Column("public_jwk", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('next', 'current', 'retired')", name="state"),
        sa.UniqueConstraint("tenant_id", "kid"),
    )
    op.create_index(
        "uq_tool_key_current",
        "tool_key",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("state = 'current'"),
    )
    op.create_table(
        "deployment",
        *tenant_columns(),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'approved', 'disabled')", name="state"),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("registration_id", "deployment_id"),
    )
    op.create_table(
        "lti_login",
        *tenant_columns(),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("binding_hash", sa.String(), nullable=False),
        sa.Column("target_link_uri", sa.String(), nullable=False),
        sa.Column("login_hint", sa.String(), nullable=False),
        sa.Column("lti_message_hint", sa.String()),
        sa.Column("lti_deployment_id", sa.String()),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consumed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("nonce"),
        sa.UniqueConstraint("state_hash"),
    )
    op.create_index(op.f("ix_lti_login_expires_at"), "lti_login", ["expires_at"])
    op.create_table(
        "context",
        *tenant_columns(),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("types", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("deployment_id", "context_id"),
    )
    op.create_table(
        "resource_link",
        *tenant_columns(),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid()),
        sa.Column("resource_link_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("package_key", sa.String()),
        sa.Column("ags_scopes", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("line_items_url", sa.String()),
        sa.Column("line_item_url", sa.String()),
        sa.Column("score_maximum", sa.Double()),
        sa.Column("score_maximum_read_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["context_id"], ["context.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("deployment_id", "resource_link_id"),
    )
    op.create_index(op.f("ix_resource_link_context_id"), "resource_link", ["context_id"])
    op.create_table(
        "grade",
        *tenant_columns(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("resource_link_id", sa.Uuid()),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Double()),
        sa.Column("completion", sa.String(), nullable=False),
        sa.Column("success", sa.String(), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["resource_link_id"], ["resource_link.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_grade_user_id"), "grade", ["user_id"])
    op.create_index(
        "uq_grade_link",
        "grade",
        ["resource_link_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("resource_link_id IS NOT NULL"),
    )
    op.create_index(
        "uq_grade_portal",
        "grade",
        ["user_id", "package_id"],
        unique=True,
        postgresql_where=sa.text("resource_link_id IS NULL"),
    )
    op.create_table(
        "launch",
        *tenant_columns(),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("registration_id", sa.Uuid()),
        sa.Column("deployment_id", sa.Uuid()),
        sa.Column("resource_link_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("attempt_id", sa.Uuid()),
        sa.Column("message_type", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("is_test_user", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("return_url", sa.String()),
        sa.Column("binding", sa.String(), nullable=False),
        sa.Column("skew_ms", sa.Integer()),
        sa.Column("trace_id", sa.String(), nullable=False),
        sa.Column("claims", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.CheckConstraint("result IN ('accepted', 'refused')", name="result"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["resource_link_id"], ["resource_link.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], ondelete="SET NULL"),
    )
    op.create_index(op.f("ix_launch_registration_id"), "launch", ["registration_id"])
    op.create_index(op.f("ix_launch_resource_link_id"), "launch", ["resource_link_id"])
    op.create_index("ix_launch_tenant_id_created_at", "launch", ["tenant_id", "created_at"])
    op.create_index(op.f("ix_launch_user_id"), "launch", ["user_id"])
    op.create_table(
        "link_member",
        *tenant_columns(),
        sa.Column("resource_link_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("is_test_user", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last_launched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["resource_link_id"], ["resource_link.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("resource_link_id", "user_id"),
    )
    op.create_index(op.f("ix_link_member_user_id"), "link_member", ["user_id"])
    op.create_table(
        "grade_change",
        *tenant_columns(),
        sa.Column("grade_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("commit_number", sa.Integer(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Double()),
        sa.Column("completion", sa.String(), nullable=False),
        sa.Column("success", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["grade_id"], ["grade.id"], ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_grade_change_grade_id"), "grade_change", ["grade_id"])
    op.create_table(
        "passback",
        *tenant_columns(),
        sa.Column("grade_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("resource_link_id", sa.Uuid(), nullable=False),
        sa.Column("line_item_url", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True)),
        sa.Column("is_repeat", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("requested_by", sa.Uuid()),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'superseded', 'refused')", name="state"
        ),
        sa.ForeignKeyConstraint(["grade_id"], ["grade.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["resource_link_id"], ["resource_link.id"], ondelete="CASCADE"),
    )
    op.create_index(
        "ix_passback_due",
        "passback",
        ["due_at"],
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.create_index(op.f("ix_passback_grade_id"), "passback", ["grade_id"])
    op.create_index("ix_passback_pair", "passback", ["registration_id", "line_item_url", "subject"])
    op.create_index(op.f("ix_passback_resource_link_id"), "passback", ["resource_link_id"])
    op.create_index(
        "uq_passback_sending",
        "passback",
        ["registration_id", "line_item_url", "subject"],
        unique=True,
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "uq_passback_waiting",
        "passback",
        ["registration_id", "line_item_url", "subject"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "passback_try",
        *tenant_columns(),
        sa.Column("passback_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score_given", sa.Double()),
        sa.Column("score_maximum", sa.Double()),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("duration_ms", sa.Integer()),
        sa.ForeignKeyConstraint(["passback_id"], ["passback.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("passback_id", "number"),
    )

    for table in TABLES:
        protect(op, table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
