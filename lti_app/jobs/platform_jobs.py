"""Longer work with a platform, one kind per file: taken up here, and told how it went on.

Each kind works in steps that are written together with the job's checkpoint, so a worker that
dies leaves a job that goes on where it was. One that the platform breaks off is tried again later.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import structlog

from database.session import transaction
from lti_app import queue
from lti_app.core.ags import Answer
from lti_app.jobs import connection_tests, resending, results, roster_readings
from lti_app.jobs.platform_steps import BrokenOff, Hopeless
from lti_app.services import platform_jobs
from lti_app.services.platform_jobs import Claim, Superseded

log = structlog.get_logger(__name__)

KINDS: dict[str, Callable[[UUID, Claim], dict[str, object]]] = {
    "results": results.run,
    "resend": resending.run,
    "roster": roster_readings.run,
    "test": connection_tests.run,
}
"""A kind to the function that does it and returns the report."""


def run(tenant_id: str, job_id: str) -> None:
    """Do what is left of a job (job on queue "grades")."""
    tenant, row = UUID(tenant_id), UUID(job_id)
    queue.begun(queue.RUN_PLATFORM_JOB, tenant, row)
    with transaction(tenant) as session:
        claimed = platform_jobs.claim(session, row, datetime.now(UTC))
    if claimed is None:
        return
    try:
        report = KINDS[claimed.kind](tenant, claimed)
        with transaction(tenant) as session:
            platform_jobs.finish(session, claimed, report, datetime.now(UTC))
    except Superseded:
        log.info("platform_job_superseded", job=job_id)
    except BrokenOff as broken:
        _release(tenant, claimed, broken.reason, broken.answer)
    except Hopeless as hopeless:
        with transaction(tenant) as session:
            platform_jobs.fail(session, claimed, hopeless.reason, datetime.now(UTC))


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Schedule what is to be done by itself, and ask for what waits; how many those are."""
    with transaction(tenant_id) as session:
        platform_jobs.schedule_regular(session, now)
        due = platform_jobs.list_due(session, now)
    for job_id in due:
        queue.enqueue_once(queue.RUN_PLATFORM_JOB, tenant_id, job_id)
    return len(due)


def _release(tenant: UUID, claimed: Claim, reason: str, answer: Answer) -> None:
    with transaction(tenant) as session:
        platform_jobs.release(
            session,
            claimed,
            reason,
            now=datetime.now(UTC),
            jitter=random.random(),  # noqa: S311  spreads retries, nothing secret
            retry_after=answer.retry_after,
        )
