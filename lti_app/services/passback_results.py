"""What becomes of a try: sent, refused with a reason, or sent again later."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.core.ags import Answer, Verdict
from lti_app.core.platforms.families import get_family, judge
from lti_app.models.context import ResourceLink
from lti_app.models.grade import Passback, PassbackTry
from lti_app.services import grade_services, line_item_rows
from lti_app.services.passback_claims import Claim
from lti_app.services.passback_rows import (
    count_conflicts,
    has_waiting,
    list_due_beside,
    lock_pair,
    lock_row,
)

ALREADY = "already recorded"
"""Verdict of a repeat that the platform answered with a conflict: the first one had arrived."""


def conclude(
    session: Session,
    claimed: Claim,
    answer: Answer,
    *,
    maximum: float | None,
    maximum_is_known: bool,
    now: datetime,
    jitter: float,
) -> list[UUID]:
    """Write down what became of a try; returns rows that are due at once.

    `maximum` is what the score was sent on (None: nothing was sent), `maximum_is_known` whether
    the platform told it; `jitter` is random, 0 to 1.
    """
    verdict, reason = judge(get_family(claimed.family), answer)
    is_same = verdict is Verdict.CONFLICT and claimed.is_repeat
    _complete_try(session, claimed, answer, ALREADY if is_same else verdict.value, reason, maximum)
    registration_id = claimed.access.registration_id
    if reason == "rate_limited":
        grade_services.pause(session, registration_id, now, answer.retry_after)
    lock_pair(session, registration_id, claimed.line_item_url, claimed.subject)
    row = lock_row(session, claimed.passback_id)
    if maximum_is_known:
        _remember_maximum(session, row, maximum, now)
    if row.state != "sending" or row.tries != claimed.number:
        return []  # the lease ran out and somebody else went on
    if verdict is Verdict.SENT or is_same:
        row.state, row.reason, row.sent_at = "sent", "", now
        grade_services.note_success(session, registration_id)
    elif verdict is Verdict.REFUSED:
        row.state, row.reason = "refused", reason
        if reason == "line_item_gone":
            line_item_rows.note_gone(session, row.resource_link_id, row.line_item_url, now)
    else:
        _send_again(session, row, verdict, reason, answer, now, jitter)
    session.flush()
    return list_due_beside(session, row, now)


def _send_again(
    session: Session,
    row: Passback,
    verdict: Verdict,
    reason: str,
    answer: Answer,
    now: datetime,
    jitter: float,
) -> None:
    row.reason = reason
    if has_waiting(session, row):
        row.state, row.reason = "superseded", "superseded"
    elif now >= row.give_up_at:
        row.state, row.reason = "refused", "gave_up"
    elif verdict is Verdict.CONFLICT:
        row.is_repeat = False  # a new timestamp, at least a second later, once (MOODLE-7)
        if count_conflicts(session, row) > 1:
            row.state = "refused"
        else:
            row.state, row.due_at = "waiting", now
    else:
        row.is_repeat = row.is_repeat or verdict is Verdict.UNKNOWN
        row.state = "waiting"
        row.due_at = now + ags.pause(row.tries, jitter, answer.retry_after)


def _complete_try(
    session: Session,
    claimed: Claim,
    answer: Answer,
    verdict: str,
    reason: str,
    maximum: float | None,
) -> None:
    session.execute(
        update(PassbackTry)
        .where(PassbackTry.passback_id == claimed.passback_id, PassbackTry.number == claimed.number)
        .values(
            verdict=verdict,
            reason=reason,
            status=answer.status,
            answer=answer.excerpt,
            duration_ms=answer.duration_ms,
            score_given=_given(claimed.score, maximum),
            score_maximum=maximum,
        )
    )


def _given(score: float | None, maximum: float | None) -> float | None:
    return None if maximum is None or score is None else ags.scale(score, maximum)


def _remember_maximum(
    session: Session, row: Passback, maximum: float | None, now: datetime
) -> None:
    link = session.get_one(ResourceLink, row.resource_link_id)
    if link.line_item_url == row.line_item_url:
        link.score_maximum, link.score_maximum_read_at = maximum, now
