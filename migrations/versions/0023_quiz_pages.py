"""Quizzes that the catalogue offers by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    flag = sa.Column("is_listed", sa.Boolean, nullable=False, server_default="false")
    op.add_column("quiz", flag)


def downgrade() -> None:
    op.drop_column("quiz", "is_listed")
