"""What certificates look like, and how long they are good: for all courses, or for one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class CertificateTemplate(Model):
    __tablename__ = "certificate_template"
    __table_args__ = (
        CheckConstraint("valid_months IS NULL OR valid_months > 0", name="valid_months"),
        Index(
            "uq_certificate_template_course",
            "tenant_id",
            "course_id",
            unique=True,
            postgresql_where=text("course_id IS NOT NULL"),
        ),
        Index(
            "uq_certificate_template_default",
            "tenant_id",
            unique=True,
            postgresql_where=text("course_id IS NULL"),
        ),
    )

    name: Mapped[str]
    """What administrators call it."""
    course_id: Mapped[UUID | None]
    """The course whose certificates look so; none: those of all courses without one."""
    look: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """`content.core.certificate.Look` as JSON."""
    valid_months: Mapped[int | None]
    """After so many months a certificate expires; none: never."""
    logo_key: Mapped[str] = mapped_column(default="", server_default="")
    """The logo in the storage, named after its content; "" for none."""
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[UUID | None]
    """Who changed it last."""
