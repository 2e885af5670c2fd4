"""Import of statements from JSONL: one statement a line, as an export writes it.

    with open(path, "rb") as file:
        report = import_statements(open_session, store, file, authority=…, now=clock,
                                   total=size_of_file, progress=lambda done, total: ...)

A line is refused by itself, with its number and every fault in it; all others are stored. Importing
the same file again stores nothing twice, so a job that died is simply run once more. To see what
would be refused before anything is stored, run it with `check_only`.
"""

import codecs
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from xapi_lrs.core.attachment import attachments_of
from xapi_lrs.core.errors import MalformedJson, StatementConflict, StatementsRefused
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.statement import validate_statement
from xapi_lrs.core.strict_json import dump_json, load_json, parse_json
from xapi_lrs.core.versions import XAPI_1, XAPI_2
from xapi_lrs.models.store import Store
from xapi_lrs.services.exports import OpenSession, Progress
from xapi_lrs.services.statements import store_statements

BATCH = 200
"""Statements of one transaction."""

LONGEST_LINE = 16 * 1024 * 1024
"""Octets."""

MOST_REFUSALS = 1000
"""So many are told; beyond that they are only counted."""

_NAMELESS = UUID("5b0f6f0a-3c5e-4f2b-8f1d-6a1f0e9d7c21")
"""Statements without an id get one made of their line, so that a second import finds them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    line: int
    """From 1."""
    statement_id: str | None
    reason: str
    """Every fault, as a developer reads it."""


@dataclass(slots=True)
class ImportReport:
    """What became of the lines; blank ones do not count."""

    stored: int = 0
    """With `check_only`: what would be stored or is there already."""
    already_there: int = 0
    refused: int = 0
    without_file: int = 0
    """Of those stored: with an attachment that is only declared, as JSONL cannot bring its data."""
    refusals: list[Refusal] = field(default_factory=list)
    """The first MOST_REFUSALS."""

    def refuse(self, line: int, statement_id: str | None, reason: str) -> None:
        self.refused += 1
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append(Refusal(line, statement_id, reason))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    body: JsonObject
    """With an id; without what a store assigns."""
    authority: str | None
    """JSON of its own authority."""

    @property
    def version(self) -> str:
        return XAPI_2 if _is_2(self.body.get("version")) else XAPI_1


def import_statements(
    open_session: OpenSession,
    store: Store,
    file: BinaryIO,
    *,
    authority: JsonObject,
    now: Callable[[], datetime],
    total: int = 0,
    progress: Progress = lambda done, total: None,
    keep_authorities: bool = True,
    check_only: bool = False,
) -> ImportReport:
    """Store the statements of `file` and tell what became of each.

    authority: of the lines that bring none, or of all without `keep_authorities`. `stored` is when
    it arrives here; a statement without a timestamp keeps the `stored` of its line as that. total:
    octets of the file, for progress(octets done, total), called after each batch.
    """
    report = ImportReport()
    writer = _Writer(open_session, store, dump_json(authority), now, report)
    done = 0
    for number, octets in _lines(file):
        done += len(octets)
        line = _read(number, octets, report, keep_authorities)
        if line is None:
            continue
        if check_only:
            report.stored += 1
        else:
            writer.add(line)
        if number % BATCH == 0:
            progress(done, max(total, done))
    writer.flush()
    progress(done, max(total, done))
    return report


@dataclass(slots=True)
class _Writer:
    """Collects lines that can be stored together, and stores them."""

    open_session: OpenSession
    store: Store
    authority: str
    """JSON; of lines without their own."""
    now: Callable[[], datetime]
    report: ImportReport
    waiting: list[_Line] = field(default_factory=list)

    def add(self, line: _Line) -> None:
        if self.waiting and not self._fits(line):
            self.flush()
        self.waiting.append(line)

    def flush(self) -> None:
        """A batch that holds a conflict is stored line by line, so that only that line is lost."""
        lines, self.waiting = self.waiting, []
        if not lines:
            return
        try:
            self._store(lines)
        except (StatementConflict, StatementsRefused) as error:
            if len(lines) == 1:
                self.report.refuse(lines[0].number, lines[0].body["id"], error.message)
                return
            for line in lines:
                self.waiting = [line]
                self.flush()

    def _fits(self, line: _Line) -> bool:
        """One transaction has one authority and version, and no id twice."""
        first = self.waiting[0]
        return (
            len(self.waiting) < BATCH
            and (line.authority, line.version) == (first.authority, first.version)
            and all(line.body["id"].lower() != one.body["id"].lower() for one in self.waiting)
        )

    def _store(self, lines: Sequence[_Line]) -> None:
        with self.open_session() as session:
            batch = store_statements(
                session,
                self.store,
                [line.body for line in lines],
                authority=load_json(lines[0].authority or self.authority),
                version=lines[0].version,
                now=self.now(),
                files={one["sha2"].lower() for line in lines for one in attachments_of(line.body)},
            )
        self.report.stored += len(batch.new)
        self.report.already_there += len(lines) - len(batch.new)
        self.report.without_file += sum(map(_lacks_file, (one.body for one in batch.new)))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Number and octets of each line; of one that is too long, one octet more than is taken."""
    number = 0
    while octets := file.readline(LONGEST_LINE + 1):
        number += 1
        yield number, octets.removeprefix(codecs.BOM_UTF8) if number == 1 else octets
        while len(octets) > LONGEST_LINE and not octets.endswith(b"\n"):
            octets = file.readline(LONGEST_LINE + 1)


def _read(number: int, octets: bytes, report: ImportReport, keep_authority: bool) -> _Line | None:
    """The statement of a line; None for a blank line and for one that is refused."""
    if not octets.strip():
        return None
    if len(octets) > LONGEST_LINE:
        report.refuse(number, None, f"the line has more than {LONGEST_LINE} bytes")
        return None
    try:
        value = parse_json(octets.strip())
    except MalformedJson as error:
        report.refuse(number, None, error.message)
        return None
    version = value.get("version") if type(value) is dict else None
    problems = validate_statement(value, "", XAPI_2 if _is_2(version) else XAPI_1)
    if problems:
        report.refuse(number, _id_of(value), "; ".join(map(str, problems)))
        return None
    return _line(number, octets, value, keep_authority)


def _line(number: int, octets: bytes, statement: JsonObject, keep_authority: bool) -> _Line:
    """What a store assigns is taken off; the id of a nameless statement is made of its line."""
    kept = {key: value for key, value in statement.items() if key not in ("stored", "authority")}
    if "timestamp" not in kept and "stored" in statement:
        kept["timestamp"] = statement["stored"]
    if "id" not in kept:
        digest = hashlib.sha256(octets.strip()).hexdigest()
        kept["id"] = str(uuid5(_NAMELESS, f"{number} {digest}"))
    own = statement.get("authority") if keep_authority else None
    return _Line(number, kept, dump_json(own) if own else None)


def _is_2(version: Any) -> bool:
    return str(version).startswith("2")


def _id_of(value: Any) -> str | None:
    found = value.get("id") if type(value) is dict else None
    return found[:100] if type(found) is str else None


def _lacks_file(statement: JsonObject) -> bool:
    return any("fileUrl" not in one for one in attachments_of(statement))
