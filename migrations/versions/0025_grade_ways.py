"""Grades: senders that are known to be dead, alerts about refusals, columns that follow content."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, columns in _list_columns().items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    for table, columns in _list_columns().items():
        for column in columns:
            op.drop_column(table, column.name)


def _list_columns() -> dict[str, list[sa.Column]]:
    return {
        "passback": [sa.Column("sender", sa.Integer())],
        "grade_service": [
            sa.Column("alert_percent", sa.Integer(), server_default="20", nullable=False),
            sa.Column("alerted_at", sa.DateTime(timezone=True)),
        ],
        "resource_link": [
            sa.Column("line_item_label", sa.String(), server_default="", nullable=False),
            sa.Column("line_item_maximum", sa.Double()),
        ],
    }
