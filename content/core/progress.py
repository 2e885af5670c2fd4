"""Where a learner stands in a course: computed here, from all that is known, every time.

The order in which things were done or told does not matter. What was complete once stays complete
(`UnitFacts.completed_at`), so neither a new version nor a later try takes it away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from content.core.course import Course, Unit
from content.core.rules import Reason, UnitFacts, find_missing, find_moment, reason

_NOTHING = UnitFacts()


@dataclass(frozen=True)
class UnitStanding:
    """Where a learner stands in one unit."""

    unit: Unit
    facts: UnitFacts
    is_complete: bool
    is_open: bool
    opens_at: datetime | None
    due_at: datetime | None
    is_overdue: bool
    why: tuple[Reason, ...]
    """What is missing, or keeps it closed; empty when it is complete."""

    @property
    def is_begun(self) -> bool:
        return self.facts.viewed or self.facts.attempts > 0


@dataclass(frozen=True)
class CourseStanding:
    """Where a learner stands in a whole course."""

    units: tuple[UnitStanding, ...]
    done: int
    """Units that count and are complete, never more than `wanted`."""
    wanted: int
    """Units that must be complete; 0 in a course without such."""
    completion: str
    """completed, incomplete, not attempted."""
    success: str
    """passed, failed, unknown; only where a passing score is asked for."""
    score_scaled: float | None
    """0..1, of the units' scores by weight; units without a score yet count as nothing once all
    else is done, and are left out until then."""
    is_pending_manual: bool
    seconds: float
    why: tuple[Reason, ...]

    @property
    def fraction(self) -> float:
        """0..1 for a bar."""
        if self.completion == "completed":
            return 1.0
        return min(1.0, self.done / self.wanted) if self.wanted else 0.0

    def find(self, unit_id: UUID) -> UnitStanding | None:
        return next((one for one in self.units if one.unit.id == unit_id), None)

    @property
    def next_unit(self) -> UnitStanding | None:
        """Where to go on: the first open unit that is not complete, required ones first."""
        todo = [one for one in self.units if one.is_open and not one.is_complete]
        return next((one for one in todo if one.unit.is_required), todo[0] if todo else None)


def compute_standing(
    course: Course,
    facts: Mapping[UUID, UnitFacts],
    *,
    enrolled_at: datetime,
    now: datetime,
    extra_days: int = 0,
) -> CourseStanding:
    """Where a learner stands who enrolled at `enrolled_at`, of whom `facts` are known, and who has
    `extra_days` more for each unit with a date."""
    units: list[UnitStanding] = []
    more = timedelta(days=extra_days)
    for unit in course.units():
        known = facts.get(unit.id, _NOTHING)
        before = units[-1] if units else None
        units.append(_stand_in_unit(course, unit, known, before, enrolled_at, now, more))
    done, wanted = _count(course, units)
    score = _score(units, is_over=bool(wanted) and done >= wanted)
    pending = any(one.facts.is_pending_manual for one in units if one.unit.has_score)
    why = _find_why(course, units, done, wanted, score, pending)
    completion = "completed" if not why else "incomplete"
    if completion == "incomplete" and not any(one.is_begun for one in units):
        completion = "not attempted"
    return CourseStanding(
        units=tuple(units),
        done=min(done, wanted) if wanted else done,
        wanted=wanted,
        completion=completion,
        success=_success(course, score, done, wanted, pending),
        score_scaled=score,
        is_pending_manual=pending,
        seconds=sum(one.facts.seconds for one in units),
        why=why,
    )


def _stand_in_unit(
    course: Course,
    unit: Unit,
    facts: UnitFacts,
    before: UnitStanding | None,
    enrolled_at: datetime,
    now: datetime,
    more: timedelta,
) -> UnitStanding:
    missing = find_missing(unit, facts)
    opens_at, due_at = find_moment(unit.opens, enrolled_at), find_moment(unit.due, enrolled_at)
    due_at = due_at + more if due_at else None
    why: list[Reason] = []
    if opens_at is not None and now < opens_at:
        why.append(reason("opens_at", at=opens_at))
    waits = unit.opens.after_previous or course.order == "linear"
    if waits and before is not None and _holds_back(unit, before):
        why.append(reason("opens_after", unit=before.unit.title))
    is_open = not why or missing is None
    if missing is not None:
        why.append(missing)
    return UnitStanding(
        unit=unit,
        facts=facts,
        is_complete=missing is None,
        is_open=is_open,
        opens_at=opens_at,
        due_at=due_at,
        is_overdue=due_at is not None and now > due_at and missing is not None,
        why=() if missing is None else tuple(why),
    )


def _holds_back(unit: Unit, before: UnitStanding) -> bool:
    """An optional unit may be passed over, unless the next one asks for just that one."""
    needed = unit.opens.after_previous or before.unit.is_required or not before.is_open
    return needed and not before.is_complete


def _count(course: Course, units: list[UnitStanding]) -> tuple[int, int]:
    if course.rule.rule == "count":
        return sum(one.is_complete for one in units), min(course.rule.count, len(units))
    required = [one for one in units if one.unit.is_required]
    return sum(one.is_complete for one in required), len(required)


def _score(units: list[UnitStanding], *, is_over: bool) -> float | None:
    """Required units that were left without a score count as 0 once the rest is done."""
    counted = [
        one
        for one in units
        if one.unit.has_score
        and (one.facts.score_scaled is not None or (is_over and one.unit.is_required))
    ]
    if not any(one.facts.score_scaled is not None for one in counted):
        return None
    weight = sum(one.unit.weight for one in counted)
    total = sum(one.unit.weight * (one.facts.score_scaled or 0.0) for one in counted)
    return round(total / weight, 6)


def _find_why(
    course: Course,
    units: list[UnitStanding],
    done: int,
    wanted: int,
    score: float | None,
    pending: bool,
) -> tuple[Reason, ...]:
    why: list[Reason] = []
    if course.rule.rule == "count":
        if done < wanted:
            why.append(reason("units_missing", done=done, wanted=wanted))
    elif course.rule.rule == "all_required":
        missing = [one for one in units if one.unit.is_required and not one.is_complete]
        why.extend(reason("unit_missing", unit=one.unit.title, id=one.unit.id) for one in missing)
    if course.rule.rule == "none" or not units:
        why.append(reason("never_completes"))
    passing = course.rule.passing_score
    if passing is not None and (score is None or score < passing - 1e-9):
        if pending:
            why.append(reason("pending_manual"))
        elif score is None:
            why.append(reason("course_score_missing", wanted=passing))
        else:
            why.append(reason("course_score_low", score=score, wanted=passing))
    return tuple(why)


def _success(course: Course, score: float | None, done: int, wanted: int, pending: bool) -> str:
    passing = course.rule.passing_score
    if passing is None or done < wanted or pending or score is None:
        return "unknown"
    return "passed" if score >= passing - 1e-9 else "failed"
