"""Groups of learners, invitation links, and lists of people to enrol."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class LearnerGroup(Model):
    """People who learn together, in one course or anywhere."""

    __tablename__ = "learner_group"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))


class GroupMember(Model):
    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "user_id"),)

    group_id: Mapped[UUID] = mapped_column(ForeignKey("learner_group.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)


class CourseInvitation(Model):
    """A link that enrols whoever follows it."""

    __tablename__ = "course_invitation"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    """256 random bits; shown again, because teachers lose their e-mails."""
    note: Mapped[str] = mapped_column(default="", server_default="")
    """For whom it is."""
    group_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learner_group.id", ondelete="SET NULL")
    )
    """Who comes in becomes a member."""
    expires_at: Mapped[datetime | None]
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0, server_default="0")
    revoked_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))


class EnrolmentImport(Model):
    """A list of people (CSV) to enrol: looked at first, done by a job."""

    __tablename__ = "enrolment_import"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'running', 'checked', 'done', 'failed')", name="state"
        ),
    )

    course_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("course.id", ondelete="CASCADE"), index=True
    )
    """For rows that name no course; none: every row must."""
    file_name: Mapped[str]
    text: Mapped[str]
    """What was uploaded; emptied when it is done."""
    is_dry_run: Mapped[bool]
    creates_people: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether unknown addresses become accounts (without a password)."""
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    touched_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """{"enrolled", "already", "people", "errors": [{"line", "column", "problem"}, …]}."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
