"""Launches that must work: LTI-G01 to G09, each as instructor and as student; and the item."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from database.session import transaction
from lti_app.models.context import Context, LinkMember, ResourceLink
from lti_app.models.registration import Registration
from lti_app.models.user import LtiIdentity, User
from lti_app.services.registrations import get_registration
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package
from tests.lti_app.fake_platform import INSTRUCTOR, LEARNER
from tests.lti_app.lti_fixtures import add_package

V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
UNKNOWN = V2 + "unknown/unknown#Helper"
NOBODY = {"name": None, "given_name": None, "family_name": None, "email": None}

GOOD = [
    pytest.param({}, id="LTI-G01"),
    pytest.param({"more_roles": [V2 + "institution/person#Student"]}, id="LTI-G02"),
    pytest.param({"short": True}, id="LTI-G03"),
    pytest.param({"more_roles": [UNKNOWN]}, id="LTI-G04"),
    pytest.param({"name": None, "given_name": None, "family_name": None}, id="LTI-G06"),
    pytest.param({"email": None}, id="LTI-G07"),
    pytest.param(NOBODY, id="LTI-G08"),
    pytest.param({"context": None, "ags": None}, id="LTI-G09"),
]


@pytest.mark.parametrize("role", ["instructor", "learner"])
@pytest.mark.parametrize("changes", GOOD)
def test_a_launch_of_the_certification_list_works(browser, changes, role):
    """LTI-G01 to LTI-G09"""
    changes = dict(changes)
    uri = INSTRUCTOR if role == "instructor" else LEARNER
    roles = [uri.rpartition("#")[2] if changes.pop("short", False) else uri]
    answer = browser.launch(roles=roles + changes.pop("more_roles", []), **changes)
    token = browser.token_of(answer)
    assert token.tenant_id == browser.tenant
    assert token.teacher is (role == "instructor")
    row = browser.log()[0]
    assert (row.result, row.reason, row.role, row.binding) == ("accepted", "", role, "cookie")
    assert str(row.id) == token.launch_ref
    assert (row.attempt_id, row.user_id) == (token.attempt_id, token.user_id)


@pytest.mark.parametrize("roles", [[], [UNKNOWN], ["Helper"], ["<script>"]])
def test_without_a_known_role_the_least_privilege_applies(browser, roles):
    """LTI-G04, LTI-G05"""
    assert browser.token_of(browser.launch(roles=roles)).teacher is False
    assert browser.log()[0].role == "none"


def test_the_same_person_is_the_same_user_and_goes_on_with_the_same_attempt(browser, tenant):
    first, second = (browser.token_of(browser.launch()) for _ in range(2))
    assert (first.user_id, first.attempt_id) == (second.user_id, second.attempt_id)
    other = browser.token_of(browser.launch(sub="sara", email="sara@example.com"))
    assert other.user_id != first.user_id
    assert other.attempt_id != first.attempt_id
    with transaction(tenant) as session:
        assert session.scalar(select(func.count()).select_from(LtiIdentity)) == 2
        assert session.scalar(select(func.count()).select_from(Attempt)) == 2


def test_two_people_in_two_tabs_of_one_browser_keep_their_identities(browser, platform):
    """PAIN-36: each launch has a cookie of its own, and a page's address says who is looking."""
    student, teacher = browser.begin(), browser.begin()
    claims = platform.claims(teacher, sub="tea", email="tea@example.com", roles=[INSTRUCTOR])
    teachers = browser.token_of(browser.post(teacher, platform.sign(claims)))
    students = browser.token_of(browser.post(student, platform.sign(platform.claims(student))))
    assert (teachers.teacher, students.teacher) == (True, False)
    assert teachers.user_id != students.user_id
    again = browser.token_of(browser.launch())
    assert (again.user_id, again.attempt_id) == (students.user_id, students.attempt_id)


@pytest.mark.parametrize(
    ("product", "is_on", "works"),
    [("blackboard", 1, True), ("blackboard", 0, False), ("moodle", 1, False)],
)
def test_a_launch_without_resource_link_works_for_blackboard_where_it_is_switched_on(
    browser, tenant, monkeypatch, product, is_on, works
):
    """BB-11, LTI-B11: off by default; course and content stand for the link"""
    config = replace(browser.app.config["LECTERN"], lti_without_link=is_on)
    monkeypatch.setitem(browser.app.config, "LECTERN", config)
    with transaction(tenant) as session:
        session.execute(update(Registration).values(platform=product))
    answer = browser.launch(resource_link=None)
    if not works:
        browser.refused(answer, "resource_link_missing")
        return
    first, again = browser.token_of(answer), browser.token_of(browser.launch(resource_link={}))
    assert first.attempt_id == again.attempt_id
    browser.refused(browser.launch(resource_link=None, context=None), "resource_link_missing")


def test_who_has_begun_goes_on_when_the_new_version_does_not_play(browser, tenant, package):
    """PAIN-25: an attempt keeps the version that it began with."""
    begun = browser.token_of(browser.launch())
    with transaction(tenant) as session:
        session.get_one(Package, package).current_version_id = None

    assert browser.token_of(browser.launch()).attempt_id == begun.attempt_id
    assert browser.launch(sub="sara").status_code == 404


def test_a_person_is_never_linked_by_e_mail(browser, tenant):
    """A platform may claim any address."""
    with transaction(tenant) as session:
        session.add(User(email="Stan@example.com", display_name="Portal account"))
    token = browser.token_of(browser.launch())
    with transaction(tenant) as session:
        user = session.get_one(User, token.user_id)
        assert (user.email, user.display_name) == (None, "Stan Student")


def test_names_are_brought_up_to_date_and_kept_when_they_stop_coming(browser, tenant):
    """LTI-G08, moodle.md 3 (privacy)"""

    def name(**changes) -> str:
        token = browser.token_of(browser.launch(**changes))
        with transaction(tenant) as session:
            return session.get_one(User, token.user_id).display_name

    pseudonym = name(**NOBODY)
    assert pseudonym.startswith("Learner ")
    assert name(**NOBODY) == pseudonym
    assert name() == "Stan Student"
    assert name(**NOBODY) == "Stan Student"
    assert name(name="Stan Newname") == "Stan Newname"


def test_context_link_and_member_are_kept(browser, tenant, platform):
    token = browser.token_of(browser.launch())
    browser.launch(roles=[INSTRUCTOR], resource_link={"id": "link-1", "title": "New title"})
    with transaction(tenant) as session:
        link = session.scalars(select(ResourceLink)).one()
        member = session.scalars(select(LinkMember)).one()
        context = session.scalars(select(Context)).one()
    assert (link.title, link.package_key) == ("New title", "demo")
    assert link.line_item_url == platform.line_item_url
    assert (member.user_id, member.role, member.subject) == (token.user_id, "instructor", "stan")
    assert (context.context_id, context.title) == ("2", "Course")


def test_a_line_item_that_is_left_out_while_grades_stay_on_is_kept(browser, tenant, platform):
    """moodle.md 3: absent as soon as a second line item is bound to the link"""

    def line_item() -> str | None:
        with transaction(tenant) as session:
            return session.scalars(select(ResourceLink)).one().line_item_url

    browser.launch()
    scopes = ["https://purl.imsglobal.org/spec/lti-ags/scope/score"]
    browser.launch(ags={"scope": scopes, "lineitems": "http://x.example/"})
    assert line_item() == platform.line_item_url
    browser.launch(ags=None)
    assert line_item() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"custom": {"SC_ITEM": "demo"}},
        {"custom": {"Sc_Item": "", "sc_item": "demo"}},
        {"custom": None, "target": "http://localhost:8000/lti/launch?sc_item=demo"},
        {"custom": {"sc_item": "$X"}, "target": "http://localhost:8000/lti/launch/demo"},
    ],
)
def test_the_item_is_found_by_custom_else_by_the_target(browser, platform, changes):
    """moodle.md 3: keys in two cases, unknown variables as literal text"""
    target = changes.pop("target", None)
    if target is None:
        assert browser.launch(**changes).status_code == 303
        return
    begun = browser.begin(target_link_uri=target)
    claims = platform.claims(begun, target_link_uri=target, **changes)
    assert browser.post(begun, platform.sign(claims)).status_code == 303


@pytest.mark.parametrize(
    ("custom", "reason", "said"),
    [
        (None, "content_missing", "No content has been chosen yet"),
        ({"sc_item": "gone<b>"}, "content_unknown", "gone&lt;b&gt;"),
        ({"sc_item": "later"}, "content_unplayable", "cannot be played yet"),
    ],
)
def test_without_content_there_is_a_clear_page_and_the_link_is_known(
    browser, tenant, custom, reason, said
):
    add_package(tenant, "later", playable=False)
    answer = browser.launch(custom=custom)
    assert answer.status_code == 404
    assert said in answer.text
    row = browser.log()[0]
    assert (row.result, row.reason, row.attempt_id) == ("accepted", reason, None)
    assert row.resource_link_id is not None


def test_the_answer_is_a_303_to_the_content_origin_and_the_login_cookie_goes(browser):
    """moodle.md 4: a reload must not repost the used token"""
    answer = browser.launch()
    assert answer.status_code == 303
    assert answer.location.startswith("http://127.0.0.1:8000/p/")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any("Max-Age=0" in cookie and "Partitioned" in cookie for cookie in cookies)


def test_odd_optional_claims_do_not_break_a_launch(browser):
    """LTI-G04, D2L-4"""
    odd = {"context": "x", "custom": ["x"], "launch_presentation": 7, "tool_platform": None}
    answer = browser.launch(ags={"scope": "x", "lineitem": "javascript:x"}, **odd, lis=3)
    assert answer.status_code == 404  # without custom there is no item; but no 500
    answer = browser.launch(launch_presentation={"return_url": "javascript:alert(1)"})
    assert answer.status_code == 303
    assert browser.log()[0].return_url is None


def test_a_deactivated_person_is_refused(browser, tenant):
    token = browser.token_of(browser.launch())
    with transaction(tenant) as session:
        session.get_one(User, token.user_id).is_active = False
    browser.refused(browser.launch(), "user_disabled", 401)


def test_what_a_verified_launch_teaches_is_kept(browser, tenant, registration, platform):
    """The product family, and the origin whose pages frame us."""
    browser.launch()
    browser.launch()
    with transaction(tenant) as session:
        row = get_registration(session, registration)
    assert row.platform == "moodle"
    assert row.origins == [platform.origin]


def test_the_claims_in_the_log_are_redacted(browser):
    """LTI-P4"""
    browser.launch()
    assert "stan@example.com" not in json.dumps(browser.log()[0].claims)
