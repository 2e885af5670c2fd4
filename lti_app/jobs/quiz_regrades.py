"""The job of a regrade: so many attempts in a transaction, with their grades and statements.

How far it is stands in the row together with what was changed; a worker that dies leaves the rest
to the next one. A long one goes to the end of the queue now and then, so that others have their
turn.
"""

from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID

from flask import current_app

from content.services import quiz_regrades
from database.session import transaction
from lti_app import queue
from lti_app.services import quiz_outcomes

AT_ONCE = 25
"""Attempts in a transaction: their rows are locked until it ends."""
TURN = 60.0
"""Seconds after which others of the queue come first."""
GRACE = timedelta(seconds=30)


def run(tenant_id: str, regrade_id: str) -> None:
    """Do what is left of a regrade (job on queue "progress"). Safe to run twice."""
    tenant, row_id = UUID(tenant_id), UUID(regrade_id)
    with transaction(tenant) as session:
        if not quiz_regrades.claim(session, row_id, _now()):
            return
    until, left = monotonic() + TURN, 1
    try:
        while left and monotonic() < until:
            left = _do_some(tenant, row_id)
    finally:
        if left:
            with transaction(tenant) as session:
                quiz_regrades.release(session, row_id, _now())
    if left:
        queue.enqueue(queue.RUN_REGRADE, tenant, row_id)


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Ask again for regrades that wait or whose worker died; how many."""
    with transaction(tenant_id) as session:
        lost = quiz_regrades.list_due(session, now=now, grace=GRACE)
    for regrade_id in lost:
        queue.enqueue(queue.RUN_REGRADE, tenant_id, regrade_id)
    return len(lost)


def _do_some(tenant: UUID, row_id: UUID) -> int:
    now, app_url = _now(), current_app.config["LECTERN"].app_url
    with transaction(tenant) as session:
        changed, left = quiz_regrades.apply_next(session, row_id, limit=AT_ONCE, now=now)
        for attempt in changed:
            quiz_outcomes.record_marking(session, attempt, now, app_url)
    return left


def _now() -> datetime:
    return datetime.now(UTC)
