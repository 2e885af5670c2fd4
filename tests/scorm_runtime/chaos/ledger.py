"""What a SCO was told in one run, and whether the server has it: the measure of "lossless".

Every value that a run sets begins with a token of its own, so each can be found again in the call
log, which holds what was applied.
"""

import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scorm_runtime.models.attempt import CommitLog
from tests.scorm_runtime.chaos.proxy import Witness

APPLIED = ("commit", "replay")
POWER_CUT = "power cut"
BUFFERED = 2.0
"""Seconds for which a value may be on its way to the disk, on a machine that is very busy."""


@dataclass
class Told:
    """A SetValue that answered "true"."""

    token: str
    visit: int
    page: int
    moment: float
    """Of time.monotonic(), when the answer was known."""
    is_acknowledged: bool = False
    """The page said "Saved" afterwards."""


@dataclass
class Ledger:
    """Of one run."""

    told: dict[str, Told] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    """Tokens that nobody had acknowledged when a visit ended."""
    endings: list[str] = field(default_factory=list)
    """How each visit ended."""
    moments: list[float] = field(default_factory=list)
    """When."""

    def tell(self, token: str, page: int, visit: int | None = None) -> None:
        at = len(self.endings) if visit is None else visit
        self.told[token] = Told(token, at, page, time.monotonic())

    def saved(self, page: int) -> None:
        """The page says that everything is saved."""
        for one in self.told.values():
            if one.page == page:
                one.is_acknowledged = True

    def end_visit(self, how: str, witness: Witness) -> None:
        self.endings.append(how)
        self.moments.append(time.monotonic())
        self.waiting |= {one.token for one in self.told.values() if not acknowledged(one, witness)}


def acknowledged(one: Told, witness: Witness) -> bool:
    """Whether the server, or the page, has said that it is safe."""
    writer, n = witness.sent.get(one.token, (0, 1))
    return one.is_acknowledged or n <= witness.acknowledged.get(writer, 0)


@dataclass
class Verdict:
    """What became of one run."""

    told: int = 0
    acknowledged_lost: list[str] = field(default_factory=list)
    waiting: int = 0
    waiting_lost: list[str] = field(default_factory=list)
    """Tokens with the ending of the visit that they were lost in."""
    cut: int = 0
    """Of `waiting`, those of visits that a power cut ended."""
    cut_lost: list[float] = field(default_factory=list)
    """How long before the cut each value was told that it took along, in seconds."""
    navigations: int = 0
    faults: list[str] = field(default_factory=list)
    """Entries applied twice or out of order, states that do not follow from the call log, …"""

    @property
    def is_good(self) -> bool:
        return not (self.acknowledged_lost or self.waiting_lost or self.faults)


def judge(ledger: Ledger, witness: Witness, rows: Sequence[CommitLog]) -> Verdict:
    """Compare what was told with `rows`, the attempt's call log in the order of applying."""
    entries = [(row.writer, *entry) for row in rows for entry in row.entries]
    found = Counter(token_of(entry) for entry in entries if entry[2] == "set")
    lost = [one for token, one in ledger.told.items() if token not in found]
    verdict = Verdict(
        told=len(ledger.told),
        waiting=len(ledger.waiting),
        cut=sum(ledger.endings[ledger.told[t].visit] == POWER_CUT for t in ledger.waiting),
        navigations=sum(entry[2] == "navigate" for entry in entries),
    )
    for one in lost:
        how = f"{one.token} ({' → '.join(ledger.endings[one.visit :][:2])})"
        age = _before_cut(ledger, one)
        if acknowledged(one, witness):
            verdict.acknowledged_lost.append(how)
        elif age < BUFFERED and not _newer(one, ledger, found):
            verdict.cut_lost.append(age)
        else:
            verdict.waiting_lost.append(how)
    verdict.faults += find_disorder([entry[:2] for entry in entries])
    tokens = [int(token[1:]) for entry in entries if (token := token_of(entry))[:1] == "t"]
    if tokens != sorted(set(tokens)):
        verdict.faults.append(f"values were applied twice or out of order: {tokens}")
    return verdict


def _before_cut(ledger: Ledger, one: Told) -> float:
    """Seconds from its answer to the power cut that ended its visit."""
    if ledger.endings[one.visit] != POWER_CUT:
        return math.inf
    return ledger.moments[one.visit] - one.moment


def _newer(one: Told, ledger: Ledger, found: Counter[str]) -> bool:
    """Whether a value survived that the same page was told later."""
    later = [other for other in ledger.told.values() if other.page == one.page]
    return any(other.token in found and other.moment > one.moment for other in later)


def token_of(entry: Sequence[object]) -> str:
    """Of an entry with its writer in front; "" where its value has none."""
    if entry[2] != "set" or ";" not in str(entry[4]):
        return ""
    return str(entry[4]).split(";", 1)[0]


def find_disorder(applied: Iterable[tuple[int, int]]) -> list[str]:
    """Entries of each writer must be 1, 2, 3 … without a gap, each once, writers in order."""
    faults, before = [], (0, 0)
    for writer, n in applied:
        expected = (before[0], before[1] + 1) if writer == before[0] else None
        starts = writer > before[0] and n == 1
        if (writer, n) != expected and not starts:
            faults.append(f"entry {n} of writer {writer} was applied after {before}")
        before = (writer, n)
    return faults


def in_order(rows: Iterable[CommitLog]) -> list[CommitLog]:
    """Rows of the call log as they were applied: writer by writer, its opening first."""
    kept = [row for row in rows if row.kind in (*APPLIED, "open")]
    return sorted(kept, key=lambda row: (row.writer, row.kind != "open", row.first_entry))
