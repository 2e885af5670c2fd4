"""Templates of certificates: of one course, or of all. What was issued keeps the look it had."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content.core.certificate import Look, as_json
from content.models.certificate_template import CertificateTemplate


def find_template(session: Session, course_id: UUID | None) -> CertificateTemplate | None:
    """The course's own template, else the one for all."""
    found = select(CertificateTemplate).where(
        or_(CertificateTemplate.course_id == course_id, CertificateTemplate.course_id.is_(None))
    )
    return session.scalar(found.order_by(CertificateTemplate.course_id.nulls_last()).limit(1))


def list_templates(session: Session) -> list[CertificateTemplate]:
    """The one for all first."""
    found = select(CertificateTemplate)
    order = (CertificateTemplate.course_id.nulls_first(), CertificateTemplate.name)
    return list(session.scalars(found.order_by(*order)))


def save_template(
    session: Session,
    course_id: UUID | None,
    look: Look,
    *,
    name: str,
    valid_months: int | None,
    logo_key: str | None,
    changed_by: UUID,
    now: datetime,
) -> CertificateTemplate:
    """Make or change the template of a course (None: of all). `logo_key` None keeps the logo.

    Certificates issued before keep the look that they had.
    """
    row = session.scalar(
        select(CertificateTemplate).where(CertificateTemplate.course_id == course_id)
        if course_id
        else select(CertificateTemplate).where(CertificateTemplate.course_id.is_(None))
    )
    if row is None:
        row = CertificateTemplate(course_id=course_id)
        session.add(row)
    row.name, row.look, row.valid_months = name, as_json(look), valid_months
    row.changed_at, row.changed_by = now, changed_by
    if logo_key is not None:
        row.logo_key = logo_key
    session.flush()
    return row
