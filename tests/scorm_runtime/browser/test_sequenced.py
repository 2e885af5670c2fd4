"""SCORM 2004 in a real browser: the player page contract, and what survives (SD-03)."""

from pathlib import Path

import pytest

from tests.scorm_runtime.browser.conftest import Play, wait_saved
from tests.scorm_runtime.courses import HIDE, begin, make_course

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
PARTS = {"A1": "", "A2": "", "A3": ""}


@pytest.fixture
def page(browser):
    page = browser.context.new_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    return page


@pytest.fixture
def start(server, tenant, page):
    """Make a course and open it; answers its `Play`."""

    def start(items=PARTS, query="", **options):
        package = make_course(tenant, items, storage=server.storage, **options)
        play = Play(server, tenant, begin(tenant, package))
        page.goto(play.address + query)
        page.wait_for_selector("body:not([data-state=starting])")
        return play

    return start


def front(page, item, delivery):
    """The content's frame once `item` is in front as that delivery."""
    page.wait_for_selector(
        f"[data-state=running][data-activity={item}][data-delivery='{delivery}']"
    )
    frame = page.frames[-1]
    frame.wait_for_function("window.api")
    return frame


def perform(frame, *calls):
    return [value for value, _ in frame.evaluate("(calls) => perform(calls)", list(calls))]


def control(page, request):
    return page.locator(f"[data-scorm-nav={request}]")


def test_a_course_is_played_by_its_contents_and_by_next_and_previous(start, page):
    """SD-03: titles are the text of the entries, the organization's among them."""
    start()
    front(page, "A1", 1)
    titles = [entry.text_content() for entry in page.locator("[data-scorm-activity]").all()]
    assert titles == ["The course", "Part A1", "Part A2", "Part A3"]
    previous = control(page, "previous")
    assert previous.get_attribute("aria-disabled") == "true"
    assert "This is the first part" in (previous.get_attribute("title") or "")
    control(page, "continue").click()
    frame = front(page, "A2", 2)
    perform(frame, ["Initialize", ""], ["SetValue", "cmi.completion_status", "completed"])
    page.click("[data-scorm-activity=A3]")
    front(page, "A3", 3)
    assert page.locator("li.current").inner_text().startswith("Part A3")
    assert page.locator("[data-standing=completed] > .row > button").inner_text() == "Part A2"
    assert page.inner_text("#arrived") == "Part A3 is open"
    control(page, "previous").click()
    front(page, "A2", 4)


def test_content_asks_for_the_next_part_for_a_part_and_for_the_end(start, page):
    """SD-04: only what the content asks for moves the learner."""
    play = start()
    frame = front(page, "A1", 1)
    perform(frame, ["Initialize", ""], ["SetValue", "adl.nav.request", "continue"])
    assert page.get_attribute("body", "data-delivery") == "1"
    perform(frame, ["Terminate", ""])
    frame = front(page, "A2", 2)
    ask = ["SetValue", "adl.nav.request", "{target=A1}choice"]
    perform(frame, ["Initialize", ""], ask, ["Terminate", ""])
    frame = front(page, "A1", 3)
    ask = ["SetValue", "adl.nav.request", "exitAll"]
    perform(frame, ["Initialize", ""], ask, ["Terminate", ""])
    page.wait_for_selector("[data-state=ended]")
    assert page.locator("iframe").count() == 0
    assert play.row().state == "ended"
    page.get_by_role("button", name="Return").click()
    page.wait_for_url("**/left")


def test_pause_keeps_the_place_and_the_next_visit_goes_on_there(start, page):
    play = start()
    control(page, "continue").click()
    frame = front(page, "A2", 2)
    perform(frame, ["Initialize", ""], ["SetValue", "cmi.location", "page 7"])
    control(page, "suspendAll").click()
    page.wait_for_selector("[data-state=ended]")
    assert page.inner_text("#hint h2") == "Your place is kept"
    page.goto(play.address)
    frame = front(page, "A2", 3)
    assert perform(frame, ["Initialize", ""], ["GetValue", "cmi.location"])[1] == "page 7"


def test_what_is_missing_is_told_in_the_help_and_at_the_end(start, page):
    """PAIN-30: the learner who comes from an LMS has no other page of ours."""
    start()
    frame = front(page, "A1", 1)
    with page.expect_response("**/commits"):
        perform(frame, ["Initialize", ""], ["Commit", ""])
    page.click("#help")
    told = page.locator("#missing-list li")
    told.first.wait_for()
    assert page.get_by_role("heading", name="What is missing?").is_visible()
    assert "Part A2" in page.inner_text("#missing-list")
    assert "%(" not in page.inner_text("#missing-list")
    page.click("#help-close")
    control(page, "suspendAll").click()
    page.wait_for_selector("[data-state=ended]")
    page.locator("#hint .missing li").first.wait_for()


def test_controls_that_the_content_hides_are_not_there(start, page):
    start({"A1": HIDE.format("continue"), "A2": HIDE.format("suspendAll")})
    front(page, "A1", 1)
    assert control(page, "continue").is_hidden()
    page.click("[data-scorm-activity=A2]")
    front(page, "A2", 2)
    assert control(page, "continue").is_visible()
    assert control(page, "suspendAll").is_hidden()


def test_with_a_query_the_course_opens_at_its_contents_with_nothing_started(start, page):
    """ST-16"""
    play = start(query="?start=contents")
    assert page.get_attribute("body", "data-state") == "idle"
    assert play.row().delivery == 0
    page.click("[data-scorm-activity=A2]")
    front(page, "A2", 1)


def test_a_course_of_one_item_has_no_contents(start, page):
    """ST-16"""
    start({"A1": ""})
    front(page, "A1", 1)
    assert page.locator("#contents-toggle").is_hidden()
    assert page.locator("#contents").is_hidden()


def test_a_step_taken_offline_is_taken_once_when_the_network_is_back(start, page, browser):
    """SD-01"""
    play = start()
    frame = front(page, "A1", 1)
    perform(frame, ["Initialize", ""], ["SetValue", "cmi.location", "kept"])
    wait_saved(page)
    browser.context.set_offline(True)
    control(page, "continue").click()
    page.wait_for_selector("#save[data-save=offline]")
    assert page.get_attribute("body", "data-state") == "starting"
    page.wait_for_timeout(1500)  # a try or two fail
    browser.context.set_offline(False)
    front(page, "A2", 2)
    wait_saved(page)
    assert play.row().delivery == 2


def test_a_reload_while_a_step_waits_takes_it_too(start, page):
    """PAIN-02: the request is in the journal that the next visit brings."""
    play = start()
    front(page, "A1", 1)
    wait_saved(page)
    page.route("**/commits", lambda route: route.abort())
    control(page, "continue").click()
    page.wait_for_selector("#save[data-save=offline]")
    page.unroute("**/commits")
    page.reload()
    page.wait_for_selector("[data-state=running][data-activity=A2]")
    assert play.row().current_item == "A2"


def test_the_second_tab_takes_over_and_the_first_asks_for_nothing_more(start, page, browser):
    """PAIN-11"""
    play = start()
    front(page, "A1", 1)
    other = browser.context.new_page()
    other.goto(play.address)
    page.wait_for_selector("[data-overlay=fenced]")
    other.wait_for_selector("[data-state=running][data-activity=A1]")
    assert page.get_attribute("body", "data-state") == "idle"


def test_content_may_ask_what_is_valid_right_after_a_value(start, page):
    start()
    frame = front(page, "A1", 1)
    valid = ["GetValue", "adl.nav.request_valid.choice.{target=A3}"]
    answers = perform(frame, ["Initialize", ""], valid, ["SetValue", "cmi.location", "1"], valid)
    assert answers == ["true", "true", "true", "true"]


def test_a_package_may_open_in_a_window_of_its_own(start, page):
    """PAIN-12: opened on a click; this page stays its opener and says when it was closed."""
    play = start({"A1": ""}, settings={"open_in": "window", "window_width": 640})
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open the window").click()
    window = opened.value
    window.wait_for_function("window.api")
    calls = [["Initialize", ""], ["SetValue", "cmi.location", "w"], ["Commit", ""]]
    assert window.evaluate("(calls) => perform(calls)", calls)[1] == ["true", "0"]
    wait_saved(page)
    window.close()
    page.locator("#hint-text", has_text="The window was closed.").wait_for()
    page.get_by_role("button", name="Open it again").click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open the window").click()
    opened.value.wait_for_function("window.api")
    ask = [["Initialize", ""], ["GetValue", "cmi.location"]]
    assert opened.value.evaluate("(calls) => perform(calls)", ask)[1] == ["w", "0"]
    assert play.row().delivery == 2


def test_a_blocked_window_is_explained(start, page):
    page.add_init_script("window.open = () => null")
    start({"A1": ""}, settings={"open_in": "window"})
    page.get_by_role("button", name="Open the window").click()
    page.locator("#hint-text", has_text="Allow pop-up windows").wait_for()


@pytest.mark.parametrize("state", ["running", "contents", "ended", "phone", "dark"])
def test_the_player_can_be_used_by_everybody(start, page, state):
    """WCAG 2.2 A and AA, as far as axe can see."""
    if state == "phone":
        page.set_viewport_size({"width": 390, "height": 780})
    if state == "dark":
        page.emulate_media(color_scheme="dark")
    start(query="?contents" if state == "contents" else "")
    if state == "ended":
        control(page, "suspendAll").click()
        page.wait_for_selector("[data-state=ended]")
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        """async () => {
          const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
          const options = { runOnly: tags, iframes: false };
          const { violations } = await axe.run(document, options);
          return violations.map((one) => [one.id, one.nodes.map((node) => node.html)]);
        }"""
    )
    assert found == []


def test_discarding_a_part_asks_first_where_something_would_be_lost(start, page):
    """ST-18; by keyboard: the focus is on keeping it, Escape keeps it, and comes back."""
    play = start()
    frame = front(page, "A1", 1)
    perform(frame, ["Initialize", ""], ["SetValue", "cmi.location", "page 7"])
    control(page, "abandon").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Discard this part?")
    dialog.wait_for()
    assert "cannot be undone" in (dialog.text_content() or "")
    assert page.evaluate("document.activeElement.textContent") == "Keep it"
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "abandon"
    assert page.get_attribute("body", "data-delivery") == "1"

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-state=idle]")
    wait_saved(page)
    page.click("[data-scorm-activity=A1]")
    frame = front(page, "A1", 2)
    assert perform(frame, ["Initialize", ""], ["GetValue", "cmi.location"]) == ["true", ""]
    assert play.row().delivery == 2


def test_discarding_a_part_that_has_recorded_nothing_asks_nothing(start, page):
    start()
    front(page, "A1", 1)
    control(page, "abandonAll").click()
    page.wait_for_selector("[data-state=ended]")
