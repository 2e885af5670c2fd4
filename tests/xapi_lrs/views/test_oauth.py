"""OAuth 2.0 client credentials: a short-lived token instead of key and secret."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from tests.xapi_lrs.conftest import Lrs, make_statement
from tests.xapi_lrs.keys import change_credential, with_host
from xapi_lrs.services.credentials import revoke_credential, rotate_secret

FORM = "application/x-www-form-urlencoded"


def ask(lrs: Lrs, body="grant_type=client_credentials", *, basic=True, path="/oauth/token"):
    header = "Basic " + base64.b64encode(f"{lrs.key}:{lrs.secret}".encode()).decode()
    return lrs.client.post(
        f"/xapi/{lrs.slug}{path}",
        data=body,
        content_type=FORM,
        headers={"Authorization": header} if basic else {},
    )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def token(lrs) -> str:
    return ask(lrs).json["access_token"]


def test_a_client_gets_a_bearer_token_and_uses_it(lrs):
    """RFC 6749 4.4.3, 5.1; no version header is asked for here."""
    answer = ask(lrs)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    given = answer.json
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "all")
    statement = make_statement()
    headers = bearer(given["access_token"])
    assert lrs.post(statement, headers=headers).status_code == 200
    got = lrs("GET", query_string={"statementId": statement["id"]}, headers=headers)
    assert got.json["authority"]["account"]["name"] == f"lrs-key:{lrs.key}"


def test_a_client_may_name_itself_in_the_form(lrs):
    """RFC 6749 2.3.1, the second way."""
    form = f"grant_type=client_credentials&client_id={lrs.key}&client_secret={lrs.secret}"
    assert ask(lrs, form, basic=False).status_code == 200
    twice = ask(lrs, form)
    assert (twice.status_code, twice.json["error"]) == (400, "invalid_request")


def test_a_token_may_have_less_scopes_than_its_client_never_more(make_lrs, tenant):
    """RFC 6749 3.3"""
    lrs = make_lrs(tenant, scopes=("statements/write", "statements/read"))
    less = ask(lrs, "grant_type=client_credentials&scope=statements/write").json
    assert less["scope"] == "statements/write"
    headers = bearer(less["access_token"])
    assert lrs.post(make_statement(), headers=headers).status_code == 200
    refused = lrs("GET", headers=headers)
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    for scope in ("state", "statements/write all", "nonsense"):
        more = ask(lrs, f"grant_type=client_credentials&scope={scope}")
        assert (more.status_code, more.json["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "invalid_request"),
        ("grant_type=password", "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=%ff", "invalid_request"),
    ],
)
def test_a_wrong_request_is_told_so_in_the_words_of_the_rfc(lrs, body, error):
    """RFC 6749 5.2"""
    answer = ask(lrs, body)
    assert (answer.status_code, answer.json["error"]) == (400, error)
    assert answer.json["error_description"]


def test_json_or_parameters_in_the_address_are_no_token_request(lrs):
    url = f"/xapi/{lrs.slug}/oauth/token"
    assert lrs.client.post(url, json={"grant_type": "client_credentials"}).status_code == 400
    assert ask(lrs, path="/oauth/token?grant_type=client_credentials").status_code == 400
    assert lrs.client.get(url).status_code == 405


def test_a_wrong_secret_gets_no_token(lrs):
    """RFC 6749 5.2: 401 with WWW-Authenticate."""
    wrong = Lrs(lrs.client, lrs.slug, lrs.key, "wrong")
    unknown = Lrs(lrs.client, lrs.slug, "lkunknown", "wrong")
    for client in (wrong, unknown):
        answer = ask(client)
        assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert ask(lrs, basic=False).status_code == 401


def test_a_client_of_one_store_gets_no_token_of_another(make_lrs, tenant):
    lrs, other = make_lrs(tenant), make_lrs(tenant, "second")
    there = Lrs(lrs.client, other.slug, lrs.key, lrs.secret)
    assert ask(there).json["error"] == "invalid_client"
    headers = bearer(ask(lrs).json["access_token"])
    assert other("GET", headers=headers).status_code == 403


def test_a_revoked_client_loses_its_tokens_at_once(lrs, tenant, token):
    assert lrs("GET", headers=bearer(token)).status_code == 200
    change_credential(tenant, lrs.key, revoke_credential)
    answer = lrs("GET", headers=bearer(token))
    assert answer.status_code == 401


def test_a_new_secret_ends_the_tokens_of_the_old_one(lrs, tenant, token):
    change_credential(tenant, lrs.key, rotate_secret, overlap=timedelta(days=1))
    answer = lrs("GET", headers=bearer(token))
    assert answer.status_code == 401
    challenges = answer.headers.getlist("WWW-Authenticate")
    assert any('error="invalid_token"' in one for one in challenges)


@pytest.mark.parametrize("place", [0, 5, 30, -1, -10])
def test_a_token_with_one_letter_changed_is_refused(lrs, token, place):
    letter = "A" if token[place] != "A" else "B"
    changed = list(token)
    changed[place] = letter
    forged = "".join(changed)
    if forged.rstrip("=")[:-1] == token[:-1]:  # the last letter has unused bits
        forged = token[:-4] + "AAAA"
    assert lrs("GET", headers=bearer(forged)).status_code == 401


@pytest.mark.parametrize("text", ["x", ".", "a.b", "W10.AA", "bnVsbA.AA", "é.é", "A" * 9000])
def test_what_never_was_a_token_is_refused(lrs, text):
    headers = {"Authorization": f"Bearer {text}".encode().decode("latin-1")}
    assert lrs("GET", headers=headers).status_code == 401


def test_an_expired_token_says_so(lrs, lrs_app, token, monkeypatch):
    with_host(monkeypatch, lrs_app, now=lambda: datetime.now(UTC) + timedelta(seconds=3601))
    answer = lrs("GET", headers=bearer(token))
    assert (answer.status_code, "expired" in answer.json["error"]["message"]) == (401, True)
