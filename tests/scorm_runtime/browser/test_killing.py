"""The tab dies at any moment between SetValue and its acknowledgement (PAIN-02).

Comments append, so they show at once whether an entry was lost, applied twice, or out of order.
"""

import random
import time
from contextlib import suppress

import psutil
import pytest
from playwright.sync_api import Error

from tests.browser import running_browser
from tests.scorm_runtime.browser.conftest import call, content

pytestmark = pytest.mark.browser
COMMENTS = "cmi.comments"
MOMENTS = 52
POWER_CUTS = 6


@pytest.fixture
def slow_server(server):
    """A server that takes its time, before and after it has applied a commit."""
    chance = random.Random(11)

    @server.app.before_request
    def before():
        time.sleep(chance.random() * 0.15)

    @server.app.after_request
    def after(response):
        time.sleep(chance.random() * 0.15)
        return response

    return server


def close(page, browser):
    page.close()


def crash(page, browser):
    """The content's process dies, as with an "Aw, snap"."""
    for child in psutil.Process(browser.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "--type=renderer" in child.cmdline():
                child.kill()


def new_page(browser):
    """A tab; the spare process that was to show it may have been killed with the others."""
    for _ in range(5):
        with suppress(Error):
            return browser.context.new_page()
    return browser.context.new_page()


def say(frame, page, chance, words):
    """A few calls at odd intervals; `words` grows by what SetValue said "true" to."""
    for _ in range(chance.randint(1, 5)):
        word = f"{len(words)};"
        assert call(frame, "LMSSetValue", COMMENTS, word) == "true"
        words.append(word)
        if chance.random() < 0.3:
            call(frame, "LMSCommit", "")
        page.wait_for_timeout(chance.random() * 60)


@pytest.mark.timeout(600)
def test_no_value_is_lost_or_doubled_when_the_tab_dies(slow_server, play, browser):
    """Every SetValue that returned "true" arrives exactly once, in order, at the next visit."""
    chance = random.Random(2026)
    words: list[str] = []
    for moment in range(MOMENTS):
        page = new_page(browser)
        frame = play.open(page)
        assert call(frame, "LMSGetValue", COMMENTS) == "".join(words), f"before moment {moment}"
        say(frame, page, chance, words)
        page.wait_for_timeout(chance.choice([0, 0, 30, 150, 400, 1950, 2150]) * chance.random())
        chance.choice([close, crash])(page, browser)
    frame = play.open(new_page(browser))
    assert call(frame, "LMSGetValue", COMMENTS) == "".join(words)


@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_missing_after_a_power_cut(slow_server, play, playwright, profile):
    """The whole browser is killed; what the server had acknowledged is there, once."""
    chance = random.Random(5)
    words: list[str] = []
    for cut in range(POWER_CUTS):
        acknowledged: list[int] = []
        with running_browser(playwright, profile) as browser:
            page = browser.context.new_page()
            page.on("response", lambda answer, seen=acknowledged: note(answer, seen))
            frame = play.open(page)
            kept = call(frame, "LMSGetValue", COMMENTS).split(";")[:-1]
            assert kept == sorted(set(kept), key=kept.index), "an entry was applied twice"
            assert set(words) <= {f"{word};" for word in kept}, f"before power cut {cut}"
            said: list[str] = [f"{word};" for word in kept]
            say(frame, page, chance, said)
            page.wait_for_timeout(chance.random() * 2600)
            browser.kill()
        words = [f"{word};" for word in kept] + said[len(kept) :][: count_set(acknowledged, said)]


def note(answer, seen):
    """Remember what a commit's answer acknowledged."""
    with suppress(Error):
        if answer.url.endswith("/commits"):
            seen.append(answer.json()["acknowledged"])


def count_set(acknowledged, said):
    """At least so many SetValue entries are acknowledged: all but initialize and commits."""
    commits = len(said)
    return max(0, (max(acknowledged, default=0) - 1 - commits))


@pytest.mark.timeout(300)
def test_the_journal_arrives_at_the_next_visit_after_the_browser_was_killed(
    play, playwright, profile
):
    """A value is on the disk a moment after the call: localStorage would take up to a minute."""
    with running_browser(playwright, profile) as browser:
        page = browser.context.new_page()
        frame = play.open(page)
        page.wait_for_selector("#save[data-save=saved]")
        page.route("**/commits", lambda route: route.abort())
        call(frame, "LMSSetValue", COMMENTS, "kept")
        page.wait_for_timeout(500)
        browser.kill()
    assert play.row().applied_entry <= 1
    with running_browser(playwright, profile) as browser:
        page = browser.context.new_page()
        frame = play.open(page)
        assert call(frame, "LMSGetValue", COMMENTS) == "kept"
        assert "restored" in page.inner_text("#notice")


def test_a_flush_larger_than_keepalive_allows_stays_in_the_journal(play, browser):
    """64 KiB is all that keep-alive requests may hold together."""
    page = browser.context.new_page()
    frame = play.open(page)
    page.wait_for_selector("#save[data-save=saved]")
    data = "x" * 200_000
    call(frame, "LMSSetValue", "cmi.core.lesson_location", "small")
    call(frame, "LMSSetValue", "cmi.suspend_data", data)
    call(frame, "LMSSetValue", "cmi.core.lesson_status", "completed")
    page.close()
    page = browser.context.new_page()
    page.goto(play.address)
    frame = content(page)
    assert call(frame, "LMSGetValue", "cmi.suspend_data") == data
    assert call(frame, "LMSGetValue", "cmi.core.lesson_status") == "completed"


def test_what_hours_without_a_network_left_is_delivered_at_the_next_visit(play, browser):
    """Far more than one request may carry, and than localStorage holds (PAIN-02)."""
    page = browser.context.new_page()
    frame = play.open(page)
    page.wait_for_selector("#save[data-save=saved]")
    page.route("**/commits", lambda route: route.abort())
    frame.evaluate(
        """() => { for (let n = 0; n < 40; n += 1) {
          API.LMSSetValue("cmi.suspend_data", String(n).padEnd(500_000, "é"));
          API.LMSSetValue("cmi.comments", `${n};`);
        } }"""
    )
    page.wait_for_timeout(3000)
    page.close(run_before_unload=False)
    frame = play.open(browser.context.new_page())
    assert call(frame, "LMSGetValue", COMMENTS) == "".join(f"{n};" for n in range(40))
    assert call(frame, "LMSGetValue", "cmi.suspend_data").startswith("39é")
