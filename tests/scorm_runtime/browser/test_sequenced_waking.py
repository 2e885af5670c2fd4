"""A course of several SCOs on a laptop that sleeps, and in a session that ends (SD-08, PAIN-13)."""

import pytest

from tests.scorm_runtime.browser.conftest import Play, wait_saved
from tests.scorm_runtime.browser.test_sequenced import control, front, perform
from tests.scorm_runtime.courses import begin, make_course
from tests.scorm_runtime.playing import EXPIRED

pytestmark = pytest.mark.browser
BEGIN = [["Initialize", ""], ["SetValue", "cmi.exit", "suspend"]]


@pytest.fixture
def page(browser):
    return browser.context.new_page()


@pytest.fixture
def play(server, tenant, page):
    package = make_course(tenant, {"A1": "", "A2": "", "A3": ""}, storage=server.storage)
    play = Play(server, tenant, begin(tenant, package))
    page.goto(play.address)
    perform(front(page, "A1", 1), *BEGIN)
    wait_saved(page)
    return play


def fall_asleep(browser, page):
    """The lid is closed: no network, and not one line of the page runs any more. Answers how it
    wakes."""
    session = browser.context.new_cdp_session(page)
    browser.context.set_offline(True)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})

    def wake():
        session.send("Page.setWebLifecycleState", {"state": "active"})
        browser.context.set_offline(False)

    return wake


def test_after_sleep_what_was_done_before_is_sent_and_the_course_goes_on(play, browser, page):
    browser.context.set_offline(True)
    perform(page.frames[-1], ["SetValue", "cmi.location", "before"], ["Commit", ""])
    fall_asleep(browser, page)()
    wait_saved(page)
    control(page, "continue").click()
    frame = front(page, "A2", 2)
    perform(frame, *BEGIN)
    control(page, "previous").click()
    frame = front(page, "A1", 3)
    answers = perform(frame, ["Initialize", ""], ["GetValue", "cmi.location"])
    assert answers == ["true", "before"]
    assert play.row().delivery == 3


def test_who_goes_on_elsewhere_meanwhile_finds_it_all_and_the_sleeper_stops(play, browser, page):
    """PAIN-11: the sleeping window answers nobody; its journal lies in the browser."""
    browser.context.set_offline(True)
    perform(page.frames[-1], ["SetValue", "cmi.location", "asleep"])
    wake = fall_asleep(browser, page)
    browser.context.set_offline(False)
    other = browser.context.new_page()
    other.goto(play.address)
    frame = front(other, "A1", 2)
    assert perform(frame, ["Initialize", ""], ["GetValue", "cmi.location"]) == ["true", "asleep"]
    wake()
    page.wait_for_selector("[data-overlay=fenced]")
    control(other, "continue").click()
    front(other, "A2", 3)


def test_a_step_into_an_expired_session_is_taken_at_the_next_visit_once(play, page):
    """SD-01: value and request lie in the journal; sequencing runs when they arrive."""
    until = play.row().last_active_at + EXPIRED
    old = play.server.token(play.tenant, play.attempt, expires_at=until)
    page.route(
        "**/commits", lambda route: route.continue_(url=f"{play.server.url}/p/{old}/commits")
    )
    perform(page.frames[-1], ["SetValue", "cmi.location", "late"])
    control(page, "continue").click()
    page.wait_for_selector("[data-overlay=expired]")
    assert play.row().delivery == 1
    page.unroute("**/commits")
    page.goto(play.address)
    frame = front(page, "A2", 3)  # 2: the step; 3: this visit goes on there
    assert "restored" in page.inner_text("#notice")
    perform(frame, ["Initialize", ""])
    page.click("[data-scorm-activity=A1]")
    frame = front(page, "A1", 4)
    assert perform(frame, ["Initialize", ""], ["GetValue", "cmi.location"]) == ["true", "late"]
