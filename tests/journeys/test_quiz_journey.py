"""A quiz from a platform: chosen by its teacher, taken in the frame without cookies, graded."""

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser import RunningBrowser
from tests.journeys.actions import become
from tests.journeys.course_actions import (
    RIGHT,
    WRONG,
    answer_quiz,
    mark_essay,
    write_quiz,
)
from tests.journeys.stack import Stack, eventually
from tests.journeys.test_course_journey import visiting

pytestmark = [pytest.mark.browser, pytest.mark.stack]

TITLE = "How plants drink"
ESSAY = "Water is pulled up as leaves lose it."


def test_a_quiz_is_failed_tried_again_and_marked_by_hand_and_each_grade_arrives(
    browser: RunningBrowser, stack: Stack
):
    """Third-party cookies blocked, as browsers do. LTI-DL-1, PAIN-01. An essay that waits is sent
    as PendingManual without a score (LTI-SP-6), but never in place of a grade that is there."""
    stack.demo("personality", {"name": "generic"})
    with visiting(browser, stack, "teacher") as page:
        write_quiz(page, stack, TITLE)
    with visiting(browser, stack) as page:
        number = add_to_course(become(page.context, stack, "Tina Teacher"), stack)
    with visiting(browser, stack) as page:
        take(open_quiz(page, stack, "Sara Sample", number), "Begin", RIGHT, ESSAY)
        assert eventually(lambda: told(stack, "sara", number, "PendingManual"))
    with visiting(browser, stack) as page:
        frame = open_quiz(page, stack, "Stan Student", number)
        take(frame, "Begin", WRONG, "")
        expect(frame.get_by_text("Not passed")).to_be_visible()
        assert eventually(lambda: told(stack, "stan", number, "FullyGraded"))["score"] == 0
        frame.get_by_role("link", name="Back to the quiz").click()
        take(frame, "Begin another attempt", RIGHT, ESSAY)
        expect(frame.get_by_text("Some answers wait for your teacher")).to_be_visible()
        assert "session" not in [one["name"] for one in page.context.cookies(stack.app_url)]

        with visiting(browser, stack, "teacher") as teacher:
            for _each in ("Sara", "Stan"):
                mark_essay(teacher, stack, TITLE, ESSAY, "0.5")
        for student in ("sara", "stan"):
            assert eventually(lambda who=student: share(stack, who, number) == 0.75)
        frame.get_by_role("link", name="Back to the quiz").click()
        frame.get_by_role("link", name="Attempt 2").click()
        expect(frame.get_by_text("Well said.")).to_be_visible()
        expect(frame.get_by_text("Passed", exact=True)).to_be_visible()


def open_quiz(page: Page, stack: Stack, who: str, number: int) -> FrameLocator:
    """The frame of the activity, with the first page of the quiz."""
    student = become(page.context, stack, who)
    student.goto(f"{stack.demo_url}/lms/courses/1/activities/{number}")
    return student.frame_locator("iframe[name=tool]")


def add_to_course(page: Page, stack: Stack) -> int:
    """Choose the quiz by itself for the platform's course; the number of the new activity."""
    page.goto(f"{stack.demo_url}/lms/courses/1/add")
    picker = page.frame_locator("iframe[name=tool]")
    picker.get_by_role("searchbox").fill(TITLE)
    picker.locator(".pick-card").filter(has_text=TITLE).click()
    picker.get_by_role("button", name="Continue").click()
    expect(picker.get_by_role("heading", name=re.compile("One last look"))).to_be_visible()
    picker.locator("#add").click()
    page.wait_for_url("**/lms/courses/1*")
    activities = stack.demo("courses")["courses"][0]["activities"]
    return int(next(one["number"] for one in activities if one["title"] == TITLE))


def take(frame: FrameLocator, begin: str, choice: str, essay: str) -> None:
    frame.get_by_role("button", name=begin, exact=True).click()
    answer_quiz(frame, choice, essay)


def told(stack: Stack, student: str, number: int, progress: str) -> dict[str, Any] | None:
    """A student's grade at the platform, when it was last told with this gradingProgress."""
    grade = stack.grade(student, number)
    return grade if grade and grade["grading_progress"] == progress else None


def share(stack: Stack, student: str, number: int) -> float:
    """Of the activity's points, which are the quiz's own."""
    grade = told(stack, student, number, "FullyGraded") or {"score": 0, "score_maximum": 1}
    return float(grade["score"]) / float(grade["score_maximum"])
