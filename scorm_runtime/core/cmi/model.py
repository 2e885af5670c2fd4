"""The run-time data of one SCO: reading and writing elements by the table.

SCORM 1.2 RTE 3.3.2 (which error in which situation) and 3.4 (elements). The same rules run in
the browser (`static/bridge/model.js`), where content gets its answers; here they guard what is
stored. Values are strings, kept flat: {"cmi.objectives.0.id": "O1"}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scorm_runtime.core.cmi.checks import check_value
from scorm_runtime.core.cmi.table import Place, Table


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
    ) -> None:
        """`launch` is what the system provides (read-only elements), `values` what the content
        stored earlier."""
        self.table = table
        self.launch = dict(launch)
        self.values = dict(values)
        self.strict = strict
        self._counts: dict[str, int] = {}
        for name in self.values:
            self._count_in(table.resolve(name))

    def count(self, collection: str) -> int:
        """Items of the collection with this own name ("cmi.interactions.2.objectives")."""
        return self._counts.get(collection, 0)

    def get(self, name: str) -> Answer:
        """LMSGetValue (RTE 3.3.2.3): 0, 201, 202, 203, 401 or 404."""
        if not name:
            return Answer("201", remark="no element was named")
        place = self.table.resolve(name)
        refused = self._refuse_place(place, writing=False)
        if refused:
            return refused
        if place.keyword:
            return self._get_keyword(place)
        rule = self.table.elements[place.template]
        if rule["access"] == "wo":
            return Answer("404", remark=f"{name} is write only")
        return Answer("0", self.read(place.name, rule))

    def read(self, name: str, rule: Mapping[str, Any] | None = None) -> str:
        """The value of an element, its default where none was set; access does not matter."""
        if name in self.values:
            return self.values[name]
        if name in self.launch:
            return self.launch[name]
        found = rule or self.table.elements.get(name, {})
        return str(found.get("default", ""))

    def set(self, name: str, value: str) -> Answer:
        """LMSSetValue (RTE 3.3.2.4): 0, 201, 401, 402, 403 or 405; stores when 0."""
        if not name:
            return Answer("201", remark="no element was named")
        place = self.table.resolve(name)
        if place.kind == "keyword":
            return Answer("402", remark=f"{name} is a keyword")
        refused = self._refuse_place(place, writing=True)
        if refused:
            return refused
        rule = self.table.elements[place.template]
        if rule["access"] == "ro":
            return Answer("403", remark=f"{name} is read only")
        if rule.get("appends"):
            value = self.values.get(place.name, "") + value
        verdict = check_value(
            self.table, rule, value, strict=self.strict, sibling_type=self._sibling_type(place)
        )
        if not verdict.ok:
            return Answer("405", remark=f"{name}: {verdict.warning}")
        self.values[place.name] = verdict.value
        self._count_in(place)
        return Answer("0", verdict.value, verdict.warning)

    def _refuse_place(self, place: Place, *, writing: bool) -> Answer | None:
        if place.kind == "unknown":
            return Answer("401", remark=f"{place.name} is no element of the data model")
        if place.kind == "bad_index":
            return Answer("201", remark=f"{place.name} has no valid index")
        for collection, index in place.indices:
            count = self.count(collection)
            if index > count or (index == count and not writing):
                return Answer("201", remark=f"{collection} has {count} items, asked for {index}")
            if index >= self.table.limits["items"]:
                return Answer("201", remark=f"{collection} is full")
        if place.kind == "container":
            return Answer("201", remark=f"{place.name} has no value of its own")
        return None

    def _get_keyword(self, place: Place) -> Answer:
        if place.keyword == "_version":
            if place.template == self.table.root:
                return Answer("0", self.table.version)
            return Answer("401", remark=f"{place.name} has no version")
        if place.keyword == "_count":
            if place.template in self.table.collections:
                return Answer("0", str(self.count(place.name)))
            return Answer("203", remark=f"{place.name} is not a collection")
        children = self.table.containers.get(place.template)
        if children is None:
            return Answer("202", remark=f"{place.name} has no children")
        return Answer("0", ",".join(children))

    def _sibling_type(self, place: Place) -> str:
        """The type of the interaction that an element belongs to; "" outside of one."""
        if not place.indices or place.indices[0][0] != "cmi.interactions":
            return ""
        collection, index = place.indices[0]
        return self.values.get(f"{collection}.{index}.type", "")

    def _count_in(self, place: Place) -> None:
        for collection, index in place.indices:
            if index >= self._counts.get(collection, 0):
                self._counts[collection] = index + 1
