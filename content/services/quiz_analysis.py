"""Item analysis of a quiz: attempts that were handed in, read for `core.quiz.item_analysis`."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.quiz.item_analysis import ItemFigures, Taken, analyse, find_reliability
from content.core.quiz.questions import Question as Asked
from content.core.quiz.results import write_answer, write_key
from content.models.question import Question, QuestionVersion
from content.models.quiz_attempt import QuizAttempt, QuizMark
from content.services import questions

MOST_ATTEMPTS = 5000
"""The newest ones."""


@dataclass(frozen=True)
class Item:
    """Figures of one question, with its words."""

    question_id: UUID
    title: str
    kind: str
    figures: ItemFigures
    key: frozenset[str]
    """Right answers in words, to tell distractors from them."""


@dataclass(frozen=True)
class Analysis:
    """What the page shows."""

    attempts: int
    scores: tuple[int, ...]
    """Attempts in each tenth of the score: 0–9 %, … 90–100 %."""
    mean: float | None
    reliability: float | None
    items: list[Item]


def analyse_quiz(session: Session, quiz_id: UUID) -> Analysis:
    """Figures over the first attempt of each learner in each place: later ones know the quiz."""
    query = (
        select(QuizAttempt)
        .where(
            QuizAttempt.quiz_id == quiz_id,
            QuizAttempt.state == "submitted",
            QuizAttempt.number == 1,
            QuizAttempt.is_preview.is_(False),
            QuizAttempt.is_pending_manual.is_(False),
        )
        .order_by(QuizAttempt.id.desc())
        .limit(MOST_ATTEMPTS)
    )
    attempts = list(session.scalars(query))
    ids = [attempt.id for attempt in attempts]
    marks: dict[UUID, list[QuizMark]] = {id_: [] for id_ in ids}
    for row in session.scalars(select(QuizMark).where(QuizMark.attempt_id.in_(ids))):
        marks[row.attempt_id].append(row)
    wanted = {row.question_version_id for rows in marks.values() for row in rows}
    versions = questions.read_versions(session, list(wanted))
    taken = [_take(attempt, marks[attempt.id], versions) for attempt in attempts]
    latest: dict[str, Asked] = {str(row.question_id): asked for row, asked in versions.values()}
    titles = {
        str(row.id): row
        for row in session.scalars(select(Question).where(Question.id.in_(list(latest))))
    }
    items = [
        Item(
            question_id=titles[one.question].id,
            title=titles[one.question].title,
            kind=titles[one.question].kind,
            figures=one,
            key=frozenset(write_key(latest[one.question])),
        )
        for one in analyse(taken)
    ]
    shares = [attempt.score_scaled or 0.0 for attempt in attempts]
    tenths = [0] * 10
    for share in shares:
        tenths[min(9, int(share * 10 + 1e-9))] += 1
    points = [{one.question: one.fraction * one.points for one in attempt} for attempt in taken]
    return Analysis(
        attempts=len(attempts),
        scores=tuple(tenths),
        mean=round(sum(shares) / len(shares), 4) if shares else None,
        reliability=find_reliability(points),
        items=items,
    )


def _take(
    attempt: QuizAttempt,
    marks: list[QuizMark],
    versions: Mapping[UUID, tuple[QuestionVersion, Asked]],
) -> list[Taken]:
    taken = []
    for row in sorted(marks, key=lambda one: one.slot):
        version, asked = versions[row.question_version_id]
        answer = attempt.answers.get(str(row.slot), {}).get("value")
        lines = write_answer(asked, answer)
        if asked.kind == "essay":
            lines = ["…"] if lines else []
        share = row.points / row.points_max if row.points_max else 0.0
        question_id = str(version.question_id)
        taken.append(
            Taken(question_id, share, row.points_max, tuple(line[:80] for line in lines if line))
        )
    return taken
