"""The data of attachments, kept once per store however many statements bring them.

Content lies in chunks of one size, so neither storing nor giving back ever holds a whole file.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import CURRENT_TENANT, Base

CHUNK = 256 * 1024
"""Octets of a chunk; the last one has what is left."""


class Attachment(Base):
    __tablename__ = "attachment"

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha2: Mapped[str] = mapped_column(Text, primary_key=True)
    """Hash of the data in lower-case hex: SHA-224, 256, 384 or 512 by its length."""
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""
    content_type: Mapped[str] = mapped_column(Text)
    """As the first statement declared it."""
    length: Mapped[int] = mapped_column(BigInteger)
    """Octets there really are."""
    stored: Mapped[datetime]
    """When it came first."""


class AttachmentChunk(Base):
    __tablename__ = "attachment_chunk"

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha2: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 for the first CHUNK octets."""
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""
    data: Mapped[bytes] = mapped_column(LargeBinary)
    """Not compressed: pictures and films already are."""


class AttachmentUse(Base):
    """Which statement brought which data: what nothing uses any more can be deleted."""

    __tablename__ = "attachment_use"

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha2: Mapped[str] = mapped_column(Text, primary_key=True)
    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""
