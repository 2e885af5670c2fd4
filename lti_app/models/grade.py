"""Grades, and the ledger of sending them: what, when, and what the platform answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Grade(Model):
    """The one current grade of a person for a resource link, or for an item in another place."""

    __tablename__ = "grade"
    __table_args__ = (
        Index(
            "uq_grade_link",
            "resource_link_id",
            "user_id",
            unique=True,
            postgresql_where=text("resource_link_id IS NOT NULL"),
        ),
        Index(
            "uq_grade_portal",
            "user_id",
            "context_key",
            "item_type",
            "item_id",
            unique=True,
            postgresql_where=text("resource_link_id IS NULL"),
        ),
        CheckConstraint("item_type IN ('package', 'course', 'lesson', 'quiz')", name="item_type"),
        Index("ix_grade_item", "item_type", "item_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    resource_link_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("resource_link.id", ondelete="CASCADE")
    )
    context_key: Mapped[str] = mapped_column(default="portal", server_default="portal")
    """Where it was earned: "portal", "link:…" or "unit:…" (services/resource_links.py)."""
    item_type: Mapped[str] = mapped_column(default="package", server_default="package")
    item_id: Mapped[UUID]
    """Of the package, course, lesson or quiz."""
    attempt_id: Mapped[UUID]
    """The attempt that this grade comes from."""
    attempt_number: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    """Of the item, when it was graded."""
    role: Mapped[str] = mapped_column(default="learner")
    """Membership role when it was graded; only a learner's grade is sent (PAIN-19)."""
    is_final: Mapped[bool]
    score: Mapped[float | None]
    """0 to 1; none while nothing counts."""
    is_pending_manual: Mapped[bool] = mapped_column(default=False, server_default="false")
    """A person has to mark something before the grade is final."""
    completion: Mapped[str]
    success: Mapped[str]
    graded_at: Mapped[datetime]
    """When the content reported it."""


class GradeChange(Model):
    """Append-only: every value a grade has had."""

    __tablename__ = "grade_change"

    grade_id: Mapped[UUID] = mapped_column(ForeignKey("grade.id", ondelete="CASCADE"), index=True)
    attempt_id: Mapped[UUID]
    revision: Mapped[int]
    """Of the attempt's report: a package's commit number."""
    is_final: Mapped[bool]
    score: Mapped[float | None]
    completion: Mapped[str]
    success: Mapped[str]


class Passback(Model):
    """One sending of a grade to a line item: a row first, a job second."""

    __tablename__ = "passback"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'superseded', 'refused', 'conflict', 'kept')",
            name="state",
        ),
        Index(
            "uq_passback_waiting",
            "registration_id",
            "line_item_url",
            "subject",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "uq_passback_sending",
            "registration_id",
            "line_item_url",
            "subject",
            unique=True,
            postgresql_where=text("state = 'sending'"),
        ),
        Index(
            "ix_passback_due",
            "due_at",
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index(
            "ix_passback_platform_due",
            "registration_id",
            "due_at",
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index("ix_passback_pair", "registration_id", "line_item_url", "subject"),
    )

    grade_id: Mapped[UUID] = mapped_column(ForeignKey("grade.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    resource_link_id: Mapped[UUID] = mapped_column(
        ForeignKey("resource_link.id", ondelete="CASCADE"), index=True
    )
    line_item_url: Mapped[str]
    subject: Mapped[str]
    """`userId` of the score."""
    score: Mapped[float | None]
    """0 to 1; scaled to the line item's maximum when it is sent. None: a person has to mark it."""
    is_pending_manual: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Says "waits for a person" instead of a grade (LTI-SP-6)."""
    comment: Mapped[str] = mapped_column(default="")
    attempt_id: Mapped[UUID | None]
    """The attempt that the score comes from; none: sent before attempts were told."""
    is_new_attempt: Mapped[bool] = mapped_column(default=False, server_default="false")
    """The first sending of this attempt: Canvas counts it as a submission (CANVAS-25)."""
    submitted_at: Mapped[datetime | None]
    """When the attempt was finished."""
    state: Mapped[str] = mapped_column(default="waiting")
    """conflict: somebody changed the grade at the platform. kept: theirs was chosen to stand."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it waits or was refused (lti_app.core.ags.REASONS); empty when all is well."""
    due_at: Mapped[datetime]
    """Waiting: not before. Sending: the lease, after which the sender is taken for dead."""
    give_up_at: Mapped[datetime]
    """The end of retrying (LTI-SP-7)."""
    timestamp: Mapped[datetime | None]
    """Of the score; given at the first try, kept by repeats whose fate is unknown."""
    is_repeat: Mapped[bool] = mapped_column(default=False, server_default="false")
    """An earlier try with this timestamp may have been recorded: a 409 means it was."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    sender: Mapped[int | None]
    """Sending: the number that its worker holds while it lives (services/senders.py); none: only
    the lease tells."""
    sent_at: Mapped[datetime | None]
    requested_by: Mapped[UUID | None]
    """The person who pressed "send again"; none: sent by itself."""
    is_overwriting: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Meant to replace a grade that somebody gave at the platform."""
    result_score: Mapped[float | None]
    """What the platform's gradebook held when it was last read, in its own points."""
    result_maximum: Mapped[float | None]
    result_read_at: Mapped[datetime | None]
    """When; with `result_score` None: it held nothing."""


class PassbackTry(Model):
    """One request to the platform, written before it leaves and completed by its answer."""

    __tablename__ = "passback_try"
    __table_args__ = (UniqueConstraint("passback_id", "number"),)

    passback_id: Mapped[UUID] = mapped_column(ForeignKey("passback.id", ondelete="CASCADE"))
    number: Mapped[int]
    timestamp: Mapped[datetime]
    """The score's timestamp in this request."""
    score_given: Mapped[float | None]
    score_maximum: Mapped[float | None]
    verdict: Mapped[str] = mapped_column(default="unanswered")
    """Verdict of lti_app.core.ags; "unanswered" while it is under way or when the sender died."""
    reason: Mapped[str] = mapped_column(default="")
    status: Mapped[int | None]
    """HTTP status; none: no answer."""
    answer: Mapped[str] = mapped_column(default="")
    """The beginning of what the platform said."""
    duration_ms: Mapped[int | None]
