"""A list of people to enrol, as CSV: read, checked line by line, every fault named by its line.

Columns by name, in any order: `email` (needed), `given_name`, `family_name`, `course` (its key;
needed where the list is not for one course), `group`. Separated by commas, semicolons or tabs.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_ROWS = 50_000
COLUMNS = ("email", "given_name", "family_name", "course", "group")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_SAME = {
    "e-mail": "email",
    "mail": "email",
    "first name": "given_name",
    "firstname": "given_name",
    "last name": "family_name",
    "lastname": "family_name",
    "surname": "family_name",
}


@dataclass(frozen=True)
class Row:
    """One person to enrol."""

    line: int
    email: str
    """Lower case."""
    given_name: str = ""
    family_name: str = ""
    course: str = ""
    group: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line; `line` 0: in the whole list."""

    line: int
    column: str
    problem: str
    """With places for the values, as catalogues of other languages have it."""
    values: Mapping[str, str | int] = field(default_factory=dict)


def read_list(text: str, *, needs_course: bool) -> tuple[list[Row], list[Fault]]:
    """(rows, faults); rows that have a fault are not among the rows."""
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error:
        return [], [Fault(0, "", "this is no CSV that can be read")]
    if not lines:
        return [], [Fault(0, "", "the list is empty")]
    names = [_SAME.get(name.strip().lower(), name.strip().lower()) for name in lines[0]]
    if "email" not in names:
        return [], [Fault(1, "email", "the first line names no column “email”")]
    unknown = [name for name in names if name and name not in COLUMNS]
    if unknown:
        return [], [
            Fault(
                1,
                unknown[0],
                "there is no such column; known: %(columns)s",
                {"columns": ", ".join(COLUMNS)},
            )
        ]
    if len(lines) - 1 > MAX_ROWS:
        return [], [Fault(0, "", "more than %(most)s lines: split the list", {"most": MAX_ROWS})]
    return _read_rows(lines[1:], names, needs_course=needs_course)


def _read_rows(
    lines: list[list[str]], names: list[str], *, needs_course: bool
) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for line, values in enumerate(lines, start=2):
        if not any(value.strip() for value in values):
            continue
        if len(values) > len(names):
            faults.append(Fault(line, "", "more values than the first line has columns"))
            continue
        told = {name: value.strip()[:200] for name, value in zip(names, values, strict=False)}
        row = Row(line, **{name: told.get(name, "") for name in COLUMNS} | _lower(told))
        if not _EMAIL.fullmatch(row.email):
            faults.append(
                Fault(line, "email", "“%(email)s” is no e-mail address", {"email": row.email})
            )
        elif needs_course and not row.course:
            faults.append(Fault(line, "course", "which course?"))
        elif (row.email, row.course) in seen:
            before = seen[row.email, row.course]
            faults.append(Fault(line, "email", "stands in line %(line)s already", {"line": before}))
        else:
            seen[row.email, row.course] = line
            rows.append(row)
    return rows, faults


def _lower(told: dict[str, str]) -> dict[str, str]:
    return {"email": told.get("email", "").lower()}
