"""Which journalled entries are new, and which of them decide.

Each window of an attempt is a writer with a number of its own, and numbers its entries 1, 2, 3 … .
An entry says the whole answer of one slot. Entries of a writer are taken in order and never after a
gap, each once; a slot belongs to the newest (writer, entry) that spoke of it, so that what an older
window had left behind changes nothing that was answered later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KINDS = ("answer", "flag", "visit")
"""answer: value is the answer; flag: true or false; visit: the question came into view."""
MOST_ENTRIES = 500


class EntriesInvalid(ValueError):
    """Not what a journal holds."""

    status_hint = 400


@dataclass(frozen=True)
class Entry:
    """One change."""

    number: int
    kind: str
    slot: int
    value: Any
    ago_ms: int = 0
    """How long before the sending it was made, by the browser's clock."""


def read_entries(raw: Any) -> list[Entry]:
    """[[n, kind, slot, value, ms ago], …] in order; raises EntriesInvalid."""
    if not isinstance(raw, list) or len(raw) > MOST_ENTRIES:
        raise EntriesInvalid(f"entries: a list of at most {MOST_ENTRIES}")
    entries = []
    for one in raw:
        if not isinstance(one, list) or len(one) != 5 or one[1] not in KINDS:
            raise EntriesInvalid("an entry is [number, kind, slot, value, milliseconds ago]")
        number, kind, slot, value, ago = one
        if any(isinstance(n, bool) or not isinstance(n, int) for n in (number, slot)):
            raise EntriesInvalid("number and slot are whole numbers")
        if not (0 < number < 2**31 and 0 < slot < 10_000):
            raise EntriesInvalid("number and slot begin with 1")
        entries.append(Entry(number, kind, slot, value, _read_age(ago)))
    return sorted(entries, key=lambda entry: entry.number)


def _read_age(raw: Any) -> int:
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool) and raw == raw
    return int(min(max(raw, 0), 10**9)) if is_number else 0


def choose_new(entries: Sequence[Entry], applied: int) -> list[Entry]:
    """Those that follow `applied` without a gap, each number once."""
    new: list[Entry] = []
    for entry in entries:
        if entry.number == applied + len(new) + 1:
            new.append(entry)
    return new


def decides(holder: Sequence[int] | None, writer: int, number: int) -> bool:
    """Whether (writer, number) is newer than what the slot was last said by."""
    return holder is None or (writer, number) > (holder[0], holder[1])


def count_answered(answers: Mapping[str, Any]) -> int:
    """Slots with an answer; {slot: {"value": …}}."""
    return sum(one.get("value") is not None for one in answers.values())
