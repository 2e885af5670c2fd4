"""The data-model tables: one JSON file per standard, read by Python and by the browser alike.

A table names every element with its type and access, every container with its children, and
every collection; `resolve` turns a name as content spells it into a place in the table.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_INDEX_LIKE = re.compile(r"-?[0-9]+|NaN|undefined|null|-?Infinity|")
KEYWORDS = ("_children", "_count", "_version")


@dataclass(frozen=True)
class Place:
    """Where a name leads: its template in the table, and the collections passed on the way."""

    name: str
    template: str
    """The name with every index as "n"."""
    kind: str
    """"element", "container", "keyword", "bad_index" or "unknown"."""
    indices: tuple[tuple[str, int], ...] = ()
    """(collection's own name, index) from the outside in: ("cmi.objectives", 2)."""
    keyword: str = ""
    """"_children", "_count" or "_version"; name and template are then those of the parent."""


@dataclass(frozen=True)
class Table:
    """One standard's data model."""

    root: str
    version: str
    errors: Mapping[str, str]
    limits: Mapping[str, int]
    types: Mapping[str, Mapping[str, Any]]
    feedback: Mapping[str, str]
    vocabularies: Mapping[str, Mapping[str, Any]]
    containers: Mapping[str, list[str] | None]
    collections: frozenset[str]
    elements: Mapping[str, Mapping[str, Any]]

    def resolve(self, name: str) -> Place:
        """Find `name` in the table; never raises."""
        parts = name.split(".")
        keyword = parts.pop() if parts[-1] in KEYWORDS else ""
        template: list[str] = []
        own: list[str] = []
        indices: list[tuple[str, int]] = []
        bad = False
        for part in parts:
            if ".".join(template) in self.collections:
                if _INDEX.fullmatch(part):
                    indices.append((".".join(own), int(part)))
                elif _INDEX_LIKE.fullmatch(part):
                    bad = True
                else:
                    return Place(name, name, "unknown")
                template.append("n")
            else:
                template.append(part)
            own.append(part)
        place, found = ".".join(own), ".".join(template)
        kind = self._kind(found)
        if kind == "unknown":
            return Place(place, found, "unknown")
        if bad:
            return Place(place, found, "bad_index")
        if keyword:
            return Place(place, found, "keyword", tuple(indices), keyword)
        return Place(place, found, kind, tuple(indices))

    def _kind(self, template: str) -> str:
        if template in self.elements:
            return "element"
        return "container" if template in self.containers else "unknown"


@cache
def load_table(standard: str) -> Table:
    """The table of "1_2"."""
    path = Path(__file__).with_name(f"elements_{standard}.json")
    data = json.loads(path.read_text("utf-8"))
    return Table(
        root=data["root"],
        version=data["version"],
        errors=data["errors"],
        limits=data["limits"],
        types=data["types"],
        feedback=data["feedback"],
        vocabularies=data["vocabularies"],
        containers=data["containers"],
        collections=frozenset(data["collections"]),
        elements=data["elements"],
    )
