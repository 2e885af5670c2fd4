"""Cookies of the application origin: what browsers are asked to keep, and for whom."""

import re
from dataclasses import replace

import pytest
from flask import Flask, Response, session
from sqlalchemy import update

from database.session import transaction
from lti_app.app import create_app
from lti_app.models.tenant import Tenant
from lti_app.platform_client.reach import REACH
from tests.lti_app.conftest import PASSWORD
from tests.lti_app.fake_platform import CLIENT_ID, TARGET

APP, CONTENT = "https://lectern.test", "https://content.lectern.test"


@pytest.fixture
def secure(config, app, tenant, monkeypatch) -> Flask:
    """The application as it is in production, for `tenant`."""
    monkeypatch.setattr(REACH, "private", True)
    with transaction(None) as session:
        slug = session.get_one(Tenant, tenant).slug
    settings = replace(config, app_url=APP, content_url=CONTENT, default_tenant=slug)
    return create_app(settings)


def test_a_session_over_tls_can_be_set_by_this_very_host_only(secure, tenant):
    """Content on a sibling host could otherwise plant its author's session here."""
    client = secure.test_client()
    with secure.app_context():
        page = client.get("/sign-in", base_url=APP)
    [cookie] = page.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-lectern=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_login_over_tls_is_bound_by_a_cookie_of_this_very_host(secure, platform, registration):
    """LTI-A17: a planted cookie would let a stranger's launch in."""
    client = secure.test_client()
    target = TARGET.replace("http://localhost:8000", APP)
    values = {"iss": platform.issuer, "login_hint": "4", "client_id": CLIENT_ID}
    with secure.app_context():
        answer = client.post("/lti/login", base_url=APP, data={**values, "target_link_uri": target})
    assert answer.status_code == 302
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert re.match(r"__Host-lectern_lti_[0-9a-f]{16}=", cookie)
    wanted = {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"}
    assert wanted <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/lti/login", "/static/theme.css", "/xapi/", "/p/x/", "/runtime/x"]
)
def test_the_content_origin_sets_no_cookie_and_shows_no_portal(secure, path):
    """DESIGN decision 4"""
    with secure.app_context():
        answer = secure.test_client().get(path, base_url=CONTENT)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


@pytest.mark.parametrize(
    "host",
    ["content.lectern.test:8443", "CONTENT.lectern.test.", "lectern.test:1", "evil.test", "[::1]"],
)
def test_any_other_host_name_is_nobody(secure, host):
    for path in ("/", "/p/x/"):
        with secure.app_context():
            answer = secure.test_client().get(path, base_url=APP, headers={"Host": host})
        assert answer.status_code == 404


def test_a_session_of_one_tenant_is_nobodys_at_another(portal, other_tenant, app):
    portal.add("learner", "ada@school.test")
    assert portal.sign_in("ada@school.test", PASSWORD).status_code == 303
    cookie = portal.client.get_cookie("lectern", domain=portal.origin.removeprefix("http://"))
    domain = f"{other_tenant.hex}.test"
    with transaction(None) as session:
        session.execute(update(Tenant).where(Tenant.id == other_tenant).values(domain=domain))
    client = app.test_client()
    client.set_cookie("lectern", cookie.value, domain=domain)
    with app.app_context():
        answer = client.get("/learning", base_url=f"http://{domain}")
    assert answer.location.startswith("/sign-in")


def test_the_record_store_reads_and_keeps_no_session(app):
    with app.test_request_context("/xapi/default/about"):
        session["found"] = "something"
        answer = app.process_response(Response())
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
