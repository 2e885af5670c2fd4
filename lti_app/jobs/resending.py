"""Sending all grades of a link or a platform again; the sending itself is `jobs/passback.py`'s."""

from datetime import UTC, datetime
from uuid import UUID

from database.session import transaction
from lti_app import queue
from lti_app.services import platform_jobs, sendings
from lti_app.services.platform_jobs import Claim

BATCH = 100


def run(tenant: UUID, claimed: Claim) -> dict[str, object]:
    """Schedule grade after grade; the report counts those that were."""
    with transaction(tenant) as session:
        total = sendings.count_grades(session, claimed.registration_id, claimed.link_id)
    after = UUID(claimed.checkpoint) if claimed.checkpoint else UUID(int=0)
    done, sent = claimed.done, int(claimed.report.get("scheduled", 0))
    while True:
        with transaction(tenant) as session:
            batch = sendings.list_grade_ids(
                session, claimed.registration_id, link_id=claimed.link_id, after=after, limit=BATCH
            )
        if not batch:
            break
        for grade_id in batch:  # a transaction each: each takes the lock of its own person
            with transaction(tenant) as session:
                row = sendings.schedule_grade(
                    session,
                    grade_id,
                    now=datetime.now(UTC),
                    requested_by=claimed.created_by,
                    is_forced=True,
                )
            sent += row is not None
        after, done = batch[-1], done + len(batch)
        with transaction(tenant) as session:
            platform_jobs.say(
                session,
                claimed,
                done=done,
                total=max(total, done),
                checkpoint=str(after),
                report={"scheduled": sent},
                now=datetime.now(UTC),
            )
        queue.enqueue_once(queue.DELIVER_SCORES, tenant, claimed.registration_id)
    return {"scheduled": sent, "grades": done}
