"""Certificates and their templates; notifications, what people want of them, mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0020"
down_revision = "0019"

TABLES = (
    *("certificate_template", "certificate", "badge_key"),
    *("notification", "notification_choice", "mail"),
)


def upgrade() -> None:
    _create_certificates()
    _create_notifications()
    for table in TABLES:
        protect(op, table)


def _create_certificates() -> None:
    op.create_table(
        "certificate_template",
        *tenant_columns(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("course_id", sa.Uuid()),
        _json("look"),
        sa.Column("valid_months", sa.Integer()),
        _text("logo_key"),
        _time("changed_at"),
        sa.Column("changed_by", sa.Uuid()),
        sa.CheckConstraint("valid_months IS NULL OR valid_months > 0", name="valid_months"),
    )
    _partial(
        "uq_certificate_template_course",
        "certificate_template",
        ["tenant_id", "course_id"],
        "course_id IS NOT NULL",
        unique=True,
    )
    _partial(
        "uq_certificate_template_default",
        "certificate_template",
        ["tenant_id"],
        "course_id IS NULL",
        unique=True,
    )
    op.create_table(
        "certificate",
        *tenant_columns(),
        _text("number", None),
        _user(),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid()),
        *(_text(name, None) for name in ("recipient_name", "course_title", "organisation")),
        _text("course_description"),
        _text("language", "en"),
        sa.Column("score_scaled", sa.Float()),
        _json("look"),
        *(_text(name) for name in ("logo_key", "revoked_reason", "pdf_key", "pdf_sha256", "badge")),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        *(_time(name) for name in ("expires_at", "revoked_at", "rendered_at")),
        sa.Column("revoked_by", sa.Uuid()),
        sa.Column(
            "replaced_by_id", sa.Uuid(), sa.ForeignKey("certificate.id", ondelete="SET NULL")
        ),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.UniqueConstraint("tenant_id", "number"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_reason"),
    )
    _partial(
        "uq_certificate_current",
        "certificate",
        ["enrolment_id"],
        "revoked_at IS NULL AND replaced_by_id IS NULL",
        unique=True,
    )
    op.create_index("ix_certificate_user_id_course_id", "certificate", ["user_id", "course_id"])
    _partial("ix_certificate_unrendered", "certificate", ["created_at"], "rendered_at IS NULL")
    op.create_table(
        "badge_key",
        *tenant_columns(),
        *(_text(name, None) for name in ("kid", "private_pem")),
        sa.Column("public_jwk", postgresql.JSONB(), nullable=False),
        sa.UniqueConstraint("tenant_id", "kid"),
    )


def _create_notifications() -> None:
    op.create_table(
        "notification",
        *tenant_columns(),
        _user(),
        _text("kind", None),
        _json("data"),
        _text("path"),
        _text("once"),
        sa.Column("is_shown", sa.Boolean(), server_default="true", nullable=False),
        _time("read_at"),
    )
    op.create_index("ix_notification_user_id_id", "notification", ["user_id", "id"])
    _partial("ix_notification_unread", "notification", ["user_id"], "read_at IS NULL AND is_shown")
    _partial("uq_notification_once", "notification", ["user_id", "once"], "once <> ''", unique=True)
    op.create_table(
        "notification_choice",
        *tenant_columns(),
        _user(),
        _text("kind", None),
        _text("channel", None),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("user_id", "kind", "channel"),
        sa.CheckConstraint("channel IN ('portal', 'mail')", name="channel"),
    )
    op.create_table(
        "mail",
        *tenant_columns(),
        _user(index=True),
        _text("kind", None),
        _json("data"),
        _text("path"),
        _text("state", "waiting"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        _text("error"),
        _time("sent_at"),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'dropped')", name="state"
        ),
    )
    _partial("ix_mail_due", "mail", ["due_at"], "state IN ('waiting', 'sending')")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _text(name: str, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default="{}", nullable=False)


def _user(*, index: bool = False) -> sa.Column[object]:
    reference = sa.ForeignKey("app_user.id", ondelete="CASCADE")
    return sa.Column("user_id", sa.Uuid(), reference, nullable=False, index=index)


def _partial(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    op.create_index(name, table, columns, unique=unique, postgresql_where=sa.text(where))
