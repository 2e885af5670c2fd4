"""Attempts: who may begin one, when it ends, which of them counts, what may be seen afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from content.core.quiz.settings import Counting, QuizSettings


@dataclass(frozen=True)
class Accommodation:
    """What one learner is allowed beyond the settings."""

    extra_time_percent: int = 0
    """Of the time limit."""
    extra_minutes: int = 0
    """On top of that."""
    extra_attempts: int = 0
    closes_at: datetime | None = None
    """Instead of the quiz's own closing, whatever `extra_days` says: it was said of this quiz."""
    extra_days: int = 0
    """How much later the quiz closes: the days that the learner has more in the course."""


NONE = Accommodation()
Refusal = Literal["not_open_yet", "closed", "no_attempts_left"]


@dataclass(frozen=True)
class Beginning:
    """Whether another attempt may begin now."""

    refusal: Refusal | None
    left: int | None
    """Attempts that are left, this one included; None: any number."""


def may_begin(
    settings: QuizSettings, taken: int, now: datetime, granted: Accommodation = NONE
) -> Beginning:
    """`taken`: attempts that the learner has begun so far."""
    left = None
    if settings.attempts_allowed:
        left = max(0, settings.attempts_allowed + granted.extra_attempts - taken)
    closing = find_closing(settings, granted)
    if settings.opening and now < settings.opening:
        return Beginning("not_open_yet", left)
    if closing and now >= closing:
        return Beginning("closed", left)
    return Beginning("no_attempts_left" if left == 0 else None, left)


def find_closing(settings: QuizSettings, granted: Accommodation = NONE) -> datetime | None:
    """When the quiz closes for this learner."""
    if granted.closes_at or settings.closing is None:
        return granted.closes_at
    return settings.closing + timedelta(days=granted.extra_days)


def find_time_limit(settings: QuizSettings, granted: Accommodation = NONE) -> timedelta | None:
    """The learner's time for one attempt."""
    if not settings.time_limit_minutes:
        return None
    seconds = settings.time_limit_minutes * 60 * (100 + granted.extra_time_percent) / 100
    return timedelta(seconds=round(seconds) + granted.extra_minutes * 60)


def find_due(
    settings: QuizSettings, started: datetime, granted: Accommodation = NONE
) -> datetime | None:
    """When an attempt that began at `started` is over: its time limit, or the closing before it."""
    limit = find_time_limit(settings, granted)
    ends = [started + limit] if limit is not None else []
    closing = find_closing(settings, granted)
    return min([*ends, closing]) if closing else min(ends, default=None)


def is_over(due: datetime | None, grace_seconds: int, now: datetime) -> bool:
    """Whether nothing is taken any more: the time and the grace of the network are over."""
    return due is not None and now > due + timedelta(seconds=grace_seconds)


def may_see_results(
    settings: QuizSettings, *, is_submitted: bool, now: datetime, granted: Accommodation = NONE
) -> bool:
    """Whether the learner may see marks, feedback and (where `shows_key`) right answers.

    After the deadline means the quiz's closing and the learner's own, whichever is later: who got
    more time must not read the answers of who did not, nor the other way round.
    """
    if not is_submitted or settings.show_results == "never":
        return False
    if settings.show_results == "immediately":
        return True
    own = find_closing(settings, granted)
    closings = [moment for moment in (settings.closing, own) if moment]
    return bool(closings) and now >= max(closings)


@dataclass(frozen=True)
class Scored:
    """One submitted attempt."""

    number: int
    scaled: float
    """0..1."""
    is_pending: bool = False
    """A person has still to mark something."""


def count(counting: Counting, attempts: Sequence[Scored]) -> Scored | None:
    """What counts of submitted attempts: the best, last or first one; for "average" the newest
    with the mean of all. None without any. Ties for the best go to the earlier attempt.

    An attempt that waits for a person counts with what it has so far, and says so: of "best" only
    if nothing finished is at least as good.
    """
    ordered = sorted(attempts, key=lambda one: one.number)
    if not ordered:
        return None
    if counting == "first":
        return ordered[0]
    if counting == "last":
        return ordered[-1]
    if counting == "best":
        return max(ordered, key=lambda one: (one.scaled, not one.is_pending, -one.number))
    mean = sum(one.scaled for one in ordered) / len(ordered)
    return Scored(ordered[-1].number, round(mean, 6), any(one.is_pending for one in ordered))


def is_passed(settings: QuizSettings, scaled: float) -> bool:
    """Whether a score is enough; a hair below the bar, from rounding, is not below it."""
    return scaled * 100 >= settings.passing_percent - 1e-6
