"""Rendering one certificate; what is told before one ends."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from babel.dates import format_date
from flask import current_app

from content.services import certificates
from database.session import transaction
from lti_app import queue
from lti_app.services import certifying, notifications
from lti_app.storage import storage

GRACE = timedelta(seconds=30)
"""Certificates younger than this are left to the hint that was sent with them."""
NOTICE = timedelta(days=30)
"""So long before its end the person is told."""


def render(tenant_id: str, certificate_id: str) -> None:
    """Make PDF and badge (job on queue "certificates"); safe to run twice."""
    tenant = UUID(tenant_id)
    certifying.render(
        lambda: transaction(tenant),
        storage(),
        UUID(certificate_id),
        now=datetime.now(UTC),
        app_url=current_app.config["LECTERN"].app_url,
    )


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Ask again for certificates that have no PDF; how many."""
    with transaction(tenant_id) as session:
        lost = certificates.list_unrendered(session, now - GRACE)
    for certificate_id in lost:
        queue.enqueue(queue.RENDER_CERTIFICATE, tenant_id, certificate_id)
    return len(lost)


def tell_expiring(tenant_id: UUID, now: datetime) -> int:
    """Tell people whose certificates end soon, once each; how many there are."""
    with transaction(tenant_id) as session:
        found = certificates.list_expiring(session, now, now + NOTICE)
        for row in found:
            ends = format_date(row.expires_at, "long", locale=row.language)
            notifications.notify(
                session,
                row.user_id,
                "certificate_expiring",
                {"course": row.course_title, "due": ends},
                now,
                path="/certificates",
                once=f"certificate-expiring:{row.id}",
            )
    return len(found)
