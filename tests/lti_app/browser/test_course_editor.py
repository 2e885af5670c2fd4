"""The editor of courses in a browser: from nothing by keyboard, by mouse, in two windows."""

import re
from uuid import UUID

import pytest

from content.services import drafts
from database.session import transaction
from tests.lti_app.services.test_course_folders import COURSES

pytestmark = pytest.mark.browser

ADMIN = "admin@school.test"
FILM = COURSES / "house-plants" / "film" / "finger-test.webm"


def draft_of(site, page):
    course_id = UUID(re.search(r"/courses/([0-9a-f-]{36})", page.url)[1])
    with transaction(site.tenant) as session:
        return drafts.get_draft(session, course_id)


def outline(site, page):
    """[[titles of units] of each module], as it is kept."""
    modules = draft_of(site, page).document["modules"]
    return [[unit["title"] for unit in module["units"]] for module in modules]


def saved(page):
    page.locator("[data-save-state=saved]").wait_for()


def new_course(site, page, title="House plants"):
    page.goto(f"{site.url}/admin/courses/new")
    page.fill("#title", title)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/courses/[0-9a-f-]{36}/$"))


def press(page, name, exact=False):
    """Focus something by its name, as the tabulator would, and press Enter."""
    page.get_by_role("button", name=name, exact=exact).first.focus()
    page.keyboard.press("Enter")


def add_unit(page, kind, title, module=0):
    page.locator(".add-unit > summary").nth(module).focus()
    page.keyboard.press("Enter")
    page.locator(".add-unit[open]").get_by_role("button", name=re.compile(f"^{kind}")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/content/**")
    page.locator("[data-ready] .unit-form").wait_for()
    page.locator("#title").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(title)
    saved(page)


def add_module(page):
    page.locator("[data-editor][data-ready]").wait_for()
    press(page, "Add a module")
    page.locator("[data-ready] [data-autosave=set_module]").wait_for()


def test_a_course_is_made_from_nothing_to_published_by_keyboard_alone(site, open_page):
    page = open_page(ADMIN)
    new_course(site, page)
    add_module(page)
    add_unit(page, "Lesson", "Light")
    page.locator("#body").focus()
    page.keyboard.type("Plants need ")
    page.keyboard.press("Control+B")
    page.keyboard.type("light")
    saved(page)
    add_unit(page, "External link", "A shop")
    page.locator("#url").focus()
    page.keyboard.type("https://example.org")
    saved(page)
    assert outline(site, page) == [["Light", "A shop"]]

    grip = page.get_by_role("button", name="Move “A shop”")
    grip.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    page.get_by_text("Put down at place 1 of 2").wait_for(state="attached")
    saved(page)
    assert outline(site, page) == [["A shop", "Light"]]
    page.keyboard.press("Control+z")
    saved(page)
    assert outline(site, page) == [["Light", "A shop"]]
    body = draft_of(site, page).document["modules"][0]["units"][0]["body"]
    assert body == "Plants need **light**"

    page.get_by_role("link", name="Publish").focus()
    page.keyboard.press("Enter")
    press(page, "Publish", exact=True)
    page.get_by_text("Version 1 is published.").wait_for()


def test_a_unit_is_dragged_into_another_module_and_dropping_outside_keeps_it(site, open_page):
    page = open_page(ADMIN)
    new_course(site, page)
    add_module(page)
    add_unit(page, "Lesson", "Light")
    add_module(page)
    grip = page.get_by_role("button", name="Move “Light”").bounding_box()
    target = page.locator("[data-module]").nth(1).bounding_box()
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, grip["y"] + 40, steps=4)
    page.mouse.move(target["x"] + 30, target["y"] + 30, steps=6)
    page.locator("[data-module]:nth-child(2) [data-unit].lifted").wait_for()
    page.mouse.up()
    saved(page)
    page.wait_for_timeout(300)
    assert outline(site, page) == [[], ["Light"]]


def test_two_people_at_once_are_told_and_nothing_is_lost(site, open_page):
    first, second = open_page(ADMIN), open_page(ADMIN)
    new_course(site, first)
    add_module(first)
    second.goto(first.url)
    second.fill("#title", "Theirs")
    saved(second)
    second.wait_for_timeout(1500)
    first.fill("#title", "Ours")
    first.get_by_text("saved this course at").wait_for()
    assert draft_of(site, first).document["modules"][0]["title"] == "Theirs"
    first.get_by_role("button", name="Save mine on top").click()
    saved(first)
    assert draft_of(site, first).document["modules"][0]["title"] == "Ours"


def test_what_is_typed_without_a_network_is_saved_when_it_is_back(site, open_page):
    page = open_page(ADMIN)
    new_course(site, page)
    add_module(page)
    page.route("**/draft/changes", lambda route: route.abort())
    page.fill("#title", "Written in a tunnel")
    page.get_by_text("There is no connection to the server.").wait_for()
    page.unroute("**/draft/changes")
    page.get_by_role("button", name="Try again").click()
    saved(page)
    assert draft_of(site, page).document["modules"][0]["title"] == "Written in a tunnel"


def test_the_editor_works_without_any_script(site, open_page):
    page = open_page(ADMIN, java_script_enabled=False)
    new_course(site, page)
    page.get_by_role("button", name="Add a module").click()
    page.locator(".add-unit > summary").click()
    page.get_by_role("button", name=re.compile("^Lesson")).click()
    page.fill("#title", "Light")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("It is saved.").wait_for()
    assert outline(site, page) == [["Light"]]


def test_a_video_goes_up_beside_what_is_being_typed(site, open_page):
    """The text is saved first; the page comes back with both, and says what arrived."""
    page = open_page(ADMIN)
    new_course(site, page)
    add_module(page)
    add_unit(page, "Lesson", "The finger test")
    page.locator("[data-ready] #body").fill("Look first.")
    with page.expect_request("**/files/units/*") as sent:
        page.get_by_label("A video, MP4 or WebM").set_input_files(FILM)
        page.locator("form[data-upload=video] button").click()
    assert sent.value.headers["accept"] == "application/json"
    page.get_by_text("“finger-test.webm” is there.").wait_for()
    unit = draft_of(site, page).document["modules"][0]["units"][0]
    assert (bool(unit["video"]), unit["body"]) == (True, "Look first.")
