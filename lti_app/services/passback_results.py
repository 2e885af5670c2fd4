"""What becomes of a try: sent, refused with a reason, or sent again later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
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
    Pair,
    count_conflicts,
    list_open,
    lock_pair,
    lock_rows,
    pair_of,
    try_lock_pairs,
)

ALREADY = "already recorded"
"""Verdict of a repeat that the platform answered with a conflict: the first one had arrived."""


@dataclass(frozen=True)
class Transmission:
    """What the network part has to tell the write part."""

    claimed: Claim
    answer: Answer
    maximum: float | None
    """What the score was sent on; None: nothing was sent."""
    is_known: bool
    """The platform told the maximum."""


@dataclass(frozen=True)
class Conclusion:
    """What is left to do after answers of a platform were written down."""

    left_out: tuple[Transmission, ...] = ()
    """Not written down: somebody orders these people's grades just now."""
    open_ids: frozenset[UUID] = frozenset()
    """Rows that are to be sent again."""
    is_more_due: bool = False
    """One of these people has a grade that is due at once, or nearly."""


def conclude(
    session: Session,
    sent: Sequence[Transmission],
    *,
    now: datetime,
    jitter: Callable[[], float],
    is_patient: bool = False,
) -> Conclusion:
    """Write down what became of tries at one platform.

    `jitter()` is random, 0 to 1. Those whose grades somebody else orders now are left out, unless
    `is_patient`: this is for one try alone, for two who hold some and wait for others would wait
    for ever.
    """
    registration_id = sent[0].claimed.access.registration_id
    locked = _lock(session, registration_id, sent, is_patient)
    ours = [one for one in sent if _pair(one) in locked]
    if not ours:
        return Conclusion(tuple(sent))
    judged = [_judge(one) for one in ours]
    session.execute(update(PassbackTry), [_describe_try(one) for one in judged])
    limited = [one.answer.retry_after or 0.0 for one in judged if one.reason == "rate_limited"]
    if limited:
        grade_services.pause(session, registration_id, now, max(limited) or None)
    rows = lock_rows(session, [one.claimed.passback_id for one in judged])
    beside = list_open(session, registration_id, locked)
    for one in judged:
        row = rows.get(one.claimed.passback_id)
        if row is None:
            continue  # deleted with its activity
        if one.is_known:
            _remember_maximum(session, row, one.maximum, now)
        if row.state == "sending" and row.tries == one.claimed.number:
            _end(session, row, one, beside[pair_of(row)], now, jitter())
    if any(one.verdict is Verdict.SENT for one in judged):
        grade_services.note_success(session, registration_id)
    session.flush()
    waiting = [row for those in beside.values() for row in those if row.state == "waiting"]
    return Conclusion(
        left_out=tuple(one for one in sent if _pair(one) not in locked),
        open_ids=frozenset(row.id for row in rows.values() if row.state == "waiting"),
        is_more_due=any(row.due_at <= now + ags.MERGE_PAUSE for row in waiting),
    )


@dataclass(frozen=True)
class _Judged:
    """A try, and what its answer means."""

    claimed: Claim
    answer: Answer
    maximum: float | None
    is_known: bool
    verdict: Verdict
    reason: str
    is_same: bool
    """A repeat of what had arrived already."""


def _judge(one: Transmission) -> _Judged:
    verdict, reason = judge(get_family(one.claimed.family), one.answer)
    is_same = verdict is Verdict.CONFLICT and one.claimed.is_repeat
    return _Judged(one.claimed, one.answer, one.maximum, one.is_known, verdict, reason, is_same)


def _pair(one: Transmission) -> Pair:
    return one.claimed.line_item_url, one.claimed.subject


def _lock(
    session: Session, registration_id: UUID, sent: Sequence[Transmission], is_patient: bool
) -> set[Pair]:
    if not is_patient:
        return try_lock_pairs(session, registration_id, {_pair(one) for one in sent})
    for one in sent:
        lock_pair(session, registration_id, *_pair(one))
    return {_pair(one) for one in sent}


def _end(
    session: Session,
    row: Passback,
    one: _Judged,
    beside: list[Passback],
    now: datetime,
    jitter: float,
) -> None:
    """The state of a row whose try has come to an end; `beside`: what is open in its pair."""
    if one.verdict is Verdict.SENT or one.is_same:
        row.state, row.reason, row.sent_at = "sent", "", now
    elif one.verdict is Verdict.REFUSED:
        row.state, row.reason = "refused", one.reason
        if one.reason == "line_item_gone":
            line_item_rows.note_gone(session, row.resource_link_id, row.line_item_url, now)
    else:
        is_overtaken = any(other.state == "waiting" for other in beside if other.id != row.id)
        _send_again(session, row, one, is_overtaken, now, jitter)


def _send_again(
    session: Session,
    row: Passback,
    one: _Judged,
    is_overtaken: bool,
    now: datetime,
    jitter: float,
) -> None:
    row.reason = one.reason
    if is_overtaken:
        row.state, row.reason = "superseded", "superseded"
    elif now >= row.give_up_at:
        row.state, row.reason = "refused", "gave_up"
    elif one.verdict is Verdict.CONFLICT:
        row.is_repeat = False  # a new timestamp, at least a second later, once (MOODLE-7)
        if count_conflicts(session, row) > 1:
            row.state = "refused"
        else:
            row.state, row.due_at = "waiting", now
    else:
        row.is_repeat = row.is_repeat or one.verdict is Verdict.UNKNOWN
        row.state = "waiting"
        row.due_at = now + ags.pause(row.tries, jitter, one.answer.retry_after)


def _describe_try(one: _Judged) -> dict[str, Any]:
    return {
        "id": one.claimed.try_id,
        "verdict": ALREADY if one.is_same else one.verdict.value,
        "reason": one.reason,
        "status": one.answer.status,
        "answer": one.answer.excerpt,
        "duration_ms": one.answer.duration_ms,
        "score_given": _given(one.claimed.score, one.maximum),
        "score_maximum": one.maximum,
    }


def _given(score: float | None, maximum: float | None) -> float | None:
    return None if maximum is None or score is None else ags.scale(score, maximum)


def _remember_maximum(
    session: Session, row: Passback, maximum: float | None, now: datetime
) -> None:
    link = session.get_one(ResourceLink, row.resource_link_id)
    if link.line_item_url == row.line_item_url:
        link.score_maximum, link.score_maximum_read_at = maximum, now
