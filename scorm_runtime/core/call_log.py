"""The call log: batches as `commit_log` keeps them, told line by line.

A line is one thing that happened: a call of the content, a navigation of the learner, a decision of
sequencing, a window taking over. Times are those of arrival: a batch holds everything since the
last one, two seconds or less while there is a network.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Kind = Literal["call", "navigation", "decision", "opening", "stale"]
KINDS: tuple[Kind, ...] = ("call", "navigation", "decision", "opening", "stale")
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
    """The lines of a batch: its entries in order, then what sequencing decided over them."""
    lines = (_opening(batch), *_entries(batch), *_decisions(batch))
    yield from (line for line in lines if line is not None)


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
