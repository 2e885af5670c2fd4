"""A regrade that was said yes to: done in parts, each whole in itself, by whoever takes it up.

How far it is stands in its row and is written together with what was changed, so a worker that
dies leaves a regrade that goes on where it was, and two workers never change the same attempt.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from content.core.quiz.errors import QuizDraftChanged, QuizInvalid
from content.models.quiz import Quiz
from content.models.quiz_attempt import QuizAttempt
from content.models.quiz_regrade import QuizRegrade
from content.services.quiz_attempts import lock_attempt
from content.services.quiz_marking import change_mark, list_marks, refresh_totals
from content.services.quiz_regrading import Change, compare, rehearse

MAX_TRIES = 3
STALE_AFTER = timedelta(minutes=2)
"""A regrade that got no further for so long has lost its worker."""
_OPEN = ("waiting", "running")


def schedule(
    session: Session, quiz: Quiz, fingerprint: str, *, made_by: UUID, reason: str
) -> QuizRegrade:
    """A regrade that waits for its job: of exactly the attempts that the rehearsal showed, by the
    keys that it showed. Raises QuizDraftChanged when it would be something else by now, or one is
    under way, QuizInvalid without a reason."""
    if not reason.strip():
        raise QuizInvalid("Say why: learners may ask, and the audit keeps it.")
    session.refresh(quiz, with_for_update=True)
    latest = find_latest(session, quiz.id)
    if latest is not None and latest.state in _OPEN:
        raise QuizDraftChanged("A regrade of this quiz is under way. Wait until it is done.")
    found = rehearse(session, quiz)
    if found.fingerprint != fingerprint or quiz.current_version_id is None:
        raise QuizDraftChanged("Something changed since the rehearsal. Look at it again.")
    ids = sorted({change.attempt_id for change in found.changes})
    row = QuizRegrade(
        quiz_id=quiz.id,
        quiz_version_id=quiz.current_version_id,
        reason=reason.strip()[:500],
        attempts=[str(one) for one in ids],
        total=len(ids),
        made_by=made_by,
    )
    session.add(row)
    session.flush()
    return row


def find_latest(session: Session, quiz_id: UUID) -> QuizRegrade | None:
    """The last regrade of a quiz, under way or over."""
    query = select(QuizRegrade).where(QuizRegrade.quiz_id == quiz_id)
    return session.scalars(query.order_by(QuizRegrade.id.desc()).limit(1)).first()


def claim(session: Session, regrade_id: UUID, now: datetime) -> bool:
    """Take a regrade up; False when it is over or another worker is at it."""
    row = session.get(QuizRegrade, regrade_id, with_for_update=True)
    if row is None or row.state not in _OPEN:
        return False
    is_alive = row.touched_at is not None and now - row.touched_at < STALE_AFTER
    if row.state == "running" and is_alive:
        return False
    if row.tries >= MAX_TRIES:
        row.state, row.finished_at = "failed", now
        return False
    row.state, row.tries, row.touched_at = "running", row.tries + 1, now
    return True


def apply_next(
    session: Session, regrade_id: UUID, *, limit: int, now: datetime
) -> tuple[list[QuizAttempt], int]:
    """Do the next `limit` attempts; returns those that changed, and how many are left. What people
    have marked since keeps their mark, scaled; attempts that are gone are passed over."""
    row = session.get(QuizRegrade, regrade_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != "running":
        return [], 0
    ids = [UUID(one) for one in row.attempts[row.done : row.done + limit]]
    query = select(QuizAttempt.id).where(QuizAttempt.id.in_(ids), QuizAttempt.state == "submitted")
    attempts = [lock_attempt(session, one) for one in sorted(session.scalars(query))]
    by_attempt: dict[UUID, list[Change]] = {}
    for change in compare(session, row.quiz_version_id, attempts):
        by_attempt.setdefault(change.attempt_id, []).append(change)
    changed = [one for one in attempts if one.id in by_attempt]
    for attempt in changed:
        _apply(session, attempt, by_attempt[attempt.id], row)
    row.done, row.tries, row.touched_at = row.done + len(ids), 0, now
    left = row.total - row.done
    if left <= 0:
        row.state, row.finished_at, row.attempts = "done", now, []
    session.flush()
    return changed, max(left, 0)


def release(session: Session, regrade_id: UUID, now: datetime) -> None:
    """It is not done yet: let it be taken up again."""
    row = session.get(QuizRegrade, regrade_id, with_for_update=True, populate_existing=True)
    if row is not None and row.state == "running":
        is_over = row.tries >= MAX_TRIES
        row.state, row.touched_at = "failed" if is_over else "waiting", now
        row.finished_at = now if is_over else None


def list_due(session: Session, *, now: datetime, grace: timedelta) -> list[UUID]:
    """Regrades whose hint was lost or whose worker died."""
    since = QuizRegrade.touched_at
    waits = and_(
        QuizRegrade.state == "waiting",
        or_(since < now - grace, and_(since.is_(None), QuizRegrade.created_at < now - grace)),
    )
    lost = and_(QuizRegrade.state == "running", since < now - STALE_AFTER)
    return list(session.scalars(select(QuizRegrade.id).where(or_(waits, lost))))


def _apply(
    session: Session, attempt: QuizAttempt, changes: list[Change], regrade: QuizRegrade
) -> None:
    marks = list_marks(session, attempt.id)
    for change in changes:
        row = marks[change.slot]
        change_mark(
            session,
            row,
            points=change.points,
            points_max=change.points_max,
            kind="regrade",
            made_by=regrade.made_by,
            reason=regrade.reason,
            version_id=change.version_id,
            batch=regrade.id,
        )
        row.status = change.status
    session.flush()
    refresh_totals(session, attempt)
