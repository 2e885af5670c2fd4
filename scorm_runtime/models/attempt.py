"""Attempts: where a learner stands in a package, what each SCO keeps, and every commit received."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model

COMPLETIONS = "'not attempted', 'incomplete', 'completed', 'unknown'"
SUCCESSES = "'unknown', 'passed', 'failed'"


class Attempt(Model):
    """One learner's attempt on a package in one place (portal or resource link).

    Every commit changes it, so no index has anything in it that a commit changes."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("user_id", "package_id", "context_key", "number"),
        Index("ix_attempt_package_id_id", "package_id", "id"),
        CheckConstraint("mode IN ('normal', 'review')", name="mode"),
        CheckConstraint("state IN ('new', 'running', 'suspended', 'ended')", name="state"),
        CheckConstraint(f"completion IN ({COMPLETIONS})", name="completion"),
        CheckConstraint(f"success IN ({SUCCESSES})", name="success"),
    )

    registration: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    """The attempt's UUID in xAPI."""
    number: Mapped[int]
    """1, 2, 3 … for this learner, package and place."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    """The learner."""
    package_id: Mapped[UUID] = mapped_column(
        ForeignKey("package.id", ondelete="CASCADE"), index=True
    )
    """What is attempted."""
    package_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("package_version.id", ondelete="CASCADE"), index=True
    )
    """The version it began with and stays with (PAIN-25)."""
    named_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("package_version.id", ondelete="SET NULL")
    )
    """The version that the place names for further attempts; None: the package's current one."""
    context_key: Mapped[str]
    """"portal" or "link:<resource link id>": the same package elsewhere is another attempt."""
    mode: Mapped[str] = mapped_column(default="normal", server_default="normal")
    """"normal", or "review" where nothing is recorded."""
    state: Mapped[str] = mapped_column(default="new", server_default="new")
    """"new", "running" (a communication session is open), "suspended", "ended"."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """`core.settings.RuntimeSettings` where they differ from the defaults."""
    writer: Mapped[int] = mapped_column(default=0, server_default="0")
    """The fencing number: only the window that opened the attempt last may write (PAIN-11)."""
    applied_entry: Mapped[int] = mapped_column(default=0, server_default="0")
    """Highest journal entry of this writer that was applied."""
    last_commit_number: Mapped[int] = mapped_column(default=0, server_default="0")
    """Highest commit of this writer."""
    last_remarks: Mapped[list[Any] | None] = mapped_column(JSONB)
    """What that commit was told of its entries; with it a repeat is answered the same."""
    delivery: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counts the items brought to the front."""
    current_item: Mapped[str] = mapped_column(default="", server_default="")
    """Identifier of the item in front; "" before the first."""
    sequencing: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """The run's own state (`core.run.Run.state_json`): the activity tree's tracking in SCORM 2004,
    whether the learner left in 1.2 (`core.storable`)."""
    nav: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What was valid when `sequencing` was stored (`core.sequenced_run.SequencedRun.recall`); None
    where it is not worth keeping."""
    last_navigation: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What became of the last navigation of this writer, with its entry's number."""
    completion: Mapped[str] = mapped_column(default="not attempted", server_default="not attempted")
    """Rolled up over the SCOs (`core.outcome.roll_up`), as are the next ones."""
    success: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    """unknown, passed or failed."""
    score_scaled: Mapped[float | None]
    """0 to 1."""
    score_raw: Mapped[float | None]
    """As the content reported it; the mean in percent where several SCOs did."""
    score_min: Mapped[float | None]
    """The lowest possible, where reported."""
    score_max: Mapped[float | None]
    """The highest possible, where reported."""
    total_seconds: Mapped[float] = mapped_column(default=0.0, server_default="0")
    """Time the content reported over all sessions."""
    logged_on: Mapped[date | None]
    """The day (UTC) that `logged_size` speaks of."""
    logged_size: Mapped[int] = mapped_column(default=0, server_default="0")
    """Characters that the call log has grown by on that day (`core.log_room`)."""
    launched_at: Mapped[datetime | None]
    """When the player was first opened."""
    last_active_at: Mapped[datetime | None]
    """When something last arrived."""
    completed_at: Mapped[datetime | None]
    """When completion first became "completed"."""
    correction: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """`core.correction.Correction`: parts of the result that somebody decided; {} for none."""
    reported: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The standing beneath a correction, as the content has it; None without one."""


class AttemptSco(Model):
    """What one SCO of an attempt keeps (`core.sco.ScoState`)."""

    __tablename__ = "attempt_sco"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item"),
        CheckConstraint(f"completion IN ({COMPLETIONS})", name="completion"),
        CheckConstraint(f"success IN ({SUCCESSES})", name="success"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    """The attempt."""
    item: Mapped[str]
    """The item's identifier in the manifest."""
    cmi: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """Data model elements the content has set, by name; strings (`core.storable`)."""
    session: Mapped[str] = mapped_column(
        default="not initialized", server_default="not initialized"
    )
    """State of the communication session: not initialized, running, finished."""
    sessions: Mapped[int] = mapped_column(default=0, server_default="0")
    """Communication sessions begun."""
    last_exit: Mapped[str] = mapped_column(default="", server_default="")
    """How the last one ended: cmi.core.exit, or "cut off"."""
    status_set: Mapped[bool] = mapped_column(default=False, server_default="false")
    """The content has set a status itself."""
    completion: Mapped[str] = mapped_column(default="not attempted", server_default="not attempted")
    """Never taken back once completed."""
    success: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    """unknown, passed or failed."""
    total_seconds: Mapped[float] = mapped_column(default=0.0, server_default="0")
    """Of the sessions that have ended."""
    run_state: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """SCORM 2004: what `core.sco_report.Sco2004State` holds beyond these columns."""


class CommitLog(Model):
    """One batch of journal entries as it arrived; append-only, the call log of the attempt."""

    __tablename__ = "commit_log"
    __table_args__ = (
        UniqueConstraint("attempt_id", "writer", "number", "kind", "first_entry"),
        CheckConstraint("kind IN ('open', 'commit', 'replay', 'stale')", name="kind"),
        Index("ix_commit_log_attempt_id_id", "attempt_id", "id"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    """The attempt."""
    kind: Mapped[str]
    """"commit"; "replay": a journal delivered at the next visit; "open": a window took over;
    "stale": refused, because another window had taken over."""
    writer: Mapped[int]
    """Who wrote the entries; for "open" the new writer."""
    number: Mapped[int] = mapped_column(default=0, server_default="0")
    """Number of the commit; 0 for "open" and "replay"."""
    first_entry: Mapped[int] = mapped_column(default=0, server_default="0")
    """Number of the first entry; 0 when there is none."""
    entries: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    """[[n, operation, arguments…], …] as sent and not applied before (`core.storable`)."""
    remarks: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    """[[n, error code, text], …]: refused, or taken with a warning (code 0)."""
    decisions: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    """[[process, code, activity, note], …]: what sequencing decided while these were applied."""
    calls: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    """[[n, milliseconds before it was sent, function, element, value, error code], …]: all calls of
    the content, reads too, for the log (`core.calls`)."""
    launch_ref: Mapped[str] = mapped_column(default="", server_default="")
    """Which launch it came from, in the host's words."""
    item: Mapped[str] = mapped_column(default="", server_default="")
    """Identifier of the item in front when the first entry was applied, or after the opening."""


class LearnerGlobal(Model):
    """What a learner's sequencing shares between courses: a global objective or a data store."""

    __tablename__ = "learner_global"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "key"),
        CheckConstraint("kind IN ('objective', 'data')", name="kind"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    """Whose it is."""
    kind: Mapped[str]
    """"objective" (SN 4th Ed. 3.10, global shared objective) or "data" (adlcp:data, shared)."""
    key: Mapped[str]
    """targetObjectiveID or targetID, as the manifest spells it (`core.storable`)."""
    value: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """Objective: the data known of it; store: {"value": text} (`core.storable`)."""
