"""People are looked up by a column that an index can be used for under row-level security."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_INDEX = "uq_app_user_email"


def upgrade() -> None:
    key = sa.Column("email_key", sa.String(), sa.Computed("lower(email)", persisted=True))
    op.add_column("app_user", key)
    op.drop_index(_INDEX, "app_user")
    op.create_index(_INDEX, "app_user", ["tenant_id", "email_key"], unique=True)


def downgrade() -> None:
    op.drop_index(_INDEX, "app_user")
    op.create_index(_INDEX, "app_user", ["tenant_id", sa.text("lower(email)")], unique=True)
    op.drop_column("app_user", "email_key")
