"""Lectern itself goes through the check: a link is copied, the platform registers by it, a teacher
chooses, a student launches, the grade stands in the gradebook. In a browser, all of it running."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import running_browser
from tests.journeys.actions import sign_in
from tests.journeys.stack import Stack, running_stack
from tests.moodle_check.demo import DemoSite
from tests.moodle_check.steps import Check
from tests.moodle_check.tool import Lectern

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture(scope="module")
def stack():
    with TemporaryDirectory(prefix="lectern check ") as name:
        Path(name).chmod(0o711)  # the account that runs PostgreSQL for root must enter
        with running_stack(Path(name) / "instance", SWEEP_SECONDS="1") as running:
            yield running


@pytest.fixture
def context(playwright, tmp_path):
    (tmp_path / "profile").mkdir()
    with running_browser(playwright, tmp_path / "profile") as running:
        running.context.set_default_timeout(40_000)
        yield running.context


def copy_link(context: BrowserContext, stack: Stack, name: str) -> str:
    """As an administrator of Lectern: make a link, copy its address."""
    page = sign_in(context, stack, "admin@demo.lectern.test")
    page.set_viewport_size({"width": 1280, "height": 900})  # the navigation stands open
    page.get_by_role("link", name="Manage").click()
    manage = page.get_by_role("navigation", name="Manage")
    manage.get_by_role("link", name="Platforms").click()
    page.get_by_role("link", name="Connect a platform").first.click()
    page.get_by_label("Name of the platform").fill(f"A {name} of the tests")
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("#register-link").inner_text()
    page.close()
    return address


@pytest.mark.parametrize("name", ["moodle", "brightspace"])
def test_registration_choice_launch_and_grade_by_one_link(context, stack, name):
    """LTI-DR-1 to LTI-DR-9, MOODLE-13, MOODLE-14, D2L-5, moodle.md 8 and 9."""
    stack.demo("reset", {})
    stack.demo("personality", {"name": name})
    link = copy_link(context, stack, name)

    results = list(Check(DemoSite(stack.demo_url, context), Lectern(link)).run())

    assert [(one.step, one.failure) for one in results if one.failure] == []
    assert len(results) == 4
    page = context.new_page()
    page.goto(f"{stack.app_url}/admin/platforms/connect")
    links = page.get_by_role("row").filter(has_text=f"A {name} of the tests")
    expect(links.get_by_text("Used").first).to_be_visible()
