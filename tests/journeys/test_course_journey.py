"""A course without an LMS, from nothing to a certificate that was revoked: three people's work."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.actions import sign_in
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

TITLE = "Watering without drowning"
LESSON = "## When to water\n\nPut a finger into the soil. Is it **dry**? Then water."
REASON = "It was issued to the wrong person."


def test_a_course_is_written_learnt_graded_and_certified_and_the_certificate_revoked(
    context: BrowserContext, stack: Stack
):
    """What an organisation without an LMS has Lectern for, once through. PAIN-30"""
    write(sign_in(context, stack, "teacher@demo.lectern.test"), stack)
    context.clear_cookies()

    learner = sign_in(context, stack, "learner@demo.lectern.test")
    learn(learner, stack)
    context.clear_cookies()

    grade(sign_in(context, stack, "teacher@demo.lectern.test"), stack)
    context.clear_cookies()

    number = find_certificate(sign_in(context, stack, "learner@demo.lectern.test"), stack)
    context.clear_cookies()

    stranger = verify(context, stack, number)
    expect(stranger.get_by_role("heading", name="This certificate is valid")).to_be_visible()
    expect(stranger.get_by_role("main")).to_contain_text(TITLE)

    revoke(sign_in(context, stack, "admin@demo.lectern.test"), stack, number)
    context.clear_cookies()

    stranger = verify(context, stack, number)
    expect(stranger.get_by_role("heading", name="This certificate was revoked")).to_be_visible()
    expect(stranger.get_by_role("main")).to_contain_text(REASON)


def write(page: Page, stack: Stack) -> None:
    """A lesson and an assignment, a certificate for both; published."""
    page.goto(f"{stack.app_url}/admin/courses/new")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("button", name="Add a module").click()
    page.locator("[data-autosave=set_module]").wait_for()
    add_unit(page, "Lesson", "The finger test", LESSON)
    add_unit(page, "Assignment", "A diary", "Write down when you watered.")

    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Who completes it gets a certificate").check()
    page.get_by_role("main").get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()

    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()


def add_unit(page: Page, kind: str, title: str, text: str) -> None:
    page.locator(".add-unit > summary").click()
    page.locator(".add-unit").get_by_role("button", name=re.compile(f"^{kind}")).click()
    page.wait_for_url("**/content/**")
    page.locator(f".unit-form .eyebrow:has-text('{kind}')").wait_for()
    page.locator("#title").fill(title)
    page.locator("#body").fill(text)
    expect(page.locator("[data-title-of]", has_text=title).first).to_be_visible()
    page.locator("[data-save-state=saved]").wait_for()


def learn(page: Page, stack: Stack) -> None:
    """From the catalogue into the course, through the lesson, to work that is handed in."""
    page.goto(f"{stack.app_url}/catalogue?q=drowning")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="Enrol").click()
    page.wait_for_url("**/learn/**")
    page.goto(page.url.split("/units/")[0])
    page.get_by_role("link", name="The finger test").first.click()
    expect(page.get_by_role("heading", name="When to water", level=2)).to_be_visible()
    page.locator("a[rel=next]").click()
    page.get_by_label("Your text").fill("Monday: dry, watered. Thursday: wet, waited.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Waits for a grade").first).to_be_visible()


def grade(page: Page, stack: Stack) -> None:
    """Led there by the notice."""
    page.goto(f"{stack.app_url}/notifications")
    page.get_by_role("link", name=re.compile("A diary.*waits for your grade")).first.click()
    page.get_by_role("main").get_by_role("link", name="A diary").first.click()
    expect(page.get_by_text("Monday: dry, watered.")).to_be_visible()
    page.get_by_label("Points").fill("90")
    page.get_by_label("Comment for the learner").fill("Well observed.")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("It is saved; the learner has it now.")).to_be_visible()


def find_certificate(page: Page, stack: Stack) -> str:
    """The learner hears of grade and certificate, and shows its number."""
    page.goto(f"{stack.app_url}/notifications")
    told = page.get_by_role("main")
    expect(told).to_contain_text("“A diary” was graded: 90 of 100")
    expect(told).to_contain_text(f"Your certificate for “{TITLE}” is ready")
    page.goto(f"{stack.app_url}/certificates/")
    page.get_by_role("link", name=TITLE).first.click()
    return page.locator("#number").inner_text()


def verify(context: BrowserContext, stack: Stack, number: str) -> Page:
    """Somebody without an account types the number in."""
    page = context.new_page()
    page.goto(f"{stack.app_url}/verify")
    page.locator("main input[name=number]").fill(number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/verify/{number}")
    return page


def revoke(page: Page, stack: Stack, number: str) -> None:
    page.goto(f"{stack.app_url}/admin/certificates/?q={number}")
    page.get_by_role("main").get_by_role("link", name="Lea Learner").first.click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Revoke").click()
    confirm = page.locator("dialog[open] button", has_text=re.compile("Revoke|Go on|Yes|OK"))
    if confirm.count():
        confirm.first.click()
    expect(page.get_by_role("main")).to_contain_text("Revoked")
