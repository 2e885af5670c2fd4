"""How grades and rosters are exchanged with one platform: its settings, its pace, longer work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class GradeService(Model):
    """One per registration, made when it is first needed."""

    __tablename__ = "grade_service"
    __table_args__ = (
        CheckConstraint("line_items IN ('usual', 'always', 'never')", name="line_items"),
    )

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), unique=True
    )
    overwrites: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Our grade replaces one that a teacher gave at the platform (LTI-SP-9)."""
    line_items: Mapped[str] = mapped_column(default="usual", server_default="usual")
    """Whether a column is made where the platform names none: as usual for the product, or not."""
    results_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    """How often results are read and compared; 0: only by button."""
    roster_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    """How often the rosters are read of courses that are switched on for it."""
    results_read_at: Mapped[datetime | None]
    """When a comparison was last begun by itself."""
    paused_until: Mapped[datetime | None]
    """The platform asked us to slow down: nothing is sent before."""
    pause_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """Such requests in a row; the pause grows with them."""
    alert_percent: Mapped[int] = mapped_column(default=20, server_default="20")
    """Administrators are told when more of the last hour's grades failed; 0: never (PAIN-04)."""
    alerted_at: Mapped[datetime | None]
    """When they were told that; none: all is well."""


class PlatformJob(Model):
    """Longer work with a platform that somebody follows on a page. The row is the truth."""

    __tablename__ = "platform_job"
    __table_args__ = (
        CheckConstraint("kind IN ('test', 'results', 'resend', 'roster')", name="kind"),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        Index(
            "ix_platform_job_unfinished",
            "created_at",
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    kind: Mapped[str]
    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    resource_link_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("resource_link.id", ondelete="CASCADE"), index=True
    )
    """Of one link alone; none: of all links of the platform."""
    context_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("context.id", ondelete="CASCADE"), index=True
    )
    """The course of a roster."""
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of `total`: links, grades, or people."""
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    """0 while unknown."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often a worker took it up; also the worker's right to go on."""
    due_at: Mapped[datetime | None]
    """Waiting: not before."""
    checkpoint: Mapped[str] = mapped_column(default="", server_default="")
    """Where to go on: the last link done, or the address of the next page."""
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """What came of it, in figures, or the steps of a test."""
    error: Mapped[str] = mapped_column(default="", server_default="")
    """Reason code of what went wrong (lti_app.core.ags.REASONS)."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who asked for it; none: by itself."""
    touched_at: Mapped[datetime | None]
    """When a worker last said how far it is; long ago means that it died."""
    finished_at: Mapped[datetime | None]
