"""The player in a real browser: values are kept, windows take over, ways out are offered."""

from datetime import UTC, datetime, timedelta

import pytest

from scorm_runtime.views.host import Chip
from tests.scorm_runtime.browser.conftest import call, content, make_play, wait_saved
from tests.scorm_runtime.playing import EXPIRED, read_log

pytestmark = pytest.mark.browser
LOCATION = "cmi.core.lesson_location"
STATUS = "cmi.core.lesson_status"


@pytest.fixture
def page(browser):
    return browser.context.new_page()


def test_content_finds_the_api_and_its_values_are_saved(play, page):
    frame = play.open(page)
    assert frame.evaluate("started") == "true"
    assert call(frame, "LMSSetValue", LOCATION, "5") == "true"
    assert page.locator("#save").get_attribute("data-save") == "saving"
    wait_saved(page)
    assert play.row().applied_entry == 2


def test_a_commit_is_sent_at_once(play, page):
    frame = play.open(page)
    with page.expect_response("**/commits", timeout=1500):
        call(frame, "LMSCommit", "")


def test_a_reload_resumes(play, page):
    """PAIN-10"""
    frame = play.open(page)
    call(frame, "LMSSetValue", LOCATION, "page 3")
    page.reload()
    frame = content(page)
    assert frame.inner_text("#location") == "page 3"
    assert call(frame, "LMSGetValue", "cmi.core.entry") == "resume"


def test_going_away_and_back_resumes(play, page):
    """PAIN-10"""
    frame = play.open(page)
    call(frame, "LMSSetValue", LOCATION, "page 4")
    page.goto(f"{play.server.url}/left")
    page.go_back()
    frame = content(page)
    assert call(frame, "LMSGetValue", LOCATION) == "page 4"
    assert call(frame, "LMSSetValue", LOCATION, "page 5") == "true"
    wait_saved(page)


def test_what_content_says_while_unloading_arrives_by_the_pagehide_flush(server, tenant, page):
    """All recorded tools finish in unload only. PAIN-02"""
    play = make_play(server, tenant, "unload.html")
    play.open(page)
    wait_saved(page)
    page.goto(f"{server.url}/left")
    page.wait_for_timeout(700)
    row = play.row()
    assert (row.state, row.total_seconds) == ("suspended", 10)


def test_exit_waits_for_the_acknowledgement_and_returns(server, tenant, page):
    play = make_play(server, tenant, "unload.html")
    play.open(page)
    page.get_by_role("button", name="Exit").click()
    page.wait_for_url(f"{server.url}/left")
    row = play.row()
    assert (row.state, row.total_seconds) == ("suspended", 10)


def test_the_first_of_two_tabs_becomes_read_only_with_a_message(play, browser, page):
    """PAIN-11"""
    first = play.open(page)
    other = browser.context.new_page()
    second = play.open(other)
    page.wait_for_selector("[data-overlay=fenced]")
    assert "another window" in page.inner_text("#overlay-title")
    assert call(first, "LMSSetValue", LOCATION, "old") == "false"
    assert call(first, "LMSGetLastError") == "101"
    assert call(second, "LMSSetValue", LOCATION, "new") == "true"
    wait_saved(other)
    page.get_by_role("button", name="Continue here instead").click()
    assert content(page).inner_text("#location") == "new"
    other.wait_for_selector("[data-overlay=fenced]")


def test_what_the_first_tab_had_not_sent_comes_along_with_the_second(play, browser, page):
    """Also what its content says while the second one opens. PAIN-02, PAIN-11"""
    first = play.open(page)
    wait_saved(page)
    page.route("**/commits", lambda route: route.abort())
    talk = """() => setInterval(() => {
      const n = Number(localStorage.getItem("said") ?? 0) + 1;
      if (API.LMSSetValue("cmi.comments", `${n};`) === "true") localStorage.setItem("said", n);
    }, 5)"""
    first.evaluate(talk)
    other = browser.context.new_page()
    second = play.open(other)
    page.wait_for_selector("[data-overlay=fenced]")
    said = int(first.evaluate("localStorage.getItem('said')"))
    assert said > 10
    expected = "".join(f"{n};" for n in range(1, said + 1))
    assert call(second, "LMSGetValue", "cmi.comments") == expected


def test_a_window_on_another_device_is_noticed_by_its_refused_commit(play, browser, page):
    """PAIN-11"""
    frame = play.open(page)
    wait_saved(page)
    client = play.server.app.test_client()
    client.post(play.address.removeprefix(play.server.url) + "open", data="{}")
    call(frame, "LMSSetValue", LOCATION, "old")
    call(frame, "LMSCommit", "")
    page.wait_for_selector("[data-overlay=fenced]")
    assert read_log(play.tenant, play.attempt)[-1].kind == "stale"


def test_offline_is_shown_and_what_was_done_is_sent_when_the_network_is_back(play, browser, page):
    frame = play.open(page)
    wait_saved(page)
    browser.context.set_offline(True)
    call(frame, "LMSSetValue", LOCATION, "offline")
    call(frame, "LMSCommit", "")
    page.wait_for_selector("#save[data-save=offline]")
    assert page.inner_text("#save-text") == "Offline: kept on this device"
    browser.context.set_offline(False)
    wait_saved(page)
    assert play.row().applied_entry == 3


def test_without_storage_the_learner_is_told_to_keep_the_window_open(play, browser, page):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })"
    )
    frame = play.open(page)
    call(frame, "LMSSetValue", LOCATION, "memory")
    wait_saved(page)
    browser.context.set_offline(True)
    call(frame, "LMSCommit", "")
    page.wait_for_selector("#save[data-save=offline]")
    assert "keep this window open" in page.inner_text("#save-text")


def test_a_full_storage_is_shown_and_the_value_is_sent_at_once(play, page):
    frame = play.open(page)
    wait_saved(page)
    page.evaluate(
        """() => {
          Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); };
        }"""
    )
    with page.expect_response("**/commits", timeout=1500):
        assert call(frame, "LMSSetValue", LOCATION, "9") == "true"
    wait_saved(page)


def test_content_that_clears_the_storage_loses_nothing_while_the_page_lives(play, page):
    frame = play.open(page)
    call(frame, "LMSSetValue", LOCATION, "kept")
    frame.evaluate("localStorage.clear()")
    wait_saved(page)
    page.reload()
    assert content(page).inner_text("#location") == "kept"


def test_an_expired_session_says_so_and_keeps_the_journal(play, page):
    """PAIN-13"""
    frame = play.open(page)
    wait_saved(page)
    old = play.server.token(
        play.tenant, play.attempt, expires_at=play.row().last_active_at + EXPIRED
    )
    page.route(
        "**/commits", lambda route: route.continue_(url=f"{play.server.url}/p/{old}/commits")
    )
    call(frame, "LMSSetValue", LOCATION, "late")
    call(frame, "LMSCommit", "")
    page.wait_for_selector("[data-overlay=expired]")
    assert call(frame, "LMSSetValue", LOCATION, "later") == "true"
    page.unroute("**/commits")
    frame = play.open(page)
    assert frame.inner_text("#location") == "later"
    assert "restored" in page.inner_text("#notice")


def test_a_session_in_use_gets_a_fresh_token(play, page):
    """PAIN-13"""
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    short = play.server.token(play.tenant, play.attempt, expires_at=soon)
    frame = play.open(page, f"{play.server.url}/p/{short}/")
    assert short not in page.url
    call(frame, "LMSCommit", "")
    wait_saved(page)
    page.reload()
    content(page)


def test_late_calls_after_finish_are_answered_and_never_thrown(play, page):
    frame = play.open(page)
    call(frame, "LMSFinish", "")
    assert call(frame, "LMSSetValue", "cmi.core.score.raw", "1") == "false"
    assert call(frame, "LMSGetLastError") == "301"
    assert frame.evaluate("API.LMSSetValue({toString() { throw 1 }}, Symbol('x'))") == "false"
    assert frame.evaluate("API.LMSGetValue()") == ""


def test_after_finish_the_player_offers_to_return_but_does_not_leave(play, page):
    """SD-04"""
    frame = play.open(page)
    call(frame, "LMSSetValue", STATUS, "completed")
    call(frame, "LMSFinish", "")
    page.wait_for_selector("[data-state=ended] #notice-action")
    wait_saved(page)
    assert page.locator("iframe").count() == 1
    page.get_by_role("button", name="Return").click()
    page.wait_for_url("**/left")
    assert play.row().completion == "completed"


def test_content_in_a_window_of_its_own_finds_the_api_and_saves(server, tenant, browser, page):
    """PAIN-12"""
    play = make_play(server, tenant, "popup.html")
    page.goto(play.address)
    page.wait_for_selector("iframe")
    frame = page.frames[-1]
    with page.expect_popup() as popup:
        frame.click("#open")
    popup.value.wait_for_function("window.started")
    assert popup.value.evaluate("API.LMSSetValue('cmi.core.lesson_location', 'w')") == "true"
    assert popup.value.evaluate("API.LMSFinish('')") == "true"
    popup.value.close()
    with page.expect_popup() as again:
        frame.click("#open")
    again.value.wait_for_function("window.started")
    assert again.value.evaluate("[started, document.body.innerText.includes('w')]") == [
        "true",
        True,
    ]
    wait_saved(page)


def test_several_scos_have_a_menu_and_next_and_previous(server, tenant, page):
    play = make_play(server, tenant, "sco.html", "sco.html", "unload.html")
    frame = play.open(page)
    assert page.get_attribute("body", "data-activity") == "I1"
    call(frame, "LMSSetValue", STATUS, "completed")
    call(frame, "LMSFinish", "")
    page.get_by_role("button", name="Next").last.click()
    page.wait_for_selector("[data-activity=I2][data-delivery='2'] iframe")
    item = page.locator("[data-scorm-activity=I1]")
    assert item.text_content() == "Part I1"
    described = page.locator(f"#{item.get_attribute('aria-describedby')}")
    assert described.inner_text().strip() == "Completed"
    assert page.inner_text("#progress-text") == "1 of 3 done"
    page.click("[data-scorm-activity=I3]")
    page.wait_for_selector("[data-activity=I3][data-delivery='3'] iframe")
    following = page.locator("[data-scorm-nav=continue]")
    assert following.get_attribute("aria-disabled") == "true"
    assert "This is the last part" in (following.get_attribute("title") or "")
    page.click("[data-scorm-nav=previous]")
    page.wait_for_selector("[data-activity=I2][data-delivery='4'] iframe")
    assert play.row().total_seconds == 10


def test_with_a_query_the_course_opens_at_its_contents(server, tenant, page):
    """ST-16"""
    play = make_play(server, tenant, "sco.html", "sco.html")
    page.goto(f"{play.address}?contents")
    page.wait_for_selector("body[data-state=idle]")
    assert page.locator("iframe").count() == 0
    page.click("[data-scorm-activity=I2]")
    page.wait_for_selector("[data-activity=I2] iframe")


def test_review_records_nothing_and_disturbs_nobody(play, browser, page):
    frame = play.open(page)
    call(frame, "LMSSetValue", LOCATION, "5")
    wait_saved(page)
    token = play.server.token(play.tenant, play.attempt, mode="review", teacher=True)
    other = browser.context.new_page()
    second = play.open(other, f"{play.server.url}/p/{token}/")
    assert other.inner_text("#save-text") == "Read only"
    assert call(second, "LMSGetValue", "cmi.core.lesson_mode") == "review"
    assert call(second, "LMSSetValue", LOCATION, "teacher") == "true"
    assert call(frame, "LMSSetValue", LOCATION, "6") == "true"
    wait_saved(page)
    assert page.locator("dialog[open]").count() == 0


def test_the_chip_is_asked_for_until_it_is_final(play, page):
    play.server.listener.chip = Chip("Grade waiting", "info")
    frame = play.open(page)
    call(frame, "LMSSetValue", STATUS, "passed")
    call(frame, "LMSCommit", "")
    wait_saved(page)
    assert page.inner_text("#chip") == "Grade waiting"
    play.server.listener.chip = Chip("Grade sent", "success", final=True)
    page.wait_for_selector("#chip[data-tone=success]")
    assert page.inner_text("#chip") == "Grade sent"


def test_without_full_screen_the_player_fills_the_window_by_its_styles(play, page):
    """No Fullscreen API on iPhone. PAIN-12"""
    page.add_init_script(
        "Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false })"
    )
    play.open(page)
    page.click("#full")
    assert page.get_attribute("#full", "aria-pressed") == "true"
    assert "full" in page.get_attribute("body", "class")


def test_no_request_carries_a_cookie_and_none_needs_a_preflight(play, page):
    """PAIN-01, PAIN-03"""
    seen = []
    page.on("request", lambda request: seen.append((request.method, request.all_headers())))
    frame = play.open(page)
    call(frame, "LMSCommit", "")
    wait_saved(page)
    assert not any("cookie" in headers for _, headers in seen)
    assert "OPTIONS" not in {method for method, _ in seen}
