"""Imports of packages, off the web's threads."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from database.session import transaction
from lti_app import queue
from lti_app.storage import storage
from scorm_runtime.services import packages

GRACE = timedelta(seconds=30)
"""Imports younger than this are left to the hint that was sent with them."""


def run(tenant_id: str, job_id: str) -> None:
    """Do one import; how it ended stands in its row. Safe to run twice."""
    tenant = UUID(tenant_id)
    packages.run_import(
        lambda: transaction(tenant),
        storage(),
        UUID(job_id),
        now=lambda: datetime.now(UTC),
    )


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Ask again for the tenant's imports that wait or whose worker died; how many."""
    with transaction(tenant_id) as session:
        lost = packages.find_unfinished_imports(session, now=now - GRACE)
    for job_id in lost:
        queue.enqueue(queue.RUN_IMPORT, tenant_id, job_id)
    return len(lost)
