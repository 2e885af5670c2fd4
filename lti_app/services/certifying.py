"""From something earned to a certificate in the hand: words, row, notice, PDF, badge.

award_certificate ─► due? ─► sheet in the course's language ─► row, route, notice ─► (then) job
render ─► PDF into the storage, signed badge into the row; the same each time
"""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy.orm import Session

from content.core.badge import Award, build_achievement
from content.core.certificate import Sheet, fill, read_sheet
from content.models.certificate import Certificate
from content.models.enrolment import Enrolment
from content.services import certificates
from content.services.certificate_pdf import draw
from content.services.certificates import Due
from database.routing import record_route
from database.session import on_commit
from lti_app import queue
from lti_app.core.notices import N_
from lti_app.models.tenant import Tenant
from lti_app.services import badges, notifications, users
from lti_app.services.wording import direction_of, nearest_language, say
from scorm_runtime.storage.interface import Storage

ROUTE = "certificate"
"""Kind of tenant_route that leads from a number to its organisation."""
HEADING = N_("Certificate of completion")
TEXT = N_("has successfully completed the course “{course}”.")


def award_certificate(
    session: Session, enrolment_id: UUID, now: datetime, app_url: str, *, again: bool = False
) -> Certificate | None:
    """Issue what the enrolment has earned, once; None when nothing is due."""
    due = certificates.find_due(session, enrolment_id, now, again=again)
    if due is None:
        return None
    name = users.get_user(session, due.user_id).display_name
    tenant_id = session.get_one(Enrolment, enrolment_id).tenant_id
    organisation = session.get_one(Tenant, tenant_id).name
    sheet = write_sheet(due, name=name, organisation=organisation, app_url=app_url)
    row = certificates.award(session, due, sheet, recipient_name=name, organisation=organisation)
    record_route(session, ROUTE, row.number, tenant_id)
    notifications.notify(
        session,
        row.user_id,
        "certificate_issued",
        {"course": row.course_title, "number": row.number},
        now,
        path=f"/certificates/{row.id}",
    )
    on_commit(session, partial(queue.enqueue, queue.RENDER_CERTIFICATE, tenant_id, row.id))
    return row


def write_sheet(due: Due, *, name: str, organisation: str, app_url: str) -> Sheet:
    """Every word of the certificate, in the language of the course."""
    language = nearest_language(due.language)
    said = partial(say, language)
    issued = format_date(due.issued_at, "long", locale=language)
    expires = format_date(due.expires_at, "long", locale=language) if due.expires_at else ""
    score = "" if due.score_scaled is None else str(round(due.score_scaled * 100))
    values = {
        "name": name,
        "course": due.course_title,
        "date": issued,
        "score": score,
        "organisation": organisation,
        "number": due.number,
        "expires": expires,
    }
    look = due.look
    shown = said(N_("Result: %(score)s of 100"), score=score) if score and look.shows_score else ""
    return Sheet(
        number=due.number,
        language=language,
        direction=direction_of(language),
        accent=look.accent,
        ink=look.ink,
        paper=look.paper,
        frame=look.frame,
        organisation=organisation,
        heading=fill(look.heading or said(HEADING), values),
        name=name,
        text=fill(look.text or said(TEXT), values),
        score=shown,
        issued=said(N_("Issued on %(date)s"), date=issued),
        expires=said(N_("Valid until %(date)s"), date=expires) if expires else "",
        number_label=said(N_("Certificate number")),
        verify_label=said(N_("Verify at")),
        address=f"{app_url}/verify/{due.number}",
        signatory_name=look.signatory_name,
        signatory_title=look.signatory_title,
    )


def render(
    open_session: Callable[[], AbstractContextManager[Session]],
    storage: Storage,
    certificate_id: UUID,
    *,
    now: datetime,
    app_url: str,
) -> bytes:
    """Draw the PDF and sign the badge, keep both; the PDF. Safe to run twice: same bytes."""
    with open_session() as session:
        row = certificates.get_certificate(session, certificate_id)
        row.tries += 1
        key = badges.ensure_key(session) if not row.badge else None
        user = users.get_user(session, row.user_id)
        award = describe(row, user.email or "")
    logo = b"".join(storage.read(row.logo_key)) if row.logo_key else b""
    pdf = draw(read_sheet(row.look), logo=logo, issued_at=row.issued_at)
    stored = f"certificates/{row.tenant_id}/{row.id}.pdf"
    storage.put(stored, [pdf])
    badge = badges.sign(app_url, row.tenant_id, award, key) if key else row.badge
    with open_session() as session:
        kept = certificates.get_certificate(session, certificate_id)
        kept.pdf_key, kept.pdf_sha256 = stored, hashlib.sha256(pdf).hexdigest()
        kept.badge = kept.badge or badge
        kept.rendered_at = kept.rendered_at or now
    return pdf


def revoke_certificate(
    session: Session, certificate_id: UUID, reason: str, *, now: datetime, revoked_by: UUID
) -> Certificate:
    """Revoke it and tell the person. Raises NotRevocable."""
    row = certificates.revoke(session, certificate_id, reason, now=now, revoked_by=revoked_by)
    notifications.notify(
        session,
        row.user_id,
        "certificate_revoked",
        {"course": row.course_title, "reason": row.revoked_reason},
        now,
        path="/certificates",
    )
    return row


def find_achievement(
    session: Session, app_url: str, tenant_id: UUID, course_id: UUID
) -> dict[str, Any] | None:
    """What the newest badge of the course says was achieved; None when nobody has one."""
    row = certificates.find_newest(session, course_id)
    return None if row is None else build_achievement(app_url, tenant_id, describe(row, ""))


def describe(row: Certificate, email: str) -> Award:
    """What the badge says of a certificate."""
    return Award(
        certificate_id=row.id,
        user_id=row.user_id,
        course_id=row.course_id,
        course_title=row.course_title,
        course_description=row.course_description,
        organisation=row.organisation,
        recipient_name=row.recipient_name,
        email=email,
        language=row.language,
        number=row.number,
        score_scaled=row.score_scaled,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
    )
