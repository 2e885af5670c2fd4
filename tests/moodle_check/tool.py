"""What the check does in the tool's frames: Lectern's pages, by the words that people see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import Frame

from tests.journeys.actions import content_of, finish
from tests.moodle_check.site import SiteBroken

SCORE = 80


class Tool(Protocol):
    """A tool under check."""

    registration_address: str

    def confirm(self, frame: Frame) -> None:
        """Agree to the registration."""

    def choose(self, frame: Frame) -> None:
        """Choose one thing that is graded."""

    def finish(self, frame: Frame) -> None:
        """Come to an end with 80 of 100."""


@dataclass(frozen=True)
class Lectern:
    """Our own tool."""

    registration_address: str
    """A one-time link, made on its page "Connect a platform"."""
    content: str = "quiz"
    """What to search for in the picker; a SCORM 1.2 package, such as the demo's quiz."""

    def confirm(self, frame: Frame) -> None:
        frame.get_by_role("button", name="Register").click()
        close = frame.get_by_role("button", name="Close this page")
        close.or_(frame.locator("#reason")).wait_for()
        if not close.is_visible():
            said = " ".join(frame.locator("#lti-message").inner_text().split())
            raise SiteBroken(f"the registration was refused: {said}")
        close.click()

    def choose(self, frame: Frame) -> None:
        frame.get_by_role("searchbox").fill(self.content)
        wanted = re.compile(re.escape(self.content), re.I)
        cards = frame.locator(".pick-card")
        cards.filter(has_not_text=wanted).first.wait_for(state="detached")  # the list has changed
        cards.filter(has_text=wanted).first.click()
        frame.get_by_role("button", name="Continue").click()
        frame.get_by_label("Points").fill("100")
        frame.locator("#add").click()

    def finish(self, frame: Frame) -> None:
        finish(content_of(frame), SCORE)
