"""Courses, what they stand in, and their published versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database.base import Model


class CourseCategory(Model):
    """A node of the tenant's tree of categories."""

    __tablename__ = "course_category"
    __table_args__ = (UniqueConstraint("tenant_id", "slug"),)

    name: Mapped[str]
    slug: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("course_category.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class Course(Model):
    """A course: its draft, what the catalogue shows of it, and how people get in."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'archived')", name="state"),
        CheckConstraint("enrolment_mode IN ('open', 'approval', 'closed')", name="enrolment_mode"),
        UniqueConstraint("tenant_id", "key"),
        Index("ix_course_search", "search", postgresql_using="gin"),
    )

    key: Mapped[str]
    """The slug: in addresses, folders and `sc_item`; never changed once published."""
    state: Mapped[str] = mapped_column(default="draft", server_default="draft")
    """draft, published, archived."""
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """The document in work (content/README.md); replaced as a whole."""
    draft_revision: Mapped[int] = mapped_column(default=1, server_default="1")
    """Grows with every save; who saves names the one that they have seen."""
    draft_changed_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL")
    )
    draft_changed_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(default="", server_default="")
    """From here to `picture_id`: of the published version, or of the draft until there is one."""
    summary: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    difficulty: Mapped[str] = mapped_column(default="", server_default="")
    duration_minutes: Mapped[int | None]
    tags: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    picture_id: Mapped[UUID | None]
    search: Mapped[str | None] = mapped_column(TSVECTOR)
    """Title, tags, summary and description, by weight; in the course's language and as written."""
    category_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("course_category.id", ondelete="SET NULL"), index=True
    )
    enrolment_mode: Mapped[str] = mapped_column(default="open", server_default="open")
    """Who may enrol by themselves: open (everybody), approval (asks), closed (nobody)."""
    current_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("course_version.id", ondelete="SET NULL", use_alter=True)
    )
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL"), index=True
    )
    current_version: Mapped["CourseVersion | None"] = relationship(
        foreign_keys=[current_version_id], post_update=True
    )


class CourseVersion(Model):
    """What was published once: a frozen document. Learners keep the version they began with."""

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    published_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL")
    )
    note: Mapped[str] = mapped_column(default="", server_default="")
    """What is new, in the author's words."""


class CourseInstructor(Model):
    """Somebody who teaches a course: it is "their own"."""

    __tablename__ = "course_instructor"
    __table_args__ = (UniqueConstraint("course_id", "user_id"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)


class CoursePrerequisite(Model):
    """A course that must be completed before one may enrol."""

    __tablename__ = "course_prerequisite"
    __table_args__ = (
        UniqueConstraint("course_id", "required_id"),
        CheckConstraint("course_id <> required_id", name="not_itself"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    required_id: Mapped[UUID] = mapped_column(
        ForeignKey("course.id", ondelete="CASCADE"), index=True
    )


class CourseUnit(Model):
    """Where a unit of any published version is found: its id is the unit's, for ever."""

    __tablename__ = "course_unit"
    __table_args__ = (
        Index("ix_course_unit_quiz", "quiz_id", postgresql_where=text("quiz_id IS NOT NULL")),
        Index(
            "ix_course_unit_package", "package_id", postgresql_where=text("package_id IS NOT NULL")
        ),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
    """In the newest version that has it."""
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"))
    """The newest version that has it."""
    package_id: Mapped[UUID | None]
    quiz_id: Mapped[UUID | None]


class CourseFile(Model):
    """A file of a course: picture, video, captions, handout. Its bytes never change."""

    __tablename__ = "course_file"
    __table_args__ = (Index("ix_course_file_course_id_digest", "course_id", "digest"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    name: Mapped[str]
    """What people call it, without folders."""
    media_type: Mapped[str]
    """Decided by us from name and first bytes, never what the browser said."""
    size: Mapped[int]
    digest: Mapped[str]
    """SHA-256, hexadecimal."""
    key: Mapped[str]
    """In the storage."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
