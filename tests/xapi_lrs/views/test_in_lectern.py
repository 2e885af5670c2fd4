"""The store inside the whole application."""

import secrets
from datetime import UTC, datetime

from database.session import transaction
from tests.xapi_lrs.conftest import Lrs, make_statement
from xapi_lrs.services.credentials import create_credential
from xapi_lrs.services.stores import ensure_store

CONTENT = "http://127.0.0.1:8000"


def test_a_vendor_stores_and_reads_a_statement(app, tenant):
    """No CSRF token, no cookie, no portal account."""
    with transaction(tenant) as session:
        credential, secret = create_credential(
            session,
            ensure_store(session),
            name="A vendor",
            scopes=["all"],
            now=datetime.now(UTC),
            random=secrets.token_bytes,
        )
    lrs = Lrs(app.test_client(), "default", credential.key, secret)
    statement = make_statement()
    at = {"base_url": app.config["LECTERN"].app_url}
    answer = lrs.post(statement, **at)
    assert (answer.status_code, answer.json) == (200, [statement["id"]])
    assert "Set-Cookie" not in answer.headers
    got = lrs("GET", query_string={"statementId": statement["id"]}, **at)
    assert got.json["actor"] == statement["actor"]


def test_refusals_are_json_here_too(client, app):
    """XP-14"""
    at = {"base_url": app.config["LECTERN"].app_url}
    for path in ("/xapi/default/statements", "/xapi/default/nothing", "/xapi/"):
        answer = client.post(path, headers={"X-Experience-API-Version": "1.0.3"}, **at)
        assert answer.status_code in (401, 404)
        assert answer.json["error"]["message"]


def test_the_store_does_not_answer_on_the_content_origin(client):
    """Uploaded packages live there."""
    assert client.get("/xapi/default/about", base_url=CONTENT).status_code == 404
