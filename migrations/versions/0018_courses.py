"""Native courses, enrolments and progress."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import protect, tenant_columns

revision = "0018"
down_revision = "0017"

TABLES = (
    *("course_category", "course", "course_version", "course_instructor", "course_prerequisite"),
    *("course_unit", "course_file", "enrolment", "unit_progress", "submission"),
    *("learner_group", "group_member", "course_invitation", "enrolment_import"),
)


def upgrade() -> None:
    _create_course()
    _create_course_parts()
    _create_enrolment()
    _create_unit_progress()
    _create_submission()
    _create_groups()
    for table in TABLES:
        protect(op, table)


def _create_course() -> None:
    op.create_table(
        "course_category",
        *tenant_columns(),
        *(_text(name, None) for name in ("name", "slug")),
        _reference("course_category", "parent_id", on_delete="SET NULL"),
        _whole("position"),
        sa.UniqueConstraint("tenant_id", "slug"),
    )
    op.create_index("ix_course_category_parent_id", "course_category", ["parent_id"])
    op.create_table(
        "course",
        *tenant_columns(),
        _text("key", None),
        _text("state", "draft"),
        _json("draft"),
        _whole("draft_revision", 1),
        _person("draft_changed_by"),
        _moment("draft_changed_at"),
        _text("title"),
        _text("summary"),
        _text("language", "en"),
        _text("difficulty"),
        sa.Column("duration_minutes", sa.Integer()),
        _json("tags", "[]"),
        sa.Column("picture_id", sa.Uuid()),
        sa.Column("search", postgresql.TSVECTOR()),
        _reference("course_category", "category_id", on_delete="SET NULL"),
        _text("enrolment_mode", "open"),
        sa.Column("current_version_id", sa.Uuid()),
        _moment("published_at"),
        _moment("archived_at"),
        _person("created_by"),
        sa.UniqueConstraint("tenant_id", "key"),
        sa.CheckConstraint("state IN ('draft', 'published', 'archived')", name="state"),
        sa.CheckConstraint(
            "enrolment_mode IN ('open', 'approval', 'closed')", name="enrolment_mode"
        ),
    )
    op.create_index("ix_course_search", "course", ["search"], postgresql_using="gin")
    for column in ("category_id", "created_by"):
        op.create_index(f"ix_course_{column}", "course", [column])
    op.create_table(
        "course_version",
        *tenant_columns(),
        _reference("course"),
        _whole("number", None),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        _person("published_by"),
        _text("note"),
        sa.UniqueConstraint("course_id", "number"),
    )
    op.create_foreign_key(
        "fk_course_current_version_id",
        "course",
        "course_version",
        ["current_version_id"],
        ["id"],
        ondelete="SET NULL",
    )


def _create_course_parts() -> None:
    op.create_table(
        "course_instructor",
        *tenant_columns(),
        _reference("course"),
        _reference("app_user", "user_id"),
        sa.UniqueConstraint("course_id", "user_id"),
    )
    op.create_index("ix_course_instructor_user_id", "course_instructor", ["user_id"])
    op.create_table(
        "course_prerequisite",
        *tenant_columns(),
        _reference("course"),
        _reference("course", "required_id"),
        sa.UniqueConstraint("course_id", "required_id"),
        sa.CheckConstraint("course_id <> required_id", name="not_itself"),
    )
    op.create_index("ix_course_prerequisite_required_id", "course_prerequisite", ["required_id"])
    op.create_table(
        "course_unit",
        *tenant_columns(),
        _reference("course"),
        *(_text(name, None) for name in ("kind", "title")),
        _whole("position", None),
        _reference("course_version", "version_id"),
        sa.Column("package_id", sa.Uuid()),
        sa.Column("quiz_id", sa.Uuid()),
    )
    op.create_index("ix_course_unit_course_id", "course_unit", ["course_id"])
    for kind in ("quiz", "package"):
        op.create_index(
            f"ix_course_unit_{kind}",
            "course_unit",
            [f"{kind}_id"],
            postgresql_where=sa.text(f"{kind}_id IS NOT NULL"),
        )
    op.create_table(
        "course_file",
        *tenant_columns(),
        _reference("course"),
        *(_text(name, None) for name in ("name", "media_type")),
        _whole("size", None),
        *(_text(name, None) for name in ("digest", "key")),
        _person("created_by"),
    )
    op.create_index("ix_course_file_course_id_digest", "course_file", ["course_id", "digest"])


def _create_enrolment() -> None:
    op.create_table(
        "enrolment",
        *tenant_columns(),
        _reference("course"),
        _reference("app_user", "user_id"),
        _reference("course_version", "version_id", on_delete=None),
        _text("context_key", "portal"),
        sa.Column("entry_unit_id", sa.Uuid()),
        _text("launch_ref", "portal"),
        sa.Column("registration", sa.Uuid(), nullable=False),
        _text("status", "enrolled"),
        _text("source", "self"),
        _person("enrolled_by"),
        _moment("enrolled_at", nullable=False),
        *(_moment(f"{name}_at") for name in ("due", "started", "last_active")),
        *(_moment(f"{name}_at") for name in ("completed", "dropped")),
        sa.Column("last_unit_id", sa.Uuid()),
        _whole("done"),
        _whole("wanted"),
        *_standing(),
        _whole("revision"),
        sa.UniqueConstraint("course_id", "user_id", "context_key"),
        sa.CheckConstraint(
            "status IN ('requested', 'enrolled', 'in_progress', 'completed', 'dropped')",
            name="status",
        ),
    )
    op.create_index("ix_enrolment_version_id", "enrolment", ["version_id"])
    for column in ("user_id", "course_id"):
        op.create_index(f"ix_enrolment_{column}_status", "enrolment", [column, "status"])


def _create_unit_progress() -> None:
    op.create_table(
        "unit_progress",
        *tenant_columns(),
        _reference("enrolment"),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        *_standing(),
        _flag("is_pending_manual"),
        _flag("is_submitted"),
        _whole("attempts"),
        _json("watched", "[]"),
        sa.Column("video_seconds", sa.Float()),
        _fraction("watched_fraction"),
        _fraction("position"),
        _json("visits"),
        *(_moment(f"{name}_at") for name in ("viewed", "completed", "last_active")),
        _whole("revision"),
        sa.UniqueConstraint("enrolment_id", "unit_id"),
    )
    op.create_index("ix_unit_progress_unit_id", "unit_progress", ["unit_id"])


def _create_submission() -> None:
    op.create_table(
        "submission",
        *tenant_columns(),
        _reference("enrolment"),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        _whole("number", None),
        _text("text"),
        _text("file_name"),
        _whole("file_size"),
        _text("file_key"),
        _text("state", "submitted"),
        _moment("submitted_at", nullable=False),
        sa.Column("score_scaled", sa.Float()),
        _text("comment"),
        _person("graded_by"),
        _moment("graded_at"),
        sa.UniqueConstraint("enrolment_id", "unit_id", "number"),
        sa.CheckConstraint("state IN ('submitted', 'graded', 'returned')", name="state"),
    )
    op.create_index("ix_submission_unit_id", "submission", ["unit_id"])
    op.create_index("ix_submission_state", "submission", ["state", "created_at"])


def _create_groups() -> None:
    op.create_table(
        "learner_group",
        *tenant_columns(),
        _text("name", None),
        _text("description"),
        _person("created_by"),
        sa.UniqueConstraint("tenant_id", "name"),
    )
    op.create_table(
        "group_member",
        *tenant_columns(),
        _reference("learner_group", "group_id"),
        _reference("app_user", "user_id"),
        sa.UniqueConstraint("group_id", "user_id"),
    )
    op.create_index("ix_group_member_user_id", "group_member", ["user_id"])
    op.create_table(
        "course_invitation",
        *tenant_columns(),
        _reference("course"),
        _text("token", None),
        _text("note"),
        _reference("learner_group", "group_id", on_delete="SET NULL"),
        _moment("expires_at"),
        sa.Column("max_uses", sa.Integer()),
        _whole("uses"),
        _moment("revoked_at"),
        _person("created_by"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_course_invitation_course_id", "course_invitation", ["course_id"])
    op.create_table(
        "enrolment_import",
        *tenant_columns(),
        sa.Column("course_id", sa.Uuid(), sa.ForeignKey("course.id", ondelete="CASCADE")),
        *(_text(name, None) for name in ("file_name", "text")),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        _flag("creates_people"),
        _text("state", "waiting"),
        *(_whole(name) for name in ("done", "total", "tries")),
        _moment("touched_at"),
        _moment("finished_at"),
        _json("report"),
        _person("created_by"),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'checked', 'done', 'failed')", name="state"
        ),
    )
    op.create_index("ix_enrolment_import_course_id", "enrolment_import", ["course_id"])


def _standing() -> list[sa.Column]:
    return [
        _text("completion", "not attempted"),
        _text("success", "unknown"),
        sa.Column("score_scaled", sa.Float()),
        _fraction("seconds"),
    ]


def _reference(table: str, name: str = "", on_delete: str | None = "CASCADE") -> sa.Column:
    key = sa.ForeignKey(f"{table}.id", ondelete=on_delete)
    return sa.Column(name or f"{table}_id", sa.Uuid(), key, nullable=on_delete == "SET NULL")


def _person(name: str) -> sa.Column:
    return _reference("app_user", name, on_delete="SET NULL")


def _text(name: str, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def _whole(name: str, default: int | None = 0) -> sa.Column:
    told = None if default is None else str(default)
    return sa.Column(name, sa.Integer(), server_default=told, nullable=False)


def _fraction(name: str) -> sa.Column:
    return sa.Column(name, sa.Float(), server_default="0", nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default="false", nullable=False)


def _json(name: str, default: str = "{}") -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), server_default=default, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    op.drop_constraint("fk_course_current_version_id", "course")
    for table in reversed(TABLES):
        op.drop_table(table)
