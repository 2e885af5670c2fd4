"""The run-time data of one SCO: reading and writing elements by the table.

SCORM 1.2 RTE 3.3.2 and 3.4, SCORM 2004 RTE 3.1.7 and 4: which error in which situation is data of
the table. The same rules run in the browser (`static/bridge/model.js`), where content gets its
answers; here they guard what is stored. Values are strings, kept flat:
{"cmi.objectives.0.id": "O1"}.

Four things that only the system knows stand among the launch values under names that no content
can reach: "cmi.objectives._primary" (index of the primary objective, whose elements are those of
the SCO itself, ST-21), "adl.data.n._read" and "adl.data.n._write" ("false" where the manifest
denies it), and "adl._edition" (2 or 3 where the package is of an earlier edition than the 4th).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scorm_runtime.core.cmi.checks import check_value
from scorm_runtime.core.cmi.nav import answer_validity
from scorm_runtime.core.cmi.scalars import Verdict, parse_decimal, refuse
from scorm_runtime.core.cmi.table import Place, Table
from scorm_runtime.core.editions import FOURTH

PRIMARY = "cmi.objectives._primary"
EDITION = "adl._edition"


@dataclass(frozen=True)
class Answer:
    """What a call on the model came to."""

    code: str = "0"
    value: str = ""
    """The value read, or the value stored."""
    remark: str = ""
    """Why it was refused, or why strict would have refused it."""


class DataModel:
    """Values of one SCO under one table."""

    def __init__(
        self,
        table: Table,
        launch: Mapping[str, str],
        values: Mapping[str, str],
        *,
        strict: bool = False,
        limits: Mapping[str, int] | None = None,
        nav: Mapping[str, Any] | None = None,
    ) -> None:
        """`launch` is what the system provides (read-only elements), `values` what the content
        stored earlier; `limits` override those of the table; `nav` is what adl.nav.request_valid
        is answered from."""
        self.table = table
        self.launch = dict(launch)
        self.values = dict(values)
        self.strict = strict
        self._edition = int(self.launch.get(EDITION, FOURTH))
        self.limits = {**table.limits, **(limits or {})}
        self.nav = nav or {}
        self._counts: dict[str, int] = {}
        self._holders: dict[tuple[str, str], dict[str, int]] = {}
        """Who has a value that must be unique: index by value, by (collection, element)."""
        for name in (*self.launch, *self.values):
            self._count_in(_find_indices(name))

    def count(self, collection: str) -> int:
        """Items of the collection with this own name ("cmi.interactions.2.objectives")."""
        return self._counts.get(collection, 0)

    def get(self, name: str) -> Answer:
        """GetValue: the value, or the code of `table.codes["get"]` for what is wrong."""
        place = self.table.resolve(name)
        refused = self._refuse_place(place, "get")
        if refused:
            return refused
        if place.keyword:
            return self._get_keyword(place)
        rule = self.table.rules[place.template]
        if rule["access"] == "wo" or self._is_denied(place, rule, "_read"):
            return self._refuse("get", "hidden", f"{name} is write only")
        if "navigation" in rule:
            return Answer("0", answer_validity(self.nav, rule["navigation"], place.target))
        own = self._redirect(place)
        value = self._find(own, self.table.rules.get(own, rule))
        if value is None or (value == "" and rule.get("blank_is_unset")):
            unset = self.table.codes["get"]["unset"]
            return Answer(unset, remark="" if unset == "0" else f"{name} has no value yet")
        return Answer("0", value)

    def read(self, name: str) -> str:
        """The value of an element, "" where it has none; access does not matter."""
        return self._find(name, self.table.rules.get(name, {})) or ""

    def set(self, name: str, value: str) -> Answer:
        """SetValue: stores the value, or answers the code of `table.codes["set"]`."""
        place = self.table.resolve(name)
        refused = self._refuse_place(place, "set") or self._refuse_write(place)
        if refused:
            return refused
        rule = self.table.rules[place.template]
        own = self._redirect(place)
        if rule.get("appends"):
            value = self.values.get(own, "") + value
        verdict = self._check(place, rule, value)
        if not verdict.ok:
            codes = self.table.codes["set"]
            code = codes.get(verdict.fault, codes["type"])
            return Answer(code, remark=f"{name}: {verdict.warning}")
        conflict, warning = self._find_conflict(place, rule, verdict.value)
        if conflict:
            return self._refuse("set", "conflict", f"{name}: {conflict}")
        self._store(place, own, rule, verdict.value)
        remark = verdict.warning or warning or self.table.note_edition(place, self._edition)
        return Answer("0", verdict.value, remark)

    def _check(self, place: Place, rule: Mapping[str, Any], value: str) -> Verdict:
        limit = self.limits[rule.get("limit", "text")]
        if len(value) > limit:
            return refuse(value, f"longer than {limit} characters")
        earlier = rule.get("earlier")
        if earlier and self._edition < earlier["below"]:
            rule = {**rule, **earlier}
        kind = self._sibling_type(place)
        return check_value(self.table, rule, value, strict=self.strict, sibling_type=kind)

    def _find(self, name: str, rule: Mapping[str, Any]) -> str | None:
        judged = rule.get("judged")
        if judged:
            threshold = parse_decimal(self.launch.get(judged["threshold"], ""))
            if threshold is not None:
                return self._judge(judged, threshold)
        if name in self.values:
            return self.values[name]
        return self.launch.get(name, rule.get("default"))

    def _judge(self, judged: Mapping[str, str], threshold: float) -> str:
        """A status that a threshold decides, whatever the content has set (RTE 4.2.4.1)."""
        measure = parse_decimal(self.values.get(judged["measure"], ""))
        if measure is None:
            return judged["unmeasured"]
        return judged["met"] if measure >= threshold else judged["missed"]

    def _redirect(self, place: Place) -> str:
        """The primary objective's elements are the SCO's own (ST-21)."""
        own = self.table.primary.get(place.template)
        is_primary = own and str(place.indices[0][1]) == self.launch.get(PRIMARY)
        return own if own and is_primary else place.name

    def _refuse(self, operation: str, situation: str, remark: str) -> Answer:
        return Answer(self.table.codes[operation][situation], remark=remark)

    def _refuse_place(self, place: Place, operation: str) -> Answer | None:
        if not place.name and not place.keyword:
            return self._refuse(operation, "unnamed", "no element was named")
        if place.kind == "unknown":
            remark = f"{place.name} is no element of the data model"
            return self._refuse(operation, "unknown", remark)
        later = self.table.note_edition(place, self._edition)
        if later and self.strict:
            return self._refuse(operation, "unknown", later)
        if place.kind == "keyword" and operation == "set":
            return self._refuse("set", "keyword", f"{place.keyword} is a keyword")
        if place.kind == "bad_index":
            return self._refuse(operation, "index", f"{place.name} has no valid index")
        for collection, index in place.indices:
            count = self.count(collection)
            if index > count or (index == count and operation == "get"):
                remark = f"{collection} has {count} items, asked for {index}"
                return self._refuse(operation, "index", remark)
            if index >= self.limits["items"]:
                return self._refuse(operation, "index", f"{collection} is full")
        if place.kind == "container":
            return self._refuse(operation, "container", f"{place.name} has no value of its own")
        return None

    def _refuse_write(self, place: Place) -> Answer | None:
        rule = self.table.rules[place.template]
        if rule["access"] == "ro" or self._is_denied(place, rule, "_write"):
            return self._refuse("set", "fixed", f"{place.name} is read only")
        for collection, index in place.indices:
            if collection in self.table.fixed and index == self.count(collection):
                return self._refuse("set", "index", f"{collection} has {index} items")
        if place.indices and "needs" in rule:
            collection, index = place.indices[0]
            for sibling in rule["needs"]:
                if f"{collection}.{index}.{sibling}" not in self.values:
                    remark = f"{place.name} needs {collection}.{index}.{sibling} first"
                    return self._refuse("set", "dependency", remark)
        return self._refuse_pattern(place)

    def _refuse_pattern(self, place: Place) -> Answer | None:
        grammar = self._find_grammar(place)
        if grammar.get("only") and place.indices[1][1] >= grammar["array"]:
            remark = f"an interaction of this type has one {place.name.rsplit('.', 1)[1]}"
            return self._refuse("set", "conflict", remark)
        return None

    def _find_grammar(self, place: Place) -> Mapping[str, Any]:
        """Of a correct response by its interaction's type; empty for other elements."""
        if self.table.rules[place.template].get("grammar") != "patterns":
            return {}
        return self.table.patterns[self._sibling_type(place)]

    def _find_conflict(self, place: Place, rule: Mapping[str, Any], value: str) -> tuple[str, str]:
        """Why the value cannot stand beside others, and what strict would say about it."""
        if rule.get("once") and self.values.get(place.name, value) != value:
            return f"it is {self.values[place.name]} and cannot change", ""
        grammar = self._find_grammar(place)
        if rule.get("unique") or grammar.get("unique"):
            index = place.indices[-1][1]
            holder = self._holders_of(place).get(value, index)
            if holder != index:
                return f"number {holder} is the same", ""
        if grammar and place.indices[1][1] >= grammar["array"]:
            remark = f"more than the standard's {grammar['array']} patterns"
            return (remark, "") if self.strict else ("", remark)
        return "", ""

    def _holders_of(self, place: Place) -> dict[str, int]:
        collection, element = place.indices[-1][0], place.name.rsplit(".", 1)[1]
        key = collection, element
        if key not in self._holders:
            self._holders[key] = {}
            for index in reversed(range(self.count(collection))):
                value = self.values.get(f"{collection}.{index}.{element}")
                if value is not None:
                    self._holders[key][value] = index
        return self._holders[key]

    def _store(self, place: Place, own: str, rule: Mapping[str, Any], value: str) -> None:
        if rule.get("unique") or self._find_grammar(place).get("unique"):
            holders, index = self._holders_of(place), place.indices[-1][1]
            before = self.values.get(own)
            if before is not None and holders.get(before) == index:
                del holders[before]
            holders.setdefault(value, index)
        self.values[own] = value
        self._count_in(place.indices)

    def _is_denied(self, place: Place, rule: Mapping[str, Any], flag: str) -> bool:
        if not rule.get("shared"):
            return False
        collection, index = place.indices[0]
        return self.launch.get(f"{collection}.{index}.{flag}") == "false"

    def _get_keyword(self, place: Place) -> Answer:
        if place.keyword == "_version":
            if place.template == self.table.root:
                return Answer("0", self.table.version)
            return self._refuse("get", "version", f"{place.name} has no version")
        if place.keyword == "_count":
            if place.template in self.table.collections:
                return Answer("0", str(self.count(place.name)))
            return self._refuse("get", "count", f"{place.name} is not a collection")
        children = self.table.containers.get(place.template)
        if children is None:
            return self._refuse("get", "children", f"{place.name} has no children")
        return Answer("0", ",".join(children))

    def _sibling_type(self, place: Place) -> str:
        """The type of the interaction that an element belongs to; "" outside of one."""
        if not place.indices or place.indices[0][0] != "cmi.interactions":
            return ""
        collection, index = place.indices[0]
        return self.values.get(f"{collection}.{index}.type", "")

    def _count_in(self, indices: Iterable[tuple[str, int]]) -> None:
        for collection, index in indices:
            if index >= self._counts.get(collection, 0):
                self._counts[collection] = index + 1


def _find_indices(name: str) -> Iterator[tuple[str, int]]:
    """(collection, index) of a name that is known to be in the table."""
    parts = name.split(".")
    for at, part in enumerate(parts):
        if part.isdigit():
            yield ".".join(parts[:at]), int(part)
