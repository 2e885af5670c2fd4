"""Sending scores: read │ network │ write. Safe to run twice, and to be killed anywhere.

`deliver` gives one platform a turn of a few seconds and goes to the end of the queue again while
there is more: ten thousand grades of one school do not keep another school's single one waiting.
"""

import random
import secrets
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError

from database import presence
from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core import ags
from lti_app.core.ags import Answer
from lti_app.core.lti.submission_review import ASKED_ATTEMPT
from lti_app.core.platforms.families import get_family
from lti_app.core.score import ScoreFacts, build_score
from lti_app.platform_client import grade_service
from lti_app.platform_client.line_item_service import read_score_maximum
from lti_app.services import senders
from lti_app.services.passback_claims import Claim, Later, claim, list_next
from lti_app.services.passback_results import conclude

log = structlog.get_logger(__name__)

TURN = 3.0
"""Seconds after which a platform makes room for the next one."""
PATIENCE = 3.0
"""Seconds for which a turn waits for a row that is nearly due; later is the sweep's business."""
BATCH = 20
"""Rows that a turn asks for at once."""
RECORD_PAUSES = (0.0, 0.5, 2.0)
"""Seconds before an answer is written down once more when the database has gone away."""


def deliver(tenant_id: str, registration_id: str) -> None:
    """Send what is due at one platform, for one turn (job on queue "grades")."""
    tenant, registration = UUID(tenant_id), UUID(registration_id)
    queue.begun(queue.DELIVER_SCORES, tenant, registration)
    tried = list[UUID]()
    sender = secrets.randbelow(presence.MOST)
    with presence.hold(senders.SPACE, sender):
        if not _take_turn(tenant, registration, tried, sender):
            return  # the sweep, or who holds the lanes, goes on
    if _list_next(tenant, registration, tried, limit=1):
        queue.enqueue_once(queue.DELIVER_SCORES, tenant, registration)


def _take_turn(tenant: UUID, registration: UUID, tried: list[UUID], sender: int) -> bool:
    """Send row after row, noting them in `tried`; False when the platform is to be left alone."""
    until = time.monotonic() + TURN
    while batch := _list_next(tenant, registration, tried, limit=BATCH):
        for row_id, due_at in batch:
            time.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
            tried.append(row_id)  # one that another worker holds is not asked for over and over
            later = send_one(tenant, row_id, sender)
            if later is not None and later.is_platform:
                return False
            if time.monotonic() >= until:
                return True
    return True


def send_one(tenant: UUID, row_id: UUID, sender: int | None = None) -> Later | None:
    """Read │ network │ write for one row; says when it could not be taken yet."""
    with transaction(tenant) as session:
        claimed = claim(session, row_id, datetime.now(UTC), sender)
    if not isinstance(claimed, Claim):
        return claimed
    try:
        sent = transmit(claimed)
    except Exception:  # a defect of ours: the row must not be taken for one whose worker died
        log.exception("score_not_sent", passback=str(row_id), number=claimed.number)
        sent = Transmission(Answer(None, failure="failed_here"), None, is_known=False)
    _record_surely(tenant, claimed, sent)
    return None


def _record_surely(tenant: UUID, claimed: Claim, sent: "Transmission") -> None:
    """Once more on another connection where this one breaks: to write an answer down twice changes
    nothing, to lose it costs the platform a repeated score."""
    for wait in RECORD_PAUSES:
        try:
            return record(tenant, claimed, sent)
        except (OperationalError, InterfaceError) as error:
            log.warning("answer_not_recorded", passback=str(claimed.passback_id), error=str(error))
            time.sleep(wait)
    return record(tenant, claimed, sent)


class Transmission:
    """What the network part has to tell the write part."""

    def __init__(self, answer: Answer, maximum: float | None, *, is_known: bool) -> None:
        self.answer = answer
        self.maximum = maximum
        self.is_known = is_known


def transmit(claimed: Claim) -> Transmission:
    """Read the line item's maximum where it is not known, then send the score."""
    family = get_family(claimed.family)
    maximum, is_known = claimed.maximum, False
    if maximum is None:
        found, answer = read_score_maximum(
            claimed.access, claimed.line_item_url, claimed.scopes, family
        )
        if answer.at_token or answer.status in (404, 410, 429):
            return Transmission(answer, None, is_known=False)  # the score would fare no better
        maximum, is_known = found or ags.DEFAULT_MAXIMUM, found is not None
    facts = ScoreFacts(
        subject=claimed.subject,
        score_given=None if claimed.score is None else ags.scale(claimed.score, maximum),
        score_maximum=maximum,
        timestamp=claimed.timestamp,
        comment=claimed.comment,
        is_pending_manual=claimed.score is None,
        is_new_attempt=claimed.is_new_attempt,
        submitted_at=claimed.submitted_at,
        review_url=_review_url(claimed.attempt_id),
        is_overwriting=claimed.is_overwriting,
    )
    body = build_score(facts, family.extend_score(facts))
    answer = grade_service.send_score(claimed.access, claimed.line_item_url, body, claimed.scopes)
    return Transmission(answer, maximum, is_known=is_known)


def record(tenant: UUID, claimed: Claim, sent: Transmission) -> None:
    """Write down the answer, and ask for what is due because of it."""
    with transaction(tenant) as session:
        due = conclude(
            session,
            claimed,
            sent.answer,
            maximum=sent.maximum,
            maximum_is_known=sent.is_known,
            now=datetime.now(UTC),
            jitter=random.random(),  # noqa: S311  spreads retries, nothing secret
        )
        if due:
            registration = claimed.access.registration_id
            ask = partial(queue.enqueue_once, queue.DELIVER_SCORES, tenant, registration)
            on_commit(session, ask)
    log.info(
        "score_sent",
        passback=str(claimed.passback_id),
        number=claimed.number,
        status=sent.answer.status,
        failure=sent.answer.failure,
        milliseconds=sent.answer.duration_ms,
    )


def _list_next(
    tenant: UUID, registration: UUID, tried: list[UUID], limit: int
) -> list[tuple[UUID, datetime]]:
    """The platform's next rows, due or nearly, and when."""
    now, soon = datetime.now(UTC), timedelta(seconds=PATIENCE)
    with transaction(tenant) as session:
        return list_next(session, registration, now, soon, tried, limit)


def _review_url(attempt_id: UUID | None) -> str | None:
    """Where Canvas's SpeedGrader opens the attempt: a launch, so it asks who is looking."""
    if attempt_id is None:
        return None
    return f"{current_app.config['LECTERN'].app_url}/lti/launch?{ASKED_ATTEMPT}={attempt_id}"
