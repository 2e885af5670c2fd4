"""When a unit is complete, and what is still missing: one rule each, explained."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from content.core.course import Completion, Unit, When

ReasonCode = Literal[
    # of a unit
    "not_viewed", "time_missing", "not_watched", "not_completed", "not_passed", "score_missing",
    "score_low", "not_submitted", "not_graded", "waits_for_grading", "opens_at", "opens_after",
    # of a course
    "unit_missing", "units_missing", "course_score_missing", "course_score_low", "pending_manual",
    "never_completes",
]  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One thing that is missing; pages make a sentence of code and values."""

    code: ReasonCode
    values: tuple[tuple[str, Any], ...] = ()

    def __getitem__(self, name: str) -> Any:
        return dict(self.values)[name]


def reason(code: ReasonCode, **values: Any) -> Reason:
    return Reason(code, tuple(sorted(values.items())))


@dataclass(frozen=True)
class UnitFacts:
    """What is known of one learner in one unit."""

    viewed: bool = False
    seconds: float = 0.0
    attempts: int = 0
    watched: float = 0.0
    """Of the video: 0..1."""
    completion: str = "not attempted"
    """As its source says: completed, incomplete, not attempted."""
    success: str = "unknown"
    score_scaled: float | None = None
    is_submitted: bool = False
    is_pending_manual: bool = False
    completed_at: datetime | None = None
    """When its rule was first met: what was complete once stays so."""


def find_missing(unit: Unit, facts: UnitFacts) -> Reason | None:
    """What keeps the unit from being complete; None: nothing."""
    if facts.completed_at is not None:
        return None
    return _RULES[unit.completion.rule](unit.completion, facts)


def _viewed(_rule: Completion, facts: UnitFacts) -> Reason | None:
    return None if facts.viewed or facts.completion == "completed" else reason("not_viewed")


def _time(rule: Completion, facts: UnitFacts) -> Reason | None:
    wanted = 60 * (rule.minutes or 0)
    if facts.viewed and facts.seconds >= wanted:
        return None
    return reason("time_missing", seconds=round(max(0, wanted - facts.seconds)))


def _watched(rule: Completion, facts: UnitFacts) -> Reason | None:
    wanted = 90.0 if rule.percent is None else rule.percent
    if facts.viewed and 100 * facts.watched >= wanted - 0.5:
        return None
    return reason("not_watched", watched=int(100 * facts.watched), wanted=round(wanted))


def _completed(_rule: Completion, facts: UnitFacts) -> Reason | None:
    return None if facts.completion == "completed" else _pending(facts) or reason("not_completed")


def _passed(_rule: Completion, facts: UnitFacts) -> Reason | None:
    return None if facts.success == "passed" else _pending(facts) or reason("not_passed")


def _score(rule: Completion, facts: UnitFacts) -> Reason | None:
    wanted = rule.score or 0.0
    if facts.score_scaled is None:
        return _pending(facts) or reason("score_missing", wanted=wanted)
    if facts.score_scaled >= wanted - 1e-9:
        return None
    return _pending(facts) or reason("score_low", score=facts.score_scaled, wanted=wanted)


def _submitted(_rule: Completion, facts: UnitFacts) -> Reason | None:
    return None if facts.is_submitted else reason("not_submitted")


def _graded(_rule: Completion, facts: UnitFacts) -> Reason | None:
    if facts.is_submitted and facts.score_scaled is not None and not facts.is_pending_manual:
        return None
    return _pending(facts) or reason("not_graded" if facts.is_submitted else "not_submitted")


def _pending(facts: UnitFacts) -> Reason | None:
    return reason("waits_for_grading") if facts.is_pending_manual else None


_RULES = {
    "viewed": _viewed,
    "time": _time,
    "watched": _watched,
    "completed": _completed,
    "passed": _passed,
    "score": _score,
    "submitted": _submitted,
    "graded": _graded,
}


def find_moment(when: When, enrolled_at: datetime) -> datetime | None:
    """The later of the moments that are set; None: none is."""
    moments = [when.at] if when.at else []
    if when.days is not None:
        moments.append(enrolled_at + timedelta(days=when.days))
    return max(moments, default=None)
