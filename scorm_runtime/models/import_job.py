"""Imports of packages: the row that shows how far the reading of a zip has come."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database.base import Model
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.models.upload import Upload


class ImportState(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


IMPORT_STAGES = ("assemble", "check", "manifest", "extract", "publish")
"""What an import does, in order; "assemble" only where the zip came in parts."""


class PublishPolicy(StrEnum):
    """Whether the version that an import makes is published by it."""

    WHEN_CLEAN = "when_clean"
    """When nothing was repaired or warned of and nobody is in the middle of another version;
    else it is a draft."""
    ALWAYS = "always"
    NEVER = "never"


class ImportJob(Model):
    """One import: the row is the truth, the queue only carries its id."""

    __tablename__ = "import_job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("publish IN ('when_clean', 'always', 'never')", name="publish"),
        Index(
            "ix_import_job_unfinished",
            "created_at",
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    state: Mapped[str] = mapped_column(default=ImportState.WAITING, server_default="waiting")
    """`ImportState`."""
    stage: Mapped[str] = mapped_column(default="", server_default="")
    """What is being done, of IMPORT_STAGES; the last one is kept."""
    done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Bytes (of `total`) handled in this stage."""
    total: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Bytes to handle in this stage; 0 while unknown."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often a worker took it up."""
    error_code: Mapped[str] = mapped_column(default="", server_default="")
    """Name of the reason when the state is "failed"."""
    error_message: Mapped[str] = mapped_column(default="", server_default="")
    """The reason in words, with the file's name and how to mend it."""
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    """What was found while reading; after a refusal its last line is the reason."""
    file_name: Mapped[str]
    """What the uploaded file was called."""
    stored_key: Mapped[str]
    """Where the uploaded zip lies in the storage; removed when the import has ended."""
    upload_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("upload.id", ondelete="SET NULL"), unique=True
    )
    """The upload whose parts are put together to `stored_key` first; None where it lies there."""
    publish: Mapped[str] = mapped_column(default=PublishPolicy.WHEN_CLEAN, server_default="always")
    """`PublishPolicy`."""
    package_key: Mapped[str] = mapped_column(default="", server_default="")
    """Package to become a new version of; empty makes a new package."""
    package_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("package_version.id", ondelete="SET NULL")
    )
    """What came of it."""
    repeated: Mapped[bool] = mapped_column(default=False, server_default="false")
    """The same zip had been imported before: the version is the earlier one."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who asked for it."""
    touched_at: Mapped[datetime | None]
    """When a worker last said how far it is; long ago means that it died."""
    finished_at: Mapped[datetime | None]
    """When it became done or failed."""

    package_version: Mapped[PackageVersion | None] = relationship()
    upload: Mapped[Upload | None] = relationship()
