"""Launches refused for their state, nonce, browser or deployment: LTI-A11 to A32."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from database.session import transaction
from lti_app.core.lti.state import cookie_name, digest
from lti_app.models.login import LtiLogin
from lti_app.models.user import LtiIdentity
from lti_app.services import registrations
from scorm_runtime.models.attempt import Attempt
from tests.lti_app.fake_platform import INSTRUCTOR, LTI
from tests.lti_app.lti_fixtures import add_platform


def test_a_token_posted_twice_opens_once(browser, platform):
    """LTI-A13"""
    begun = browser.begin()
    token = platform.sign(platform.claims(begun))
    assert browser.post(begun, token).status_code == 303
    browser.refused(browser.post(begun, token), "nonce_replayed")


def test_of_two_posts_in_parallel_exactly_one_wins(browser, platform):
    """LTI-A13"""
    for _ in range(5):
        begun = browser.begin()
        token = platform.sign(platform.claims(begun))
        twins = [browser.copy() for _ in range(4)]  # a client's cookies are for one thread
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(type(browser).post, twins, [begun] * 4, [token] * 4))
        assert sorted(a.status_code for a in answers) == [303, 401, 401, 401]
        reasons = sorted(row.reason for row in browser.log()[:4])
        assert reasons == ["", "nonce_replayed", "nonce_replayed", "nonce_replayed"]


def test_a_state_used_again_with_another_token_is_refused(browser, platform):
    """LTI-A20"""
    begun = browser.begin()
    assert browser.post(begun, platform.sign(platform.claims(begun))).status_code == 303
    other = platform.claims(begun, nonce="another")
    browser.refused(browser.post(begun, platform.sign(other)), "state_reused")


def test_a_nonce_of_an_earlier_launch_is_refused_in_a_new_login(browser, platform):
    """LTI-A13"""
    first = browser.begin()
    assert browser.post(first, platform.sign(platform.claims(first))).status_code == 303
    second = browser.begin()
    token = platform.sign(platform.claims(first))
    browser.refused(browser.post(second, token), "nonce_replayed")


def test_a_launch_without_state_is_refused(browser, platform):
    """LTI-A16"""
    begun = browser.begin()
    token = platform.sign(platform.claims(begun))
    answer = browser.post(begun, token, state=None)
    assert answer.status_code == 400
    assert "state_missing" in answer.text


@pytest.mark.parametrize("state", ["x", "A" * 64, "%00", "<script>"])
def test_a_state_that_we_never_made_is_refused(browser, platform, state):
    """LTI-A16"""
    begun = browser.begin()
    answer = browser.post(begun, platform.sign(platform.claims(begun)), state=state)
    assert answer.status_code == 401
    assert "state_unknown" in answer.text


def test_a_state_from_another_browser_is_refused_and_offers_a_new_window(browser, platform):
    """LTI-A17, PAIN-01"""
    begun = browser.begin()
    browser.client = browser.app.test_client()
    answer = browser.post(begun, platform.sign(platform.claims(begun)))
    browser.refused(answer, "state_mismatch")
    assert 'target="_blank"' in answer.text
    assert "login_hint=4" in answer.text


def test_a_binding_that_is_not_this_logins_is_refused(browser, platform):
    """LTI-A17"""
    begun, other = browser.begin(), browser.begin()

    stolen = browser.client.get_cookie(cookie_name(other.state), path="/lti").value
    browser.client.set_cookie(cookie_name(begun.state), stolen, path="/lti")
    answer = browser.post(begun, platform.sign(platform.claims(begun)))
    browser.refused(answer, "state_mismatch")


def test_a_login_that_took_too_long_says_start_again(browser, platform, tenant):
    """LTI-A19, LTI-A15"""

    old, new = browser.begin(), browser.begin()

    with transaction(tenant) as session:
        session.execute(
            update(LtiLogin)
            .where(LtiLogin.state_hash == digest(old.state))
            .values(expires_at=func.now())
        )
    answer = browser.post(old, platform.sign(platform.claims(old)))
    browser.refused(answer, "state_expired")
    assert "open the activity again" in answer.text
    answer = browser.post(new, platform.sign(platform.claims(old)))
    browser.refused(answer, "nonce_expired")


def test_an_id_token_in_the_query_is_refused(browser, platform):
    """LTI-A23, GEN-2"""
    begun = browser.begin()
    token = platform.sign(platform.claims(begun))
    for method in ("GET", "POST"):
        query = {"state": begun.state, "id_token": token}
        answer = browser.open("/lti/launch", method, query_string=query)
        assert answer.status_code == 400
        assert "id_token_in_query" in answer.text


def test_a_get_on_the_launch_address_is_a_readable_page(browser):
    """GEN-2, moodle.md 3"""
    answer = browser.open("/lti/launch")
    assert answer.status_code == 400
    assert "for learning platforms" in answer.text


def test_an_error_of_the_platform_is_a_readable_page(browser):
    """LTI-A26"""
    begun = browser.begin()
    form = {"error": "login_required<script>", "error_description": "x", "state": begun.state}
    answer = browser.open("/lti/launch", "POST", data=form)
    browser.refused(answer, "platform_error")
    assert "platform_error:login_required" in answer.text
    assert "<script>x" not in answer.text


def test_a_disabled_deployment_is_refused(browser, registration, tenant):
    """LTI-A12"""

    with transaction(tenant) as session:
        [deployment] = registrations.list_deployments(session, registration)
        registrations.disable_deployment(session, deployment.id)
    browser.refused(browser.launch(), "deployment_disabled")


def test_an_unknown_deployment_works_after_its_approval_and_not_before(
    browser, registration, tenant
):
    """LTI-A11, PAIN-16"""

    browser.refused(browser.launch(deployment_id="2"), "deployment_unknown")
    browser.refused(browser.launch(deployment_id="2"), "deployment_unknown")
    with transaction(tenant) as session:
        [(deployment, _)] = registrations.list_pending_deployments(session)
        assert (deployment.deployment_id, deployment.name) == ("2", "Test Moodle")
        registrations.approve_deployment(session, deployment.id)
    assert browser.launch(deployment_id="2").status_code == 303


def test_a_state_of_another_registration_is_refused(browser, platform, tenant):
    """LTI-A18"""

    add_platform(tenant, platform, client_id="second-client")
    browser.refused(browser.launch(aud="second-client"), "state_mismatch")
    add_platform(tenant, platform, issuer="https://second.example")
    browser.refused(browser.launch(iss="https://second.example"), "state_mismatch")


def test_a_registration_switched_off_refuses_login_and_launch(
    browser, platform, registration, tenant
):

    begun = browser.begin()
    with transaction(tenant) as session:
        registrations.disable_registration(session, registration)
    browser.refused(
        browser.post(begun, platform.sign(platform.claims(begun))), "registration_disabled"
    )
    assert browser.login().status_code == 401


def test_a_refused_launch_leaves_no_user_and_no_attempt(browser, tenant):

    browser.launch(deployment_id="99")
    browser.launch(version="1.1.0")
    with transaction(tenant) as session:
        assert session.scalar(select(func.count()).select_from(LtiIdentity)) == 0
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_the_log_keeps_claims_without_personal_data(browser):
    """LTI-P4"""
    browser.launch(roles=[INSTRUCTOR], ext={"user_username": "stan1"}, custom={"who": "stan1"})
    text = json.dumps(browser.log()[0].claims)
    for secret in ("Stan", "stan@example.com", "stan1", "sesskey"):
        assert secret not in text
    assert LTI + "deployment_id" in text
