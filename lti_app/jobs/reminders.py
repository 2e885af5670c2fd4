"""What is due: told once a day, in one notice each. Safe to run twice, and to be killed."""

from datetime import UTC, datetime
from uuid import UUID

from database.session import transaction
from lti_app import queue
from lti_app.models.tenant import Tenant
from lti_app.services import reminders

HOUR = 6
"""Of the day, UTC: from then on the day's notices go out."""


def run(tenant_id: str) -> None:
    """Tell everybody of the organisation who has something due (job on queue "progress")."""
    tenant, now = UUID(tenant_id), datetime.now(UTC)
    queue.begun(queue.REMIND, tenant_id)
    reminders.remind(lambda: transaction(tenant), now)
    with transaction(tenant) as session:
        # At the end: who was left out when a worker died is told by the next one.
        session.get_one(Tenant, tenant).reminded_at = now


def sweep(tenant_id: UUID, now: datetime) -> bool:
    """Ask for the day's notices where they have not gone out yet; whether that was so."""
    with transaction(tenant_id) as session:
        last = session.get_one(Tenant, tenant_id).reminded_at
    is_due = now.hour >= HOUR and (last is None or last.astimezone(UTC).date() < now.date())
    return is_due and queue.enqueue_once(queue.REMIND, tenant_id)
