"""Uploads that arrive in parts and can be continued."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Upload(Model):
    """One file on its way here; it has arrived when an import job names it."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("byte_count > 0", name="byte_count"),
        CheckConstraint("received >= 0 AND received <= byte_count", name="received"),
    )

    file_name: Mapped[str]
    """What it is called at the sender's."""
    byte_count: Mapped[int] = mapped_column(BigInteger)
    """Its whole size, as announced."""
    modified_ms: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """When it was changed at the sender's, milliseconds since 1970: with name and size it tells
    whether a file chosen again is the same."""
    received: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """So many bytes, from the first, are here: where the next part has to begin."""
    package_id: Mapped[UUID | None] = mapped_column(ForeignKey("package.id", ondelete="SET NULL"))
    """The package to become a new version of; None for a new package."""
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL"), index=True
    )
    """Whose it is; nobody else sees it."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """When it is given up, with its parts, unless it has arrived; each part puts it off."""


class UploadPart(Model):
    """A piece of an upload that has arrived."""

    __tablename__ = "upload_part"
    __table_args__ = (UniqueConstraint("upload_id", "start"),)

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"))
    """The upload."""
    start: Mapped[int] = mapped_column(BigInteger)
    """Offset of its first byte."""
    size: Mapped[int]
    """Bytes."""
    sha256: Mapped[str]
    """Of its bytes, 64 hexadecimal digits."""
    stored_key: Mapped[str]
    """Where it lies in the storage, until the import has put the whole together."""
