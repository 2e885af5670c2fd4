"""Sending one score: read │ network │ write. Safe to run twice, and to be killed anywhere."""

import random
import time
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import structlog

from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core import ags
from lti_app.core.ags import Answer
from lti_app.platform_client.grade_service import Score, read_maximum
from lti_app.platform_client.grade_service import send_score as post_score
from lti_app.services.passback import Claim, Later, claim
from lti_app.services.passback_results import conclude

log = structlog.get_logger(__name__)

PATIENCE = 3.0
"""Seconds for which the job waits for its row itself; later is the sweep's business."""


def send_score(tenant_id: str, passback_id: str) -> None:
    """Send the passback row if it is due (job on queue "grades")."""
    tenant, row_id = UUID(tenant_id), UUID(passback_id)
    claimed = _claim(tenant, row_id)
    if isinstance(claimed, Later) and claimed.seconds <= PATIENCE:
        time.sleep(claimed.seconds + 0.01)
        claimed = _claim(tenant, row_id)
    if not isinstance(claimed, Claim):
        return
    sent = transmit(claimed)
    record(tenant, claimed, sent)


class Transmission:
    """What the network part has to tell the write part."""

    def __init__(self, answer: Answer, maximum: float | None, *, is_known: bool) -> None:
        self.answer = answer
        self.maximum = maximum
        self.is_known = is_known


def transmit(claimed: Claim) -> Transmission:
    """Read the line item's maximum where it is not known, then send the score."""
    maximum, is_known = claimed.maximum, False
    if maximum is None:
        found, answer = read_maximum(claimed.access, claimed.line_item_url, claimed.scopes)
        if answer.at_token:  # without a token the score would fare no better
            return Transmission(answer, None, is_known=False)
        maximum, is_known = found or ags.DEFAULT_MAXIMUM, found is not None
    score = Score(
        line_item_url=claimed.line_item_url,
        subject=claimed.subject,
        score_given=ags.scale(claimed.score, maximum),
        score_maximum=maximum,
        timestamp=ags.write_timestamp(claimed.timestamp),
        comment=claimed.comment,
    )
    return Transmission(
        post_score(claimed.access, score, claimed.scopes), maximum, is_known=is_known
    )


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
        for row_id in due:
            on_commit(session, partial(queue.enqueue, queue.SEND_SCORE, tenant, row_id))
    log.info(
        "score_sent",
        passback=str(claimed.passback_id),
        number=claimed.number,
        status=sent.answer.status,
        failure=sent.answer.failure,
        milliseconds=sent.answer.duration_ms,
    )


def _claim(tenant: UUID, row_id: UUID) -> Claim | Later | None:
    with transaction(tenant) as session:
        return claim(session, row_id, datetime.now(UTC))
