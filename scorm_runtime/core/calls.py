"""Calls of the content as the browser tells them for the call log: reads, answers, times.

A help for people who look for a fault, not part of the record: what is malformed is left out and
never refuses a commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OPERATIONS = (
    *("initialize", "finish", "get", "set", "commit"),
    *("error", "text", "diagnostic"),
)
"""Functions of the API, by the names of the data-model tables."""
MOST_CALLS = 500
LONGEST_TEXT = 255
_LONGEST_AGO = 24 * 3600 * 1000
_LARGEST = 2**31 - 1


@dataclass(frozen=True)
class TracedCall:
    """One call of one function of the API."""

    n: int
    """Number of the newest journal entry then: its own, where the call made one."""
    ago: int
    """Milliseconds before the commit was sent."""
    operation: str
    element: str
    value: str
    """What was set, or what was answered; shortened."""
    code: str
    """Error code right after the call."""

    def to_json(self) -> list[int | str]:
        return [self.n, self.ago, self.operation, self.element, self.value, self.code]


def parse_calls(body: object) -> tuple[TracedCall, ...]:
    """The well-formed ones of `calls` in decoded JSON, at most MOST_CALLS."""
    found = body.get("calls") if isinstance(body, Mapping) else None
    if not isinstance(found, list):
        return ()
    read = (_read(one) for one in found[:MOST_CALLS])
    return tuple(one for one in read if one is not None)


def _read(one: object) -> TracedCall | None:
    if not isinstance(one, list) or len(one) != 6 or one[2] not in OPERATIONS:
        return None
    n, ago, *texts = one
    if not _is_count(n, _LARGEST) or not _is_count(ago, _LONGEST_AGO):
        return None
    if not all(isinstance(text, str) for text in texts):
        return None
    return TracedCall(n, ago, *(text[:LONGEST_TEXT] for text in texts))


def _is_count(value: object, largest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= largest
