"""What happens when somebody gets further in a quiz: statements, grade, course, notices.

report ─► statements of the attempt and its answers ─► grade of what counts ─► the course
"""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

import structlog
from sqlalchemy.orm import Session

from content.core.outcome import ContentOutcome
from content.models.quiz import Quiz
from content.models.quiz_attempt import QuizAttempt
from content.services.quiz_attempts import read_attempt_settings
from content.services.quiz_marking import submit_attempt
from content.services.quiz_reports import Answered, QuizReport, build_report, events_of
from lti_app.services import content_outcomes, content_statements, notifications, outcomes, users
from lti_app.services.statements import find_actor
from xapi_lrs.core.errors import LrsError
from xapi_lrs.services.statements import store_statements
from xapi_lrs.services.stores import ensure_store

log = structlog.get_logger(__name__)


def record_opening(
    session: Session, attempt: QuizAttempt, *, is_new: bool, now: datetime, app_url: str
) -> None:
    """An attempt began ("attempted" in the words of the old verbs), or somebody went on with it."""
    events = ("initialized",) if is_new else ("resumed",)
    record_report(session, build_report(session, attempt, events, now), now, app_url)


def submit(
    session: Session, attempt_id: UUID, now: datetime, app_url: str, *, ended_by: str = "learner"
) -> QuizAttempt:
    """Hand in, mark, and tell everybody; a second time nothing happens."""
    attempt, was_running = submit_attempt(session, attempt_id, now, ended_by=ended_by)
    if was_running:
        events = (*events_of(attempt, read_attempt_settings(session, attempt)), "terminated")
        report = build_report(session, attempt, events, now, with_answers=True)
        record_report(session, report, now, app_url)
        if attempt.is_pending_manual and not attempt.is_preview:
            _ask_for_marks(session, attempt, now)
    return attempt


def record_marking(session: Session, attempt: QuizAttempt, now: datetime, app_url: str) -> None:
    """Marks were changed by a person or a regrade."""
    events = events_of(attempt, read_attempt_settings(session, attempt))
    report = build_report(session, attempt, events, now)
    record_report(session, report, now, app_url)
    if events and report is not None and attempt.context_key == "portal":
        notifications.notify(
            session,
            attempt.user_id,
            "graded",
            {"title": report.attempt.title, "score": round(100 * (attempt.score_scaled or 0))},
            now,
            path=f"/quizzes/{report.attempt.item_key}",
            once=f"graded:{attempt.id}:{attempt.revision}",
        )


def record_report(session: Session, report: QuizReport | None, now: datetime, app_url: str) -> None:
    """Everything that follows from a report, in its transaction."""
    if report is None:
        return
    _record_answers(session, report, now, app_url)
    content_statements.record_statements(session, report.attempt, app_url=app_url, now=now)
    if report.counted is not None:
        gradable = content_outcomes.build_gradable(report.counted)
        if gradable is not None:
            outcomes.record_gradable(session, gradable, now)
    content_outcomes.record_content_outcomes(session, report.course, now, app_url)


def _ask_for_marks(session: Session, attempt: QuizAttempt, now: datetime) -> None:
    quiz = session.get_one(Quiz, attempt.quiz_id)
    if quiz.created_by is None:
        return
    learner = users.get_user(session, attempt.user_id)
    notifications.notify(
        session,
        quiz.created_by,
        "needs_grading",
        {"title": quiz.title, "learner": learner.display_name},
        now,
        path="/admin/quizzes/grading",
        once=f"needs_grading:{attempt.id}",
    )


def _record_answers(session: Session, report: QuizReport, now: datetime, app_url: str) -> None:
    """A statement "answered" for each answer, with the interaction's definition (xAPI 1.0.3 Data
    2.4.4.1). The store is the staff's: definitions hold the key, as everywhere in xAPI."""
    if not report.answers:
        return
    actor = find_actor(session, report.attempt.user_id, app_url)
    bodies = [_write(report.attempt, one, actor, app_url) for one in report.answers]
    store = ensure_store(session, "default")
    authority = {"objectType": "Agent", "account": {"homePage": app_url, "name": "lectern"}}
    for batch in (bodies, *([body] for body in bodies)):
        try:
            with session.begin_nested():
                store_statements(session, store, batch, authority=authority, now=now)
        except LrsError as refused:
            log.error("own_statement_refused", why=str(refused)[:500])
            continue
        if batch is bodies:
            break


def _write(outcome: ContentOutcome, one: Answered, actor: Any, app_url: str) -> dict[str, Any]:
    quiz = f"{app_url}/quizzes/{quote(outcome.item_key)}"
    result: dict[str, Any] = {"response": one.response}
    if one.success is not None:
        result["success"] = one.success
        share = one.points / one.points_max if one.points_max else 0.0
        result["score"] = {"scaled": round(share, 6)}
        if one.points_max > 0:
            result["score"] |= {"raw": one.points, "min": 0, "max": one.points_max}
    agent = {"account": {"homePage": actor.home_page, "name": actor.name}}
    if actor.display_name:
        agent["name"] = actor.display_name
    return {
        "id": str(uuid5(outcome.registration, f"answered/{one.slot}/{one.question_version_id}")),
        "actor": {"objectType": "Agent", **agent},
        "verb": {
            "id": content_statements.VERBS["answered"],
            "display": {"en-US": "answered"},
        },
        "object": {
            "objectType": "Activity",
            "id": f"{quiz}/questions/{one.question_version_id}",
            "definition": one.definition,
        },
        "result": result,
        "context": {
            "registration": str(outcome.registration),
            "platform": "Lectern",
            "contextActivities": {
                "parent": [{"id": quiz, "objectType": "Activity"}],
                "category": [{"id": content_statements.RECIPE, "objectType": "Activity"}],
            },
        },
        "timestamp": outcome.occurred_at.isoformat(),
    }
