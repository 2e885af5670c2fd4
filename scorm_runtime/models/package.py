"""Packages: what was uploaded, each version of it, and the imports that made them.

A package is the stable thing that people publish and link to; a version is one zip file, read
once and never changed again; an import job is the row that shows how far a reading has come.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database.base import Model


class Package(Model):
    """Something to play; its key is what an LTI link names, its content is a version."""

    __tablename__ = "package"
    __table_args__ = (UniqueConstraint("tenant_id", "key"),)

    key: Mapped[str]
    """Slug, unique in the tenant and never changed: links in platforms carry it."""
    title: Mapped[str]
    """As shown in the catalogue; the manifest's title until somebody edits it."""
    description: Mapped[str] = mapped_column(default="", server_default="")
    """Plain text; the manifest's description until somebody edits it."""
    is_published: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Shown to learners in the catalogue; an LTI link works without it."""
    archived_at: Mapped[datetime | None]
    """Out of the lists since; attempts and their records stay."""
    current_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("package_version.id", ondelete="SET NULL", use_alter=True)
    )
    """The version that new attempts start with; running attempts keep theirs (PAIN-25)."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who imported the first version; None when a command did."""

    current_version: Mapped["PackageVersion | None"] = relationship(
        foreign_keys=[current_version_id], post_update=True
    )


class PackageVersion(Model):
    """One zip file, extracted and read; immutable."""

    __tablename__ = "package_version"
    __table_args__ = (
        UniqueConstraint("package_id", "number"),
        UniqueConstraint("package_id", "sha256"),
    )

    package_id: Mapped[UUID] = mapped_column(
        ForeignKey("package.id", ondelete="CASCADE"), index=True
    )
    """The package this is a version of."""
    number: Mapped[int]
    """1, 2, 3 … within the package."""
    standard: Mapped[str]
    """"scorm_1_2" or "scorm_2004" (`scorm_runtime.core.manifest.model.Standard`)."""
    schema_version: Mapped[str]
    """As the manifest spells it: "1.2", "2004 4th Edition"; empty where it says nothing."""
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What was read: `scos` in order of play, `items` the tree, see `core/manifest/README.md`."""
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What was found while reading: level, code, line, message, meaning."""
    playable: Mapped[bool] = mapped_column(default=True, server_default="true")
    """Whether the player can play it today; `not_playable_reason` says why not."""
    not_playable_reason: Mapped[str] = mapped_column(default="", server_default="")
    """Code of the reason, empty while playable: "scorm_2004_pending"."""
    storage_prefix: Mapped[str]
    """Folder of the extracted files in the storage, with a slash at the end."""
    entry: Mapped[str]
    """Path of the first SCO's file below the prefix, percent-encoded, with its parameters."""
    file_count: Mapped[int]
    """Extracted files."""
    byte_count: Mapped[int] = mapped_column(BigInteger)
    """Their size together, in bytes."""
    sha256: Mapped[str]
    """Of the zip file, 64 hexadecimal digits: the same zip is the same version."""
    zip_key: Mapped[str]
    """The original zip in the storage, kept for download."""
    file_name: Mapped[str]
    """What the zip was called when it was uploaded."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who imported it."""

    package: Mapped[Package] = relationship(foreign_keys=[package_id])


class ImportState(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


IMPORT_STAGES = ("check", "manifest", "extract", "publish")
"""What an import does, in order."""


class ImportJob(Model):
    """One import: the row is the truth, the queue only carries its id."""

    __tablename__ = "import_job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
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
