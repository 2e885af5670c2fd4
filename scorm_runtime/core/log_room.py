"""How much an attempt's call log may grow on one day.

Honest content is far below it: a bookmark, a page of state and an answer every ten seconds come to
some 10 MB in a day of eight hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from scorm_runtime.core.calls import TracedCall
from scorm_runtime.core.journal import Entry

WHOLE = 64 * 1024 * 1024
"""Characters until which everything is kept as it came."""
MOST = 2 * WHOLE
"""Characters until which anything is kept."""
LONGEST = 200
"""Of a value, once the first half is used up."""
_ROW, _ENTRY, _DECISION = 400, 100, 100
"""What a row, an entry and a decision cost beside the texts of calls."""


@dataclass(frozen=True)
class LogRoom:
    """What is used of one day's room."""

    day: date | None
    """UTC; None before the first row."""
    size: int
    """Characters, about."""

    @property
    def is_tight(self) -> bool:
        """Long values are to be shortened."""
        return self.size >= WHOLE

    @property
    def is_full(self) -> bool:
        return self.size >= MOST

    def on(self, day: date) -> "LogRoom":
        """The same day's, or a new one's."""
        return self if self.day == day else LogRoom(day, 0)

    def take(
        self, entries: Sequence[Entry], calls: Sequence[TracedCall], decisions: int
    ) -> "LogRoom":
        """With one more row."""
        texts = sum(_ENTRY + sum(map(len, entry.arguments)) for entry in entries)
        traced = sum(_ENTRY + len(call.element) + len(call.value) for call in calls)
        return replace(self, size=self.size + _ROW + texts + traced + _DECISION * decisions)


def shorten(entry: Entry) -> Entry:
    """The entry with the beginnings of its long values."""
    return replace(entry, arguments=tuple(_beginning(text) for text in entry.arguments))


def _beginning(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
