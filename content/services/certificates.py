"""Certificates: due, issued once, renewed, revoked, found by whoever was given the number."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from content.core.certificate import (
    Look,
    Sheet,
    as_json,
    expiry,
    may_renew,
    read_look,
    read_number,
    write_number,
)
from content.core.errors import ContentError
from content.models.certificate import Certificate
from content.models.enrolment import Enrolment
from content.services.certificate_templates import find_template
from content.services.standings import read_enrolled

MOST_TRIES = 5
"""Of rendering; after that only a person asks for it."""


class CertificateMissing(ContentError, LookupError):
    """There is no such certificate, or not for this person."""

    status_hint = 404


class NotRevocable(ContentError):
    """It is revoked already, or no reason was given."""

    status_hint = 422


@dataclass(frozen=True)
class Due:
    """What is to be issued: the facts, still without words."""

    enrolment_id: UUID
    user_id: UUID
    course_id: UUID
    course_title: str
    course_description: str
    language: str
    score_scaled: float | None
    issued_at: datetime
    expires_at: datetime | None
    look: Look
    logo_key: str
    number: str
    replaces: UUID | None


def find_due(
    session: Session, enrolment_id: UUID, now: datetime, *, again: bool = False
) -> Due | None:
    """What the enrolment has earned and not got: the course gives certificates, it is completed
    and not failed. A revoked certificate is not given again but by a person (`again`)."""
    enrolment = session.get(Enrolment, enrolment_id, with_for_update={"of": Enrolment})
    if enrolment is None or not _is_earned(enrolment):
        return None
    current = find_current(session, enrolment_id)
    if current is not None and not (
        again or may_renew(current.expires_at, enrolment.completed_at, now)
    ):
        return None
    if current is None and not again and _was_revoked(session, enrolment_id):
        return None
    course = read_enrolled(enrolment)
    template = find_template(session, enrolment.course_id)
    return Due(
        enrolment_id=enrolment.id,
        user_id=enrolment.user_id,
        course_id=enrolment.course_id,
        course_title=course.title,
        course_description=course.summary,
        language=course.language,
        score_scaled=enrolment.score_scaled,
        issued_at=now,
        expires_at=expiry(
            now,
            valid_days=course.certificate_valid_days,
            valid_months=template.valid_months if template else None,
        ),
        look=read_look(template.look) if template else Look(),
        logo_key=template.logo_key if template else "",
        number=write_number(secrets.token_bytes(10)),
        replaces=current.id if current else None,
    )


def award(
    session: Session, due: Due, sheet: Sheet, *, recipient_name: str, organisation: str
) -> Certificate:
    """Issue it; the one that it replaces stays on record."""
    row = Certificate(
        number=due.number,
        user_id=due.user_id,
        course_id=due.course_id,
        enrolment_id=due.enrolment_id,
        recipient_name=recipient_name,
        course_title=due.course_title,
        course_description=due.course_description,
        organisation=organisation,
        language=sheet.language,
        score_scaled=due.score_scaled,
        look=as_json(sheet),
        logo_key=due.logo_key,
        issued_at=due.issued_at,
        expires_at=due.expires_at,
    )
    if due.replaces is not None:
        old = session.get_one(Certificate, due.replaces)
        # Both may not be current at once, and the new one has no row yet to point at.
        row.enrolment_id = None
        session.add(row)
        session.flush()
        old.replaced_by_id = row.id
        session.flush()
        row.enrolment_id = due.enrolment_id
    session.add(row)
    session.flush()
    return row


def find_current(session: Session, enrolment_id: UUID) -> Certificate | None:
    """The certificate of the enrolment that was neither revoked nor replaced."""
    return session.scalar(
        select(Certificate).where(
            Certificate.enrolment_id == enrolment_id,
            Certificate.revoked_at.is_(None),
            Certificate.replaced_by_id.is_(None),
        )
    )


def find_by_number(session: Session, typed: str) -> Certificate | None:
    """What somebody typed or scanned leads to, if anything."""
    number = read_number(typed)
    if number is None:
        return None
    return session.scalar(select(Certificate).where(Certificate.number == number))


def find_newest(session: Session, course_id: UUID) -> Certificate | None:
    """The certificate of the course that was issued last."""
    of_course = select(Certificate).where(Certificate.course_id == course_id)
    return session.scalar(of_course.order_by(Certificate.issued_at.desc()).limit(1))


def get_certificate(session: Session, certificate_id: UUID) -> Certificate:
    """Raises CertificateMissing."""
    row = session.get(Certificate, certificate_id)
    if row is None:
        raise CertificateMissing("There is no such certificate.")
    return row


def get_own(session: Session, certificate_id: UUID, user_id: UUID) -> Certificate:
    """The certificate if it is this person's; raises CertificateMissing."""
    row = get_certificate(session, certificate_id)
    if row.user_id != user_id:
        raise CertificateMissing("There is no such certificate.")
    return row


def list_own(session: Session, user_id: UUID) -> list[Certificate]:
    """A person's certificates, newest first; replaced ones are left out."""
    found = select(Certificate).where(
        Certificate.user_id == user_id, Certificate.replaced_by_id.is_(None)
    )
    return list(session.scalars(found.order_by(Certificate.issued_at.desc(), Certificate.id)))


def list_certificates(
    session: Session, now: datetime, *, search: str = "", state: str = "", page: int = 1, size: int
) -> list[Certificate]:
    """Newest first; `search` is looked for in number, name and course."""
    found = _matching(select(Certificate), now, search, state)
    newest = found.order_by(Certificate.issued_at.desc(), Certificate.id)
    return list(session.scalars(newest.limit(size).offset((page - 1) * size)))


def count_certificates(
    session: Session, now: datetime, *, search: str = "", state: str = ""
) -> int:
    """How many `list_certificates` has on all its pages."""
    found = _matching(select(func.count()).select_from(Certificate), now, search, state)
    return session.scalar(found) or 0


def revoke(
    session: Session, certificate_id: UUID, reason: str, *, now: datetime, revoked_by: UUID
) -> Certificate:
    """It is no longer valid, and whoever verifies it reads why. Raises NotRevocable."""
    row = session.get(Certificate, certificate_id, with_for_update=True)
    if row is None:
        raise CertificateMissing("There is no such certificate.")
    if row.revoked_at is not None:
        raise NotRevocable("This certificate is revoked already.")
    told = " ".join(reason.split())[:500]
    if not told:
        raise NotRevocable("Say why: whoever verifies the certificate reads the reason.")
    row.revoked_at, row.revoked_reason, row.revoked_by = now, told, revoked_by
    return row


def list_revoked(session: Session) -> list[tuple[UUID, str]]:
    """(certificate, reason) of all that were revoked."""
    found = select(Certificate.id, Certificate.revoked_reason).where(
        Certificate.revoked_at.is_not(None)
    )
    return [(row[0], row[1]) for row in session.execute(found.order_by(Certificate.id))]


def list_unrendered(session: Session, before: datetime) -> list[UUID]:
    """Issued before then and without a PDF: their hint was lost, or their worker died."""
    found = select(Certificate.id).where(
        Certificate.rendered_at.is_(None),
        Certificate.created_at < before,
        Certificate.tries < MOST_TRIES,
    )
    return list(session.scalars(found.order_by(Certificate.created_at).limit(200)))


def list_expiring(session: Session, now: datetime, until: datetime) -> list[Certificate]:
    """Valid ones that end by then."""
    found = _matching(select(Certificate), now, "", "valid").where(Certificate.expires_at <= until)
    return list(session.scalars(found))


def _is_earned(enrolment: Enrolment) -> bool:
    wanted = read_enrolled(enrolment).certificate
    done = enrolment.completion == "completed" and enrolment.success != "failed"
    return wanted and done and enrolment.status not in ("dropped", "requested")


def _was_revoked(session: Session, enrolment_id: UUID) -> bool:
    found = select(Certificate.id).where(
        Certificate.enrolment_id == enrolment_id, Certificate.revoked_at.is_not(None)
    )
    return session.scalar(found.limit(1)) is not None


def _matching(query: Select[Any], now: datetime, search: str, state: str) -> Select[Any]:
    if state:
        query = query.where(_STATES[state](now))
    text = search.strip()
    if not text:
        return query
    columns = (Certificate.recipient_name, Certificate.course_title, Certificate.number)
    typed = [column.icontains(text, autoescape=True) for column in columns]
    number = read_number(text)
    return query.where(or_(*typed, Certificate.number == number) if number else or_(*typed))


def _is_living() -> ColumnElement[bool]:
    return Certificate.revoked_at.is_(None) & Certificate.replaced_by_id.is_(None)


_STATES: dict[str, Callable[[datetime], ColumnElement[bool]]] = {
    "valid": lambda now: (
        _is_living() & or_(Certificate.expires_at.is_(None), Certificate.expires_at > now)
    ),
    "expired": lambda now: _is_living() & (Certificate.expires_at <= now),
    "revoked": lambda now: Certificate.revoked_at.is_not(None),
    "replaced": lambda now: (
        Certificate.replaced_by_id.is_not(None) & Certificate.revoked_at.is_(None)
    ),
}
STATES = tuple(_STATES)
