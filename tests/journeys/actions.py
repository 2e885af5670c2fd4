"""What people do in the journeys, by the words and roles that they see."""

from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.journeys.stack import PASSWORD, Stack

PAGES = 8
"""Pages of the page turner."""


def become(context: BrowserContext, stack: Stack, person: str) -> Page:
    """Sign in at the Demo LMS as "Stan Student", by a click."""
    page = context.new_page()
    page.goto(f"{stack.demo_url}/lms/")
    page.get_by_role("button", name=person).click()
    return page


def open_activity(page: Page, stack: Stack, number: int) -> Frame:
    """Open an activity of the course; answers the player's frame once the content runs."""
    page.goto(f"{stack.demo_url}/lms/courses/1/activities/{number}")
    return playing(page)


def playing(page: Page) -> Frame:
    """The player's frame of the activity page, running."""
    page.frame_locator("iframe[name=tool]").locator("body[data-state=running]").wait_for()
    frame = page.frame(name="tool")
    assert frame is not None
    return frame


def content_of(player: Frame | Page) -> Frame:
    """The frame in which the SCO runs."""
    player.locator("body[data-state=running]").wait_for()
    top = player if isinstance(player, Frame) else player.main_frame
    content = top.child_frames[0]
    content.wait_for_load_state()
    return content


def page_number(content: Frame) -> int:
    """Which of its pages the page turner shows."""
    text = content.get_by_text("Page ", exact=False).first.inner_text()
    return int(text.split()[1])


def turn_pages(content: Frame, until: int) -> None:
    """Read on to page `until` of the page turner."""
    while page_number(content) < until:
        content.get_by_role("button", name="Next").click()


def expect_saved(player: Frame) -> None:
    """The bar says that the server has everything."""
    expect(player.locator("#save")).to_have_attribute("data-save", "saved")
    expect(player.locator("#save-text")).to_have_text("Saved")


def sign_in(context: BrowserContext, stack: Stack, email: str) -> Page:
    """Sign in on the portal."""
    page = context.new_page()
    page.goto(f"{stack.app_url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def finish(content: Frame, score: int) -> None:
    """Do what a SCO does at its end, whatever it shows: score, status, commit."""
    content.evaluate(
        """score => {
            const api = window.parent.API;
            api.LMSSetValue("cmi.core.score.min", "0");
            api.LMSSetValue("cmi.core.score.max", "100");
            api.LMSSetValue("cmi.core.score.raw", String(score));
            api.LMSSetValue("cmi.core.lesson_status", "completed");
            api.LMSCommit("");
        }""",
        score,
    )
