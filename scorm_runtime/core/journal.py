"""What the browser sends: numbered commits of numbered journal entries.

    {"writer": 3, "number": 7, "entries": [[41, "set", "cmi.core.exit", "suspend"], [42, "commit"]]}

Each call that changes something is one entry with a number that runs within its writer; a commit
carries every entry that was not acknowledged yet. Nothing here trusts the sender: shapes and
sizes are checked, values later by the data model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from scorm_runtime.core.calls import TracedCall, parse_calls

MOST_ENTRIES = 20_000
MOST_MOVES = 200
"""Requests to go elsewhere in one commit: each runs sequencing, and a window waits for its answer
before it makes the next."""
LONGEST_NAME = 1000
LARGEST_NUMBER = 2**31 - 2
"""The last one that the database can still count on from."""
CONTROLS = ("continue", "previous", "exit", "exitAll", "abandon", "abandonAll", "suspendAll")
"""Navigation requests of the player's controls (SN 4th Ed. 4.5.2 and 5.6)."""
_ARGUMENTS = {
    "initialize": 0,
    "set": 2,
    "commit": 0,
    "finish": 0,
    "deliver": 1,
    "navigate": 2,
    "refused": 3,
}
"""The operations and how many strings follow: set (element, value), deliver (item), navigate
(request, target: the learner's event; the target of "choice", "" for the others), refused
(element, value, code: the browser refused it, it is only recorded)."""


class JournalInvalid(ValueError):
    """The body is no commit; the message names the part."""

    status_hint = 400


@dataclass(frozen=True)
class Entry:
    """One call, in the order it was made."""

    n: int
    op: str
    arguments: tuple[str, ...] = ()

    def to_json(self) -> list[int | str]:
        return [self.n, self.op, *self.arguments]


@dataclass(frozen=True)
class Journal:
    """Entries of one writer."""

    writer: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Commit(Journal):
    """Everything one writer has not had acknowledged, under a number that only grows."""

    number: int
    delivery: int | None = None
    """The delivery that the window shows: the answer brings another one along. None: unsaid."""
    attempt: str = ""
    """The attempt it is meant for, where the window says so."""
    calls: tuple[TracedCall, ...] = ()
    """For the call log only."""


def parse_commit(body: object) -> Commit:
    """A commit out of decoded JSON, or JournalInvalid."""
    journal = parse_journal(body)
    number = _parse_number(body, "number")
    delivery = _parse_number(body, "delivery") if _has(body, "delivery") else None
    attempt = body.get("attempt") if isinstance(body, Mapping) else None
    if attempt is not None and not isinstance(attempt, str):
        raise JournalInvalid("attempt must be text")
    return Commit(
        journal.writer, journal.entries, number, delivery, attempt or "", parse_calls(body)
    )


def parse_journal(body: object) -> Journal:
    """A journal ({writer, entries}) out of decoded JSON, or JournalInvalid."""
    writer = _parse_number(body, "writer")
    entries = body.get("entries") if isinstance(body, Mapping) else None
    if not isinstance(entries, list):
        raise JournalInvalid("entries must be a list")
    if len(entries) > MOST_ENTRIES:
        raise JournalInvalid(f"more than {MOST_ENTRIES} entries in one commit")
    parsed = tuple(_parse_entry(entry, at) for at, entry in enumerate(entries))
    if sum(entry.op in ("navigate", "deliver") for entry in parsed) > MOST_MOVES:
        raise JournalInvalid(f"more than {MOST_MOVES} requests to go elsewhere in one commit")
    for earlier, later in pairwise(parsed):
        if later.n <= earlier.n:
            raise JournalInvalid(f"entry {later.n} follows entry {earlier.n}")
    return Journal(writer, parsed)


def parse_journals(body: object) -> tuple[Journal, ...]:
    """The journals of an /open request: `journal` is one, a list, or null."""
    found = body.get("journal") if isinstance(body, Mapping) else None
    if found is None:
        return ()
    return tuple(parse_journal(one) for one in (found if isinstance(found, list) else [found])[:20])


def parse_after(body: object) -> int | None:
    """The writer that an /open request takes over from; None where it does not say."""
    return _parse_number(body, "after") if _has(body, "after") else None


def _has(body: object, key: str) -> bool:
    return isinstance(body, Mapping) and body.get(key) is not None


def _parse_number(body: object, key: str) -> int:
    value = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        raise JournalInvalid(f"{key} must be a whole number")
    return value


def _parse_entry(entry: object, at: int) -> Entry:
    if not isinstance(entry, list) or len(entry) < 2:
        raise JournalInvalid(f"entries[{at}] must be a list of number, operation and arguments")
    n, op, *arguments = entry
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= LARGEST_NUMBER:
        raise JournalInvalid(f"entries[{at}] has no number")
    if not isinstance(op, str) or _ARGUMENTS.get(op) != len(arguments):
        raise JournalInvalid(f"entries[{at}] is no operation known here")
    if not all(isinstance(argument, str) for argument in arguments):
        raise JournalInvalid(f"entries[{at}] has arguments that are not strings")
    if arguments and len(arguments[0]) > LONGEST_NAME:
        raise JournalInvalid(f"entries[{at}] has a name longer than {LONGEST_NAME}")
    if op == "navigate" and arguments[0] not in (*CONTROLS, "choice"):
        raise JournalInvalid(f"entries[{at}] asks for {arguments[0][:50]!r}, which is no request")
    return Entry(n, op, tuple(arguments))
