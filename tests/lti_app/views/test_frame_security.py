"""Pages and forms in a platform's frame: nobody opens another's, nobody is led away, and only the
platforms that are registered may frame them. Walks over all routes of LTI pages."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask

from tests.conftest import make_tenant
from tests.lti_app.conftest import stock
from tests.lti_app.fake_platform import INSTRUCTOR, LEARNER, running_platform
from tests.lti_app.lti_fixtures import Browser, add_package, add_platform
from tests.lti_app.teacher import Teacher, asked

TOKEN_ROUTES = re.compile(r"<(?:string:)?token>")


@pytest.fixture
def pages(browser, portal, teacher) -> dict[str, str]:
    """Addresses of every kind of page in a frame, of one tenant, by blueprint and endpoint."""
    stock(portal, "demo-quiz")
    quiz = {"custom": {"sc_item": "demo-quiz"}}
    browser.token_of(browser.launch(sub="stan", roles=[LEARNER], **quiz))
    asked(teacher)
    review = browser.launch(
        message_type="LtiSubmissionReviewRequest",
        roles=[INSTRUCTOR],
        sub="tina",
        for_user={"user_id": "stan"},
        **quiz,
    )
    mentor = browser.launch(roles=["Mentor"], sub="mum", role_scope_mentor=["stan"], **quiz)
    empty = {"resource_link": {"id": "empty"}, "custom": {}}
    content = browser.launch(roles=[INSTRUCTOR], sub="tina", **empty)
    return {
        "picker": teacher.address,
        "review": review.location,
        "mentor": mentor.location,
        "content": content.location,
    }


def routes(app: Flask) -> list[tuple[str, str]]:
    """(method, rule) of every route below /lti with a token in its path."""
    return [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods & {"GET", "POST"})
        if rule.rule.startswith("/lti/") and TOKEN_ROUTES.search(rule.rule)
    ]


def fill(rule: str, token: str) -> str:
    path = TOKEN_ROUTES.sub(token, rule)
    path = re.sub(r"<uuid:\w+>", str(uuid4()), path)
    path = re.sub(r"<int:\w+>", "1", path)
    return re.sub(r"<(?:\w+:)?\w+>", "x", path)


def test_every_token_opens_the_pages_of_its_own_kind_and_no_others(app, browser, pages):
    """Ids in addresses are unguessable and signed for a purpose."""
    for kind, address in pages.items():
        token = urlsplit(address).path.rsplit("/", 1)[1]
        own = address.rsplit("/", 1)[0]
        for method, rule in routes(app):
            if rule.startswith(own + "/"):
                continue
            answer = browser.open(fill(rule, token), method)
            assert answer.status_code in (400, 401, 404, 405), (kind, method, rule)


@pytest.mark.parametrize("forged", ["x", "x.y", "..", "%00", "a" * 5000, "W10.x"])
def test_a_token_that_we_did_not_sign_opens_nothing(app, browser, forged):
    for method, rule in routes(app):
        answer = browser.open(fill(rule, forged), method)
        assert answer.status_code in (308, 400, 401, 404, 405, 414), (method, rule)


def test_the_signature_covers_every_part_of_the_token(browser, pages):
    """Another person, another thing, a later end: all of them are signed."""
    for address in pages.values():
        path, token = address.rsplit("/", 1)
        body, signature = token.split(".")
        for at in range(0, len(body), max(len(body) // 12, 1)):
            other = "A" if body[at] != "A" else "B"
            changed = f"{body[:at]}{other}{body[at + 1 :]}.{signature}"
            assert browser.open(f"{path}/{changed}").status_code == 404


def test_another_schools_ids_lead_nowhere(app, browser, pages, other_tenant):
    """Row-level security: a token of one tenant never reaches another's rows."""
    with running_platform() as elsewhere:
        add_platform(other_tenant, elsewhere)
        add_package(other_tenant, "demo")
        stranger = Teacher(Browser(app, elsewhere, other_tenant))
        asked(stranger)
        page = stranger.see()
    assert "The package demo" in page
    assert "grades" not in page  # the quiz of the first school
    answer = stranger.add("demo-quiz")
    assert stranger.read(answer)["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"] == []


def test_only_registered_platforms_may_frame_the_pages_and_no_old_header_says_else(
    browser, pages, platform
):
    """frame-ancestors per tenant; X-Frame-Options would forbid all of them."""
    for kind, address in pages.items():
        answer = browser.open(address)
        assert answer.status_code == 200, kind
        policy = answer.headers["Content-Security-Policy"]
        ancestors = policy.partition("frame-ancestors ")[2].split(";")[0].split()
        assert ancestors == [platform.origin], kind
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"  # the address stays here


def test_pages_with_a_token_set_no_cookie_and_need_none(app, browser, pages):
    """PAIN-01"""
    browser.client = app.test_client()
    for kind, address in pages.items():
        answer = browser.open(address)
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, []), kind


def test_a_forged_form_changes_nothing(app, browser, pages):
    """CSRF: a stranger's page does not know the address, which is the token; without it every
    POST below /lti is refused or asks for a verified token itself."""
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or not rule.rule.startswith("/lti/"):
            continue
        answer = browser.open(fill(rule.rule, "forged"), "POST", data={"item": "demo"})
        assert 400 <= answer.status_code < 500, rule.rule


@pytest.mark.parametrize("where", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_no_parameter_leads_away(app, browser, pages, where):
    """Open redirects: an address in the query never becomes a Location or a link."""
    names = ("next", "url", "return_url", "target_link_uri", "redirect_uri", "after", "q", "item")
    for kind, address in pages.items():
        for path in ("", "/options"):
            answer = browser.open(f"{address}{path}", query_string=dict.fromkeys(names, where))
            assert "evil.example" not in (answer.location or ""), kind
            assert 'href="//evil' not in answer.text
            assert 'href="https://evil' not in answer.text
            assert 'action="https://evil' not in answer.text


def test_a_login_redirects_to_the_registered_platform_and_nowhere_else(browser):
    """LTI-L-12: whatever the initiation says."""
    answer = browser.login(redirect_uri="https://evil.example/", lti_message_hint="//evil.example")
    assert urlsplit(answer.location).netloc == urlsplit(browser.platform.issuer).netloc
    refused = browser.login(target_link_uri="https://evil.example/lti/launch")
    assert refused.status_code == 400
    assert refused.location is None


def test_ids_in_addresses_are_random_or_signed(app):
    """Nothing is counted up: no route of LTI pages takes a number as the name of a thing."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/lti/"):
            numbers = re.findall(r"<int:(\w+)>", rule.rule)
            assert not numbers or TOKEN_ROUTES.search(rule.rule), rule.rule


def test_one_tenants_framing_says_nothing_about_anothers(app, browser, pages):
    """The list of platforms is the tenant's own."""
    other = make_tenant()
    with running_platform() as elsewhere:
        add_platform(other, elsewhere)
        for address in pages.values():
            assert elsewhere.origin not in browser.open(address).headers["Content-Security-Policy"]
