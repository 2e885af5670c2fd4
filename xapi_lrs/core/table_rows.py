"""A statement as a row of a table for people: CSV.

A cell that a spreadsheet would take for a formula begins with an apostrophe, whoever wrote it: a
learner's answer of =HYPERLINK(…) stays an answer (OWASP, CSV injection).
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from xapi_lrs.core.actor import IDENTIFIERS
from xapi_lrs.core.problems import JsonObject

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

BYTE_ORDER_MARK = "\ufeff"
"""Before the first line: spreadsheets then read UTF-8."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What names are taken from, beside the statement itself."""

    definitions: Mapping[str, JsonObject] = field(default_factory=dict)
    """Activity's IRI to its definition as the store knows it."""
    languages: Sequence[str] = ()
    """Language tags, best first; otherwise the first language that there is."""


Reader = Callable[[JsonObject, Reading], Any]


def write_rows(rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180 lines."""
    out = StringIO()
    csv.writer(out).writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def statement_cells(statement: JsonObject, reading: Reading) -> list[object]:
    """One cell per name of COLUMNS; `statement` as it is given back."""
    return [read(statement, reading) for read in _READERS.values()]


def activity_without_name(statement: JsonObject) -> str | None:
    """The object's IRI when only the store can know its name."""
    target = statement["object"]
    if target.get("objectType", "Activity") != "Activity":
        return None
    return None if target.get("definition", {}).get("name") else str(target["id"])


def _safe(cell: object) -> object:
    """Numbers are numbers; a text that begins like a formula gets an apostrophe."""
    if cell is None:
        return ""
    if type(cell) is bool:
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _at(*path: str) -> Reader:
    def read(statement: JsonObject, reading: Reading) -> Any:
        value: Any = statement
        for key in path:
            value = value.get(key) if type(value) is dict else None
        return value

    return read


def _said(texts: JsonObject, languages: Sequence[str]) -> str:
    """A language map in the language that is wanted most, otherwise in its first."""
    for wanted in languages:
        for tag, text in texts.items():
            if f"{tag}-".lower().startswith(f"{wanted}-".lower()):
                return str(text)
    return str(next(iter(texts.values()), ""))


def _display(statement: JsonObject, reading: Reading) -> str:
    return _said(statement["verb"].get("display", {}), reading.languages)


def _object_type(statement: JsonObject, reading: Reading) -> str:
    return str(statement["object"].get("objectType", "Activity"))


def _object_id(statement: JsonObject, reading: Reading) -> str:
    target = statement["object"]
    return str(target["id"]) if "id" in target else identifier(target)


def _object_name(statement: JsonObject, reading: Reading) -> str:
    target = statement["object"]
    if _object_type(statement, reading) != "Activity":
        return str(target.get("name", ""))
    known = reading.definitions.get(target["id"], {})
    texts = target.get("definition", {}).get("name") or known.get("name", {})
    return _said(texts, reading.languages)


def identifier(party: JsonObject | None) -> str:
    """What identifies an Agent or Group, for people: an anonymous group lists its members."""
    if not party:
        return ""
    if "account" in party:
        return f"{party['account']['homePage']} {party['account']['name']}"
    for key in IDENTIFIERS:
        if key in party:
            return str(party[key])
    return "; ".join(identifier(one) for one in party.get("member", ()))


def _party(key: str) -> Reader:
    return lambda statement, reading: identifier(statement.get(key))


def _context_activities(kind: str) -> Reader:
    find = _at("context", "contextActivities", kind)

    def read(statement: JsonObject, reading: Reading) -> str:
        found: Any = find(statement, reading) or []
        activities = found if type(found) is list else [found]
        return " ".join(one["id"] for one in activities)

    return read


_READERS: dict[str, Reader] = {
    "stored": _at("stored"),
    "timestamp": _at("timestamp"),
    "statement_id": _at("id"),
    "actor_name": _at("actor", "name"),
    "actor": _party("actor"),
    "verb": _at("verb", "id"),
    "verb_display": _display,
    "object_type": _object_type,
    "object_id": _object_id,
    "object_name": _object_name,
    "success": _at("result", "success"),
    "completion": _at("result", "completion"),
    "score_scaled": _at("result", "score", "scaled"),
    "score_raw": _at("result", "score", "raw"),
    "score_min": _at("result", "score", "min"),
    "score_max": _at("result", "score", "max"),
    "response": _at("result", "response"),
    "duration": _at("result", "duration"),
    "registration": _at("context", "registration"),
    "parent": _context_activities("parent"),
    "grouping": _context_activities("grouping"),
    "platform": _at("context", "platform"),
    "language": _at("context", "language"),
    "authority": _party("authority"),
}

COLUMNS = tuple(_READERS)
"""Names of the first line."""
