"""A running Moodle 4.5 as a site: its pages, forms and buttons.

People are signed in in browser contexts of their own. The course must have the teacher and the
student in it. The tool's domain must not be registered yet, or Moodle asks whether to update it;
the driver then registers it as a new one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Frame, Page
from playwright.sync_api import TimeoutError as TooLate

from tests.moodle_check.site import InFrame, SiteBroken, frame_in

REGISTRATION = "iframe[src*='startltiadvregistration'], iframe[src*='openid_configuration']"
CHOICE = "iframe[src*='contentitem.php']"


@dataclass(frozen=True)
class Account:
    """A name and a password on the site."""

    name: str
    password: str


@dataclass
class MoodleSite:
    """A course on a Moodle site."""

    url: str
    browser: Browser
    admin: Account
    teacher: Account
    student: Account
    course: str
    type_id: str = ""
    pages: dict[str, Page] = field(default_factory=dict)

    def register_tool(self, address: str, confirm: InFrame) -> None:
        page = self._page(self.admin, "/mod/lti/toolconfigure.php")
        page.get_by_placeholder("Tool URL").or_(page.locator("#cartridge-url")).first.fill(address)
        page.get_by_role("button", name="Add LTI Advantage").click()
        self._as_new_tool(page)
        confirm(frame_in(page, REGISTRATION))
        page.locator(REGISTRATION).wait_for(state="detached")
        cards = page.locator(".tool-card").filter(has_text=re.compile("Pending", re.I))
        cards.last.get_by_text("Activate").click()
        cards.first.wait_for(state="detached")
        self.type_id = self._newest_type(page)
        self._show_in_course()

    def add_content(self, choose: InFrame) -> str:
        query = f"add=lti&course={self.course}&section=1&typeid={self.type_id}&return=0"
        page = self._page(self.teacher, f"/course/modedit.php?{query}")
        page.get_by_role("button", name="Select content").click()
        choose(frame_in(page, CHOICE))
        page.locator(CHOICE).wait_for(state="detached")
        title = page.get_by_label("Activity name").input_value()
        if not title:
            raise SiteBroken("the form is still empty after the choice")
        page.locator("#id_submitbutton2").click()
        page.wait_for_url("**/course/view.php**")
        return title

    def open_activity(self, title: str) -> Frame:
        page = self._page(self.student, f"/course/view.php?id={self.course}")
        links = page.locator("a[href*='/mod/lti/view.php']").filter(has_text=title)
        if not links.count():
            raise SiteBroken(f"the course page shows no activity {title!r}")
        page.goto(str(links.last.get_attribute("href")))
        return frame_in(page, "iframe#contentframe")

    def grade_of(self, title: str) -> str:
        page = self._page(self.student, f"/grade/report/user/index.php?id={self.course}")
        row = page.get_by_role("row").filter(has_text=title).last
        cell = row.locator(".column-grade")
        shown = cell.inner_text().strip() if cell.count() else ""
        page.close()
        return "" if shown in ("-", "–") else shown

    def _page(self, account: Account, path: str) -> Page:
        """A new page of this person, signed in on first use."""
        if account.name not in self.pages:
            page = self.browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(f"{self.url}/login/index.php")
            page.locator("#username").fill(account.name)
            page.locator("#password").fill(account.password)
            page.locator("#loginbtn").click()
            if urlsplit(page.url).path.endswith("/login/index.php"):
                raise SiteBroken(f"{account.name} cannot sign in at {self.url}")
            self.pages[account.name] = page
        page = self.pages[account.name].context.new_page()
        page.goto(f"{self.url}{path}")
        return page

    def _as_new_tool(self, page: Page) -> None:
        """Moodle asks first when it knows a tool of the same domain."""
        button = page.get_by_role("button", name="Register as a new external tool")
        try:
            button.click(timeout=4000)
        except TooLate:
            return

    def _newest_type(self, page: Page) -> str:
        """The tool type's id, out of the links to its settings: it is the deployment id too."""
        links = page.locator("a[href*='typessettings.php']")
        found = [re.search(r"[?&]id=(\d+)", str(a.get_attribute("href"))) for a in links.all()]
        numbers = [int(match[1]) for match in found if match]
        if not numbers:
            raise SiteBroken("“Manage tools” lists no tool after the registration")
        return str(max(numbers))

    def _show_in_course(self) -> None:
        """A tool that registered itself is not in the activity chooser until switched on."""
        page = self._page(self.teacher, f"/mod/lti/coursetools.php?id={self.course}")
        switch = page.get_by_role("row").last.get_by_role("checkbox")
        if switch.count() and not switch.first.is_checked():
            switch.first.check(force=True)
        page.close()
