"""Regrading: the newest published key and points compared with what was handed in before.

A rehearsal shows who would change and changes nothing; `quiz_regrades.schedule` takes its
fingerprint, so that nobody applies what he has not seen. What people have marked stays, its points
scaled.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from content.core.quiz.answers import AnswerInvalid, read_answer
from content.core.quiz.errors import QuizInvalid
from content.core.quiz.marking import mark
from content.core.quiz.questions import Question as Asked
from content.core.quiz.reading import read_question
from content.models.question import QuestionVersion
from content.models.quiz import Quiz
from content.models.quiz_attempt import QuizAttempt, QuizMark
from content.services import quizzes


@dataclass(frozen=True)
class Change:
    """One mark that would become another."""

    attempt_id: UUID
    slot: int
    version_id: UUID
    points: float
    points_max: float
    status: str
    points_before: float
    max_before: float


@dataclass(frozen=True)
class Rehearsal:
    """What a regrade would do."""

    changes: tuple[Change, ...]
    attempts: tuple[tuple[QuizAttempt, float, float], ...]
    """(attempt, score now, score then), 0..1, of those whose score changes."""
    looked_at: int
    """Attempts that were handed in."""
    fingerprint: str


def rehearse(session: Session, quiz: Quiz) -> Rehearsal:
    """What the current version's keys and points would change in attempts handed in so far."""
    if quiz.current_version_id is None:
        raise QuizInvalid("Publish the quiz first: a regrade takes the keys of its newest version.")
    query = select(QuizAttempt).where(
        QuizAttempt.quiz_id == quiz.id,
        QuizAttempt.state == "submitted",
        QuizAttempt.is_preview.is_(False),
    )
    attempts = list(session.scalars(query.order_by(QuizAttempt.id)))
    marks_of = _read_marks(session, QuizAttempt.quiz_id == quiz.id)
    by_attempt: dict[UUID, list[Change]] = {}
    for change in _compare_all(session, quiz.current_version_id, attempts, marks_of):
        by_attempt.setdefault(change.attempt_id, []).append(change)
    moved = []
    for attempt in attempts:
        marks = marks_of.get(attempt.id, {})
        now, then = _score(marks, []), _score(marks, by_attempt.get(attempt.id, []))
        if abs(now - then) > 1e-6:
            moved.append((attempt, now, then))
    changes = tuple(change for found in by_attempt.values() for change in found)
    digest = hashlib.sha256(repr((quiz.current_version_id, changes)).encode()).hexdigest()[:16]
    return Rehearsal(changes, tuple(moved), len(attempts), digest)


def compare(
    session: Session, version_id: UUID, attempts: Sequence[QuizAttempt]
) -> Iterator[Change]:
    """What the keys and points of a version change in these attempts."""
    marks_of = _read_marks(session, QuizMark.attempt_id.in_([one.id for one in attempts]))
    return _compare_all(session, version_id, attempts, marks_of)


def _compare_all(
    session: Session,
    version_id: UUID,
    attempts: Sequence[QuizAttempt],
    marks_of: dict[UUID, dict[int, QuizMark]],
) -> Iterator[Change]:
    keys = _find_keys(session, version_id)
    question_of = _read_questions(session, marks_of)
    for attempt in attempts:
        yield from _compare(attempt, marks_of.get(attempt.id, {}), keys, question_of)


def _find_keys(session: Session, version_id: UUID) -> dict[UUID, tuple[UUID, Asked, float | None]]:
    """{question: (version, key, points)} of a version of the quiz."""
    version = quizzes.get_version(session, version_id)
    points: dict[UUID, float] = {}
    for item in version.items:
        for id_ in item.get("pool") or [item["question"]]:
            points[UUID(id_)] = item["points"]
    rows = session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(points)))
    return {row.question_id: (row.id, read_question(row.body), points[row.id]) for row in rows}


def _read_marks(session: Session, which: ColumnElement[bool]) -> dict[UUID, dict[int, QuizMark]]:
    """{attempt: {slot: mark}} of everything that was handed in: one question to the database."""
    query = (
        select(QuizMark)
        .join(QuizAttempt, QuizAttempt.id == QuizMark.attempt_id)
        .where(which)
        .order_by(QuizMark.slot)
    )
    found: dict[UUID, dict[int, QuizMark]] = {}
    for row in session.scalars(query):
        found.setdefault(row.attempt_id, {})[row.slot] = row
    return found


def _read_questions(
    session: Session, marks_of: dict[UUID, dict[int, QuizMark]]
) -> dict[UUID, UUID]:
    """{version: question} of all that was asked."""
    ids = {row.question_version_id for marks in marks_of.values() for row in marks.values()}
    versions = session.execute(
        select(QuestionVersion.id, QuestionVersion.question_id).where(QuestionVersion.id.in_(ids))
    )
    return {row.id: row.question_id for row in versions}


def _compare(
    attempt: QuizAttempt,
    marks: dict[int, QuizMark],
    keys: dict[UUID, tuple[UUID, Asked, float | None]],
    question_of: dict[UUID, UUID],
) -> Iterator[Change]:
    for slot, row in marks.items():
        key = keys.get(question_of[row.question_version_id])
        if key is None:
            continue
        version_id, question, worth = key
        most = row.points_max if worth is None else worth
        if version_id == row.question_version_id and most == row.points_max:
            continue
        if row.status == "marked":
            scaled = row.points / row.points_max * most if row.points_max else 0.0
            points, status = round(scaled, 4), "marked"
        else:
            answer = attempt.answers.get(str(slot), {}).get("value")
            try:
                made = mark(question, read_answer(question, answer), most)
            except AnswerInvalid:  # the option that was chosen is gone: worth nothing any more
                made = mark(question, None, most)
            points, status = made.points, made.status
        yield Change(attempt.id, slot, version_id, points, most, status, row.points, row.points_max)


def _score(marks: dict[int, QuizMark], changes: list[Change]) -> float:
    points = {slot: (row.points, row.points_max) for slot, row in marks.items()}
    points |= {change.slot: (change.points, change.points_max) for change in changes}
    most = sum(worth for _, worth in points.values())
    return round(sum(got for got, _ in points.values()) / most, 6) if most else 0.0
