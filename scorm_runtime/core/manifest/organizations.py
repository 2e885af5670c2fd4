"""`<organizations>`: the default organization and its tree of items (CAM 1.2: 2.3.2.3)."""

import re

from lxml import etree

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.elements import attribute, child, child_text, children, line_of
from scorm_runtime.core.manifest.model import Item
from scorm_runtime.core.manifest.report import Report

_TIMESPAN = re.compile(r"\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?")
_ACTIONS = {"exit,message", "exit,no message", "continue,message", "continue,no message"}


def read_organization(root: etree._Element, report: Report) -> Item | None:
    """The default organization as the root of its items; None when there is none."""
    organizations = child(root, "organizations")
    found = [] if organizations is None else list(children(organizations, "organization"))
    if organizations is None or not found:
        return None
    default = attribute(organizations, "default")
    chosen = next((o for o in found if attribute(o, "identifier") == default), found[0])
    if default and attribute(chosen, "identifier") != default:
        message = f"The default organization {default!r} does not exist; the first one was taken."
        report.add(Level.REPAIRED, "organization_default", message, element=organizations)
    if len(found) > 1:
        title = child_text(chosen, "title") or attribute(chosen, "identifier")
        message = f"The package has {len(found)} organizations; only {title!r} is played."
        report.add(Level.NOTE, "organizations_several", message, element=organizations)
    return _Reader(report).read(chosen)


class _Reader:
    """Reads items; remembers their identifiers, which have to be unique."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._seen: set[str] = set()

    def read(self, element: etree._Element) -> Item:
        """One item with everything below it; the manifest's depth is bounded before."""
        return Item(
            identifier=self._identifier(element),
            title=child_text(element, "title"),
            identifierref=attribute(element, "identifierref"),
            is_visible=attribute(element, "isvisible").lower() not in ("false", "0"),
            parameters=attribute(element, "parameters"),
            prerequisites=child_text(element, "prerequisites"),
            mastery_score=self._mastery_score(element),
            max_time_allowed=self._max_time(element),
            time_limit_action=self._time_limit_action(element),
            data_from_lms=_raw_text(child(element, "datafromlms")),
            completion_threshold=_completion_threshold(element),
            items=tuple(self.read(item) for item in children(element, "item")),
            line=line_of(element),
        )

    def _identifier(self, element: etree._Element) -> str:
        wanted = attribute(element, "identifier")
        if wanted and wanted not in self._seen:
            self._seen.add(wanted)
            return wanted
        number = len(self._seen) + 1
        while (made := f"{wanted or 'item'}-{number}") in self._seen:
            number += 1
        self._seen.add(made)
        what = f"The identifier {wanted!r} is used twice" if wanted else "An item has no identifier"
        message = f"{what}; it was called {made!r}."
        self._report.add(Level.REPAIRED, "item_identifier", message, element=element)
        return made

    def _mastery_score(self, element: etree._Element) -> float | None:
        written = child_text(element, "masteryscore")
        if not written:
            return None
        try:
            score = float(written.replace(",", "."))
        except ValueError:
            score = -1.0
        if 0 <= score <= 100:
            return score
        message = f"The mastery score {written!r} is no number from 0 to 100; it was left out."
        meaning = "The content itself decides who has passed."
        self._report.add(Level.WARNING, "mastery_score", message, meaning, element)
        return None

    def _max_time(self, element: etree._Element) -> str:
        written = child_text(element, "maxtimeallowed")
        if not written or _TIMESPAN.fullmatch(written):
            return written
        message = f"The time allowed {written!r} is not written as HHHH:MM:SS; it was left out."
        self._report.add(Level.WARNING, "max_time_allowed", message, "No time limit.", element)
        return ""

    def _time_limit_action(self, element: etree._Element) -> str:
        written = child_text(element, "timelimitaction").lower()
        action = ",".join(part.strip() for part in written.split(","))
        if not written or action in _ACTIONS:
            return action
        message = f"The time limit action {written!r} is not one of the four; it was left out."
        meaning = "Content goes on when its time is up."
        self._report.add(Level.WARNING, "time_limit_action", message, meaning, element)
        return ""


def _raw_text(element: etree._Element | None) -> str:
    """Text as written: launch data belong to the content, white space included."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def _completion_threshold(element: etree._Element) -> str:
    found = child(element, "completionthreshold")
    if found is None:
        return ""
    return attribute(found, "minprogressmeasure") or child_text(element, "completionthreshold")
