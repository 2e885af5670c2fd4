"""The Demo LMS as a site: it plays Moodle, so that the steps are tried on the same wire."""

from __future__ import annotations

from dataclasses import dataclass

import requests
from playwright.sync_api import BrowserContext, Frame, Page

from tests.moodle_check.site import InFrame, frame_in

COURSE = "/lms/courses/1"


@dataclass
class DemoSite:
    """People change in one browser, as a demo allows it."""

    url: str
    context: BrowserContext

    def register_tool(self, address: str, confirm: InFrame) -> None:
        page = self._as("Tina Teacher", "/lms/register-tool")
        page.get_by_label("The tool's registration URL").fill(address)
        page.get_by_role("button", name="Register").click()
        confirm(frame_in(page, "iframe[name=tool]"))
        page.get_by_role("heading", name="Tools", exact=True).wait_for()
        waiting = page.get_by_role("button", name="Activate")
        if waiting.count():  # MOODLE-14
            waiting.last.click()
            waiting.last.wait_for(state="hidden")

    def add_content(self, choose: InFrame) -> str:
        page = self._as("Tina Teacher", f"{COURSE}/add")
        tools = page.get_by_role("navigation", name="Tools").get_by_role("link")
        tools.last.click()
        page.wait_for_url(f"**{COURSE}/add/*")
        choose(frame_in(page, "iframe[name=tool]"))
        page.wait_for_url(f"**{COURSE}")
        courses = requests.get(f"{self.url}/lms/api/courses", timeout=30).json()["courses"]
        return str(courses[0]["activities"][-1]["title"])

    def open_activity(self, title: str) -> Frame:
        page = self._as("Stan Student", COURSE)
        page.get_by_role("link", name=title, exact=True).last.click()
        return frame_in(page, "iframe[name=tool]")

    def grade_of(self, title: str) -> str:
        page = self.context.new_page()
        page.goto(f"{self.url}{COURSE}")
        card = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=title)).last
        points = card.locator(".points")
        shown = points.inner_text() if points.count() else ""
        page.close()
        return shown

    def _as(self, person: str, path: str) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.url}/lms/")
        page.get_by_role("button", name=person).click()
        page.wait_for_url(f"**{COURSE}")
        page.goto(f"{self.url}{path}")
        return page
