"""What browsers are told about every page of the application origin."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from lti_app.core.permissions import Role
from lti_app.security import headers
from lti_app.security.signing_in import is_local


@pytest.fixture
def policy(portal):
    rules = portal.get("/").headers["Content-Security-Policy"].split("; ")
    return {rule.partition(" ")[0]: rule.partition(" ")[2] for rule in rules}


def test_nothing_inline_and_nothing_foreign_is_run(policy):
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"


def test_pages_of_the_portal_are_framed_by_nobody(policy):
    assert policy["frame-ancestors"] == "'none'"


def test_play_may_redirect_to_the_player(policy, app):
    assert policy["form-action"] == f"'self' {app.config['LECTERN'].content_url}"


def test_pages_hold_no_inline_script_style_or_handler(portal):
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    for path in ("/", "/learning", "/catalogue", "/admin/", "/admin/packages/upload"):
        page = portal.get(path).text
        assert " style=" not in page, path
        assert "<style" not in page, path
        assert " onclick=" not in page, path
        assert all("src=" in tag for tag in page.split("<script")[1:] for tag in [tag[:80]]), path


def test_other_headers(portal):
    answer = portal.get("/")

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers


def _small_app(is_secure):
    app = Flask(__name__)
    headers.init_app(app, content_url="https://content.test", is_secure=is_secure)

    @app.get("/framed")
    def framed():
        headers.allow_framing(["https://lms.test"])
        return "hello"

    return app


def test_hsts_where_the_application_is_reached_over_tls():
    answer = _small_app(True).test_client().get("/framed", base_url="https://app.test")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_page_for_an_lms_frame_names_who_may_frame_it():
    answer = _small_app(False).test_client().get("/framed", base_url="http://app.test")

    assert "frame-ancestors https://lms.test" in answer.headers["Content-Security-Policy"]


def test_the_content_origin_is_left_to_the_player():
    answer = _small_app(True).test_client().get("/framed", base_url="https://content.test")

    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize("target", ["/", "/learning", "/catalogue?q=a%20b", "/a/../b", "/?x=//y"])
def test_paths_are_local(target):
    assert is_local(target)
    assert urlsplit(target).netloc == ""


@pytest.mark.parametrize("target", [None, "", "x", "//h", "/\\h", "http://h", "/\n/h", "/\x00"])
def test_everything_else_is_not_local(target):
    assert not is_local(target)


def test_addresses_with_tokens_are_kept_from_other_sites_and_from_plain_http():
    """Also by errors and redirects of the content origin, which holds tokens in its paths."""
    app = _small_app(is_secure=True)
    answer = app.test_client().get("/nothing", base_url="https://content.test")

    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in answer.headers["Strict-Transport-Security"]
