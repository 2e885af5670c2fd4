"""From an attempt's outcome to a grade: a pure function of where the attempt stands (PAIN-05).

The policy:

- Final means completed, passed or failed. Only a final grade is sent (LTI-SP-2, MOODLE-8: a
  score that is not final erases the grade at Moodle).
- The score is the one reported, scaled to 0..1; below zero counts as zero.
- Without a score, completion (or passed) is worth full marks, failed is worth none.
- A final grade gives way only to another final one: a new attempt that is still running, or
  content that sets its status back to incomplete on a revisit, takes nothing away.
- Of several final attempts the one counts that the package's setting says: best, last, first, or
  the average of their scores.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import fmean
from typing import Literal
from uuid import UUID

from scorm_runtime.core.outcome import scale_score


@dataclass(frozen=True)
class Standing:
    """What counts of an outcome; scores as SCORM defines them."""

    completion: str
    success: str
    score_scaled: float | None = None
    score_raw: float | None = None
    score_min: float | None = None
    score_max: float | None = None


@dataclass(frozen=True)
class GradeValue:
    """What a grade says."""

    is_final: bool
    score: float | None
    """0..1; None while nothing counts."""
    completion: str
    success: str


ItemType = Literal["package", "course", "lesson", "quiz"]
"""What a grade can be for; the same words as the kinds of items a link can open."""


@dataclass(frozen=True)
class Gradable:
    """What one attempt at anything is worth, on its way into the gradebook."""

    user_id: UUID
    item_type: ItemType
    item_id: UUID
    attempt_id: UUID
    """Names what the grade comes from; an enrolment where there are no attempts."""
    attempt_number: int
    title: str
    context_key: str
    """"portal", "link:<resource link id>" or "unit:<enrolment id>:<unit id>"."""
    launch_ref: str
    """The launch's id, or "portal"."""
    value: GradeValue
    """Of this attempt alone; which of several counts is decided when it is recorded."""
    is_pending_manual: bool
    """A person has to mark something first (LTI-SP-6); then `value` is not final."""
    occurred_at: datetime
    revision: int
    """Rises with every report of the same attempt."""


def build_grade_value(standing: Standing) -> GradeValue:
    """The grade that a standing is worth."""
    is_final = standing.completion == "completed" or standing.success in ("passed", "failed")
    score = _reported(standing)
    if score is None and is_final:
        score = 0.0 if standing.success == "failed" else 1.0
    return GradeValue(is_final, score, standing.completion, standing.success)


@dataclass(frozen=True)
class GradedAttempt:
    """One attempt of a person in a place, and what it alone would be worth."""

    id: UUID
    number: int
    value: GradeValue


def count_attempts(
    counting: Literal["best", "last", "first", "average"], attempts: Sequence[GradedAttempt]
) -> GradedAttempt:
    """The attempt that the grade comes from, of at least one; for "average" the newest final one
    with the mean of all final scores. While none is final the newest counts."""
    ordered = sorted(attempts, key=lambda attempt: attempt.number)
    final = [attempt for attempt in ordered if attempt.value.is_final]
    if not final:
        return ordered[-1]
    if counting == "first":
        return final[0]
    if counting == "best":
        return max(final, key=lambda attempt: (_worth(attempt), attempt.number))
    newest = final[-1]
    if counting == "last" or len(final) == 1:
        return newest
    mean = round(fmean(_worth(attempt) for attempt in final), 6)
    return replace(newest, value=replace(newest.value, score=mean))


def _worth(attempt: GradedAttempt) -> float:
    return attempt.value.score or 0.0


def replaces(new: GradeValue, old: GradeValue | None) -> bool:
    """Whether `new` becomes the current grade: something changed, and nothing final is lost."""
    if old is None:
        return True
    if old.is_final and not new.is_final:
        return False
    return new != old


def write_comment(title: str, made: GradeValue, attempt_number: int) -> str:
    """One line for the platform's gradebook; in English, since no reader is known there."""
    said = {"passed": "passed", "failed": "failed"}.get(made.success, made.completion)
    score = f", {made.score:.0%}" if made.score is not None else ""
    return f"{title}: {said}{score} (attempt {attempt_number})"


def _reported(standing: Standing) -> float | None:
    scaled = standing.score_scaled
    if scaled is None:
        scaled = scale_score(standing.score_raw, standing.score_min, standing.score_max)
    return None if scaled is None else round(min(1.0, max(0.0, scaled)), 6)
