"""The job of a list of people to enrol: look at it, then do all of it in one transaction.

How far it is stands in the row, written by transactions of its own. Safe to run twice: what is
done is done once, what broke off has changed nothing.
"""

from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID

import structlog

from content.models.group import EnrolmentImport
from database.session import transaction
from lti_app import queue
from lti_app.services import enrolment_imports

log = structlog.get_logger(__name__)
GRACE = timedelta(seconds=30)
SAY_EVERY = 1.0


def run(tenant_id: str, import_id: str) -> None:
    """Look at one list, and carry it out unless it is only looked at or has a fault."""
    tenant, now = UUID(tenant_id), datetime.now(UTC)
    with transaction(tenant) as session:
        row = enrolment_imports.claim(session, UUID(import_id), now=now)
    if row is None:
        return
    with transaction(tenant) as session:
        rows, report = enrolment_imports.check(session, row)
        if not row.is_dry_run and not report["faults"]:
            enrolment_imports.carry_out(session, row, rows, now=now, say=_teller(tenant, row.id))
        state = "checked" if row.is_dry_run else "failed" if report["faults"] else "done"
        kept = session.get_one(EnrolmentImport, row.id)
        kept.state, kept.report, kept.finished_at = state, report, datetime.now(UTC)
        if state == "done":
            kept.text, kept.done, kept.total = "", len(rows), len(rows)


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Ask again for lists that wait or whose worker died; how many."""
    with transaction(tenant_id) as session:
        lost = enrolment_imports.list_due(session, now=now, grace=GRACE)
    for import_id in lost:
        queue.enqueue(queue.RUN_ENROLMENT_IMPORT, tenant_id, import_id)
    return len(lost)


def _teller(tenant: UUID, import_id: UUID) -> enrolment_imports.Progress:
    said = [0.0]

    def say(done: int, total: int) -> None:
        if monotonic() - said[0] < SAY_EVERY:
            return
        said[0] = monotonic()
        with transaction(tenant) as session:
            row = session.get_one(EnrolmentImport, import_id)
            row.done, row.total, row.touched_at = done, total, datetime.now(UTC)

    return say
