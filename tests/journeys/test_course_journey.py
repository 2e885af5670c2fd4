"""A course without an LMS, from nothing to a certificate that was revoked: four people's work."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.browser import RunningBrowser
from tests.journeys.actions import become, sign_in
from tests.journeys.course_actions import (
    RIGHT,
    WRONG,
    add_unit,
    answer_quiz,
    choose_quiz,
    give_certificate,
    make_course,
    mark_essay,
    publish_course,
    write_quiz,
)
from tests.journeys.stack import Stack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.stack]

LESSON = "## When to water\n\nPut a finger into the soil. Is it **dry**? Then water."
ESSAY = "Because roots breathe, and wet soil holds no air."
REASON = "It was issued to the wrong person."


def test_a_course_is_written_learnt_graded_and_certified_and_the_certificate_revoked(
    browser: RunningBrowser, stack: Stack
):
    """What an organisation without an LMS has Lectern for, once through; each with a browser of
    their own. PAIN-30"""
    title, quiz = f"Watering {token_hex(3)}", f"Roots {token_hex(3)}"
    with visiting(browser, stack, "teacher") as page:
        write(page, stack, title, quiz)
    with visiting(browser, stack, "learner") as page:
        learn(page, stack, title)
        fail_then_try_again(page)
    with visiting(browser, stack, "teacher") as page:
        grade(page, stack, quiz)
    with visiting(browser, stack, "learner") as page:
        number = find_certificate(page, stack, title)

    with visiting(browser, stack) as stranger:
        verify(stranger, stack, number)
        expect(stranger.get_by_role("heading", name="This certificate is valid")).to_be_visible()
        expect(stranger.get_by_role("main")).to_contain_text(title)
        with visiting(browser, stack, "admin") as page:
            revoke(page, stack, number)
        stranger.reload()
        revoked = stranger.get_by_role("heading", name="This certificate was revoked")
        expect(revoked).to_be_visible()
        expect(stranger.get_by_role("main")).to_contain_text(REASON)


def test_a_course_from_a_platform_is_learnt_in_its_frame_and_graded_there(
    browser: RunningBrowser, stack: Stack
):
    """The same with an LMS: chosen by deep linking, no cookie in the frame, the quiz inside the
    course, an essay marked by hand, the course's grade in the gradebook. LTI-DL-1, PAIN-01"""
    title, quiz = f"Light in every room {token_hex(3)}", f"How much light {token_hex(3)}"
    with visiting(browser, stack, "teacher") as page:
        write_quiz(page, stack, quiz)
        make_course(page, stack, title)
        add_unit(page, "Lesson", "The window", "Half a metre from it is **half** the light.")
        add_unit(page, "Quiz", "What did you see?")
        choose_quiz(page, quiz)
        publish_course(page)
    with visiting(browser, stack) as page:
        number = add_to_course(become(page.context, stack, "Tina Teacher"), stack, title)
    with visiting(browser, stack) as page:
        student = become(page.context, stack, "Stan Student")
        student.goto(f"{stack.demo_url}/lms/courses/1/activities/{number}")
        frame = student.frame_locator("iframe[name=tool]")
        expect(frame.get_by_text("half the light")).to_be_visible()
        frame.locator("a[rel=next]").click()
        frame.get_by_role("button", name="Begin").click()
        frame.get_by_role("button", name="Begin", exact=True).click()
        answer_quiz(frame, RIGHT, ESSAY)
        expect(frame.get_by_text("Some answers wait for your teacher")).to_be_visible()
        frame.get_by_role("link", name="Back to the course").click()
        expect(frame.get_by_text("Waits for a grade").first).to_be_visible()
        cookies = [one["name"] for one in page.context.cookies(stack.app_url)]
        assert "session" not in cookies
        with visiting(browser, stack, "teacher") as teacher:
            mark_essay(teacher, stack, quiz, ESSAY, "0.5")
        student.reload()
        expect(frame.get_by_text("Done").first).to_be_visible()

    assert eventually(lambda: (stack.grade("stan", number) or {}).get("score") == 75, seconds=180)


def add_to_course(page: Page, stack: Stack, title: str) -> int:
    """Choose a course for the platform's; the number of the new activity."""
    page.goto(f"{stack.demo_url}/lms/courses/1/add")
    picker = page.frame_locator("iframe[name=tool]")
    picker.get_by_role("searchbox").fill(title)
    cards = picker.locator(".pick-card")
    expect(cards.filter(has_not_text=title)).to_have_count(0)  # the search has been answered
    cards.filter(has_text="Course").first.click()
    picker.get_by_role("button", name="Continue").click()
    expect(picker.get_by_role("heading", name=re.compile("One last look"))).to_be_visible()
    picker.locator("#add").click()
    page.wait_for_url("**/lms/courses/1*")
    activities = stack.demo("courses")["courses"][0]["activities"]
    return int(next(one["number"] for one in activities if one["title"] == title))


@contextmanager
def visiting(browser: RunningBrowser, stack: Stack, person: str = "") -> Iterator[Page]:
    """A page of a browser that nobody has used; `person` is signed in there."""
    context = browser.browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(60_000)
    if person:
        yield sign_in(context, stack, f"{person}@demo.lectern.test")
    else:
        yield context.new_page()
    context.close()


def write(page: Page, stack: Stack, title: str, quiz: str) -> None:
    """A lesson, a quiz with an essay, an assignment; a certificate for all of it; published."""
    write_quiz(page, stack, quiz)
    make_course(page, stack, title)
    add_unit(page, "Lesson", "The finger test", LESSON)
    add_unit(page, "Quiz", "What do you know?")
    choose_quiz(page, quiz)
    add_unit(page, "Assignment", "A diary", "Write down when you watered.")
    give_certificate(page)
    publish_course(page)


def learn(page: Page, stack: Stack, title: str) -> None:
    """From the catalogue into the course, through the lesson and the work that is handed in."""
    page.goto(f"{stack.app_url}/catalogue?q={title.split()[-1]}")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("button", name="Enrol").click()
    page.wait_for_url("**/learn/**")
    expect(page.get_by_role("heading", name="When to water", level=2)).to_be_visible()
    page.get_by_role("link", name="A diary").first.click()
    page.get_by_label("Your text").fill("Monday: dry, watered. Thursday: wet, waited.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Waits for a grade").first).to_be_visible()


def fail_then_try_again(page: Page) -> None:
    """The quiz of the course: not passed, seen on its unit, then taken once more."""
    page.get_by_role("link", name="What do you know?").first.click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Begin").click()
    answer_quiz(page, WRONG, "")
    expect(page.get_by_text("Not passed")).to_be_visible()
    page.get_by_role("link", name="Back to the course").click()
    expect(page.get_by_role("heading", name="Why is this not complete?")).to_be_visible()

    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Begin another attempt").click()
    answer_quiz(page, RIGHT, ESSAY)
    expect(page.get_by_text("Some answers wait for your teacher")).to_be_visible()
    page.get_by_role("link", name="Back to the course").click()
    expect(page.get_by_text("Waits for a grade").first).to_be_visible()


def grade(page: Page, stack: Stack, quiz: str) -> None:
    """The essay from the queue; the diary led there by the notice."""
    mark_essay(page, stack, quiz, ESSAY, "1")
    page.goto(f"{stack.app_url}/notifications")
    page.get_by_role("link", name=re.compile("A diary.*waits for your grade")).first.click()
    page.get_by_role("main").get_by_role("link", name="A diary").first.click()
    expect(page.get_by_text("Monday: dry, watered.")).to_be_visible()
    page.get_by_label("Points").fill("90")
    page.get_by_label("Comment for the learner").fill("Well observed.")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("It is saved; the learner has it now.")).to_be_visible()


def find_certificate(page: Page, stack: Stack, title: str) -> str:
    """The learner hears of grade and certificate, and shows its number."""
    page.goto(f"{stack.app_url}/notifications")
    told = page.get_by_role("main")
    expect(told).to_contain_text("“A diary” was graded: 90 of 100")
    expect(told).to_contain_text(f"Your certificate for “{title}” is ready")
    page.goto(f"{stack.app_url}/certificates/")
    page.get_by_role("link", name=title).first.click()
    return page.locator("#number").inner_text()


def verify(page: Page, stack: Stack, number: str) -> None:
    """Somebody without an account types the number in."""
    page.goto(f"{stack.app_url}/verify")
    page.get_by_label("Certificate number").fill(number)
    page.get_by_role("button", name="Verify").click()
    page.wait_for_url(f"**/verify/{number}")


def revoke(page: Page, stack: Stack, number: str) -> None:
    page.goto(f"{stack.app_url}/admin/certificates/?q={number}")
    page.get_by_role("main").get_by_role("link", name="Lea Learner").first.click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("main")).to_contain_text("Revoked")
