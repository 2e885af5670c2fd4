"""Submitting and marking: by the key at once, by people afterwards, each change in the audit."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.core.quiz.errors import QuizAttemptOver, QuizInvalid, QuizMissing
from content.core.quiz.marking import Mark, Status, mark, mark_by_rubric
from content.core.quiz.reading import read_question
from content.models.question import Question, QuestionVersion
from content.models.quiz import Quiz
from content.models.quiz_attempt import GradingAudit, QuizAttempt, QuizMark
from content.services.quiz_attempts import is_attempt_over, lock_attempt, read_paper


def submit_attempt(
    session: Session, attempt_id: UUID, now: datetime, *, ended_by: str = "learner"
) -> tuple[QuizAttempt, bool]:
    """Hand in what was acknowledged and mark it; the second value says whether it was still
    running: handing in twice changes nothing. When time is over it is the time that ended it."""
    attempt = lock_attempt(session, attempt_id)
    if attempt.state != "running":
        return attempt, False
    is_out = is_attempt_over(session, attempt, now)
    attempt.ended_by = "time" if is_out and ended_by == "learner" else ended_by
    is_late = attempt.due_at is not None and now > attempt.due_at
    attempt.submitted_at = attempt.due_at if is_late else now
    attempt.state = "submitted"
    lines = {slot: UUID(id_) for slot, id_, _ in attempt.paper}
    for slot, (question, points) in read_paper(session, attempt).items():
        given = attempt.answers.get(str(slot), {}).get("value")
        made = mark(question, given, points)
        session.add(
            QuizMark(
                attempt_id=attempt.id,
                slot=slot,
                question_version_id=lines[slot],
                points=made.points,
                points_max=made.points_max,
                status=made.status,
            )
        )
    session.flush()
    refresh_totals(session, attempt)
    return attempt, True


def refresh_totals(session: Session, attempt: QuizAttempt) -> None:
    """Points and score of an attempt from its marks."""
    row = session.execute(
        select(
            func.coalesce(func.sum(QuizMark.points), 0.0),
            func.coalesce(func.sum(QuizMark.points_max), 0.0),
            func.coalesce(func.bool_or(QuizMark.status == "waiting"), False),
        ).where(QuizMark.attempt_id == attempt.id)
    ).one()
    points, most, is_pending = row
    attempt.points, attempt.points_max = round(points, 4), round(most, 4)
    attempt.score_scaled = round(min(1.0, points / most), 6) if most else 0.0
    attempt.is_pending_manual = is_pending
    session.flush()


def list_marks(session: Session, attempt_id: UUID) -> dict[int, QuizMark]:
    """{slot: mark}; {} before submission."""
    query = select(QuizMark).where(QuizMark.attempt_id == attempt_id).order_by(QuizMark.slot)
    return {row.slot: row for row in session.scalars(query)}


def read_mark(session: Session, row: QuizMark, attempt: QuizAttempt) -> Mark:
    """A mark with parts and feedback, worked out again from the key that it was marked by."""
    version = session.get_one(QuestionVersion, row.question_version_id)
    question = read_question(version.body)
    given = attempt.answers.get(str(row.slot), {}).get("value")
    made = mark(question, given, row.points_max)
    if row.status == "marked":
        share = row.points / row.points_max if row.points_max else 0.0
        status: Status = "right" if share > 0.999999 else "partly" if share > 0 else "wrong"
        feedback = (question.feedback,) if question.feedback else ()
        return Mark(row.points, row.points_max, status, made.parts, feedback)
    return Mark(row.points, row.points_max, made.status, made.parts, made.feedback)


def mark_by_hand(
    session: Session,
    attempt_id: UUID,
    slot: int,
    *,
    points: float | None,
    levels: Mapping[str, str],
    comment: str,
    made_by: UUID,
    reason: str = "",
) -> QuizAttempt:
    """A person marks an answer, for the first time or anew: by levels of the rubric, or points.

    Raises QuizMissing, QuizInvalid, and QuizAttemptOver for one that is still running.
    """
    attempt = lock_attempt(session, attempt_id)
    if attempt.state != "submitted":
        raise QuizAttemptOver("The attempt is still running: there is nothing to mark yet.")
    row = list_marks(session, attempt_id).get(slot)
    if row is None:
        raise QuizMissing("There is no such answer.")
    question = read_question(session.get_one(QuestionVersion, row.question_version_id).body)
    if levels and set(levels) != {line.id for line in question.rubric}:
        raise QuizInvalid("Choose a level of each criterion.")
    if points is None:
        if not levels:
            raise QuizInvalid("Enter points, or choose levels of the rubric.")
        try:
            share = mark_by_rubric(question, dict(levels)) / (question.points or 1.0)
        except KeyError as wrong:
            raise QuizInvalid("There is no such level.") from wrong
        points = round(share * row.points_max, 4)
    if not 0 <= points <= row.points_max:
        raise QuizInvalid("Points are 0 to %(most)s.", most=f"{row.points_max:g}")
    change_mark(
        session, row, points=points, points_max=row.points_max, kind="mark", made_by=made_by,
        reason=reason,
    )  # fmt: skip
    row.status, row.comment = "marked", comment.strip()[:20_000]
    row.levels, row.marked_by = dict(levels), made_by
    session.flush()
    refresh_totals(session, attempt)
    return attempt


def change_mark(
    session: Session,
    row: QuizMark,
    *,
    points: float,
    points_max: float,
    kind: str,
    made_by: UUID | None,
    reason: str = "",
    version_id: UUID | None = None,
    batch: UUID | None = None,
) -> None:
    """Change what an answer is worth, and write down who did."""
    session.add(
        GradingAudit(
            attempt_id=row.attempt_id,
            slot=row.slot,
            kind=kind,
            points_before=row.points,
            points_after=points,
            max_before=row.points_max,
            max_after=points_max,
            question_version_id=version_id or row.question_version_id,
            made_by=made_by,
            reason=reason.strip()[:500],
            batch=batch,
        )
    )
    row.points, row.points_max = points, points_max
    if version_id is not None:
        row.question_version_id = version_id


def list_waiting(
    session: Session, quiz_ids: list[UUID] | None = None, limit: int = 200
) -> list[tuple[QuizMark, QuizAttempt, Quiz, Question]]:
    """Answers that wait for a person, the longest waiting first; `quiz_ids` None: of all."""
    query = (
        select(QuizMark, QuizAttempt, Quiz, Question)
        .join(QuizAttempt, QuizAttempt.id == QuizMark.attempt_id)
        .join(Quiz, Quiz.id == QuizAttempt.quiz_id)
        .join(QuestionVersion, QuestionVersion.id == QuizMark.question_version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuizMark.status == "waiting", QuizAttempt.is_preview.is_(False))
        .order_by(QuizAttempt.submitted_at, QuizMark.slot)
        .limit(limit)
    )
    if quiz_ids is not None:
        query = query.where(Quiz.id.in_(quiz_ids))
    return [(m, a, q, asked) for m, a, q, asked in session.execute(query)]


def list_audit(session: Session, attempt_id: UUID) -> list[GradingAudit]:
    """Every change of a mark of the attempt, oldest first."""
    query = select(GradingAudit).where(GradingAudit.attempt_id == attempt_id)
    return list(session.scalars(query.order_by(GradingAudit.id)))
