"""Courses are taken again, each time an enrolment of its own; days more for one person."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_PLACE = ("course_id", "user_id", "context_key")
_UNIQUE = "uq_enrolment_course_id_user_id_context_key"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("number", sa.Integer, nullable=False, server_default="1"))
    op.add_column("enrolment", sa.Column("previous_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_enrolment_previous_id_enrolment",
        *("enrolment", "enrolment", ["previous_id"], ["id"]),
        ondelete="SET NULL",
    )
    flag = sa.Column("is_past", sa.Boolean, nullable=False, server_default="false")
    op.add_column("enrolment", flag)
    days = sa.Column("extra_days", sa.Integer, nullable=False, server_default="0")
    op.add_column("enrolment", days)
    op.drop_constraint(_UNIQUE, "enrolment", type_="unique")
    op.create_index(
        "uq_enrolment_place", "enrolment", _PLACE, unique=True, postgresql_where="NOT is_past"
    )
    op.create_index("ix_enrolment_previous_id", "enrolment", ["previous_id"])


def downgrade() -> None:
    """Earlier times of a course go: there was only one place for them all."""
    op.execute("DELETE FROM enrolment WHERE is_past")
    op.drop_index("ix_enrolment_previous_id", "enrolment")
    op.drop_index("uq_enrolment_place", "enrolment")
    op.create_unique_constraint(_UNIQUE, "enrolment", _PLACE)
    op.drop_constraint("fk_enrolment_previous_id_enrolment", "enrolment", type_="foreignkey")
    for name in ("extra_days", "is_past", "previous_id", "number"):
        op.drop_column("enrolment", name)
