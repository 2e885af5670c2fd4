"""Deep Linking 2.0: the request and the picker. Rules LTI-DL-1 to LTI-DL-5."""

import html

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.models.deep_link import DeepLink
from lti_app.models.user import User
from lti_app.services.registrations import disable_registration, get_registration
from tests.lti_app.fake_platform import LEARNER
from tests.lti_app.lti_fixtures import add_package
from tests.lti_app.teacher import DL, asked

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
GRADED = {"graded-0": "1", "points-0": "100"}


# ── the request ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["Instructor", "Administrator", "ContentDeveloper"])
def test_who_makes_courses_may_choose(teacher, role):
    """Guide 6.2: the request is received."""
    assert teacher.ask(roles=(MEMBERSHIP + role,)).status_code == 303
    page = teacher.see()
    assert "Choose content for your course" in page
    assert "The package demo" in page
    assert teacher.browser.log()[0].message_type == "LtiDeepLinkingRequest"


@pytest.mark.parametrize("roles", [(LEARNER,), (), (MEMBERSHIP + "Mentor",)])
def test_a_learner_is_refused_in_words_and_nothing_is_kept(teacher, roles, tenant):
    answer = teacher.ask(roles=roles)
    teacher.browser.refused(answer, "role_not_allowed")
    assert "This is for teachers" in html.unescape(answer.text)
    with transaction(tenant) as session:
        assert session.scalars(select(DeepLink)).all() == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"deep_link_return_url": None}, "claim_invalid"),
        ({"deep_link_return_url": "javascript:alert(1)"}, "claim_invalid"),
        ({"deep_link_return_url": "//evil.example/"}, "claim_invalid"),
        ({"accept_types": None}, "claim_missing"),
        ({"accept_presentation_document_targets": []}, "claim_missing"),
        ({"data": "x" * 40_000}, "claim_invalid"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused_with_its_reason(teacher, changes, reason):
    answer = teacher.ask(**changes)
    teacher.browser.refused(answer, reason)


def test_the_first_message_of_a_platform_may_be_this_one(teacher, tenant, registration):
    """Who may frame the picker is learned from where the answer goes: there is no return_url."""
    url = "https://other.school.test/return"
    asked(teacher, deep_link_return_url=url)
    with transaction(tenant) as session:
        assert "https://other.school.test" in get_registration(session, registration).origins
    answer = teacher.browser.open(teacher.address)
    policy = answer.headers["Content-Security-Policy"]
    assert "https://other.school.test" in policy.partition("frame-ancestors")[2]
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers


# ── the picker ────────────────────────────────────────────────────────────────────────────────


def test_the_picker_offers_nothing_where_no_links_are_taken(teacher):
    """LTI-DL-1"""
    page = asked(teacher, accept_types=["html", "image"]).see()
    assert "takes no links to tools" in page
    assert 'name="item"' not in page
    claims = teacher.read(teacher.browser.open(f"{teacher.address}/cancel", "POST"))
    assert claims[DL + "content_items"] == []
    assert "nothing of the kind" in claims[DL + "errormsg"]
    assert "html, image" in claims[DL + "errorlog"]


def test_several_items_only_where_several_are_taken(teacher, tenant):
    """LTI-DL-2: absent means one."""
    add_package(tenant, "second")
    assert 'type="checkbox"' in asked(teacher).see()
    assert len(teacher.choose("demo", "second")[DL + "content_items"]) == 2
    for one_only in (False, None):
        assert 'type="radio"' in asked(teacher, accept_multiple=one_only).see()
        assert len(teacher.choose("demo", "second")[DL + "content_items"]) == 1


def test_a_line_item_is_sent_unless_the_platform_takes_none(teacher):
    """LTI-DL-3; Moodle does not say and makes no grade without one (moodle.md 8)."""
    for accepts in (True, None):
        (item,) = asked(teacher, accept_lineitem=accepts).choose("demo", **GRADED)[
            DL + "content_items"
        ]
        assert item["lineItem"]["scoreMaximum"] == 100
    asked(teacher, accept_lineitem=False)
    assert "Counts in the gradebook" not in teacher.see("/options?item=demo")
    (item,) = teacher.choose("demo", **GRADED)[DL + "content_items"]
    assert "lineItem" not in item


def test_an_item_opens_only_where_the_platform_can_open_it(teacher):
    """LTI-DL-4"""
    (item,) = asked(teacher).choose("demo", **{"target-0": "window"})[DL + "content_items"]
    assert item["window"]["targetName"] == "_blank"
    assert "iframe" not in item
    asked(teacher, accept_presentation_document_targets=["iframe"])
    assert "In a new window" not in teacher.see("/options?item=demo")
    (item,) = teacher.choose("demo", **{"target-0": "window"})[DL + "content_items"]
    assert "window" not in item
    assert item["iframe"]["height"] > 0
    asked(teacher, accept_presentation_document_targets=["frame"])
    (item,) = teacher.choose("demo")[DL + "content_items"]
    assert not {"iframe", "window"} & set(item)


def test_the_picker_says_whether_links_are_made_at_once(teacher):
    """LTI-DL-5"""
    assert "Add to the course" in asked(teacher, auto_create=True).see("/options?item=demo")
    page = asked(teacher, auto_create=False).see("/options?item=demo")
    assert "Take it to the course" in page
    assert "once more before it is added" in page


def test_every_word_that_is_searched_must_be_there(teacher, tenant):
    add_package(tenant, "fire-drill")
    page = asked(teacher).see("?q=DRILL+package")
    assert "fire-drill" in page
    assert "The package demo" not in page
    assert "Nothing found" in teacher.see("?q=zebra")


def test_what_was_chosen_before_a_search_stays_chosen(teacher, tenant):
    """The form's address carries it, with or without JavaScript."""
    add_package(tenant, "other")
    page = asked(teacher).see("?q=other&item=demo&item=gone&kind=package")
    tray = page[page.index("Chosen before") : page.index("Chosen before") + 600]
    assert 'value="demo"' in tray
    assert "checked" in tray
    assert "gone" not in page


def test_a_wrong_value_is_named_and_nothing_goes_out(teacher, tenant):
    asked(teacher)
    for fields, words in (
        ({"graded-0": "1", "points-0": "none"}, "Points are a number above 0"),
        ({"graded-0": "1", "points-0": "nan"}, "Points are a number above 0"),
        ({"graded-0": "1", "points-0": "-3"}, "Points are a number above 0"),
        ({"title-0": " "}, "The link needs a title"),
        ({"version-0": "77"}, "There is no such version"),
        ({"available_until-0": "tomorrow"}, "A date and time"),
        (
            {"submission_from-0": "2026-02-01T00:00", "submission_until-0": "2026-01-01T00:00"},
            "The end must be after",
        ),
    ):
        answer = teacher.add("demo", **fields)
        assert (answer.status_code, words in answer.text) == (422, True), words
        assert "JWT" not in answer.text
    with transaction(tenant) as session:
        assert [row.state for row in session.scalars(select(DeepLink))] == ["open"]


def test_archived_unknown_and_unplayable_content_is_never_answered(teacher, tenant):
    add_package(tenant, "broken", playable=False)
    asked(teacher)
    claims = teacher.choose("broken", "nothing", "<script>")
    assert claims[DL + "content_items"] == []
    assert claims[DL + "msg"] == "Nothing was chosen."


# ── who may open the page ─────────────────────────────────────────────────────────────────────


def test_an_address_that_was_changed_opens_nothing(teacher, browser):
    asked(teacher)
    for address in (teacher.address[:-2], teacher.address + "A", "/lti/deep-link/x.y"):
        assert browser.open(address).status_code == 404


def test_the_address_of_one_page_opens_no_other(teacher, browser):
    asked(teacher)
    token = teacher.address.rsplit("/", 1)[1]
    assert browser.open(f"/lti/link-content/{token}").status_code == 404
    assert browser.open(f"/lti/links/{token}/grades").status_code == 404


@pytest.mark.parametrize("what", ["person", "platform"])
def test_who_is_switched_off_chooses_no_more(teacher, browser, tenant, registration, what):
    asked(teacher)
    with transaction(tenant) as session:
        if what == "platform":
            disable_registration(session, registration)
        else:
            session.scalars(select(User)).one().is_active = False
    for method, path in (
        ("GET", ""),
        ("GET", "/options?item=demo"),
        ("POST", ""),
        ("POST", "/cancel"),
    ):
        assert browser.open(f"{teacher.address}{path}", method).status_code == 401
