"""A browser that loses every cookie in frames, and platforms that keep data for tools. PAIN-01

The same three platforms as in life: one names a frame at login (Canvas), one is the page itself
(Sakai), one tells the frame only when it is asked (Blackboard); and one that never answers.
"""

import json
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import BrowserContext, Playwright, Route, expect

from tests.browser import running_browser
from tests.journeys.actions import become, content_of, finish, open_activity, sign_in
from tests.journeys.stack import Stack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.stack]

BLOCK = 2


@pytest.fixture(scope="module")
def cookieless(
    stack: Stack, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser whose owner has forbidden our server all cookies, partitioned ones included."""
    profile = tmp_path_factory.mktemp("cookieless")
    forbidden = {"cookies": {f"{stack.app_url},*": {"setting": BLOCK}}}
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(
        json.dumps({"profile": {"content_settings": {"exceptions": forbidden}}})
    )
    with running_browser(playwright, profile) as running:
        running.context.set_default_timeout(60_000)
        yield running.context


@pytest.mark.parametrize("name", ["canvas", "sakai", "generic"])
def test_the_frame_goes_on_by_platform_storage_and_the_grade_arrives(
    cookieless: BrowserContext, stack: Stack, name: str
):
    """CANVAS-5, SAKAI-3, LTI-A17; after the launch no cookie is needed."""
    stack.demo("reset", {})
    stack.demo("personality", {"name": name})
    page = become(cookieless, stack, "Stan Student")

    player = open_activity(page, stack, 2)
    finish(content_of(player), score=70)

    assert eventually(lambda: stack.grade("stan", 2))["score"] == 7
    assert [c for c in cookieless.cookies() if c["name"].startswith("lectern")] == []
    page.close()


def test_blackboards_frame_is_asked_for_and_the_grade_arrives(
    cookieless: BrowserContext, context: BrowserContext, stack: Stack
):
    """BB-5: its login names no frame, lti.capabilities does, once it is known for Blackboard."""
    stack.demo("reset", {})
    stack.demo("personality", {"name": "blackboard"})
    admin = sign_in(context, stack, "admin@demo.lectern.test")
    admin.goto(f"{stack.app_url}/admin/platforms/")
    admin.get_by_role("link", name="Demo LMS").first.click()
    admin.get_by_role("link", name="Change").first.click()
    admin.get_by_label("Product").select_option("blackboard")
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("main")).to_contain_text("Blackboard")
    page = become(cookieless, stack, "Stan Student")

    player = open_activity(page, stack, 2)
    finish(content_of(player), score=60)

    assert eventually(lambda: stack.grade("stan", 2))["score"] == 6
    page.close()


def test_the_launch_log_says_which_way_worked(context: BrowserContext, stack: Stack):
    page = sign_in(context, stack, "admin@demo.lectern.test")
    page.goto(f"{stack.app_url}/admin/launches/")
    page.get_by_role("table").last.get_by_role("row").nth(1).get_by_role("link").first.click()

    expect(page.get_by_role("main")).to_contain_text("Platform storage")


def lose_cookies(route: Route) -> None:
    """What our pages set in a frame is gone; a new window keeps it."""
    sent = {name: value for name, value in route.request.headers.items() if name != "cookie"}
    answer = requests.request(  # not route.fetch: that would keep the cookies for the browser
        route.request.method,
        route.request.url,
        data=route.request.post_data,
        headers={**sent, "sec-fetch-dest": "iframe"},
        allow_redirects=False,
        timeout=20,
    )
    kept = {n: v for n, v in answer.headers.items() if n.lower() not in _OWN}
    return route.fulfill(status=answer.status_code, headers=kept, body=answer.content)


_OWN = ("set-cookie", "content-encoding", "content-length", "transfer-encoding", "connection")


def test_a_platform_that_never_answers_leads_to_a_new_window(context: BrowserContext, stack: Stack):
    """CANVAS-9: mobile apps know no messages; after half a second a click helps."""
    stack.demo("reset", {})
    stack.demo("personality", {"name": "canvas"})
    context.route("**/lti/l*", lose_cookies)
    context.route("**/lti/l*/**", lose_cookies)
    context.route("**/static/storage.js*", lambda route: route.abort())
    page = become(context, stack, "Sara Sample")
    page.goto(f"{stack.demo_url}/lms/courses/1/activities/1")

    frame = page.frame_locator("iframe[name=tool]")
    expect(frame.get_by_role("heading")).to_have_text("Open this activity in a window of its own")
    context.unroute("**/lti/l*")
    context.unroute("**/lti/l*/**")
    with context.expect_page() as opened:
        frame.get_by_role("link", name="Open in a new window").click()
    opened.value.locator("body[data-state=running]").wait_for()
