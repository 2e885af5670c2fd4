"""The platform misbehaves when the grade is sent: the ledger shows it, one grade results.

PAIN-04, LTI-SP-7, LTI-SP-8: nobody waits for a grade without knowing why, and none is lost.
"""

import os
import signal

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.actions import become, content_of, finish, open_activity, sign_in
from tests.journeys.stack import Stack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def accepted(stack: Stack, user: str, activity: int) -> list[dict]:
    """The score posts that the platform took, oldest first."""
    history = stack.demo("gradebook")["history"]
    return [e for e in history if (e["user"], e["line_item"]) == (user, str(activity))]


@pytest.mark.parametrize(
    ("fault", "student", "activity", "shown"),
    [
        ({"mode": "http_500"}, "Stan Student", 1, "error of its own"),
        ({"mode": "http_429", "seconds": 2}, "Sara Sample", 1, "slow down"),
        ({"mode": "timeout", "seconds": 12}, "Stan Student", 2, "in time"),
        ({"mode": "refuse"}, "Sara Sample", 2, "in time"),
    ],
    ids=["answers 500", "answers 429", "times out", "is down"],
)
def test_a_grade_that_is_not_taken_at_first_arrives_once(
    context: BrowserContext, stack: Stack, fault: dict, student: str, activity: int, shown: str
):
    stack.demo("faults", fault)
    player = open_activity(become(context, stack, student), stack, activity)
    finish(content_of(player), score=80)
    user = student.split()[0].lower()

    expect(player.locator("#chip")).to_contain_text(shown, timeout=90_000)
    expect(player.locator("#chip")).to_contain_text("Grade waiting")
    assert stack.grade(user, activity) is None

    stack.demo("faults", {"mode": "ok"})
    eventually(lambda: stack.grade(user, activity), seconds=180)
    expect(player.locator("#chip")).to_have_text("Grade sent", timeout=60_000)
    given = [entry["sent"]["scoreGiven"] for entry in accepted(stack, user, activity)]
    assert given == [80 if activity == 1 else 8]


def test_the_administrator_reads_every_sending_and_its_answer(
    context: BrowserContext, stack: Stack
):
    """Who, what, when sent, what the platform said."""
    page = sign_in(context, stack, "admin@demo.lectern.test")
    page.goto(f"{stack.app_url}/admin/grades")
    row = page.get_by_role("row").filter(has_text="Stan Student")
    row.filter(has_text="How a grade travels").get_by_role("link").first.click()

    expect(page.get_by_role("main")).to_contain_text("500")
    expect(page.get_by_role("main")).to_contain_text("200")


def test_a_worker_killed_after_the_platform_took_the_grade_leaves_exactly_one(
    context: BrowserContext, stack: Stack
):
    """Between network and write: the row is sent again with the same timestamp, and the platform's
    409 says that it has it already. DESIGN decision 3"""
    stack.demo("reset", {})
    stack.demo("faults", {"mode": "record_then_hang", "seconds": 30, "times": 1})
    player = open_activity(become(context, stack, "Stan Student"), stack, 1)
    finish(content_of(player), score=90)
    eventually(lambda: accepted(stack, "stan", 1))

    os.killpg(stack.child("worker"), signal.SIGKILL)

    expect(player.locator("#chip")).to_have_text("Grade sent", timeout=240_000)
    assert [entry["sent"]["scoreGiven"] for entry in accepted(stack, "stan", 1)] == [90]
    answers = [m["status"] for m in stack.demo("messages?kind=scores")["messages"]]
    assert 409 in answers
