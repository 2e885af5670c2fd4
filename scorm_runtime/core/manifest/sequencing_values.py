"""Attribute values of sequencing elements: tolerant in spelling, wrong ones noted and replaced."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from lxml import etree

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.elements import attribute, collapse

_TRUE, _FALSE = ("true", "1"), ("false", "0")
_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_SECONDS = (31_536_000.0, 2_592_000.0, 86_400.0, 3600.0, 60.0, 1.0)
_MEANING = "The course may be sequenced otherwise than its author meant."


class Values:
    """Reads values and remembers where to complain."""

    def __init__(self, report: Any = None) -> None:
        """`report`: the manifest's `Report`, or None."""
        self._report = report

    def note(self, element: etree._Element | None, what: str) -> None:
        """Tell the importer about `element`."""
        if self._report is not None:
            message = f"Sequencing: {what}."
            self._report.add(Level.WARNING, "sequencing_value", message, _MEANING, element)

    @staticmethod
    def identifier(element: etree._Element, name: str) -> str:
        """An objective's id (xs:anyURI): percent-decoded, white space collapsed before and after
        (ST-19)."""
        return collapse(unquote(attribute(element, name)))

    def switches(
        self, element: etree._Element | None, defaults: Mapping[str, bool]
    ) -> dict[str, bool]:
        """Booleans named as in `defaults` (snake_case of the attribute's name)."""
        return {name: self.switch(element, name, default=d) for name, d in defaults.items()}

    def switch(self, element: etree._Element | None, name: str, *, default: bool) -> bool:
        """One boolean; `name` in snake_case."""
        written = "" if element is None else attribute(element, name.replace("_", ""))
        if written.lower() in _TRUE:
            return True
        if written and written.lower() not in _FALSE:
            self.note(element, f"{name} {written!r} is neither true nor false")
            return default
        return False if written else default

    def word(
        self, element: etree._Element | None, name: str, words: tuple[str, ...], default: str
    ) -> str:
        """A word out of `words`, whatever its capitals."""
        written = "" if element is None else attribute(element, name.lower())
        if not written:
            return default
        found = {word.lower(): word for word in words}.get(written.lower())
        if found is None:
            self.note(element, f"{name} {written!r} is none of {', '.join(words)}")
            return default
        return found

    def number(
        self, element: etree._Element | None, name: str, default: float, low: float, high: float
    ) -> float:
        """A decimal from `low` to `high`."""
        written = "" if element is None else attribute(element, name.lower())
        if not written:
            return default
        return self.in_range(element, name, written, default, low, high)

    def in_range(
        self,
        element: etree._Element | None,
        name: str,
        written: str,
        default: float,
        low: float,
        high: float,
    ) -> float:
        """`written` as a decimal from `low` to `high`."""
        found = self.parse_number(written)
        if found is None or not low <= found <= high:
            self.note(element, f"{name} {written!r} is no number from {low:g} to {high:g}")
            return default
        return found

    def whole(self, element: etree._Element, name: str) -> int | None:
        """A whole number from 0; None when there is none."""
        written = attribute(element, name.lower())
        if not written:
            return None
        if not written.isascii() or not written.isdigit() or len(written) > 9:
            self.note(element, f"{name} {written!r} is no whole number")
            return None
        return int(written)

    def duration(self, element: etree._Element, name: str) -> float | None:
        """Seconds of an xs:duration (years of 365, months of 30 days); None when there is none."""
        written = attribute(element, name.lower())
        if not written:
            return None
        found = _DURATION.fullmatch(written)
        if found is None or not any(found.groups()):
            self.note(element, f"{name} {written!r} is no duration")
            return None
        parts = (float(part or 0) for part in found.groups())
        return sum(part * size for part, size in zip(parts, _SECONDS, strict=True))

    def time(self, element: etree._Element, name: str) -> str:
        """An xs:dateTime as ISO 8601 in UTC; "" when there is none. Without zone UTC is meant."""
        written = attribute(element, name.lower())
        if not written:
            return ""
        try:
            found = datetime.fromisoformat(written)
            aware = found if found.tzinfo else found.replace(tzinfo=UTC)
            return aware.astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            self.note(element, f"{name} {written!r} is no date with time")
            return ""

    @staticmethod
    def parse_number(written: str) -> float | None:
        """A decimal as xs:decimal, also with a comma; None when it is none."""
        try:
            found = float(written.strip().replace(",", "."))
        except ValueError:
            return None
        return found if math.isfinite(found) else None
