"""Imports of packages, off the web's threads; and what the sweep tidies around them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from database.session import transaction
from lti_app import queue
from lti_app.storage import storage
from scorm_runtime.services import packages, rereading, uploads
from scorm_runtime.services.upload_rows import prefix_of

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


def reread(tenant_id: str, version_id: str) -> None:
    """Read a version's manifest again; safe to run twice."""
    tenant = UUID(tenant_id)
    rereading.reread_version(lambda: transaction(tenant), storage(), UUID(version_id))


def sweep_outdated(tenant_id: UUID) -> int:
    """Ask for versions that an older reader has read: after an upgrade there are some."""
    with transaction(tenant_id) as session:
        outdated = rereading.find_outdated(session)
    for version_id in outdated:
        queue.enqueue(queue.REREAD_VERSION, tenant_id, version_id)
    return len(outdated)


def give_up_uploads(tenant_id: UUID, now: datetime) -> int:
    """Remove uploads of which nothing has come for a day; how many."""
    with transaction(tenant_id) as session:
        expired = uploads.find_expired(session, now=now)
    for upload_id in expired:
        storage().delete_prefix(prefix_of(upload_id))
        with transaction(tenant_id) as session:
            uploads.delete_expired(session, upload_id, now=now)
    return len(expired)


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Ask again for the tenant's imports that wait or whose worker died; how many."""
    with transaction(tenant_id) as session:
        lost = packages.find_unfinished_imports(session, now=now - GRACE)
    for job_id in lost:
        queue.enqueue(queue.RUN_IMPORT, tenant_id, job_id)
    return len(lost)
