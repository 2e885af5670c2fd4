"""Journey A: launch, play, complete, statement, grade, reload, resume."""

import pytest
from playwright.sync_api import BrowserContext, expect

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


def test_a_student_plays_in_a_frame_and_the_grade_arrives_in_the_gradebook(
    context: BrowserContext, stack: Stack
):
    """Third-party cookies are blocked. PAIN-01, PAIN-04, LTI-AGS-4, LTI-SP-5"""
    page = become(context, stack, "Stan Student")
    player = open_activity(page, stack, 1)
    turn_pages(content_of(player), PAGES)

    grade = eventually(lambda: stack.grade("stan", 1))

    assert (grade["score"], grade["score_maximum"]) == (100, 100)
    assert (grade["activity_progress"], grade["grading_progress"]) == ("Completed", "FullyGraded")
    assert "completed" in grade["comment"]
    expect(player.locator("#chip")).to_have_text("Grade sent")
    expect_saved(player)
    page.goto("about:blank")


def test_what_he_did_is_in_the_record_store(stack: Stack):
    """Each statement once, by the account that the platform knows. ADL SCORM profile"""
    found = eventually(lambda: told if len(told := stack.statements()) >= 3 else [])

    verbs = [statement["verb"]["id"].rsplit("/", 1)[1] for statement in found]
    assert sorted(verbs) == ["completed", "initialized", "suspended"]
    actors = {(s["actor"]["account"]["homePage"], s["actor"]["account"]["name"]) for s in found}
    assert actors == {(stack.demo_url, "4")}
    assert len({s["context"]["registration"] for s in found}) == 1


def test_reloading_resumes_at_the_same_page_and_sends_no_second_grade(
    context: BrowserContext, stack: Stack
):
    """PAIN-10, LTI-SP-1"""
    page = become(context, stack, "Sara Sample")
    turn_pages(content_of(open_activity(page, stack, 1)), 4)
    expect_saved(playing(page))

    page.reload()

    content = content_of(playing(page))
    assert page_number(content) == 4
    assert stack.grade("sara", 1) is None
    turn_pages(content, PAGES)
    eventually(lambda: stack.grade("sara", 1))
    page.reload()
    assert page_number(content_of(playing(page))) == PAGES
    sent = [entry for entry in stack.demo("gradebook")["history"] if entry["user"] == "sara"]
    assert len(sent) == 1


def test_exit_returns_to_the_course_of_the_platform(context: BrowserContext, stack: Stack):
    page = become(context, stack, "Stan Student")
    player = open_activity(page, stack, 1)

    player.get_by_role("button", name="Exit").click()

    page.wait_for_url(f"{stack.demo_url}/lms/courses/1**")


def test_a_quiz_sends_its_points_on_the_scale_of_the_line_item(
    context: BrowserContext, stack: Stack
):
    """Three of five right are 60 of 100 are 6 of 10. LTI-AGS-10"""
    page = become(context, stack, "Stan Student")
    content = content_of(open_activity(page, stack, 2))
    begin = content.get_by_role("button", name="Start")
    if begin.count():
        begin.click()
    content.get_by_label("The platform (the LMS)").check()
    content.get_by_role("button", name="Next").click()
    content.get_by_label("The student’s password").check()
    content.get_by_role("button", name="Next").click()
    content.get_by_label("No, its nonce has been used").check()
    content.get_by_role("button", name="Next").click()
    content.get_by_role("textbox").fill("30")
    content.get_by_role("button", name="Next").click()
    content.get_by_role("textbox").fill("something else")
    content.get_by_role("button", name="Finish").click()

    grade = eventually(lambda: stack.grade("stan", 2))

    assert (grade["score"], grade["score_maximum"]) == (6, 10)
