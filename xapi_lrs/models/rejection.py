"""A request that was refused, and why: what a vendor reads when something does not arrive."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Rejection(Model):
    """`created_at` is when. No secret and no token is in any column."""

    __tablename__ = "lrs_rejection"
    __table_args__ = (Index("ix_lrs_rejection_store_id_id", "store_id", "id"),)

    store_id: Mapped[UUID] = mapped_column(ForeignKey("lrs_store.id", ondelete="CASCADE"))
    """The store of the credential, whatever store the address named."""
    credential_id: Mapped[UUID | None]
    """Whose key the request carried; no foreign key: launch tokens go, what happened stays."""
    credential_name: Mapped[str] = mapped_column(Text)
    """Its name then."""
    method: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    """As it was sent, without the question mark; shortened."""
    headers: Mapped[dict[str, Any]]
    """Those that decide about a request (services/rejections.py HEADERS), as they were sent."""
    status: Mapped[int]
    """HTTP status of the refusal, 4xx."""
    code: Mapped[str] = mapped_column(Text)
    """error.code of the answer."""
    message: Mapped[str] = mapped_column(Text)
    """error.message of the answer."""
    details: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """error.details: path, rule, message of each fault; the first of them."""
    body: Mapped[str] = mapped_column(Text)
    """The beginning of the body as text; "" when it was refused before the body was read."""
    body_bytes: Mapped[int | None] = mapped_column(BigInteger)
    """Content-Length, where the request named one."""
    unrecorded: Mapped[int] = mapped_column(default=0, server_default="0")
    """So many refusals just before this one were not recorded, because there were too many."""
