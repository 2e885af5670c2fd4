"""A teacher, two students, two windows."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import RunningBrowser
from tests.journeys.actions import (
    PAGES,
    become,
    content_of,
    expect_saved,
    open_activity,
    page_number,
    playing,
    turn_pages,
)
from tests.journeys.stack import Stack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_a_teachers_launch_sends_no_grade(context: BrowserContext, stack: Stack):
    """PAIN-19, MOODLE-5"""
    page = become(context, stack, "Tina Teacher")
    player = open_activity(page, stack, 1)
    turn_pages(content_of(player), PAGES)

    expect(player.locator("#chip")).to_have_text("No grade is sent for your role")
    expect_saved(player)
    assert stack.demo("messages?kind=scores")["messages"] == []


def test_the_teacher_sees_who_what_and_when_in_the_frame(
    context: BrowserContext, browser: RunningBrowser, stack: Stack
):
    """PAIN-04: the ledger is one click away from the content."""
    student = browser.browser.new_context()
    turn_pages(content_of(open_activity(become(student, stack, "Stan Student"), stack, 1)), PAGES)
    eventually(lambda: stack.grade("stan", 1))
    player = open_activity(become(context, stack, "Tina Teacher"), stack, 1)

    player.get_by_role("link", name="Grades").click()

    row = player.get_by_role("row").filter(has_text="Stan Student")
    expect(row).to_contain_text("100")
    expect(row).to_contain_text("Sent")
    assert [c for c in context.cookies(stack.app_url) if c["name"] == "lectern"] == []
    player.get_by_role("button", name="Back to the activity").click()
    expect(player.locator("body")).to_have_attribute("data-state", "running")
    student.close()


def test_a_second_student_has_an_attempt_of_her_own(context: BrowserContext, stack: Stack):
    page = become(context, stack, "Sara Sample")

    content = content_of(open_activity(page, stack, 1))

    assert page_number(content) == 1
    assert stack.grade("sara", 1) is None


def test_of_two_windows_the_first_becomes_read_only_and_says_so(
    context: BrowserContext, stack: Stack
):
    """PAIN-11: one writer per attempt, visible takeover."""
    first = become(context, stack, "Sara Sample")
    player = open_activity(first, stack, 1)
    turn_pages(content_of(player), 3)
    expect_saved(player)
    second = context.new_page()
    content = content_of(open_activity(second, stack, 1))
    assert page_number(content) == 3

    expect(player.get_by_role("dialog")).to_be_visible()
    expect(player.locator("#save")).to_have_attribute("data-save", "read_only")

    turn_pages(content, 5)
    expect_saved(playing(second))
    first.bring_to_front()
    player.get_by_role("dialog").get_by_role("button").first.click()
    assert page_number(content_of(playing(first))) == 5
    other = second.frame_locator("iframe[name=tool]")
    expect(other.locator("#save")).to_have_attribute("data-save", "read_only")
