"""A quiz with a question of each kind, and learners who take it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from content.core.quiz.journal import Entry
from content.core.quiz.learner_paper import veil_answer
from content.models.quiz import Quiz
from content.models.quiz_attempt import QuizAttempt
from content.services import questions, quizzes
from content.services.quiz_attempts import open_attempt, open_window, read_paper
from content.services.quiz_journal import Recorded, record_entries
from lti_app.core.permissions import Role
from lti_app.services.users import create_user
from tests.content.core.quiz.questions import ALL

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
RIGHT: dict[str, Any] = {
    "choice_one": "b",
    "choice_many": ["a", "b"],
    "true_false": True,
    "fill_in": {"1": "Paris", "2": "Madrid"},
    "numeric": "3.14",
    "matching": {"1": "x", "2": "y", "3": "z"},
    "ordering": ["1", "2", "3", "4"],
    "essay": "Because of the moon.",
}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def make_person(session: Session, name: str, role: Role = Role.LEARNER) -> UUID:
    return create_user(
        session,
        email=f"{name.lower()}@school.test",
        password="a good long password",
        given_name=name,
        family_name="Test",
        role=role,
    ).id


def make_quiz(
    session: Session,
    raws: Any = ALL,
    *,
    title: str = "All kinds",
    created_by: UUID | None = None,
    **settings: Any,
) -> Quiz:
    """A published quiz."""
    quiz = quizzes.create_quiz(session, title, created_by=created_by, now=NOW)
    rows = [questions.add_question(session, raw, quiz_id=quiz.id) for raw in raws]
    items = [{"question": str(row.id)} for row in rows]
    quizzes.change_quiz(session, quiz, quiz.revision, NOW, settings=settings, items=items)
    quizzes.publish_quiz(session, quiz, published_by=created_by, now=NOW)
    return quiz


def begin(
    session: Session, quiz: Quiz, user: UUID, now: datetime = NOW, context_key: str = "portal"
) -> QuizAttempt:
    """A running attempt with one window."""
    attempt, _ = open_attempt(session, quiz.id, user, context_key, now)
    return open_window(session, attempt.id, now)


def say(
    session: Session, attempt: QuizAttempt, answers: dict[int, Any], now: datetime = NOW
) -> Recorded:
    """Answer slots, with the author's ids, as a browser would send it."""
    paper = read_paper(session, attempt)
    start = int(attempt.applied.get(str(attempt.writers), 0))
    entries = []
    for number, (slot, answer) in enumerate(answers.items(), start=start + 1):
        shown = veil_answer(paper[slot][0], answer, seed=attempt.seed, slot=slot)
        entries.append(Entry(number, "answer", slot, shown))
    return record_entries(session, attempt.id, attempt.writers, entries, now)


def right_answers(session: Session, attempt: QuizAttempt) -> dict[int, Any]:
    """What would give all points."""
    paper = read_paper(session, attempt)
    return {slot: RIGHT[question.kind] for slot, (question, _) in paper.items()}
