"""What an attempt at a quiz is told upwards: itself, what counts, the course it belongs to."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from content.core.errors import CourseMissing
from content.core.outcome import ContentOutcome, UnitResult
from content.core.quiz.interactions import build_definition, write_response
from content.core.quiz.policy import Scored, count, is_passed
from content.core.quiz.settings import QuizSettings
from content.models.quiz_attempt import QuizAttempt, QuizMark
from content.services import quizzes
from content.services.progress import record_unit_result
from content.services.quiz_attempts import list_attempts, read_attempt_settings, read_paper


@dataclass(frozen=True)
class Answered:
    """One answer for a statement."""

    slot: int
    question_version_id: UUID
    definition: dict[str, Any]
    response: str
    success: bool | None
    """None: waits for a person, or was not answered."""
    points: float
    points_max: float


@dataclass(frozen=True)
class QuizReport:
    """What the host hears of a change."""

    attempt: ContentOutcome
    """The attempt itself, for statements."""
    counted: ContentOutcome | None
    """What counts of all attempts in this place, for the gradebook; None: nothing yet."""
    course: list[ContentOutcome]
    """What moved in the course that the quiz is a unit of."""
    answers: tuple[Answered, ...] = ()


def build_report(
    session: Session,
    attempt: QuizAttempt,
    events: tuple[str, ...],
    now: datetime,
    *,
    with_answers: bool = False,
) -> QuizReport | None:
    """The report of a change of `attempt`; None for a preview."""
    if attempt.is_preview:
        return None
    attempt.revision += 1
    settings = read_attempt_settings(session, attempt)
    own = _own_outcome(session, attempt, settings, events, now)
    everything = list_attempts(session, attempt.quiz_id, attempt.user_id, attempt.context_key)
    done = [one for one in everything if one.state == "submitted"]
    scored = [Scored(o.number, o.score_scaled or 0.0, o.is_pending_manual) for o in done]
    counted = _counted_outcome(own, settings, done, scored)
    session.flush()
    return QuizReport(
        attempt=own,
        counted=counted,
        course=_report_to_course(session, attempt, everything, counted, now),
        answers=_list_answers(session, attempt) if with_answers else (),
    )


def events_of(attempt: QuizAttempt, settings: QuizSettings) -> tuple[str, ...]:
    """What submitting, or marking the last answer that waited, has caused."""
    if attempt.is_pending_manual:
        return ()
    passed = is_passed(settings, attempt.score_scaled or 0.0)
    return ("completed", "passed" if passed else "failed", "scored")


def _own_outcome(
    session: Session,
    attempt: QuizAttempt,
    settings: QuizSettings,
    events: tuple[str, ...],
    now: datetime,
) -> ContentOutcome:
    quiz = quizzes.get_quiz(session, attempt.quiz_id)
    is_done = attempt.state == "submitted" and not attempt.is_pending_manual
    scaled = attempt.score_scaled if attempt.state == "submitted" else None
    passed = is_passed(settings, scaled or 0.0)
    return ContentOutcome(
        user_id=attempt.user_id,
        item_type="quiz",
        item_id=attempt.quiz_id,
        item_key=quiz.key,
        title=quiz.title,
        attempt_id=attempt.id,
        attempt_number=attempt.number,
        registration=attempt.registration,
        context_key=attempt.context_key,
        launch_ref=attempt.launch_ref,
        completion="completed" if is_done else "incomplete",
        success="unknown" if not is_done else "passed" if passed else "failed",
        score_scaled=scaled,
        score_raw=attempt.points if scaled is not None else None,
        score_max=attempt.points_max,
        is_pending_manual=attempt.is_pending_manual,
        occurred_at=now,
        revision=attempt.revision,
        events=events,
    )


def _counted_outcome(
    own: ContentOutcome,
    settings: QuizSettings,
    done: list[QuizAttempt],
    scored: list[Scored],
) -> ContentOutcome | None:
    found = count(settings.counting, scored)
    if found is None:
        return None
    row = next(one for one in done if one.number == found.number)
    passed = is_passed(settings, found.scaled)
    return replace(
        own,
        attempt_id=row.id,
        attempt_number=row.number,
        completion="incomplete" if found.is_pending else "completed",
        success="unknown" if found.is_pending else "passed" if passed else "failed",
        score_scaled=found.scaled,
        score_raw=None,
        score_max=None,
        is_pending_manual=found.is_pending,
    )


def _report_to_course(
    session: Session,
    attempt: QuizAttempt,
    everything: list[QuizAttempt],
    counted: ContentOutcome | None,
    now: datetime,
) -> list[ContentOutcome]:
    """Progress of the unit, where `context_key` is "unit:<enrolment id>:<unit id>"."""
    kind, _, rest = attempt.context_key.partition(":")
    if kind != "unit":
        return []
    enrolment_id, _, unit_id = rest.partition(":")
    spent = sum(((one.submitted_at or now) - one.started_at).total_seconds() for one in everything)
    result = UnitResult(
        completion=counted.completion if counted else "incomplete",
        success=counted.success if counted else "unknown",
        score_scaled=counted.score_scaled if counted else None,
        seconds=max(0.0, spent),
        attempts=len(everything),
        is_pending_manual=counted is not None and counted.is_pending_manual,
        is_authoritative=counted is not None and not counted.is_pending_manual,
    )
    try:
        return record_unit_result(session, UUID(enrolment_id), UUID(unit_id), result, now)
    except CourseMissing:  # the course has gone meanwhile; the attempt itself stays
        return []


def _list_answers(session: Session, attempt: QuizAttempt) -> tuple[Answered, ...]:
    marks = {
        row.slot: row for row in session.query(QuizMark).filter(QuizMark.attempt_id == attempt.id)
    }
    told = []
    for slot, (question, _points) in read_paper(session, attempt).items():
        answer = attempt.answers.get(str(slot), {}).get("value")
        row = marks.get(slot)
        if row is None or answer is None:
            continue
        success = None if row.status == "waiting" else row.status == "right"
        told.append(
            Answered(
                slot=slot,
                question_version_id=row.question_version_id,
                definition=build_definition(question),
                response=write_response(question, answer),
                success=success,
                points=row.points,
                points_max=row.points_max,
            )
        )
    return tuple(told)
