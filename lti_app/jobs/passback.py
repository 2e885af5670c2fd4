"""Sending scores: read │ network │ write. Safe to run twice, and to be killed anywhere.

`deliver` gives one platform a turn of a few seconds and goes to the end of the queue again while
there is more: ten thousand grades of one school do not keep another school's single one waiting.
Within a turn as many requests are under way as the platform has lanes; what is answered meanwhile
is written down in one transaction, and as many rows are taken in the next.
"""

import random
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from flask import Flask, current_app
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
from lti_app.services.passback_claims import Claim, Later, Taken, claim, claim_next, find_next_due
from lti_app.services.passback_results import Transmission, conclude

log = structlog.get_logger(__name__)

TURN = 10.0
"""Seconds after which a platform goes to the end of the queue."""
SHARE = 1.0
"""Seconds after which it does where somebody else waits."""
PATIENCE = 3.0
"""Seconds for which a turn waits for a row that is nearly due; later is the sweep's business."""
LINGER = 0.01
"""Seconds that an answer waits for others to be written down with it."""
RECORD_PAUSES = (0.0, 0.5, 2.0)
"""Seconds before answers are written down once more when the database has gone away."""
_MOST_LANES = 16


def deliver(tenant_id: str, registration_id: str) -> None:
    """Send what is due at one platform, for one turn (job on queue "grades")."""
    tenant, registration = UUID(tenant_id), UUID(registration_id)
    queue.begun(queue.DELIVER_SCORES, tenant, registration)
    sender = secrets.randbelow(presence.MOST)
    turn = Turn(tenant, registration, sender)
    with presence.hold(senders.SPACE, sender):
        if not turn.take():
            return  # the sweep, or who holds the lanes, goes on
    if turn.find_next_due() is not None:
        queue.enqueue_once(queue.DELIVER_SCORES, tenant, registration)


class Turn:
    """A platform's seconds: requests in its lanes, each row at most once again in the same turn."""

    def __init__(self, tenant: UUID, registration: UUID, sender: int) -> None:
        self._tenant, self._registration, self._sender = tenant, registration, sender
        self._began = time.monotonic()
        self._tried = set[UUID]()
        """Rows not to be asked for again: under way, held by somebody else, or to be repeated."""
        self._under_way: dict[Future[Transmission], Claim] = {}

    def take(self) -> bool:
        """Send until nothing is due or the time is over; False when the platform is to be left
        alone."""
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # a LocalProxy
        is_over = False
        with ThreadPoolExecutor(_MOST_LANES) as threads:
            while True:
                taken = Taken() if is_over else self._take_rows()
                for claimed in taken.claims:
                    self._under_way[threads.submit(_transmit_in, app, claimed)] = claimed
                if self._under_way:
                    self._conclude_some()
                elif taken.later is not None:
                    return False
                elif is_over or (not taken.passed_over and not self._wait_for_next()):
                    return True
                is_over = self._is_over()

    def find_next_due(self) -> datetime | None:
        """When its next row is due, if that is soon."""
        now, soon = datetime.now(UTC), timedelta(seconds=PATIENCE)
        with transaction(self._tenant) as session:
            return find_next_due(session, self._registration, now, soon, self._tried)

    def _take_rows(self) -> Taken:
        now = datetime.now(UTC)
        with transaction(self._tenant) as session:
            taken = claim_next(session, self._registration, now, self._sender, self._tried)
        self._tried.update(taken.passed_over, (one.passback_id for one in taken.claims))
        return taken

    def _conclude_some(self) -> None:
        wait(self._under_way, return_when=FIRST_COMPLETED)
        wait(self._under_way, timeout=LINGER)
        done = [future for future in self._under_way if future.done()]
        sent = [future.result() for future in done]
        left = _record_surely(self._tenant, sent)
        for future in done:
            del self._under_way[future]
        self._tried.difference_update({one.claimed.passback_id for one in sent} - left)

    def _wait_for_next(self) -> bool:
        due_at = self.find_next_due()
        if due_at is not None:
            time.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
        return due_at is not None

    def _is_over(self) -> bool:
        spent = time.monotonic() - self._began
        return spent >= TURN or (spent >= SHARE and queue.is_waited_for(queue.DELIVER_SCORES))


def send_one(tenant: UUID, row_id: UUID, sender: int | None = None) -> Later | None:
    """Read │ network │ write for one row; says when it could not be taken yet."""
    with transaction(tenant) as session:
        claimed = claim(session, row_id, datetime.now(UTC), sender)
    if not isinstance(claimed, Claim):
        return claimed
    _record_surely(tenant, [_transmit_anyhow(claimed)])
    return None


def _transmit_in(app: Flask, claimed: Claim) -> Transmission:
    with app.app_context():
        return _transmit_anyhow(claimed)


def _transmit_anyhow(claimed: Claim) -> Transmission:
    try:
        return transmit(claimed)
    except Exception:  # a defect of ours: the row must not be taken for one whose worker died
        log.exception("score_not_sent", passback=str(claimed.passback_id), number=claimed.number)
        return Transmission(claimed, Answer(None, failure="failed_here"), None, is_known=False)


def _record_surely(tenant: UUID, sent: Sequence[Transmission]) -> frozenset[UUID]:
    """Once more on another connection where this one breaks: to write an answer down twice changes
    nothing, to lose it costs the platform a repeated score. Returns rows to be sent again."""
    for pause in RECORD_PAUSES:
        try:
            return record(tenant, sent)
        except (OperationalError, InterfaceError) as error:
            log.warning("answers_not_recorded", count=len(sent), error=str(error))
            time.sleep(pause)
    return record(tenant, sent)


def transmit(claimed: Claim) -> Transmission:
    """Read the line item's maximum where it is not known, then send the score."""
    family = get_family(claimed.family)
    maximum, is_known = claimed.maximum, False
    if maximum is None:
        found, answer = read_score_maximum(
            claimed.access, claimed.line_item_url, claimed.scopes, family
        )
        if answer.at_token or answer.status in (404, 410, 429):
            return Transmission(
                claimed, answer, None, is_known=False
            )  # the score would fare no better
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
    return Transmission(claimed, answer, maximum, is_known=is_known)


def record(tenant: UUID, sent: Sequence[Transmission]) -> frozenset[UUID]:
    """Write down answers of one platform, and ask for what is due because of them; returns rows to
    be sent again."""
    left_out, open_ids = _conclude(tenant, sent)
    for one in left_out:
        open_ids |= _conclude(tenant, [one], is_patient=True)[1]
    for one in sent:
        log.info(
            "score_sent",
            passback=str(one.claimed.passback_id),
            number=one.claimed.number,
            status=one.answer.status,
            failure=one.answer.failure,
            milliseconds=one.answer.duration_ms,
        )
    return open_ids


def _conclude(
    tenant: UUID, sent: Sequence[Transmission], *, is_patient: bool = False
) -> tuple[tuple[Transmission, ...], frozenset[UUID]]:
    with transaction(tenant) as session:
        concluded = conclude(
            session,
            sent,
            now=datetime.now(UTC),
            jitter=random.random,  # spreads retries, nothing secret
            is_patient=is_patient,
        )
        if concluded.is_more_due:
            registration = sent[0].claimed.access.registration_id
            ask = partial(queue.enqueue_once, queue.DELIVER_SCORES, tenant, registration)
            on_commit(session, ask)
    return concluded.left_out, concluded.open_ids


def _review_url(attempt_id: UUID | None) -> str | None:
    """Where Canvas's SpeedGrader opens the attempt: a launch, so it asks who is looking."""
    if attempt_id is None:
        return None
    return f"{current_app.config['LECTERN'].app_url}/lti/launch?{ASKED_ATTEMPT}={attempt_id}"
