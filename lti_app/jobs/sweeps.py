"""The sweep: finds work whose hint was lost, in every tenant, and asks for it again.

The ticker asks for it every SWEEP_SECONDS. It only reads and enqueues; the jobs do the work.
"""

import random
from datetime import UTC, datetime
from uuid import UUID

import structlog

from database.session import transaction
from lti_app import queue
from lti_app.jobs import (
    certificates,
    enrolments,
    imports,
    mail,
    platform_jobs,
    quiz_regrades,
    quizzes,
    records,
    reminders,
)
from lti_app.services import grade_alerts, keys, line_item_rows, logins, passback, senders, tenants

log = structlog.get_logger(__name__)

ALERT_CHANCE = 0.1
"""Share of sweeps that also look whether grades fail: every other minute or so."""
TIDY_CHANCE = 0.01
"""Share of sweeps that also tidy up (old logins and uploads, signing keys that are due) and look
for versions to read again: with a sweep every 10 s, a few times an hour."""


def sweep() -> int:
    """Ask again for everything that is due; returns how much that was. One bad tenant is logged
    and does not keep the others waiting."""
    now, found = datetime.now(UTC), 0
    with transaction(None) as session:
        tenant_ids = tenants.list_active_tenant_ids(session)
    for tenant_id in tenant_ids:
        try:
            found += sweep_grades(tenant_id, now) + imports.sweep(tenant_id, now)
            found += quizzes.sweep(tenant_id, now) + quiz_regrades.sweep(tenant_id, now)
            found += records.sweep(tenant_id, now) + mail.sweep(tenant_id, now)
            found += certificates.sweep(tenant_id, now) + enrolments.sweep(tenant_id, now)
            if random.random() < ALERT_CHANCE:  # noqa: S311  spreads work, nothing secret
                with transaction(tenant_id) as session:
                    grade_alerts.check(session, now)
        except Exception:
            log.exception("sweep_failed", tenant=str(tenant_id))
    if random.random() < TIDY_CHANCE:  # noqa: S311  spreads work, nothing secret
        for tenant_id in tenant_ids:
            with transaction(tenant_id) as session:
                logins.delete_old_logins(session, now)
                keys.advance(session, now)
            imports.give_up_uploads(tenant_id, now)
            imports.sweep_outdated(tenant_id)
            certificates.tell_expiring(tenant_id, now)
            reminders.sweep(tenant_id, now)
    return found


def sweep_grades(tenant_id: UUID, now: datetime) -> int:
    """Give each platform of the tenant with due scores a turn; how many those are."""
    with transaction(tenant_id) as session:
        senders.release_dead(session, now)
        due = passback.list_due(session, now)
        links = line_item_rows.list_due(session, now)
    for registration_id in due:
        queue.enqueue_once(queue.DELIVER_SCORES, tenant_id, registration_id)
    for link_id in links:
        queue.enqueue_once(queue.ENSURE_LINE_ITEM, tenant_id, link_id)
    return len(due) + len(links) + platform_jobs.sweep(tenant_id, now)
