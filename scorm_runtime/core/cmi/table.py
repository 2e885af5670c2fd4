"""The data-model tables: one JSON file per standard, read by Python and by the browser alike.

A table names every element with its type and access, every container with its children, every
collection, and the error code of every situation; `resolve` turns a name as content spells it
into a place in the table.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_TARGETED = re.compile(r"([a-z_.]+)\.\{target=([^{}]*)\}")
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
    target: str = ""
    """The activity that "….{target=…}" names."""


@dataclass(frozen=True)
class Table:
    """One standard's data model."""

    root: str
    version: str
    functions: Mapping[str, str]
    """Name of each API function as content calls it, by operation."""
    relaunch: bool
    """Content that has finished may leniently begin again."""
    states: Mapping[str, Mapping[str, str]]
    """Error code of an operation in a state that does not allow it."""
    failures: Mapping[str, str]
    """Error code of an operation that could not be carried out."""
    codes: Mapping[str, Mapping[str, str]]
    """Error code by "get" or "set" and situation."""
    errors: Mapping[str, str]
    limits: Mapping[str, int]
    types: Mapping[str, Mapping[str, Any]]
    vocabularies: Mapping[str, Mapping[str, Any]]
    containers: Mapping[str, list[str] | None]
    collections: frozenset[str]
    elements: Mapping[str, Mapping[str, Any]]
    index_like: str
    """What stands for an index and is none: a bad index, not another name (PAIN-35)."""
    feedback: Mapping[str, str] = field(default_factory=dict)
    """SCORM 1.2: pattern of a response by the interaction's type."""
    responses: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """SCORM 2004: grammar of a learner's response by the interaction's type."""
    patterns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """SCORM 2004: grammar of a correct response by the interaction's type."""
    languages: frozenset[str] = frozenset()
    """ISO 639-1 and 639-2."""
    fixed: frozenset[str] = frozenset()
    """Collections that only the system extends."""
    targets: frozenset[str] = frozenset()
    """Parents of "{target=…}"."""
    since: Mapping[str, int] = field(default_factory=dict)
    """Parts of the model that an edition has brought, and which."""
    primary: Mapping[str, str] = field(default_factory=dict)
    """Elements of an objective, and what they are for the primary objective."""

    @cached_property
    def rules(self) -> Mapping[str, Mapping[str, Any]]:
        """Each element with what its type says of it."""
        return {
            name: {**self.types[element["type"]], **element}
            for name, element in self.elements.items()
        }

    def note_edition(self, place: Place, edition: int) -> str:
        """What there is to say about an element that has come with a later edition of SCORM 2004
        than the package's; "" for any other."""
        for part, since in self.since.items():
            is_part = place.template == part or place.template.startswith(f"{part}.")
            if is_part and edition < since:
                own = f"the package is of edition {edition}"
                return f"{place.name} came with edition {since}, {own}"
        return ""

    def resolve(self, name: str) -> Place:
        """Find `name` in the table; never raises."""
        targeted = _TARGETED.fullmatch(name)
        if targeted and targeted[1] in self.targets:
            return Place(name, f"{targeted[1]}.{{target}}", "element", target=targeted[2])
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
                elif re.fullmatch(self.index_like, part):
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
            return Place(place, found, "unknown", keyword=keyword)
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
    """The table of "1_2" or "2004"."""
    path = Path(__file__).with_name(f"elements_{standard}.json")
    data = json.loads(path.read_text("utf-8"))
    known = {name: data[name] for name in Table.__dataclass_fields__ if name in data}
    for name in ("collections", "fixed", "targets"):
        known[name] = frozenset(data.get(name, ()))
    known["languages"] = frozenset(data.get("languages", "").split())
    return Table(**known)
