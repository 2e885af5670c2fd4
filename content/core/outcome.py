"""What native content reports upwards: where a course, a lesson or a quiz of one learner stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

ItemType = Literal["course", "lesson", "quiz", "unit"]
"""What the outcome is about; "unit": a part of a course that is graded only through the course."""
Completion = Literal["completed", "incomplete", "not attempted"]
Success = Literal["passed", "failed", "unknown"]
EVENTS = (
    "initialized",
    "resumed",
    "progressed",
    "completed",
    "passed",
    "failed",
    "answered",
    "scored",
    "terminated",
)
"""What may have happened, in the order in which it is told."""


@dataclass(frozen=True)
class ContentOutcome:
    """Where one learner stands in one native item after a change; input of the host's funnel."""

    user_id: UUID
    item_type: ItemType
    item_id: UUID
    """Row of the course, the unit (lessons and other units), or the quiz."""
    item_key: str
    """For activity ids: the course's key, "<course key>/units/<unit id>", the quiz's key."""
    title: str
    attempt_id: UUID
    """Of a quiz: the attempt's row. Of a course, lesson or unit: the enrolment's."""
    attempt_number: int
    registration: UUID
    """For xAPI: the quiz attempt's own, or the enrolment's."""
    context_key: str
    """"portal", "link:<resource link id>" or "unit:<enrolment id>:<unit id>"."""
    launch_ref: str
    """"portal" or the id of the launch."""
    completion: Completion
    success: Success
    score_scaled: float | None
    """0..1."""
    score_raw: float | None
    score_max: float | None
    is_pending_manual: bool
    """A person has still to grade something: the score is not final."""
    occurred_at: datetime
    revision: int
    """Grows with every change: (attempt, item, revision) is unique."""
    events: tuple[str, ...]
    """Of EVENTS."""
    certificate_course_id: UUID | None = None
    """The course whose certificate may now be due; only when a course has just been finished."""


@dataclass(frozen=True)
class UnitResult:
    """What the source of a unit (quiz, package, lesson, assignment …) says of one learner."""

    completion: Completion
    success: Success = "unknown"
    score_scaled: float | None = None
    """0..1."""
    seconds: float = 0.0
    """Spent in the unit altogether, over all attempts; never lowers what is known."""
    attempts: int = 1
    """How often it was begun, altogether; never lowers what is known."""
    is_pending_manual: bool = False
    is_authoritative: bool = False
    """The source has itself decided what counts (a quiz's policy, a teacher's grade, a regrading):
    its score and success take the place of what is kept, even when they are lower. Otherwise the
    better one stays."""
