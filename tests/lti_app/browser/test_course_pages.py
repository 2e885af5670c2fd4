"""Learners' pages of courses in a real browser: for everybody, and nothing of the time is lost."""

from datetime import UTC, datetime

import pytest

from content.services import courses, enrolments
from database.session import transaction
from lti_app.services import users
from tests.browser import wait_until
from tests.content.courses import document, unit
from tests.lti_app.browser.conftest import AXE

pytestmark = pytest.mark.browser
LEARNER = "learner@school.test"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def pages(site):
    """Addresses of a course that the learner takes."""
    units = [
        unit(title="Light", body="# Sun\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[x](https://x.test)"),
        unit("link", title="Link"),
        unit("assignment", title="Task", due={"days": 3}),
        unit("quiz", title="Quiz"),
        unit("package", title="Package", opens={"days": 5}),
    ]
    made = document(*units, summary="In short", description="Long **text**", tags=["green"])
    with transaction(site.tenant) as session:
        course = courses.create_course(
            session, title="House plants", created_by=None, now=NOW, document=made
        )
        courses.publish(session, course.id, published_by=None, now=NOW)
        learner = users.find_user_by_email(session, LEARNER)
        enrolment = enrolments.enrol(session, course.id, learner.id, source="self", now=NOW)
        base = f"/learn/{enrolment.enrolment.id}"
        key = course.key
    return [f"/courses/{key}", *(f"{base}/units/{one['id']}" for one in units)]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    site, open_page, pages, width, scheme
):
    """WCAG 2.2 AA as far as axe-core can see it."""
    page = open_page(LEARNER, width, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    for path in [*pages, "/catalogue?q=plants"]:
        page.goto(site.url + path)
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for violation in found["violations"]:
            nodes = [f"{one['html'][:160]} {one['failureSummary']}" for one in violation["nodes"]]
            problems.append(f"{path}: {violation['id']}: {nodes[:3]}")
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            problems.append(f"{path}: {wider} px wider than the screen")
    assert problems == []


def test_a_report_that_got_lost_is_sent_by_the_next_page(site, open_page, pages):
    """PAIN-02"""
    page = open_page(LEARNER)
    page.route("**/visits", lambda route: route.abort())
    page.goto(site.url + pages[1])
    page.mouse.move(50, 50)
    page.wait_for_timeout(2500)
    page.goto("about:blank")
    page.unroute("**/visits")
    page.goto(site.url + pages[0])
    kept = "Object.keys(localStorage).filter(one => one.startsWith('lectern:visit:'))"
    names = page.evaluate(kept)
    assert names
    page.evaluate(
        "names => names.forEach(name => { const kept = JSON.parse(localStorage.getItem(name));"
        " kept.at -= 60_000; localStorage.setItem(name, JSON.stringify(kept)); })",
        names,
    )
    with page.expect_response("**/visits") as answer:
        page.goto(site.url + pages[3])
    assert answer.value.status == 200
    wait_until(page, f"names => !({kept}).some(one => names.includes(one))", arg=names)


def test_the_policy_of_the_page_blocks_nothing_of_ours(site, open_page, pages):
    page = open_page(LEARNER)
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    for path in pages:
        page.goto(site.url + path)
    assert complaints == []
