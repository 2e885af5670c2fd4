"""A browser that keeps no cookie at all inside a platform's frame: the new window."""

import pytest
import requests
from playwright.sync_api import BrowserContext, Route, expect

from tests.journeys.actions import PAGES, become, content_of, turn_pages
from tests.journeys.stack import Stack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def lose_cookies_in_frames(route: Route) -> None:
    """As old Safari does: what a framed page sets is gone, even when Partitioned."""
    if route.request.method == "GET":  # the new window; the platform's frame posts
        return route.continue_()
    answer = requests.post(  # not route.fetch: that would keep the cookie for the browser
        route.request.url,
        data=route.request.post_data,
        headers={**route.request.headers, "sec-fetch-dest": "iframe"},
        allow_redirects=False,
        timeout=20,
    )
    return route.fulfill(
        status=answer.status_code, headers={"location": answer.headers["location"]}
    )


def test_the_activity_goes_on_in_a_new_window_and_the_grade_arrives(
    context: BrowserContext, stack: Stack
):
    """The platform's hint works once, so this is found out before it is used. PAIN-01, LTI-A17"""
    context.route("**/lti/login*", lose_cookies_in_frames)
    page = become(context, stack, "Sara Sample")
    page.goto(f"{stack.demo_url}/lms/courses/1/activities/1")
    message = page.frame_locator("iframe[name=tool]")
    expect(message.get_by_role("heading")).to_have_text("Open this activity in a window of its own")

    with context.expect_page() as opened:
        message.get_by_role("link", name="Open in a new window").click()
    window = opened.value
    window.locator("body[data-state=running]").wait_for()
    turn_pages(content_of(window), PAGES)

    assert eventually(lambda: stack.grade("sara", 1))["score"] == 100
