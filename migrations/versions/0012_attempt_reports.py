"""Attempts: corrections and who made them, answers to count, the item in the call log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import APPLICATION_ROLE, protect, tenant_columns

revision = "0012"
down_revision = "0011"

_ANSWERS = """
INSERT INTO attempt_interaction
  (id, attempt_id, item, position, name, kind, text, response, pattern, result)
SELECT gen_random_uuid(), attempt_id, item, position,
  max(value) FILTER (WHERE part = 'id'),
  coalesce(max(value) FILTER (WHERE part = 'type'), ''),
  coalesce(max(value) FILTER (WHERE part = 'description'), ''),
  coalesce(max(value) FILTER (WHERE part IN ('student_response', 'learner_response')), ''),
  coalesce(max(value) FILTER (WHERE part = 'correct_responses.0.pattern'), ''),
  coalesce(max(value) FILTER (WHERE part = 'result'), '')
FROM (
  SELECT s.attempt_id, s.item, split_part(key, '.', 3)::int AS position,
    regexp_replace(key, '^cmi\\.interactions\\.\\d+\\.', '') AS part, left(value, 500) AS value
  FROM attempt_sco s, jsonb_each_text(s.cmi)
  WHERE key ~ '^cmi\\.interactions\\.\\d{1,6}\\.'
) AS said
GROUP BY attempt_id, item, position
HAVING max(value) FILTER (WHERE part = 'id') IS NOT NULL
"""
"""What attempts of before have recorded; `left` as services/answers.py shortens."""


def upgrade() -> None:
    op.add_column(
        "attempt",
        sa.Column("correction", postgresql.JSONB(), server_default="{}", nullable=False),
    )
    op.add_column("attempt", sa.Column("reported", postgresql.JSONB()))
    op.create_index("ix_attempt_package_id_id", "attempt", ["package_id", "id"])
    op.add_column(
        "commit_log",
        sa.Column("calls", postgresql.JSONB(), server_default="[]", nullable=False),
    )
    op.add_column("commit_log", sa.Column("item", sa.String(), server_default="", nullable=False))
    op.create_index("ix_commit_log_attempt_id_id", "commit_log", ["attempt_id", "id"])
    _create_attempt_change()
    _create_attempt_interaction()
    _count_answers()


def _create_attempt_change() -> None:
    op.create_table(
        "attempt_change",
        *tenant_columns(),
        _reference("attempt"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("kind", None),
        _text("reason", None),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("app_user.id", ondelete="SET NULL")),
        sa.UniqueConstraint("attempt_id", "number"),
        sa.CheckConstraint("kind IN ('corrected', 'completed', 'lifted', 'reset')", name="kind"),
        sa.CheckConstraint("reason <> ''", name="reason"),
    )
    protect(op, "attempt_change")
    op.execute(f"REVOKE UPDATE, DELETE ON attempt_change FROM {APPLICATION_ROLE}")


def _create_attempt_interaction() -> None:
    op.create_table(
        "attempt_interaction",
        *tenant_columns(),
        _reference("attempt"),
        _text("item", None),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("name", None),
        *(_text(name) for name in ("kind", "text", "response", "pattern", "result")),
        sa.Column("latency_seconds", sa.Float()),
        sa.UniqueConstraint("attempt_id", "item", "position"),
    )
    protect(op, "attempt_interaction")


def _count_answers() -> None:
    connection = op.get_bind()
    for tenant in connection.scalars(sa.text("SELECT id FROM tenant")).all():
        connection.execute(
            sa.text("SELECT set_config('lectern.tenant', :tenant, true)"), {"tenant": str(tenant)}
        )
        connection.exec_driver_sql(_ANSWERS)


def _reference(table: str) -> sa.Column:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(f"{table}_id", sa.Uuid(), key, nullable=False)


def _text(name: str, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def downgrade() -> None:
    op.drop_table("attempt_interaction")
    op.drop_table("attempt_change")
    op.drop_index("ix_commit_log_attempt_id_id", "commit_log")
    op.drop_column("commit_log", "item")
    op.drop_column("commit_log", "calls")
    op.drop_index("ix_attempt_package_id_id", "attempt")
    op.drop_column("attempt", "reported")
    op.drop_column("attempt", "correction")
