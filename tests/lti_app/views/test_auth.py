"""Signing in and out on the portal."""

import pytest

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services import users
from tests.lti_app.conftest import PASSWORD

EMAIL = "learner@school.test"


@pytest.fixture
def learner(portal):
    return portal.add(Role.LEARNER)


def test_who_signs_in_comes_to_my_learning(portal, learner):
    answer = portal.sign_in(EMAIL)

    assert (answer.status_code, answer.location) == (303, "/learning")
    assert portal.get("/learning").status_code == 200


def test_unknown_person_and_wrong_password_get_the_same_answer(portal, learner):
    unknown = portal.sign_in("nobody@school.test")
    wrong = portal.sign_in(EMAIL, "not the password")

    assert unknown.status_code == wrong.status_code == 401
    assert _without_input(unknown.text) == _without_input(wrong.text)


def _without_input(page):
    return [
        line
        for line in page.splitlines()
        if "@school.test" not in line and "csrf_token" not in line
    ]


def test_after_five_failures_the_right_password_is_refused_too(portal, learner):
    for _ in range(5):
        portal.sign_in(EMAIL, "not the password")

    assert portal.sign_in(EMAIL).status_code == 401


def test_a_page_for_people_signed_in_asks_to_sign_in_and_comes_back(portal, learner):
    asked = portal.get("/catalogue?q=fire")
    assert asked.status_code == 302
    page = portal.get(asked.location)
    answer = portal.sign_in(EMAIL, next="/catalogue?q=fire")

    assert 'value="/catalogue?q=fire"' in page.text
    assert answer.location == "/catalogue?q=fire"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "learning",
        "",
    ],
)
def test_next_never_leads_to_another_host(portal, learner, target):
    assert portal.sign_in(EMAIL, next=target).location == "/learning"


def test_signing_in_begins_a_new_session(portal, learner):
    """Session fixation: nothing that was in the cookie before survives."""
    before = portal.csrf_token("/sign-in")
    with portal.client.session_transaction(base_url=portal.origin) as cookie:
        cookie["planted"] = "by somebody else"
    portal.sign_in(EMAIL)

    with portal.client.session_transaction(base_url=portal.origin) as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"].split(":")[:2] == [portal.tenant.hex, learner.hex]
    assert portal.csrf_token("/account") != before


def test_the_cookie_is_named_lectern_and_kept_from_scripts(portal, learner):
    header = portal.sign_in(EMAIL).headers["Set-Cookie"]

    assert header.startswith("lectern=")
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_signing_out_ends_the_session(portal, learner):
    portal.sign_in(EMAIL)
    portal.post("/sign-out")

    assert portal.get("/learning").status_code == 302


def test_forms_without_csrf_token_are_refused_and_say_so(portal, learner):
    answer = portal._open("POST", "/sign-in", data={"email": EMAIL, "password": PASSWORD})

    assert answer.status_code == 400
    assert "This form has gone stale" in answer.text


def test_who_is_switched_off_is_out_at_once(portal, learner):
    portal.sign_in(EMAIL)
    with transaction(portal.tenant) as session:
        users.set_active(session, learner, False)

    assert portal.get("/learning").status_code == 302


def test_a_new_password_ends_all_other_sessions(portal, learner):
    portal.sign_in(EMAIL)
    with transaction(portal.tenant) as session:
        users.set_password(session, learner, "an entirely new one")

    assert portal.get("/learning").status_code == 302


def test_a_cookie_of_one_tenant_opens_nothing_in_another(portal, learner, app, other_tenant):
    from sqlalchemy import update

    from lti_app.models.tenant import Tenant

    portal.sign_in(EMAIL)
    cookie = portal.client.get_cookie("lectern", domain=portal.origin.removeprefix("http://"))
    domain = f"{other_tenant.hex}.test"
    with transaction(None) as session:
        session.execute(update(Tenant).where(Tenant.id == other_tenant).values(domain=domain))
    stranger = app.test_client()
    stranger.set_cookie("lectern", cookie.value, domain=domain)
    with app.app_context():
        answer = stranger.get("/learning", base_url=f"http://{domain}")

    assert answer.status_code == 302


def test_people_change_their_own_password_only_with_the_old_one(portal, learner):
    portal.sign_in(EMAIL)
    change = {"current_password": "wrong", "new_password": "an entirely new one"}
    refused = portal.post("/account/password", change)
    assert refused.status_code == 422
    assert "That is not your password." in refused.text

    portal.post("/account/password", change | {"current_password": PASSWORD})
    assert portal.get("/account").status_code == 200
    portal.post("/sign-out")
    assert portal.sign_in(EMAIL, "an entirely new one").status_code == 303


def test_people_change_their_name(portal, learner):
    portal.sign_in(EMAIL)
    portal.post("/account", {"given_name": "Augusta", "family_name": "King"})

    assert "Augusta King" in portal.get("/account").text
