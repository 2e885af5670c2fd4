"""How a quiz is taken, and what of it counts: its settings, read from JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from content.core.quiz.reading import Problem

Counting = Literal["best", "last", "first", "average"]
ShowResults = Literal["immediately", "after_deadline", "never"]
Layout = Literal["all", "one"]


@dataclass(frozen=True)
class QuizSettings:
    """Frozen with each published version."""

    time_limit_minutes: int = 0
    """0: none. The server keeps the time."""
    grace_seconds: int = 30
    """After the time is over answers still arrive for so long: the network's, not the learner's."""
    attempts_allowed: int = 0
    """0: any number."""
    counting: Counting = "best"
    passing_percent: int = 50
    """0: completing is passing."""
    opens_at: str = ""
    closes_at: str = ""
    """ISO 8601 with offset; "": always open. After closing nothing begins, and what runs ends."""
    is_shuffled: bool = False
    """Questions in an order of each attempt's own."""
    layout: Layout = "all"
    """All questions on one page, or one at a time."""
    show_results: ShowResults = "immediately"
    shows_key: bool = True
    """With the results: the right answers, too."""
    shows_feedback: bool = True

    @property
    def opening(self) -> datetime | None:
        return _moment(self.opens_at)

    @property
    def closing(self) -> datetime | None:
        return _moment(self.closes_at)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class SettingsInvalid(ValueError):
    """Settings that are none, with all problems."""

    status_hint = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{one.place}: {one.code} {one.detail}" for one in problems))


CHOICES: dict[str, tuple[str, ...]] = {
    "counting": ("best", "last", "first", "average"),
    "show_results": ("immediately", "after_deadline", "never"),
    "layout": ("all", "one"),
}
RANGES: dict[str, tuple[int, int]] = {
    "time_limit_minutes": (0, 24 * 60),
    "grace_seconds": (0, 600),
    "attempts_allowed": (0, 1000),
    "passing_percent": (0, 100),
}
MOMENTS = ("opens_at", "closes_at")
SWITCHES = ("is_shuffled", "shows_key", "shows_feedback")


def read_settings(raw: Mapping[str, Any]) -> QuizSettings:
    """Settings from JSON; what is absent is the default. Raises SettingsInvalid."""
    problems = [Problem(name, "unknown") for name in raw if name not in _ALL]
    values: dict[str, Any] = {name: raw[name] for name in raw if name in _ALL}
    for name, allowed in CHOICES.items():
        if values.get(name, allowed[0]) not in allowed:
            problems.append(Problem(name, "unknown", str(values[name])[:50]))
    for name, (low, high) in RANGES.items():
        value = values.get(name, low)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            problems.append(Problem(name, "out_of_range", f"{low}..{high}"))
    for name in SWITCHES:
        if not isinstance(values.get(name, True), bool):
            problems.append(Problem(name, "not_true_or_false"))
    moments = {name: _read_moment(values.get(name, ""), name, problems) for name in MOMENTS}
    opening, closing = (moments[name] for name in MOMENTS)
    if opening and closing and opening >= closing:
        problems.append(Problem("closes_at", "before_opening"))
    if values.get("show_results") == "after_deadline" and not values.get("closes_at"):
        problems.append(Problem("closes_at", "needed_for_results_after_it"))
    if problems:
        raise SettingsInvalid(tuple(problems))
    return QuizSettings(**values)


def _read_moment(raw: Any, name: str, problems: list[Problem]) -> datetime | None:
    try:
        return _moment(raw)
    except (TypeError, ValueError):
        problems.append(Problem(name, "not_a_time", str(raw)[:50]))
        return None


_ALL = frozenset(asdict(QuizSettings()))


def write_settings(settings: QuizSettings) -> dict[str, Any]:
    """JSON that `read_settings` turns back."""
    return asdict(settings)
