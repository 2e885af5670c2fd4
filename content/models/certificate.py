"""A certificate: the row is the truth, the PDF and the badge are made from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Certificate(Model):
    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_reason"),
        Index(
            "uq_certificate_current",
            "enrolment_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL AND replaced_by_id IS NULL"),
        ),
        Index("ix_certificate_user_id_course_id", "user_id", "course_id"),
        Index(
            "ix_certificate_unrendered", "created_at", postgresql_where=text("rendered_at IS NULL")
        ),
    )

    number: Mapped[str]
    """What people read out and type: `content.core.certificate.write_number`."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    """Who earned it; erased with the person."""
    course_id: Mapped[UUID]
    """No foreign key: a certificate outlives its course."""
    enrolment_id: Mapped[UUID | None]
    """What it was earned by; one certificate at a time."""
    recipient_name: Mapped[str]
    """As it was when it was issued, like all that follows: a certificate never changes."""
    course_title: Mapped[str]
    course_description: Mapped[str] = mapped_column(default="", server_default="")
    organisation: Mapped[str]
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    """BCP 47 tag of its fixed words."""
    score_scaled: Mapped[float | None]
    """0 to 1."""
    look: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """`Look` of the template as it was."""
    logo_key: Mapped[str] = mapped_column(default="", server_default="")
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    """From then on it is no longer valid; none: it stays so."""
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="", server_default="")
    """Shown to whoever verifies it."""
    revoked_by: Mapped[UUID | None]
    replaced_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("certificate.id", ondelete="SET NULL")
    )
    """The newer certificate of the same enrolment, once it was earned again."""
    pdf_key: Mapped[str] = mapped_column(default="", server_default="")
    """Where the PDF lies; it is made again when it is gone."""
    pdf_sha256: Mapped[str] = mapped_column(default="", server_default="")
    badge: Mapped[str] = mapped_column(default="", server_default="")
    """The signed Open Badges 3.0 credential (VC-JWT)."""
    rendered_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often rendering was begun."""

    def state(self, now: datetime) -> str:
        """valid, revoked, expired or replaced."""
        if self.revoked_at is not None:
            return "revoked"
        if self.replaced_by_id is not None:
            return "replaced"
        if self.expires_at is not None and self.expires_at <= now:
            return "expired"
        return "valid"
