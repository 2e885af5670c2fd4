"""A quiz in a real browser: killed, offline, by keyboard; nothing is lost."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from content.services.quiz_attempts import list_attempts, read_paper
from content.services.quizzes import get_quiz
from database.session import transaction
from lti_app.models.user import User
from tests.browser import running_browser
from tests.content.core.quiz.questions import ALL, ESSAY, MATCHING, ORDERING, TRUTH
from tests.content.quiz_world import make_quiz
from tests.journeys.stack import eventually
from tests.lti_app.browser.conftest import AXE
from tests.lti_app.conftest import PASSWORD

pytestmark = pytest.mark.browser


def sign_in(page, site):
    page.goto(f"{site.url}/sign-in")
    page.fill("[name=email]", "learner@school.test")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("learning|/$"))


def begin(page, site, raws, title, **settings):
    """A quiz of its own, opened; returns its id."""
    with transaction(site.tenant) as session:
        quiz = make_quiz(session, raws, title=title, **settings)
    page.goto(f"{site.url}/quizzes/{quiz.key}")
    page.click("form button.btn-primary")
    page.wait_for_selector("#quiz[data-ready]")
    return quiz


def find_attempt(site, quiz):
    with transaction(site.tenant) as session:
        learner = site.portal_learner(session)
        return list_attempts(session, quiz.id, learner, "portal")[-1]


@pytest.fixture
def learner_of(site):
    query = select(User.id).where(User.email == "learner@school.test")
    with transaction(site.tenant) as session:
        found = session.scalar(query)
    site.portal_learner = lambda _session: found
    return found


ON_DISK = """text => new Promise((resolve, reject) => {
  const opening = indexedDB.open("lectern");
  opening.onupgradeneeded = () => opening.transaction.abort(); // the page has not made it yet
  opening.onerror = () => resolve(false);
  opening.onsuccess = () => {
    const reading = opening.result.transaction("journal").objectStore("journal").getAll();
    reading.onerror = () => reject(reading.error);
    reading.onsuccess = () => {
      opening.result.close();
      resolve(JSON.stringify(reading.result).includes(text));
    };
  };
})"""
"""Whether the journal's second place holds a text."""


def test_a_killed_browser_loses_nothing_not_even_what_was_never_sent(
    site, learner_of, playwright, tmp_path
):
    """PAIN-02"""
    profile = tmp_path / "profile"
    with running_browser(playwright, profile) as browser:
        page = browser.context.new_page()
        sign_in(page, site)
        quiz = begin(page, site, [TRUTH, ESSAY], "Killed")
        page.check("#q1 input[value=true]")
        page.wait_for_selector("#quiz[data-saved=true] .quiz-map a.answered")
        page.route("**/entries", lambda route: route.abort())
        page.type("#q2 textarea", "Because of the moon")
        address = page.url
        page.wait_for_selector(".quiz-state[data-state=offline]")
        eventually(lambda: page.evaluate(ON_DISK, "Because of the moon"))
        assert find_attempt(site, quiz).answers.keys() == {"1"}
        browser.kill()
    with running_browser(playwright, profile) as browser:
        page = browser.context.new_page()
        sign_in(page, site)
        page.goto(address)
        # not wait_for_function: it compiles what it is given, which our pages forbid
        expect(page.locator("#q2 textarea")).to_have_value("Because of the moon")
        expect(page.locator("#q1 input[value=true]")).to_be_checked()
        assert find_attempt(site, quiz).answers["2"]["value"] == "Because of the moon"


def test_a_quiz_is_taken_by_keyboard_alone_and_handed_in(site, learner_of, open_page):
    page = open_page("learner@school.test", 390)
    quiz = begin(page, site, [ORDERING, MATCHING], "By keyboard", layout="one")
    page.focus("#q1 li:nth-child(2) [data-move='-1']")
    page.keyboard.press("Enter")
    assert "Place 1 of 4" in page.inner_text("[data-says]")
    page.focus("[data-step='1']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#q2:not([hidden])")
    page.focus("#q2 select")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("#quiz[data-saved=true]")
    page.focus("[data-submit] button")
    page.keyboard.press("Enter")
    assert "Every question has an answer" in page.inner_text("[data-confirm-summary]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".quiz-score")
    attempt = find_attempt(site, quiz)
    assert attempt.state == "submitted"
    assert set(attempt.answers) == {"1", "2"}


def test_without_javascript_every_kind_is_answered_saved_and_handed_in(site, learner_of, open_page):
    """Forms alone: what was answered stands in the page again, and in the attempt. PAIN-02"""
    with transaction(site.tenant) as session:
        quiz = make_quiz(session, ALL, title="Forms alone", show_results="never", layout="one")
    page = open_page("learner@school.test", 390, java_script_enabled=False)
    page.goto(f"{site.url}/quizzes/{quiz.key}")
    page.get_by_role("button", name="Begin").click()
    shown = page.locator(".quiz-question:visible")

    def go_to(kind: str) -> None:
        slot = page.locator(f".quiz-question[data-kind={kind}]").get_attribute("data-slot")
        page.locator(f".quiz-map a[href='#q{slot}']").click()
        assert shown.get_attribute("data-kind") == kind

    assert shown.count() == 1
    shown.get_by_role("link", name="Next").click()
    assert shown.get_attribute("data-slot") == "2"
    shown.get_by_role("checkbox", name="Flag question 2").check()
    go_to("choice_one")
    shown.get_by_role("radio").first.check()
    go_to("true_false")
    page.get_by_label("True", exact=True).check()
    go_to("essay")
    page.get_by_label("Your answer").fill("Because of the moon.\nNo?")
    go_to("ordering")
    page.get_by_label(re.compile("^Place of")).first.select_option("2")
    page.get_by_role("button", name="Save my answers").click()

    assert "Not every piece had a place of its own" in page.inner_text("[role=alert]")
    assert page.get_by_label("Your answer").input_value() == "Because of the moon.\nNo?"
    assert page.get_by_label("True", exact=True).is_checked()
    assert not page.get_by_role("button", name="Hand in my answers").is_visible()
    assert {"essay", "true_false", "ordering"} <= kinds_answered(site, quiz)

    go_to("numeric")
    page.get_by_label("Your number").fill("3.14")
    page.get_by_role("button", name="Save and hand in").click()
    assert "Not answered yet" in page.inner_text(".notice >> nth=0")
    assert "Flagged: 2" in page.inner_text(".notice >> nth=1")
    page.get_by_role("button", name="Yes, hand in").click()
    assert "Your answers are safe" in page.inner_text(".notice")
    assert find_attempt(site, quiz).state == "submitted"
    assert "numeric" in kinds_answered(site, quiz)


def kinds_answered(site, quiz) -> set[str]:
    attempt = find_attempt(site, quiz)
    with transaction(site.tenant) as session:
        paper = read_paper(session, attempt)
    given = [int(slot) for slot, one in attempt.answers.items() if one["value"] is not None]
    return {paper[slot][0].kind for slot in given}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_on_a_learners_pages(site, learner_of, open_page, width, scheme):
    page = open_page("learner@school.test", width, color_scheme=scheme, bypass_csp=True)
    problems = []

    def look(what):
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for one in found["violations"]:
            problems.append(f"{what}: {one['id']}: {[n['html'][:120] for n in one['nodes'][:2]]}")
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            problems.append(f"{what}: wider than the screen")

    begin(page, site, ALL, f"Looked at {width}", time_limit_minutes=30)
    look("attempt")
    address = page.url
    page.click("[data-submit] button")
    look("summary")
    page.click("[data-confirm-yes]")
    page.wait_for_selector(".quiz-score")
    look("result")
    page.goto(address.split("/attempts/")[0] + "/")
    look("start")
    assert problems == []


def test_questions_are_put_in_order_by_keyboard_and_by_dragging_and_unsaved_text_is_kept(
    site, open_page
):
    page = open_page("admin@school.test")
    with transaction(site.tenant) as session:
        admin = session.scalar(select(User.id).where(User.email == "admin@school.test"))
        quiz = make_quiz(session, [TRUTH, ESSAY, ORDERING], title="In order", created_by=admin)
    first, second, third = quiz.items

    def stored() -> list:
        with transaction(site.tenant) as session:
            return list(get_quiz(session, quiz.id).items)

    page.goto(f"{site.url}/admin/quizzes/{quiz.id}")
    page.wait_for_selector("[data-ready]")
    grips = page.locator("[data-items] [data-grip]")
    grips.first.press("Alt+ArrowDown")
    page.wait_for_selector("[data-items][data-saved=true]")
    assert stored() == [second, first, third]
    box, to = grips.last.bounding_box(), grips.first.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(to["x"] + 5, to["y"] - 10, steps=8)
    eventually(lambda: "Put in order" in page.locator("[data-items] > li").first.inner_text())
    page.mouse.up()
    eventually(lambda: stored() == [third, second, first])

    page.fill("#title", "In another order")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Analysis").click()
    page.wait_for_url("**/analysis")
    assert asked == ["beforeunload"]

    page.goto(f"{site.url}/admin/quizzes/{quiz.id}")
    page.locator("[data-left-over]").get_by_role("button", name="Take them up").click()
    assert page.input_value("#title") == "In another order"
    page.locator("form[data-keep-unsaved] [type=submit]").click()
    page.get_by_text("Learners get it when you publish").wait_for()
    page.goto(f"{site.url}/admin/quizzes/{quiz.id}/questions/new?kind=essay")
    page.wait_for_selector("[data-ready]")
    assert page.locator("[data-left-over]").is_hidden()
    page.fill("#text", "Why is it so?")
    page.reload()
    page.wait_for_selector("[data-left-over]:not([hidden])")
    page.locator("[data-left-over]").get_by_role("button", name="Take them up").click()
    page.locator("form[data-keep-unsaved] [type=submit]").first.click()
    page.wait_for_url("**/quizzes/*#items")
    page.goto(f"{site.url}/admin/quizzes/{quiz.id}/questions/new?kind=essay")
    page.wait_for_selector("[data-ready]")
    assert page.locator("[data-left-over]").is_hidden()
