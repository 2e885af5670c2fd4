"""`<organizations>`: the default organization and its tree of items (CAM 1.2: 2.3.2.3)."""

import re

from lxml import etree

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.elements import attribute, child, child_text, children, line_of
from scorm_runtime.core.manifest.errors import TooManyItems
from scorm_runtime.core.manifest.model import Item, Standard
from scorm_runtime.core.manifest.report import Report
from scorm_runtime.core.manifest.sequencing import parse_sequencing, read_collection

_TIMESPAN = re.compile(r"\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?")
_ACTIONS = {"exit,message", "exit,no message", "continue,message", "continue,no message"}


def read_organization(
    root: etree._Element, standard: Standard, report: Report, *, max_items: int
) -> Item | None:
    """The default organization as the root of its items; None when there is none.

    Raises TooManyItems.
    """
    organizations = child(root, "organizations")
    found = [] if organizations is None else list(children(organizations, "organization"))
    if organizations is None or not found:
        return None
    chosen = _choose(organizations, found, report)
    return _Reader(root, standard, report, max_items).read(chosen)


def _choose(
    organizations: etree._Element, found: list[etree._Element], report: Report
) -> etree._Element:
    default = attribute(organizations, "default")
    chosen = next((one for one in found if attribute(one, "identifier") == default), found[0])
    if default and attribute(chosen, "identifier") != default:
        message = f"The default organization {default!r} does not exist."
        done = "The first one was taken."
        report.add(Level.REPAIRED, "organization_default", message, "", organizations, done)
    with_items = next((one for one in found if child(one, "item") is not None), chosen)
    if child(chosen, "item") is None and with_items is not chosen:
        message = "The default organization is empty."
        done = f"Another one was taken: {_name(with_items)!r}."
        report.add(Level.REPAIRED, "organization_empty", message, "", chosen, done)
        chosen = with_items
    if len(found) > 1:
        message = f"The package has {len(found)} organizations."
        meaning = f"Learners see {_name(chosen)!r} only."
        report.add(Level.NOTE, "organizations_several", message, meaning, organizations)
    return chosen


def _name(organization: etree._Element) -> str:
    return child_text(organization, "title") or attribute(organization, "identifier")


class _Reader:
    """Reads items; remembers their identifiers, which have to be unique."""

    def __init__(
        self, root: etree._Element, standard: Standard, report: Report, max_items: int
    ) -> None:
        self._report = report
        self._max_items = max_items
        self._is_2004 = standard is Standard.SCORM_2004
        self._collection = read_collection(root) if self._is_2004 else {}
        self._seen: set[str] = set()

    def read(self, element: etree._Element) -> Item:
        """One item with everything below it; the manifest's depth is bounded before."""
        if len(self._seen) > self._max_items:
            raise TooManyItems(detail=f"at most {self._max_items:,}")
        return Item(
            identifier=self._identifier(element),
            title=child_text(element, "title"),
            identifierref=self._reference(element),
            is_visible=attribute(element, "isvisible").lower() not in ("false", "0"),
            parameters=attribute(element, "parameters"),
            prerequisites=child_text(element, "prerequisites"),
            mastery_score=self._mastery_score(element),
            max_time_allowed=self._max_time(element),
            time_limit_action=self._time_limit_action(element),
            data_from_lms=_raw_text(child(element, "datafromlms")),
            completion_threshold=_completion_threshold(element),
            sequencing=self._sequencing(element),
            items=tuple(self.read(item) for item in children(element, "item")),
            line=line_of(element),
        )

    def _sequencing(self, element: etree._Element) -> dict[str, object] | None:
        if not self._is_2004:
            return None
        return parse_sequencing(element, self._collection, self._report)

    def _identifier(self, element: etree._Element) -> str:
        wanted = attribute(element, "identifier")
        if wanted and wanted not in self._seen:
            self._seen.add(wanted)
            return wanted
        number = len(self._seen) + 1
        while (made := f"{wanted or 'item'}-{number}") in self._seen:
            number += 1
        self._seen.add(made)
        what = f"The identifier {wanted!r} is used twice." if wanted else "It has no identifier."
        done = f"It was called {made!r}."
        self._report.add(Level.REPAIRED, "item_identifier", what, "", element, done)
        return made

    def _reference(self, element: etree._Element) -> str:
        """SCORM 2004: an item that has items is no activity to deliver (CAM 4th Ed. 3.4.1.4)."""
        reference = attribute(element, "identifierref")
        if reference and self._is_2004 and child(element, "item") is not None:
            message = f"{child_text(element, 'title')!r} has parts and a page of its own."
            meaning = "Learners see its parts; its own page is not shown."
            done = "Its own page was left out."
            self._report.add(
                Level.WARNING, "cluster_with_resource", message, meaning, element, done
            )
            return ""
        return reference

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
        message = f"The mastery score {written!r} is no number from 0 to 100."
        meaning = "The content itself decides who has passed."
        self._leave_out("mastery_score", message, meaning, element)
        return None

    def _max_time(self, element: etree._Element) -> str:
        written = child_text(element, "maxtimeallowed")
        if not written or _TIMESPAN.fullmatch(written):
            return written
        message = f"The time allowed {written!r} is not written as HHHH:MM:SS."
        self._leave_out("max_time_allowed", message, "No time limit.", element)
        return ""

    def _time_limit_action(self, element: etree._Element) -> str:
        written = child_text(element, "timelimitaction").lower()
        action = ",".join(part.strip() for part in written.split(","))
        if not written or action in _ACTIONS:
            return action
        message = f"The time limit action {written!r} is not one of the four."
        meaning = "Content goes on when its time is up."
        self._leave_out("time_limit_action", message, meaning, element)
        return ""

    def _leave_out(self, code: str, message: str, meaning: str, element: etree._Element) -> None:
        self._report.add(Level.WARNING, code, message, meaning, element, "It was left out.")


def _raw_text(element: etree._Element | None) -> str:
    """Text as written: launch data belong to the content, white space included."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def _completion_threshold(element: etree._Element) -> str:
    found = child(element, "completionthreshold")
    if found is None:
        return ""
    return attribute(found, "minprogressmeasure") or child_text(element, "completionthreshold")
