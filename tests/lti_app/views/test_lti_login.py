"""Logins: what goes to the platform, the cookie, and browsers that keep none."""

from urllib.parse import parse_qs, urlsplit

import pytest

from database.session import transaction
from lti_app.core.lti.state import read_tenant
from lti_app.core.permissions import Role
from lti_app.services import keys
from tests.lti_app.fake_platform import CLIENT_ID, TARGET
from tests.lti_app.lti_fixtures import add_platform

FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_sends_the_authentication_request(browser, platform, method):
    """LTI-A27, LTI-A28, LTI-L-1 to LTI-L-8, LTI-L-11"""
    answer = browser.login(method)
    assert answer.status_code == 302
    url = urlsplit(answer.location)
    query = parse_qs(url.query)
    state, nonce = query.pop("state")[0], query.pop("nonce")[0]
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{platform.issuer}/authorize"
    assert query == {
        "app": ["lti"],
        "scope": ["openid"],
        "response_type": ["id_token"],
        "response_mode": ["form_post"],
        "prompt": ["none"],
        "client_id": [CLIENT_ID],
        "redirect_uri": [TARGET],
        "login_hint": ["4"],
        "lti_message_hint": ["hint"],
    }
    assert len(state) == 64
    assert state.replace("-", "").replace("_", "").isalnum()  # moodle.md 3: PARAM_TEXT
    assert len(nonce) == 43


def test_the_cookie_is_one_per_login_and_works_in_frames(browser):
    """LTI-L-9, moodle.md 4: Partitioned or lost"""
    cookies = [browser.login().headers["Set-Cookie"] for _ in range(2)]
    for cookie in cookies:
        assert cookie.startswith("lectern_lti_")
        for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Max-Age=600"):
            assert word in cookie
    assert cookies[0].partition("=")[0] != cookies[1].partition("=")[0]


def test_states_and_nonces_never_repeat(browser):
    """LTI-L-9, LTI-L-10"""
    begun = [browser.begin() for _ in range(20)]
    assert len({one.state for one in begun}) == len({one.nonce for one in begun}) == 20


@pytest.mark.parametrize(
    "changes",
    [
        {"lti_message_hint": None},
        {"lti_deployment_id": None},
        {"client_id": None},
        {"lti_storage_target": "_parent", "canvas_region": "eu", "whatever": "x"},
    ],
)
def test_optional_and_unknown_parameters(browser, changes):
    """LTI-A29, LTI-A30, LTI-A31, CANVAS-4"""
    answer = browser.login(**changes)
    assert answer.status_code == 302
    assert ("lti_message_hint" in answer.location) is ("lti_message_hint" not in changes)


def test_an_issuer_with_two_registrations_needs_the_client_id(browser, platform, tenant):
    """LTI-A30"""
    add_platform(tenant, platform, client_id="second")
    answer = browser.login(client_id=None)
    assert answer.status_code == 400
    assert "registration_ambiguous" in answer.text
    assert browser.login(client_id="second").status_code == 302


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://unknown.example"}, "issuer_unknown"),
        ({"client_id": "unknown"}, "client_unknown"),
        ({"iss": None}, "login_invalid"),
        ({"login_hint": None}, "login_invalid"),
        ({"login_hint": "x" * 9000}, "login_invalid"),
        ({"target_link_uri": "https://evil.example/"}, "target_link_foreign"),
        ({"target_link_uri": "http://localhost:8000@evil.example/"}, "target_link_foreign"),
    ],
)
def test_a_login_that_cannot_work_is_a_readable_page_and_no_redirect(browser, changes, reason):
    """LTI-A32, LTI-A10, LTI-A22, LTI-L-12"""
    answer = browser.login(**changes)
    assert answer.status_code == 400
    assert reason in answer.text
    assert "location" not in answer.headers
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


def test_a_client_of_one_tenant_does_not_lead_into_another(app, browser, platform, other_tenant):
    """PAIN-16"""
    add_platform(other_tenant, platform, client_id="elsewhere")
    here = browser.begin()
    there = browser.begin(client_id="elsewhere")
    assert read_tenant(here.state) == browser.tenant
    assert read_tenant(there.state) == other_tenant


def test_a_login_in_a_frame_first_looks_whether_cookies_come_back(browser, platform):
    """PAIN-01: before the platform's hint, which works once, is used up (moodle.md 3)."""
    answer = browser.open("/lti/login", "POST", data=_values(platform), headers=FRAME)
    assert answer.status_code == 302
    assert answer.location.startswith("/lti/login/check?state=")
    second = browser.open(answer.location, headers=FRAME)
    assert second.status_code == 302
    assert second.location.startswith(f"{platform.issuer}/authorize?app=lti&scope=openid")


def test_a_browser_without_cookies_gets_a_new_window_before_the_hint_is_used(browser, platform):
    """PAIN-01"""
    answer = browser.open("/lti/login", "POST", data=_values(platform), headers=FRAME)
    browser.client = browser.app.test_client()  # the cookie did not stay
    page = browser.open(answer.location, headers=FRAME)
    assert page.status_code == 200
    assert 'target="_blank"' in page.text
    link = page.text.split('id="new-window" href="')[1].split('"')[0].replace("&amp;", "&")
    again = browser.open(link, headers={"Sec-Fetch-Dest": "document"})
    assert again.status_code == 302
    assert again.location.startswith(f"{platform.issuer}/authorize")
    assert "lti_message_hint=hint" in again.location


def test_where_cookies_have_worked_the_login_goes_straight_to_the_platform(browser, platform):
    """LTI-L-14"""
    assert browser.launch().status_code == 303
    answer = browser.open("/lti/login", "POST", data=_values(platform), headers=FRAME)
    assert answer.location.startswith(f"{platform.issuer}/authorize")


@pytest.mark.parametrize("state", ["", "x", "A" * 64])
def test_the_second_step_knows_no_foreign_state(browser, state):
    answer = browser.open(f"/lti/login/check?state={state}")
    assert answer.status_code == 401
    assert "state_unknown" in answer.text


def test_the_key_set_is_public_and_names_no_private_part(browser, tenant):
    """LTI-OA-5, moodle.md 5: unique kid, alg"""
    answer = browser.open(f"/lti/jwks/{tenant}")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    [jwk] = answer.json["keys"]
    assert set(jwk) == {"kty", "n", "e", "kid", "alg", "use"}


def test_no_key_set_holds_the_keys_of_two_tenants(portal, other_tenant):
    """A platform believes what any key of its tool's set has signed: a second tenant could
    otherwise ask the first one's platform for access tokens, and give grades there. LTI-OA-5"""
    for tenant in (portal.tenant, other_tenant):
        with transaction(tenant) as session:
            keys.ensure_current_key(session)
    with transaction(portal.tenant) as session:
        own = keys.list_public_keys(session)
    assert portal.get("/lti/jwks").json["keys"] == own
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    assert f"http://localhost:8000/lti/jwks/{portal.tenant}" in portal.get("/admin/platforms/").text


def _values(platform) -> dict[str, str]:
    return {
        "iss": platform.issuer,
        "login_hint": "4",
        "lti_message_hint": "hint",
        "target_link_uri": TARGET,
        "client_id": CLIENT_ID,
    }
