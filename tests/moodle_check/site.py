"""What the check needs of a platform's pages; a driver per platform knows their addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from playwright.sync_api import Frame, Page

InFrame = Callable[[Frame], None]
"""Something to do in the tool's frame."""


class SiteBroken(Exception):
    """A page did not show what it should; the message says which page and what."""


class Site(Protocol):
    """A course with a teacher and a student on a platform."""

    def register_tool(self, address: str, confirm: InFrame) -> None:
        """As administrator: paste the tool's address, let it register, switch it on."""

    def add_content(self, choose: InFrame) -> str:
        """As teacher: choose content in the tool; the new activity's title."""

    def open_activity(self, title: str) -> Frame:
        """As student: open the activity; the tool's frame."""

    def grade_of(self, title: str) -> str:
        """As student: what the gradebook shows for the activity, "" when there is no grade."""


def frame_in(page: Page, selector: str) -> Frame:
    """The document in an iframe, once it is there; raises SiteBroken."""
    handle = page.wait_for_selector(selector)
    frame = handle.content_frame() if handle else None
    if frame is None:
        raise SiteBroken(f"{page.url} has no frame {selector}")
    frame.wait_for_load_state()
    return frame
