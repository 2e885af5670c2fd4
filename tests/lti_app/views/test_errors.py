"""Error pages: what happened, what to do, and the trace id."""

from types import SimpleNamespace

import pytest
from werkzeug.exceptions import (
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
)

from database.extension import db
from lti_app.core.permissions import Role
from lti_app.errors import CODES, NAMED, TEXTS, _http


def test_every_status_has_its_text():
    assert set(CODES.values()) <= set(TEXTS)
    assert {kind.status_hint for kind in NAMED} <= set(CODES)


def test_a_missing_page_says_so_with_the_trace_id(portal):
    answer = portal.get("/no/such/page")

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text
    assert "give this number" in answer.text


def test_a_forbidden_page_says_whom_to_ask(portal):
    portal.sign_in_as(Role.LEARNER)
    answer = portal.get("/admin/")

    assert answer.status_code == 403
    assert "Ask an administrator" in answer.text


def test_json_is_answered_in_the_envelope(portal):
    answer = portal.get("/no/such/page", headers={"Accept": "application/json"})

    assert answer.status_code == 404
    assert set(answer.json["error"]) == {"code", "message", "details"}
    assert len(answer.json["meta"]["trace_id"]) == 16


def test_a_wrong_method_names_the_right_ones(portal):
    answer = portal.get("/sign-out")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "error",
    [
        NotFound(),
        MethodNotAllowed(["POST"]),
        RequestEntityTooLarge(),
        TooManyRequests(retry_after=60),
        ServiceUnavailable(),
    ],
    ids=lambda error: str(error.code),
)
def test_each_kind_of_error_has_a_page(portal, app, error):
    with app.test_request_context("/", base_url=portal.origin):
        page, status, headers = _http(error)

    assert status == error.code
    assert str(TEXTS[CODES[status]].title) in page
    if isinstance(error, TooManyRequests):
        assert headers["Retry-After"] == "60"


def test_a_defect_shows_no_details_but_the_trace_id(app, portal, monkeypatch):
    def broken(*_):
        raise RuntimeError("secret of the house")

    portal.sign_in_as(Role.LEARNER)
    monkeypatch.setattr("lti_app.services.learning.list_begun", broken)
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    try:
        answer = portal.get("/learning")
    finally:
        app.testing, app.config["PROPAGATE_EXCEPTIONS"] = True, None

    assert answer.status_code == 500
    assert "secret of the house" not in answer.text
    assert "give this number" in answer.text


def test_an_error_on_the_content_origin_has_no_portal_around_it(app):
    client = app.test_client()
    with app.app_context():
        answer = client.get("/nothing", base_url=app.config["LECTERN"].content_url)

    assert answer.status_code == 404
    assert "topbar" not in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/packages/%00",
        "/admin/packages/?q=a%00",
        "/admin/grades/?page=" + "9" * 30,
        "/admin/people/?page=" + "9" * 30,
    ],
)
def test_an_address_that_cannot_be_looked_up_is_the_senders_mistake(portal, path):
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    assert portal.get(path).status_code in (400, 404)


def test_a_form_that_cannot_be_stored_is_the_senders_mistake(portal):
    assert portal.sign_in("a\x00b@school.test").status_code == 400


def test_the_log_of_a_defect_names_no_token(app, monkeypatch):
    """Paths of the player are keys to an attempt."""

    def broken(*_args, **_options):
        raise RuntimeError("broken")

    said: list[str] = []
    recorder = SimpleNamespace(error=lambda *words, **more: said.append(f"{words} {more}"))
    monkeypatch.setattr("lti_app.errors.log", recorder)
    monkeypatch.setattr("scorm_runtime.views.player.read_token", broken)
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    try:
        with app.app_context():
            answer = app.test_client().get(
                "/p/a-secret.token/", base_url=app.config["LECTERN"].content_url
            )
    finally:
        app.testing, app.config["PROPAGATE_EXCEPTIONS"] = True, None
    assert answer.status_code == 500
    [line] = said
    assert "/p/<token>/" in line
    assert "a-secret.token" not in line


def test_failed_sql_is_logged_without_its_values(app):
    """They may be a password's hash, or what a learner wrote."""
    with app.app_context():
        assert db.engine.hide_parameters
