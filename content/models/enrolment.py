"""Who learns what, and how far they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.course import Course, CourseVersion
from database.base import Model, uuid7

STATUSES = ("requested", "enrolled", "in_progress", "completed", "dropped")
SOURCES = ("self", "invitation", "instructor", "csv", "lti")


class Enrolment(Model):
    """One person in one course, in one place (portal, or a link of a platform), once: who takes the
    course again gets a new one, and the earlier ones stay as they were."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint(
            "status IN ('requested', 'enrolled', 'in_progress', 'completed', 'dropped')",
            name="status",
        ),
        Index(
            "uq_enrolment_place",
            *("course_id", "user_id", "context_key"),
            unique=True,
            postgresql_where=text("NOT is_past"),
        ),
        Index("ix_enrolment_user_id_status", "user_id", "status"),
        Index("ix_enrolment_course_id_status", "course_id", "status"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"), index=True)
    """The version they learn: the newest until they begin, then it stays."""
    context_key: Mapped[str] = mapped_column(default="portal", server_default="portal")
    """"portal" or "link:<resource link id>"."""
    entry_unit_id: Mapped[UUID | None]
    """The one unit that a link opens (a lesson launched alone); none: the whole course."""
    launch_ref: Mapped[str] = mapped_column(default="portal", server_default="portal")
    """The newest launch, for statements and grades; "portal"."""
    registration: Mapped[UUID] = mapped_column(default=uuid7)
    """For xAPI."""
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    """Which time it is."""
    previous_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("enrolment.id", ondelete="SET NULL"), index=True
    )
    """The time before."""
    is_past: Mapped[bool] = mapped_column(default=False, server_default="false")
    """The course was begun again since: nothing changes here any more."""
    status: Mapped[str] = mapped_column(default="enrolled", server_default="enrolled")
    """Of STATUSES; "requested": waits for somebody to let them in."""
    source: Mapped[str] = mapped_column(default="self", server_default="self")
    """Of SOURCES: how they came in."""
    enrolled_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    enrolled_at: Mapped[datetime]
    """Days of opening and due dates are counted from here."""
    due_at: Mapped[datetime | None]
    """The whole course, for this person."""
    extra_days: Mapped[int] = mapped_column(default=0, server_default="0")
    """Days that this person has more for each unit that has a date."""
    started_at: Mapped[datetime | None]
    last_active_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    last_unit_id: Mapped[UUID | None]
    """Where they were."""
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    """From here on: content.core.progress of the last change."""
    wanted: Mapped[int] = mapped_column(default=0, server_default="0")
    completion: Mapped[str] = mapped_column(default="not attempted", server_default="not attempted")
    success: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    score_scaled: Mapped[float | None]
    seconds: Mapped[float] = mapped_column(default=0.0, server_default="0")
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    """Grows with every outcome of the course."""
    course: Mapped[Course] = relationship(foreign_keys=[course_id])
    version: Mapped[CourseVersion] = relationship(foreign_keys=[version_id])

    @property
    def is_active(self) -> bool:
        return not self.is_past and self.status in ("enrolled", "in_progress", "completed")


class UnitProgress(Model):
    """What is known of one enrolment in one unit."""

    __tablename__ = "unit_progress"
    __table_args__ = (UniqueConstraint("enrolment_id", "unit_id"),)

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    unit_id: Mapped[UUID] = mapped_column(index=True)
    """In the version's document."""
    completion: Mapped[str] = mapped_column(default="not attempted", server_default="not attempted")
    success: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    score_scaled: Mapped[float | None]
    is_pending_manual: Mapped[bool] = mapped_column(default=False, server_default="false")
    is_submitted: Mapped[bool] = mapped_column(default=False, server_default="false")
    seconds: Mapped[float] = mapped_column(default=0.0, server_default="0")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    watched: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Of the video: [[from, to], …] in seconds, sorted, apart."""
    video_seconds: Mapped[float | None]
    """How long the video is, as the browser said."""
    watched_fraction: Mapped[float] = mapped_column(default=0.0, server_default="0")
    position: Mapped[float] = mapped_column(default=0.0, server_default="0")
    """Where the video stood."""
    visits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Seconds of each visit that may still report: {visit: seconds}; the highest counts."""
    viewed_at: Mapped[datetime | None]
    """First opened."""
    completed_at: Mapped[datetime | None]
    last_active_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0, server_default="0")


class Submission(Model):
    """Something handed in; append-only but for its grade."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "unit_id", "number"),
        CheckConstraint("state IN ('submitted', 'graded', 'returned')", name="state"),
        Index("ix_submission_state", "state", "created_at"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    unit_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(default="", server_default="")
    file_name: Mapped[str] = mapped_column(default="", server_default="")
    file_size: Mapped[int] = mapped_column(default=0, server_default="0")
    file_key: Mapped[str] = mapped_column(default="", server_default="")
    """In the storage; "" without a file."""
    state: Mapped[str] = mapped_column(default="submitted", server_default="submitted")
    """submitted, graded, or returned: to be done again."""
    submitted_at: Mapped[datetime]
    score_scaled: Mapped[float | None]
    comment: Mapped[str] = mapped_column(default="", server_default="")
    """The teacher's, for the learner."""
    graded_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    graded_at: Mapped[datetime | None]
    enrolment: Mapped[Enrolment] = relationship(foreign_keys=[enrolment_id])
