"""What the check does in the tool's frames: Lectern's pages, by the words that people see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import Frame

from tests.journeys.actions import content_of, finish

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
    """Our own tool. `registration_address` is a one-time link made on its platforms page."""

    registration_address: str

    def confirm(self, frame: Frame) -> None:
        frame.get_by_role("button", name=re.compile("register|confirm|connect", re.I)).click()

    def choose(self, frame: Frame) -> None:
        frame.get_by_role("checkbox").or_(frame.get_by_role("radio")).first.check()
        frame.get_by_role("button", name=re.compile("add|choose|insert", re.I)).first.click()

    def finish(self, frame: Frame) -> None:
        finish(content_of(frame), SCORE)
