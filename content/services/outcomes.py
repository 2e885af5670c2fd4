"""What a change of progress is told upwards: outcomes of a unit and of a course."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from content.core.course import Unit
from content.core.outcome import Completion, ContentOutcome, Success
from content.core.progress import CourseStanding, UnitStanding
from content.models.enrolment import Enrolment, UnitProgress
from content.services.standings import read_enrolled

TELL_THEMSELVES = ("package", "quiz")
"""Kinds of units whose source makes its own outcomes and statements."""


def tell_unit(
    enrolment: Enrolment,
    unit: Unit,
    row: UnitProgress,
    before: UnitStanding | None,
    earlier: tuple[object, ...],
    now: datetime,
) -> ContentOutcome | None:
    """The outcome of a lesson, link or assignment; None where nothing worth telling changed."""
    if unit.kind in TELL_THEMSELVES:
        return None
    viewed_at, completed_at, success, score = earlier
    events = []
    if viewed_at is None:
        events.append("initialized")
    if row.completed_at is not None and completed_at is None:
        events.append("completed")
    if row.success not in (success, "unknown"):
        events.append(row.success)
    if row.score_scaled is not None and row.score_scaled != score:
        events.append("scored")
    if not events or (before is None and enrolment.entry_unit_id is not None):
        return None
    return _outcome(
        enrolment,
        item_type="lesson" if unit.kind == "lesson" else "unit",
        item_id=unit.id,
        item_key=f"{enrolment.course.key}/units/{unit.id}",
        title=unit.title,
        context_key=f"unit:{enrolment.id}:{unit.id}",
        completion="completed" if row.completed_at else "incomplete",
        success=cast(Success, row.success),
        score_scaled=row.score_scaled,
        is_pending_manual=row.is_pending_manual,
        revision=row.revision + 1,
        events=tuple(events),
        occurred_at=now,
    )


def tell_course(
    enrolment: Enrolment, after: CourseStanding, now: datetime
) -> ContentOutcome | None:
    """The outcome of the course, or of the one unit that a link opens; None: nothing moved."""
    course = read_enrolled(enrolment)
    events = _find_events(enrolment, after)
    if not events:
        return None
    unit_id = enrolment.entry_unit_id
    finished = "completed" in events
    unit = course.find_unit(unit_id) if unit_id else None
    return _outcome(
        enrolment,
        item_type="lesson" if unit else "course",
        item_id=unit_id or enrolment.course_id,
        item_key=f"{enrolment.course.key}/units/{unit_id}" if unit_id else enrolment.course.key,
        title=unit.title if unit else course.title,
        context_key=enrolment.context_key,
        completion=_completion(enrolment, after),
        success=cast(Success, after.success),
        score_scaled=after.score_scaled,
        is_pending_manual=after.is_pending_manual,
        revision=enrolment.revision + 1,
        events=events,
        occurred_at=now,
        certificate_course_id=enrolment.course_id if finished and course.certificate else None,
    )


def _completion(enrolment: Enrolment, after: CourseStanding) -> Completion:
    done = "completed" in (enrolment.completion, after.completion)
    return cast(Completion, "completed" if done else after.completion)


def _find_events(enrolment: Enrolment, after: CourseStanding) -> tuple[str, ...]:
    events = []
    if enrolment.completion == "not attempted" != after.completion:
        events.append("initialized")
    if after.done > enrolment.done and after.completion != "completed":
        events.append("progressed")
    if after.completion == "completed" != enrolment.completion:
        events.append("completed")
    if after.success not in (enrolment.success, "unknown"):
        events.append(after.success)
    if after.score_scaled is not None and after.score_scaled != enrolment.score_scaled:
        events.append("scored")
    return tuple(events)


def _outcome(
    enrolment: Enrolment,
    *,
    score_scaled: float | None,
    certificate_course_id: UUID | None = None,
    **values: Any,
) -> ContentOutcome:
    return ContentOutcome(
        user_id=enrolment.user_id,
        attempt_id=enrolment.id,
        attempt_number=enrolment.number,
        registration=enrolment.registration,
        launch_ref=enrolment.launch_ref,
        score_scaled=score_scaled,
        score_raw=None if score_scaled is None else round(100 * score_scaled, 4),
        score_max=None if score_scaled is None else 100.0,
        certificate_course_id=certificate_course_id,
        **values,
    )
