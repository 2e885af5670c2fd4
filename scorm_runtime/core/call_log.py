"""The call log: batches as `commit_log` keeps them, told line by line.

A line is one thing that happened: a call of the content, a navigation of the learner, a decision of
sequencing, a window taking over. A call has the time at which it was made, as far as the browser
told it (`core.calls`); everything else has that of the arrival: a batch holds everything since the
last one, two seconds or less while there is a network.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

Kind = Literal["call", "read", "navigation", "decision", "opening", "stale"]
KINDS: tuple[Kind, ...] = ("call", "read", "navigation", "decision", "opening", "stale")
_READS = ("get", "error", "text", "diagnostic")
_OK = ("", "0")
_EXCEPTION = re.compile(r"[A-Z]{2}\.[\d.]+-\d+|no_item")
"""SN 4th Ed. appendix C ("SB.2.9-3"), and the one of SCORM 1.2's own steps."""
_NAVIGATION = ("navigate", "deliver")


@dataclass(frozen=True)
class Batch:
    """One row of the log, decoded."""

    id: str
    at: datetime
    kind: str
    """As `CommitLog.kind`."""
    writer: int
    number: int
    item: str
    """Identifier of the item in front when it began."""
    entries: Sequence[Sequence[Any]]
    remarks: Sequence[Sequence[Any]]
    decisions: Sequence[Sequence[str]]
    launch_ref: str = ""
    calls: Sequence[Sequence[Any]] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is downloaded."""
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "writer": self.writer,
            "number": self.number,
            "item": self.item,
            "launch": self.launch_ref,
            "entries": self.entries,
            "remarks": self.remarks,
            "decisions": self.decisions,
            "calls": self.calls,
        }


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    batch: Batch
    position: int
    """Within its batch; (batch, position) names the line."""
    kind: Kind
    operation: str
    """Call (initialize, set …), navigation request, or process of the pseudo-code."""
    element: str = ""
    """Element of the data model, or the activity that a decision or a request is about."""
    value: str = ""
    code: str = ""
    """Error code of the data model or exception code of the pseudo-code; "" when all went well."""
    note: str = ""
    n: int = 0
    """Number of the entry within its writer; 0 for what is none."""
    ago: int | None = None
    """Milliseconds before its batch was sent, where the browser told it."""

    @property
    def at(self) -> datetime:
        """When it was made; else when it arrived."""
        return self.batch.at - timedelta(milliseconds=self.ago or 0)

    @property
    def is_error(self) -> bool:
        """A refused call or request; a warning (code 0) is none."""
        if self.kind == "decision":
            return bool(_EXCEPTION.fullmatch(self.code))
        return self.code not in _OK


@dataclass(frozen=True)
class LineFilter:
    """Which lines are wanted."""

    kind: str = ""
    element: str = ""
    """Part of an element's name, of an activity or of an operation; upper and lower case alike."""
    errors: bool = False
    item: str = ""

    def takes(self, line: Line) -> bool:
        sought = self.element.lower()
        return (
            (not self.kind or line.kind == self.kind)
            and (not self.errors or line.is_error)
            and (not self.item or line.batch.item == self.item)
            and (not sought or sought in f"{line.operation} {line.element}".lower())
        )


def read_lines(batch: Batch) -> Iterator[Line]:
    """The lines of a batch: its entries in order with the reads between them, then what sequencing
    decided over them."""
    opening = _opening(batch)
    if opening is not None:
        yield opening
    lines = (*_with_reads(batch), *_decisions(batch))
    for position, line in enumerate(lines, start=1):
        yield replace(line, position=position)


def count_lines(batch: Batch) -> int:
    """No position in the batch is higher."""
    return len(batch.entries) + len(batch.calls) + len(batch.decisions)


def _with_reads(batch: Batch) -> Iterator[Line]:
    """Entries, each with its time; reads come after the entry that was the newest then."""
    times = {call[0]: call[1] for call in batch.calls if call[2] not in _READS}
    reads = [call for call in batch.calls if call[2] in _READS]
    for line in _entries(batch):
        while reads and reads[0][0] < line.n:
            yield _read(batch, reads.pop(0))
        yield replace(line, ago=times.get(line.n))
    for call in reads:
        yield _read(batch, call)


def _read(batch: Batch, call: Sequence[Any]) -> Line:
    _, ago, operation, element, value, code = call
    return Line(batch, 0, "read", operation, element, value, code, ago=ago)


def _opening(batch: Batch) -> Line | None:
    if batch.kind != "open":
        return None
    return Line(batch, 0, "opening", "open", batch.item, note=batch.launch_ref)


def _entries(batch: Batch) -> Iterator[Line]:
    remarks = {remark[0]: remark for remark in batch.remarks}
    for at, (n, operation, *arguments) in enumerate(batch.entries, start=1):
        _, code, note = remarks.get(n, (n, "", ""))
        if operation == "refused":
            element, value, code = arguments
            operation = "set"
        else:
            element, value = (*arguments, "", "")[:2]
        yield Line(
            batch, at, _kind_of(batch, operation), operation, element, value, code, note, int(n)
        )


def _kind_of(batch: Batch, operation: str) -> Kind:
    if batch.kind == "stale":
        return "stale"
    return "navigation" if operation in _NAVIGATION else "call"


def _decisions(batch: Batch) -> Iterator[Line]:
    for at, decision in enumerate(batch.decisions, start=len(batch.entries) + 1):
        process, code, activity, note = (*decision, "", "", "", "")[:4]
        yield Line(batch, at, "decision", process, activity, "", code, note)
