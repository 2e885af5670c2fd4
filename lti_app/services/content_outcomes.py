"""What happens when somebody gets further in native content; what outcomes.py is for packages.

    outcome ─► statements ─► gradable ─► grade, passback row ─► certificate ─► notices

All of it in the transaction of the change that caused it. `record_attempt` is the bridge from the
player: an attempt on a package that is a unit of a course.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from content.core.errors import CourseMissing
from content.core.outcome import ContentOutcome, UnitResult
from content.models.enrolment import Enrolment
from content.services.progress import record_unit_result
from lti_app.core.grading import Gradable, Standing, build_grade_value
from lti_app.services import certifying, content_statements, notifications, outcomes
from scorm_runtime.core.outcome import Outcome, scale_score

log = structlog.get_logger(__name__)


def record_content_outcome(
    session: Session, outcome: ContentOutcome, now: datetime, app_url: str
) -> None:
    """Statements, then the grade, then the certificate, then what people are told."""
    content_statements.record_statements(session, outcome, app_url=app_url, now=now)
    gradable = build_gradable(outcome)
    if gradable is not None:
        outcomes.record_gradable(session, gradable, now)
    if outcome.item_type == "course" and "completed" in outcome.events:
        certifying.award_certificate(session, outcome.attempt_id, now, app_url)
        _congratulate(session, outcome, now)


def record_content_outcomes(
    session: Session, found: Iterable[ContentOutcome], now: datetime, app_url: str
) -> None:
    """One after the other, in order."""
    for outcome in found:
        record_content_outcome(session, outcome, now, app_url)


def build_gradable(outcome: ContentOutcome) -> Gradable | None:
    """What the gradebook hears; None for what is graded only as a part of its course."""
    if outcome.item_type == "unit" or outcome.context_key.startswith("unit:"):
        return None
    value = build_grade_value(
        Standing(outcome.completion, outcome.success, score_scaled=outcome.score_scaled)
    )
    return Gradable(
        user_id=outcome.user_id,
        item_type=outcome.item_type,
        item_id=outcome.item_id,
        attempt_id=outcome.attempt_id,
        attempt_number=outcome.attempt_number,
        title=outcome.title,
        context_key=outcome.context_key,
        launch_ref=outcome.launch_ref,
        value=value,
        is_pending_manual=outcome.is_pending_manual,
        occurred_at=outcome.occurred_at,
        revision=outcome.revision,
    )


def read_unit_context(context_key: str) -> tuple[UUID, UUID] | None:
    """(enrolment id, unit id) of "unit:<enrolment id>:<unit id>"; None for other places."""
    kind, _, rest = context_key.partition(":")
    enrolment, _, unit = rest.partition(":")
    if kind != "unit":
        return None
    try:
        return UUID(enrolment), UUID(unit)
    except ValueError:
        return None


def record_attempt(
    session: Session, outcome: Outcome, *, now: datetime, app_url: str, is_decided: bool = False
) -> None:
    """A package's attempt has moved: where it is a unit of a course, the course moves, too.
    `is_decided`: by a person, so that the score counts although it is lower than before."""
    place = read_unit_context(outcome.context_key)
    if place is None or outcome.mode == "review":
        return
    result = UnitResult(
        completion="completed" if outcome.completion == "completed" else "incomplete",
        success=outcome.success,
        score_scaled=_scaled(outcome),
        seconds=outcome.total_seconds,
        attempts=outcome.attempt_number,
        is_authoritative=is_decided,
    )
    try:
        moved = record_unit_result(session, *place, result, now)
    except CourseMissing as gone:  # deleted meanwhile: the attempt itself is still kept
        log.warning("unit_result_without_place", context_key=outcome.context_key, why=str(gone))
        return
    record_content_outcomes(session, moved, now, app_url)


def _scaled(outcome: Outcome) -> float | None:
    scaled = outcome.score_scaled
    if scaled is None:
        scaled = scale_score(outcome.score_raw, outcome.score_min, outcome.score_max)
    return None if scaled is None else min(1.0, max(0.0, scaled))


def _congratulate(session: Session, outcome: ContentOutcome, now: datetime) -> None:
    enrolment = session.get(Enrolment, outcome.attempt_id)
    if enrolment is None or enrolment.context_key != "portal":
        return
    notifications.notify(
        session,
        outcome.user_id,
        "completed",
        {"course": outcome.title},
        now,
        path=f"/courses/{enrolment.course.key}",
        once=f"completed:{enrolment.id}",
    )
