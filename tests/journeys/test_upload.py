"""Somebody else's package: uploaded in the browser, played, resumed, scored; a bad one refused."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import RunningBrowser
from tests.journeys.actions import content_of, sign_in
from tests.journeys.stack import Stack
from tests.scorm_runtime.real_packages import TITLE, real_package

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_a_package_made_elsewhere_is_uploaded_played_and_resumed(
    browser: RunningBrowser, context: BrowserContext, stack: Stack, tmp_path: Path
):
    """Its packager and its API finder (pipwerks) are other people's. PAIN-24"""
    page = sign_in(context, stack, "admin@demo.lectern.test")
    page.goto(f"{stack.app_url}/admin/packages/upload")
    page.get_by_label("Package as a zip file").set_input_files(real_package("1.2", tmp_path))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("The package is in.")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="To the package").click()
    page.get_by_role("button", name="Publish").click()

    learner = browser.browser.new_context()
    page = sign_in(learner, stack, "learner@demo.lectern.test")
    page.goto(f"{stack.app_url}/catalogue")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="Play").click()
    body = content_of(page).locator("body")
    expect(body).to_have_attribute("data-connected", "true")
    body.locator("#step").click()
    expect(page.locator("#save-text")).to_have_text("Saved")

    page.reload()
    body = content_of(page).locator("body")
    expect(body).to_have_attribute("data-location", "1")
    body.locator("#complete").click()
    body.locator("#leave").click()
    expect(page.locator("#save-text")).to_have_text("Saved")

    page.get_by_role("button", name="Exit").click()
    card = page.get_by_role("listitem").filter(has_text=TITLE)
    expect(card).to_contain_text("Passed")
    expect(card).to_contain_text("80")
    learner.close()


def test_a_hostile_zip_is_refused_with_its_reason_and_nothing_is_left(
    context: BrowserContext, stack: Stack, tmp_path: Path
):
    """PAIN-23"""
    hostile = tmp_path / "hostile.zip"
    with zipfile.ZipFile(hostile, "w") as target:
        target.writestr("imsmanifest.xml", "<manifest/>")
        target.writestr("../../outside.html", "escaped")
    page = sign_in(context, stack, "admin@demo.lectern.test")
    page.goto(f"{stack.app_url}/admin/packages/upload")
    page.get_by_label("Package as a zip file").set_input_files(hostile)
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("status").get_by_text("path_parent")).to_be_visible(timeout=60_000)
    assert not list(stack.folder.parent.rglob("outside.html"))
    page.goto(f"{stack.app_url}/admin/packages/")
    expect(page.get_by_role("table")).not_to_contain_text("hostile")
