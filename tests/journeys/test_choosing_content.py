"""A teacher adds content to a course by choosing it in Lectern; a student plays it; copies work."""

from typing import Any

import pytest
import requests
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.browser import RunningBrowser
from tests.journeys.actions import become, content_of, finish, playing
from tests.journeys.stack import Stack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.stack]

SLOW = 20_000
"""Milliseconds for what the server draws anew on a busy machine."""


def open_picker(page: Page, stack: Stack) -> FrameLocator:
    page.goto(f"{stack.demo_url}/lms/courses/1/add")
    frame = page.frame_locator("iframe[name=tool]")
    expect(frame.get_by_role("heading", name="Choose content for your course")).to_be_visible(
        timeout=SLOW
    )
    return frame


def choose_two(page: Page, stack: Stack) -> None:
    """Search, choose, search again, choose another, name one of them, add both."""
    picker = open_picker(page, stack)
    search = picker.get_by_role("searchbox")
    search.fill("quiz")
    picker.locator(".pick-card").filter(has_text="uiz").first.click()
    expect(picker.locator(".pick-card")).to_have_count(1, timeout=SLOW)
    search.fill("chapters")
    expect(picker.get_by_role("group", name="Chosen before")).to_be_visible(timeout=SLOW)
    picker.locator(".pick-card").first.click()
    picker.get_by_role("button", name="Continue").click()
    expect(picker.get_by_role("heading", name="One last look at 2 links")).to_be_visible()
    picker.get_by_label("Title of the link").first.fill("The chosen quiz")
    picker.get_by_label("Points").first.fill("20")
    picker.locator("#add").click()
    page.wait_for_url("**/lms/courses/1*")


@pytest.mark.parametrize("name", ["moodle", "canvas"])
def test_what_a_teacher_chooses_is_played_and_graded_and_survives_a_course_copy(
    context: BrowserContext, stack: Stack, name: str
):
    """LTI-DL-1 to LTI-DL-22 as a browser sees them, third-party cookies blocked; then PAIN-07: by
    custom alone (MOODLE-15), or by the history of links. No reset: ids of links must not come
    back, for whoever has a grade already is sent none again (LTI-SP-1)."""
    stack.demo("personality", {"name": name})
    before = len(activities(stack))
    choose_two(become(context, stack, "Tina Teacher"), stack)

    chosen = [one for one in activities(stack) if one["title"] == "The chosen quiz"][-1]
    assert chosen["custom"]["sc_item"] == "demo-quiz"
    assert len(activities(stack)) == before + 2
    page = become(context, stack, "Stan Student")
    page.goto(f"{stack.demo_url}/lms/courses/1/activities/{chosen['number']}")
    finish(content_of(playing(page)), score=80)
    grade = eventually(lambda: stack.grade("stan", int(chosen["number"])))
    assert (grade["score"], grade["score_maximum"]) == (16, 20)

    course = stack.demo("courses/1/copy", {})["number"]
    copy = [one for one in activities(stack, course) if one["title"] == "The chosen quiz"][-1]
    page.goto(f"{stack.demo_url}/lms/courses/{course}/activities/{copy['number']}")
    content = content_of(playing(page))
    status = content.evaluate("window.parent.API.LMSGetValue('cmi.core.lesson_status')")
    assert status in ("not attempted", "incomplete")


def test_a_teacher_reviews_a_students_work_in_the_platform(context: BrowserContext, stack: Stack):
    """Submission Review 1.0"""
    stack.demo("personality", {"name": "generic"})
    student = become(context, stack, "Sara Sample")
    student.goto(f"{stack.demo_url}/lms/courses/1/activities/2")
    finish(content_of(playing(student)), score=50)
    eventually(lambda: stack.grade("sara", 2))
    student.goto("about:blank")

    page = become(context, stack, "Tina Teacher")
    page.goto(f"{stack.demo_url}/lms/courses/1/activities/2/review/5")
    frame = page.frame_locator("iframe[name=tool]")
    expect(frame.get_by_role("heading", name="Sara Sample")).to_be_visible()
    frame.get_by_role("link", name="Look at it").click()
    content = content_of(playing(page))
    assert content.evaluate("window.parent.API.LMSGetValue('cmi.core.lesson_mode')") == "review"


def test_without_choosing_anything_the_teacher_is_back_in_the_course(
    context: BrowserContext, stack: Stack
):
    """LTI-DL-15, LTI-DL-16"""
    page = become(context, stack, "Tina Teacher")
    open_picker(page, stack).get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status").first).to_contain_text("Nothing was chosen.")


def test_the_picker_works_without_javascript(stack: Stack, browser: RunningBrowser):
    """By forms alone; what the platform does by script needs a click of its own."""
    stack.demo("personality", {"name": "moodle"})
    context = browser.browser.new_context(java_script_enabled=False)
    context.set_default_timeout(20_000)
    page = become(context, stack, "Tina Teacher")
    page.goto(f"{stack.demo_url}/lms/courses/1/add")
    page.get_by_role("button", name="Start").click()
    frame = page.frame_locator("iframe[name=tool]")
    frame.get_by_role("button", name="Continue").click()
    frame.get_by_role("searchbox").fill("quiz")
    frame.get_by_role("button", name="Search").click()
    expect(frame.locator(".pick-card")).to_have_count(1)
    frame.locator(".pick-card").click()
    frame.get_by_role("button", name="Continue").click()
    frame.locator("#add").click()
    frame.get_by_role("button", name="Continue").click()
    expect(frame.get_by_role("heading", name="1 activity added")).to_be_visible()
    context.close()


def activities(stack: Stack, course: str = "1") -> list[dict[str, Any]]:
    answer = requests.get(f"{stack.demo_url}/lms/api/courses", timeout=10).json()
    found = next(one for one in answer["courses"] if one["number"] == course)
    return list(found["activities"])
