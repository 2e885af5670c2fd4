"""Line items, results, conflicts, rosters; grades of any item.

`package_id` becomes `item_id` at once instead of in two releases: no release with it is out.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _open_grades_to_any_item()
    _create_services()
    _create_jobs()
    _create_roster()
    for table, columns in _list_columns().items():
        for column in columns:
            op.add_column(table, column)
    op.alter_column("passback", "score", nullable=True)
    op.drop_constraint("ck_passback_state", "passback")
    op.create_check_constraint("state", "passback", f"state IN ({STATES}, 'conflict', 'kept')")
    op.create_index(
        "ix_passback_platform_due",
        "passback",
        ["registration_id", "due_at"],
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )


def _create_services() -> None:
    op.create_table(
        "grade_service",
        *tenant_columns(),
        _reference("registration", unique=True),
        _flag("overwrites"),
        sa.Column("line_items", sa.String(), server_default="usual", nullable=False),
        sa.Column("results_hours", sa.Integer(), server_default="24", nullable=False),
        sa.Column("roster_hours", sa.Integer(), server_default="24", nullable=False),
        _moment("results_read_at"),
        _moment("paused_until"),
        _number("pause_count"),
        sa.CheckConstraint("line_items IN ('usual', 'always', 'never')", name="line_items"),
    )
    protect(op, "grade_service")


def _create_jobs() -> None:
    op.create_table(
        "platform_job",
        *tenant_columns(),
        sa.Column("kind", sa.String(), nullable=False),
        _reference("registration", index=True),
        _reference("resource_link", nullable=True, index=True),
        _reference("context", nullable=True, index=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        _number("done"),
        _number("total"),
        _number("tries"),
        _moment("due_at"),
        _text("checkpoint"),
        sa.Column("report", postgresql.JSONB(), server_default="{}", nullable=False),
        _text("error"),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL")),
        _moment("touched_at"),
        _moment("finished_at"),
        sa.CheckConstraint("kind IN ('test', 'results', 'resend', 'roster')", name="kind"),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
    )
    op.create_index(
        "ix_platform_job_unfinished",
        "platform_job",
        ["created_at"],
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    protect(op, "platform_job")


def _create_roster() -> None:
    op.create_table(
        "roster_member",
        *tenant_columns(),
        _reference("context"),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "user_id", sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL"), index=True
        ),
        *(_text(name) for name in ("name", "sort_name", "email")),
        sa.Column("roles", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        _flag("is_test_user"),
        sa.Column("status", sa.String(), server_default="Active", nullable=False),
        sa.Column("read_by", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("context_id", "subject"),
    )
    protect(op, "roster_member")


def _reference(
    table: str, *, nullable: bool = False, unique: bool = False, index: bool = False
) -> sa.Column:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(
        f"{table}_id", sa.Uuid(), key, nullable=nullable, unique=unique or None, index=index or None
    )


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True))


STATES = "'waiting', 'sending', 'sent', 'superseded', 'refused'"


def _list_columns() -> dict[str, list[sa.Column]]:
    return {
        "context": [
            sa.Column("memberships_url", sa.String()),
            _flag("roster_is_scheduled"),
            _moment("roster_read_at"),
            sa.Column("roster_differences_url", sa.String()),
        ],
        "resource_link": [
            _text("line_item_origin"),
            _moment("line_item_due_at"),
            _number("line_item_tries"),
            _text("line_item_problem"),
            _text("service_problem"),
        ],
        "passback": [
            _flag("is_pending_manual"),
            sa.Column("attempt_id", sa.Uuid()),
            _flag("is_new_attempt"),
            _moment("submitted_at"),
            _flag("is_overwriting"),
            sa.Column("result_score", sa.Double()),
            sa.Column("result_maximum", sa.Double()),
            _moment("result_read_at"),
        ],
    }


def _open_grades_to_any_item() -> None:
    op.drop_index("uq_grade_portal", "grade")
    op.alter_column("grade", "package_id", new_column_name="item_id")
    op.add_column(
        "grade", sa.Column("item_type", sa.String(), server_default="package", nullable=False)
    )
    op.add_column(
        "grade", sa.Column("context_key", sa.String(), server_default="portal", nullable=False)
    )
    op.add_column(
        "grade",
        sa.Column("is_pending_manual", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_check_constraint(
        "item_type", "grade", "item_type IN ('package', 'course', 'lesson', 'quiz')"
    )
    op.create_index("ix_grade_item", "grade", ["item_type", "item_id"])
    op.create_index(
        "uq_grade_portal",
        "grade",
        ["user_id", "context_key", "item_type", "item_id"],
        unique=True,
        postgresql_where=sa.text("resource_link_id IS NULL"),
    )
    _in_each_tenant(
        "UPDATE grade SET context_key = 'link:' || resource_link_id "
        "WHERE resource_link_id IS NOT NULL"
    )
    op.alter_column("grade_change", "commit_number", new_column_name="revision")


def _close_grades_to_packages() -> None:
    op.alter_column("grade_change", "revision", new_column_name="commit_number")
    _in_each_tenant("DELETE FROM grade WHERE item_type <> 'package' OR context_key LIKE 'unit:%'")
    op.drop_index("uq_grade_portal", "grade")
    op.drop_index("ix_grade_item", "grade")
    op.drop_constraint("ck_grade_item_type", "grade")
    for column in ("is_pending_manual", "context_key", "item_type"):
        op.drop_column("grade", column)
    op.alter_column("grade", "item_id", new_column_name="package_id")
    op.create_index(
        "uq_grade_portal",
        "grade",
        ["user_id", "package_id"],
        unique=True,
        postgresql_where=sa.text("resource_link_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_passback_platform_due", "passback")
    op.drop_constraint("ck_passback_state", "passback")
    _in_each_tenant("UPDATE passback SET state = 'sent' WHERE state IN ('conflict', 'kept')")
    _in_each_tenant("DELETE FROM passback WHERE score IS NULL")
    op.create_check_constraint("state", "passback", f"state IN ({STATES})")
    op.alter_column("passback", "score", nullable=False)
    for table, columns in _list_columns().items():
        for column in columns:
            op.drop_column(table, column.name)
    for table in ("roster_member", "platform_job", "grade_service"):
        op.drop_table(table)
    _close_grades_to_packages()


def _in_each_tenant(statement: str) -> None:
    connection = op.get_bind()
    for tenant in connection.scalars(sa.text("SELECT id FROM tenant")).all():
        connection.execute(
            sa.text("SELECT set_config('lectern.tenant', :tenant, true)"), {"tenant": str(tenant)}
        )
        connection.exec_driver_sql(statement.replace("%", "%%"))
