"""Collects findings while a manifest is read."""

from lxml import etree

from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.elements import line_of
from scorm_runtime.core.refusal import printable


class Report:
    """The findings so far; the first `limit` are kept, the rest is counted."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._findings: list[Finding] = []
        self._more = 0

    def add(
        self,
        level: Level,
        code: str,
        message: str,
        meaning: str = "",
        element: etree._Element | None = None,
        done: str = "",
    ) -> None:
        """Note something about `element`, whose name and line are added.

        `meaning`: what learners will notice; `done`: what was done about it.
        """
        name = "" if element is None else _describe(element)
        line = None if element is None else line_of(element)
        self.add_at(level, code, message, meaning, name=name, line=line, done=done)

    def add_at(
        self,
        level: Level,
        code: str,
        message: str,
        meaning: str = "",
        *,
        name: str = "",
        line: int | None = None,
        done: str = "",
    ) -> None:
        """Note something about what stood at `line`, called `name`."""
        if len(self._findings) >= self._limit:
            self._more += 1
            return
        self._findings.append(Finding(level, code, message, meaning, done, printable(name), line))

    def extend(self, findings: list[Finding]) -> None:
        """Take over what another part of the reading noticed."""
        self._findings.extend(findings)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """In the order they were noticed."""
        if not self._more:
            return tuple(self._findings)
        message = f"{self._more} more of this kind are not listed."
        return (*self._findings, Finding(Level.NOTE, "more_findings", message))


def _describe(element: etree._Element) -> str:
    name = str(element.tag).rsplit("}", 1)[-1]
    return f"{name} {element.get('identifier', '')}".strip()
