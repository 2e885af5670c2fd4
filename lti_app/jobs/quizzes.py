"""Quizzes whose time is over: handed in with what was acknowledged, by the sweep itself.

No network and nothing to wait for, so there is no job to ask for: each attempt is a transaction.
"""

from datetime import datetime
from uuid import UUID

import structlog
from flask import current_app

from content.services.quiz_attempts import list_expired
from database.session import transaction
from lti_app.services import quiz_outcomes

log = structlog.get_logger(__name__)


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Submit the tenant's attempts whose time and grace are over; how many."""
    with transaction(tenant_id) as session:
        expired = list_expired(session, now)
    app_url = current_app.config["LECTERN"].app_url
    for attempt_id in expired:
        try:
            with transaction(tenant_id) as session:
                quiz_outcomes.submit(session, attempt_id, now, app_url, ended_by="time")
        except Exception:
            log.exception("quiz_sweep_failed", attempt=str(attempt_id))
    return len(expired)
