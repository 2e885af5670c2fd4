"""Quizzes on the portal by themselves: those the catalogue offers, and where somebody stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Result, Select, or_, select
from sqlalchemy.orm import Session

from content.core.quiz.policy import Scored, count, is_passed, may_see_results
from content.core.quiz.settings import read_settings
from content.models.quiz import Quiz, QuizVersion
from content.models.quiz_attempt import QuizAttempt
from content.services import quizzes
from lti_app.services.learning import PORTAL


@dataclass(frozen=True)
class QuizEntry:
    """A quiz, and where one learner stands in it on the portal."""

    quiz: Quiz
    version: QuizVersion
    attempts: list[QuizAttempt]
    """Oldest first."""
    state: str
    """"new", "running", "waiting" (for a teacher), "passed", "failed", or "done" where results are
    not shown."""
    score: float | None
    """0..1, of what counts; None where the learner may not see it."""

    @property
    def last_used(self) -> datetime:
        """Of one that was begun."""
        return self.attempts[-1].last_active_at

    @property
    def id(self) -> UUID:
        return self.attempts[-1].id

    @property
    def title(self) -> str:
        return self.version.title

    @property
    def path(self) -> str:
        return f"/quizzes/{self.quiz.key}"

    @property
    def is_finished(self) -> bool:
        """Handed in, and no further attempt begun."""
        return self.state not in ("new", "running")

    @property
    def due_at(self) -> datetime | None:
        """When the attempt that is running is over."""
        return self.attempts[-1].due_at if self.state == "running" else None

    @property
    def seconds(self) -> float:
        """From beginning to handing in, of attempts that were."""
        done = [(one.started_at, one.submitted_at) for one in self.attempts if one.submitted_at]
        return sum(max(0.0, (end - start).total_seconds()) for start, end in done)


def list_offered(
    session: Session, user_id: UUID, now: datetime, *, search: str = ""
) -> list[QuizEntry]:
    """What is in the catalogue; every word of `search` is in the title or the description."""
    query = _published().where(Quiz.is_listed)
    for word in search.split():
        columns = (QuizVersion.title, QuizVersion.description)
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in columns)))
    return _enter(session, user_id, session.execute(query.order_by(Quiz.title)), now)


def list_begun(session: Session, user_id: UUID, now: datetime) -> list[QuizEntry]:
    """What this person began on the portal, the last used one first."""
    mine = select(QuizAttempt.quiz_id).where(
        QuizAttempt.user_id == user_id, QuizAttempt.context_key == PORTAL
    )
    rows = session.execute(_published().where(Quiz.id.in_(mine)))
    entries = _enter(session, user_id, rows, now)
    return sorted(entries, key=lambda entry: entry.last_used, reverse=True)


def _published() -> Select[*tuple[Quiz, QuizVersion]]:
    return (
        select(Quiz, QuizVersion)
        .join(QuizVersion, QuizVersion.id == Quiz.current_version_id)
        .where(Quiz.state == "published")
    )


def _enter(
    session: Session, user_id: UUID, rows: Result[*tuple[Quiz, QuizVersion]], now: datetime
) -> list[QuizEntry]:
    found = rows.all()
    query = select(QuizAttempt).where(
        QuizAttempt.user_id == user_id,
        QuizAttempt.context_key == PORTAL,
        QuizAttempt.quiz_id.in_([quiz.id for quiz, _ in found]),
    )
    attempts: dict[UUID, list[QuizAttempt]] = {}
    for attempt in session.scalars(query.order_by(QuizAttempt.number)):
        attempts.setdefault(attempt.quiz_id, []).append(attempt)
    entries = []
    for quiz, version in found:
        own = attempts.get(quiz.id, [])
        state, score = _stand(session, user_id, version, own, now) if own else ("new", None)
        entries.append(QuizEntry(quiz, version, own, state, score))
    return entries


def _stand(
    session: Session,
    user_id: UUID,
    version: QuizVersion,
    attempts: list[QuizAttempt],
    now: datetime,
) -> tuple[str, float | None]:
    settings = read_settings(version.settings)
    done = [one for one in attempts if one.state == "submitted"]
    scored = [Scored(o.number, o.score_scaled or 0.0, o.is_pending_manual) for o in done]
    counts = count(settings.counting, scored)
    granted = quizzes.find_accommodation(session, version.quiz_id, user_id)
    is_told = may_see_results(settings, is_submitted=bool(done), now=now, granted=granted)
    score = counts.scaled if counts is not None and is_told and not counts.is_pending else None
    if attempts[-1].state == "running":
        return "running", score
    if counts is not None and counts.is_pending:
        return "waiting", None
    if score is None:
        return "done", None
    return ("passed" if is_passed(settings, score) else "failed"), score
