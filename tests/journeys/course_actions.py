"""What authors, learners and teachers of courses do in the journeys, by the words that they see."""

import re

from playwright.sync_api import Frame, FrameLocator, Page, expect

from tests.journeys.stack import Stack

Where = Page | Frame | FrameLocator
CHOICE = "When is it time to water?"
ESSAY = "Why do roots need air?"
RIGHT, WRONG = "When the soil is dry", "Every Monday"


def write_quiz(page: Page, stack: Stack, title: str) -> None:
    """A choice and an essay of one point each, passed from 60 per cent; published."""
    page.goto(f"{stack.app_url}/admin/quizzes/")
    page.locator("#title").fill(title)
    page.get_by_role("button", name="Make a quiz").click()
    page.get_by_label("Passed from, in percent").fill("60")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Learners get it when you publish.")).to_be_visible()

    new_question(page, "Multiple choice, one answer", CHOICE)
    page.locator("#options-0-text").fill(RIGHT)
    page.locator("#o0r").check()
    page.locator("#options-1-text").fill(WRONG)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".quiz-items > li")).to_have_count(1)

    new_question(page, "Essay", ESSAY)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".quiz-items > li")).to_have_count(2)

    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()


def new_question(page: Page, kind: str, text: str) -> None:
    page.get_by_label("Kind of question").select_option(label=kind)
    page.locator("form.filter:has(#kind) button").click()
    page.get_by_label("Question", exact=True).fill(text)


def make_course(page: Page, stack: Stack, title: str) -> None:
    """A draft with one module."""
    page.goto(f"{stack.app_url}/admin/courses/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Make it").click()
    page.locator("[data-editor][data-ready]").wait_for()
    page.get_by_role("button", name="Add a module").click()
    page.locator("[data-ready] [data-autosave=set_module]").wait_for()


def add_unit(page: Page, kind: str, title: str, text: str = "") -> None:
    """A unit at the end; its form is open afterwards, and saved."""
    page.locator(".add-unit > summary").click()
    page.locator(".add-unit").get_by_role("button", name=re.compile(f"^{kind}")).click()
    page.wait_for_url("**/content/**")
    page.locator(f"[data-ready] .unit-form .eyebrow:has-text('{kind}')").wait_for()
    page.locator("#title").fill(title)
    if text:
        page.locator("#body").fill(text)
    expect(page.locator("[data-title-of]", has_text=title).first).to_be_visible()
    page.locator("[data-save-state=saved]").wait_for()


def choose_quiz(page: Page, title: str) -> None:
    """The quiz of the unit that is open in the editor, which must be passed."""
    page.get_by_label("Search by title").fill(title)
    page.get_by_role("radio", name=re.compile(title)).check()
    page.get_by_label("Complete when").select_option(value="passed")
    page.locator("[data-save-state=saved]").wait_for()


def give_certificate(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Who completes it gets a certificate").check()
    page.get_by_role("main").get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()


def publish_course(page: Page) -> None:
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()


def answer_quiz(where: Where, choice: str, essay: str) -> None:
    """Answer both questions of an attempt that is open, and hand in."""
    where.locator("#quiz[data-ready]").wait_for()
    where.get_by_label(choice).check()
    if essay:
        where.get_by_label("Your answer").fill(essay)
    where.locator("#quiz[data-saved=true]").wait_for()
    where.get_by_role("button", name="Hand in my answers").click()
    where.get_by_role("button", name="Yes, hand in").click()


def mark_essay(page: Page, stack: Stack, quiz: str, answer: str, points: str) -> None:
    """The answer that waits longest in the queue, of this quiz."""
    page.goto(f"{stack.app_url}/admin/quizzes/grading")
    page.get_by_role("row").filter(has_text=quiz).get_by_role("link").first.click()
    expect(page.get_by_text(answer)).to_be_visible()
    page.get_by_label(re.compile("^Points")).fill(points)
    page.get_by_label("For the learner").fill("Well said.")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Marked.", exact=True)).to_be_visible()
