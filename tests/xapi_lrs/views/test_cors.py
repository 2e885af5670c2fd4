"""Content in a browser, in another origin than the store's. XP-28"""

import secrets
from datetime import UTC, datetime

import pytest

from database.session import transaction
from tests.xapi_lrs.conftest import Lrs, make_statement
from xapi_lrs.services.credentials import Restrictions, create_credential
from xapi_lrs.services.stores import ensure_store

PAGE = "https://content.example"
RESOURCES = ("/statements", "/activities/state", "/agents/profile", "/about", "/oauth/token")


@pytest.fixture
def bound(lrs_app, tenant) -> Lrs:
    """A credential for pages of one origin."""
    with transaction(tenant) as session:
        credential, secret = create_credential(
            session,
            ensure_store(session),
            name="Pages",
            scopes=["all"],
            now=datetime.now(UTC),
            random=secrets.token_bytes,
            restrictions=Restrictions(origins=(PAGE,)),
        )
    return Lrs(lrs_app.test_client(), "default", credential.key, secret)


@pytest.mark.parametrize("path", RESOURCES)
def test_a_preflight_is_answered_without_credential(lrs, path):
    """CMI5-LRS-4, CMI5-LRS-6"""
    asks = {
        "Authorization": None,
        "X-Experience-API-Version": None,
        "Origin": PAGE,
        "Access-Control-Request-Method": "PUT",
    }
    answer = lrs("OPTIONS", path, headers=asks)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    wanted = {"Authorization", "Content-Type", "X-Experience-API-Version"}
    assert wanted | {"If-Match", "If-None-Match"} <= set(allowed)
    methods = answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert {"GET", "HEAD", "PUT", "POST", "DELETE"} <= set(methods)


def test_scripts_may_read_what_clients_need(lrs):
    for answer in (lrs.get(), lrs("DELETE"), lrs("GET", headers={"Authorization": None})):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        assert {"ETag", "Last-Modified", "X-Experience-API-Version", "Retry-After"} <= exposed
        assert "X-Experience-API-Consistent-Through" in exposed
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_a_credential_bound_to_an_origin_is_answered_for_it_alone(bound):
    answer = bound("GET", headers={"Origin": PAGE})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None, f"{PAGE}.evil"])
def test_from_elsewhere_it_opens_nothing(bound, origin):
    for _ in range(2):  # the first time and once it is known
        answer = bound.post(make_statement(), headers={"Origin": origin})
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert bound("GET", headers={"Origin": PAGE}).json["statements"] == []
