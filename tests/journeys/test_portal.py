"""The portal path: somebody without an LMS."""

import time
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.actions import PAGES, content_of, sign_in, turn_pages
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_the_first_page_leads_to_the_portal_and_to_the_demo_lms(
    context: BrowserContext, stack: Stack
):
    page = context.new_page()
    page.goto(stack.app_url)

    main = page.get_by_role("main")
    expect(main.get_by_role("link", name="Portal")).to_be_visible()
    main.get_by_role("link", name="Demo LMS").click()

    page.wait_for_url(f"{stack.demo_url}/**")


def test_a_learner_plays_the_same_package_and_sees_it_completed(
    context: BrowserContext, stack: Stack
):
    page = sign_in(context, stack, "learner@demo.lectern.test")
    page.goto(f"{stack.app_url}/catalogue")
    page.get_by_role("link", name="How a grade travels").first.click()
    page.get_by_role("button", name="Play").click()
    page.locator("body[data-state=running]").wait_for()
    turn_pages(content_of(page), PAGES)
    expect(page.locator("#save-text")).to_have_text("Saved")

    page.get_by_role("button", name="Exit").click()

    page.wait_for_url(f"{stack.app_url}/learning")
    card = page.get_by_role("listitem").filter(has_text="How a grade travels")
    expect(card).to_contain_text("Completed")


def test_a_package_for_scorm_2004_says_that_it_does_not_play_yet(
    context: BrowserContext, stack: Stack
):
    page = sign_in(context, stack, "learner@demo.lectern.test")
    page.goto(f"{stack.app_url}/catalogue")

    expect(page.get_by_role("main")).to_contain_text("SCORM 2004")


def test_who_enrols_gets_a_mail_by_the_worker(context: BrowserContext, stack: Stack):
    """Row, queue, worker, door: with no mail server it waits in the folder, and the administrator
    reads it there. DESIGN decision 3"""
    page = sign_in(context, stack, "learner@demo.lectern.test")
    page.goto(f"{stack.app_url}/courses/clear-emails")
    page.get_by_role("button", name="Enrol").click()
    page.wait_for_url(f"{stack.app_url}/learn/**")

    mail = message_from_bytes(_wait_for_mail(stack), policy=policy.default)

    assert mail["To"].addresses[0].addr_spec == "learner@demo.lectern.test"
    assert "You are enrolled in “E-mails that get an answer”" in mail["Subject"]
    assert f"{stack.app_url}/courses/clear-emails" in mail.get_body(("plain",)).get_content()


def _wait_for_mail(stack: Stack) -> bytes:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in (stack.folder / "mail").glob("*.eml"):
            return path.read_bytes()
        time.sleep(0.2)
    raise AssertionError("no mail has left")
