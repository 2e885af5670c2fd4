"""Packages: the stable thing that people publish and link to, its versions, and their history.

A version is one zip file, extracted once and never changed again. It begins as a draft with a
report and counts for learners when somebody publishes it; what happens to attempts in progress
is said with that.
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


class RunningAttempts(StrEnum):
    """What a newly published version means for attempts in progress on other versions."""

    KEEP = "keep"
    """They go on, to their end, with the version they began with."""
    NEW_ATTEMPT = "new_attempt"
    """At the next launch another attempt begins, on the new version; the old one stays as it is."""
    MOVE = "move"
    """At the next launch they go on in the new version with all they have recorded, provided that
    its items have the same identifiers; otherwise as KEEP."""


class Package(Model):
    """Something to play; its key is what an LTI link names, its content is a version."""

    __tablename__ = "package"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint(
            "running_attempts IN ('keep', 'new_attempt', 'move')", name="running_attempts"
        ),
        Index(
            "ix_package_by_title",
            "tenant_id",
            text("lower(title)"),  # COLLATE "C" in the migration: Alembic cannot see collations
            "id",
            postgresql_where=text("archived_at IS NULL"),
        ),
    )

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
    """The published version that new attempts start with; None while all are drafts."""
    running_attempts: Mapped[str] = mapped_column(default="keep", server_default="keep")
    """`RunningAttempts`: what was said for attempts in progress on other versions (PAIN-25)."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """`core.package_settings.PackageSettings` where they differ from the defaults."""
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
    """False for what an older release could store and not play, until it is read again."""
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
    published_at: Mapped[datetime | None]
    """When learners could first meet it; None for a draft whose report somebody has to see."""
    read_by: Mapped[int] = mapped_column(default=1, server_default="1")
    """`core.manifest.read.READER` when `manifest` was read: an older one is read again."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who imported it."""

    package: Mapped[Package] = relationship(foreign_keys=[package_id])


class PackageEvent(Model):
    """Who changed what about a package, when and why; append-only."""

    __tablename__ = "package_event"
    __table_args__ = (
        CheckConstraint("kind IN ('imported', 'published', 'settings', 'reread')", name="kind"),
        Index("ix_package_event_package_id_created_at", "package_id", "created_at"),
    )

    package_id: Mapped[UUID] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"))
    """The package."""
    kind: Mapped[str]
    """"imported": a version came; "published": a version became the current one; "settings";
    "reread": the manifest was read again by a newer reader."""
    package_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("package_version.id", ondelete="CASCADE")
    )
    """The version it is about; None where it is about the package."""
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """published: {"before": number or null, "number", "running_attempts", "in_progress"};
    settings: {"before", "after"} as stored; imported and reread: {"number"}."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who did it; None for a command or the server itself."""
