"""Long work on a record store: exports, imports, erasing a person. The row is the truth."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class RecordJobKind(StrEnum):
    EXPORT = "export"
    IMPORT = "import"
    ERASURE = "erasure"


class RecordJobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RecordJob(Model):
    __tablename__ = "record_job"
    __table_args__ = (
        CheckConstraint("kind IN ('export', 'import', 'erasure')", name="kind"),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        Index(
            "ix_record_job_unfinished",
            "created_at",
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    store_id: Mapped[UUID] = mapped_column(
        ForeignKey("lrs_store.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    """`RecordJobKind`."""
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What was asked for: the filter and form of an export, the person of an erasure …"""
    state: Mapped[str] = mapped_column(default=RecordJobState.WAITING, server_default="waiting")
    """`RecordJobState`."""
    done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Of `total`: statements, or bytes of an import."""
    total: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """0 while unknown."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often a worker took it up."""
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """What came of it, in figures."""
    error: Mapped[str] = mapped_column(default="", server_default="")
    """Why it failed, in words."""
    file_key: Mapped[str] = mapped_column(default="", server_default="")
    """The file in the storage: what an export made, what an import reads; "" when it is gone."""
    file_name: Mapped[str] = mapped_column(default="", server_default="")
    """What people call it."""
    file_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    link_number: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of the newest one-time link; older ones open nothing."""
    link_used_at: Mapped[datetime | None]
    """When that link was followed; then it opens nothing any more."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who asked for it."""
    touched_at: Mapped[datetime | None]
    """When a worker last said how far it is; long ago means that it died."""
    finished_at: Mapped[datetime | None]
