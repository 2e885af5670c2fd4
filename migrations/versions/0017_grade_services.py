"""Line items, results, conflicts, rosters; grades of any item.

`package_id` becomes `item_id` at once instead of in two releases: no release with it is out.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _open_grades_to_any_item()


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
    op.drop_constraint("item_type", "grade")
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
    _close_grades_to_packages()


def _in_each_tenant(statement: str) -> None:
    connection = op.get_bind()
    for tenant in connection.scalars(sa.text("SELECT id FROM tenant")).all():
        connection.execute(
            sa.text("SELECT set_config('lectern.tenant', :tenant, true)"), {"tenant": str(tenant)}
        )
        connection.exec_driver_sql(statement.replace("%", "%%"))
