"""Progress: the ONE place where it changes.

    result, visit, submission ─► row of the unit ─► content.core.progress ─► enrolment ─► outcomes

The enrolment's row is locked first, so of two reports one waits; what a repeat says again changes
and tells nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.course import Unit
from content.core.errors import CourseMissing
from content.core.outcome import ContentOutcome, UnitResult
from content.core.progress import CourseStanding
from content.core.watching import count_seconds, find_fraction, merge_ranges
from content.models.enrolment import Enrolment, UnitProgress
from content.services.outcomes import tell_course, tell_unit
from content.services.standings import find_unit_progress, read_enrolled, stand

VISITS_KEPT = 20
"""Pages that may still report their time; older ones are closed."""
FASTEST = 2.5
"""Seconds of a video per second of the clock that are believed."""


def record_unit_result(
    session: Session, enrolment_id: UUID, unit_id: UUID, result: UnitResult, now: datetime
) -> list[ContentOutcome]:
    """Keep what the source of a unit says, and tell what it changes: the unit's outcome, then the
    course's where that moved. A repeat of the same result changes and tells nothing.

    Raises CourseMissing for an enrolment or a unit that is not there.
    """
    return change_unit(session, enrolment_id, unit_id, lambda row: _merge(row, result), now)


def record_view(
    session: Session, enrolment_id: UUID, unit_id: UUID, now: datetime, *, visit: str = ""
) -> list[ContentOutcome]:
    """The unit was opened; `visit` names the page, which may report its time from now on."""

    def change(row: UnitProgress) -> None:
        if row.completion == "not attempted":
            row.completion = "incomplete"
        if visit:
            kept = sorted(row.visits.items(), key=lambda one: one[1]["at"])[-VISITS_KEPT + 1 :]
            row.visits = dict(kept) | {visit: {"at": now.isoformat(), "seconds": 0.0, "seen": 0.0}}
            row.attempts += 1

    return change_unit(session, enrolment_id, unit_id, change, now)


def record_visit(
    session: Session,
    enrolment_id: UUID,
    unit_id: UUID,
    now: datetime,
    *,
    visit: str,
    seconds: float,
    watched: Sequence[Sequence[float]] = (),
    video_seconds: float | None = None,
    position: float | None = None,
) -> list[ContentOutcome]:
    """What a page reports of itself: all its seconds so far, and which parts of the video ran.

    Sent again or late it counts once. Never more time is believed than has passed since the page
    was served; a page that was never served is not believed at all.
    """

    known_row = find_unit_progress(session, enrolment_id, unit_id)
    if known_row is None or visit not in known_row.visits:
        return []

    def change(row: UnitProgress) -> None:
        known = row.visits.get(visit)
        if known is None:
            return
        passed = max(0.0, (now - datetime.fromisoformat(known["at"])).total_seconds())
        told = min(max(0.0, seconds), passed)
        row.seconds += max(0.0, told - known["seconds"])
        seen = _watch(row, watched, video_seconds, FASTEST * passed + 5 - known["seen"])
        if position is not None and watched:
            row.position = max(0.0, position)
        row.visits = row.visits | {
            visit: known | {"seconds": max(told, known["seconds"]), "seen": known["seen"] + seen}
        }

    return change_unit(session, enrolment_id, unit_id, change, now)


def change_unit(
    session: Session,
    enrolment_id: UUID,
    unit_id: UUID,
    change: Callable[[UnitProgress], None],
    now: datetime,
) -> list[ContentOutcome]:
    """Change a unit's row, then draw all conclusions. For services of this package."""
    enrolment = _lock(session, enrolment_id)
    if enrolment.is_past:
        return []  # what was finished and begun anew stays as it was
    unit = read_enrolled(enrolment).find_unit(unit_id)
    if unit is None:
        raise CourseMissing("There is no such unit in this course.")
    rows = _list_rows(session, enrolment)
    row = next((one for one in rows if one.unit_id == unit_id), None)
    before = stand(enrolment, rows, now=now)
    if row is None:
        row = _make_row(session, enrolment, unit_id)
        rows.append(row)
    earlier = _state_of(row)
    change(row)
    row.viewed_at, row.last_active_at = row.viewed_at or now, now
    return _conclude(enrolment, unit, row, rows, before, earlier, now)


def recompute(session: Session, enrolment_id: UUID, now: datetime) -> list[ContentOutcome]:
    """Draw the conclusions anew: after an enrolment was moved to another version."""
    enrolment = _lock(session, enrolment_id)
    rows = _list_rows(session, enrolment)
    return _conclude_course(enrolment, rows, stand(enrolment, rows, now=now), now)


def _conclude(
    enrolment: Enrolment,
    unit: Unit,
    row: UnitProgress,
    rows: list[UnitProgress],
    before: CourseStanding,
    earlier: tuple[object, ...],
    now: datetime,
) -> list[ContentOutcome]:
    after = stand(enrolment, rows, now=now)
    standing = after.find(unit.id)
    if standing is not None and standing.is_complete and row.completed_at is None:
        row.completed_at = now
        if unit.kind in ("lesson", "link", "assignment"):
            row.completion = "completed"
        after = stand(enrolment, rows, now=now)
    if not enrolment.is_active:
        return []  # kept, but it moves nobody who has left or is not in yet
    enrolment.last_active_at, enrolment.last_unit_id = now, unit.id
    told = tell_unit(enrolment, unit, row, before.find(unit.id), earlier, now)
    if told is not None:
        row.revision += 1
    return [*([told] if told else []), *_conclude_course(enrolment, rows, after, now)]


def _conclude_course(
    enrolment: Enrolment, rows: list[UnitProgress], after: CourseStanding, now: datetime
) -> list[ContentOutcome]:
    told = tell_course(enrolment, after, now)
    enrolment.done, enrolment.wanted = after.done, after.wanted
    enrolment.success, enrolment.score_scaled = after.success, after.score_scaled
    enrolment.seconds = sum(row.seconds for row in rows)
    if enrolment.completion != "completed":  # what was finished once stays so
        enrolment.completion = after.completion
    if enrolment.completion != "not attempted" and enrolment.started_at is None:
        enrolment.started_at = now
    if enrolment.completion == "completed" and enrolment.completed_at is None:
        enrolment.completed_at = now
    if enrolment.is_active:
        enrolment.status = _STATUS_OF[enrolment.completion]
    if told is None or not enrolment.is_active:
        return []
    enrolment.revision += 1
    return [told]


_STATUS_OF = {
    "not attempted": "enrolled",
    "incomplete": "in_progress",
    "completed": "completed",
}


def _merge(row: UnitProgress, result: UnitResult) -> None:
    """The better result stays, unless the source has decided itself which counts."""
    row.seconds = max(row.seconds, result.seconds)
    row.attempts = max(row.attempts, result.attempts)
    row.is_pending_manual = result.is_pending_manual
    if result.is_authoritative:
        row.score_scaled, row.success = result.score_scaled, result.success
    else:
        known = [one for one in (row.score_scaled, result.score_scaled) if one is not None]
        row.score_scaled = max(known, default=None)
        if row.success != "passed" and result.success != "unknown":
            row.success = result.success
    if row.completion != "completed" and result.completion != "not attempted":
        row.completion = result.completion


def _watch(
    row: UnitProgress,
    watched: Sequence[Sequence[float]],
    video_seconds: float | None,
    believed: float,
) -> float:
    """Add what was seen; returns how many seconds are new. More than `believed` counts for
    nothing."""
    if video_seconds and 0 < video_seconds < 1_000_000:
        row.video_seconds = max(row.video_seconds or 0.0, video_seconds)
    merged = merge_ranges(row.watched, watched)
    new = count_seconds(merged) - count_seconds(row.watched)
    if new > believed:
        return 0.0
    row.watched = [list(one) for one in merged]
    row.watched_fraction = max(row.watched_fraction, find_fraction(merged, row.video_seconds))
    return max(0.0, new)


def _lock(session: Session, enrolment_id: UUID) -> Enrolment:
    query = select(Enrolment).where(Enrolment.id == enrolment_id)
    enrolment = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if enrolment is None:
        raise CourseMissing("There is no such enrolment.")
    return enrolment


def _list_rows(session: Session, enrolment: Enrolment) -> list[UnitProgress]:
    query = select(UnitProgress).where(UnitProgress.enrolment_id == enrolment.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _make_row(session: Session, enrolment: Enrolment, unit_id: UUID) -> UnitProgress:
    row = UnitProgress(
        enrolment_id=enrolment.id,
        unit_id=unit_id,
        completion="not attempted",
        success="unknown",
        is_pending_manual=False,
        is_submitted=False,
        seconds=0.0,
        attempts=0,
        watched=[],
        watched_fraction=0.0,
        position=0.0,
        visits={},
        revision=0,
    )
    session.add(row)
    return row


def _state_of(row: UnitProgress) -> tuple[object, ...]:
    """What a unit's outcome tells: when it is the same after a change there is nothing to tell."""
    return (row.viewed_at, row.completed_at, row.success, row.score_scaled)
