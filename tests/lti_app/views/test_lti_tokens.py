"""Launches refused for their token, with their reasons: LTI-B01 to B12, LTI-A01 to A12."""

import base64
import json

import jwt
import pytest

from tests.lti_app.fake_platform import private_key, public_jwk

REFUSED_CLAIMS = [
    pytest.param({"version": "1.1.0"}, "version_invalid", 400, id="LTI-B03"),
    pytest.param({"version": None}, "version_missing", 400, id="LTI-B04"),
    pytest.param({"target_link_uri": None}, "claim_missing", 400, id="LTI-B06"),
    pytest.param({"iat": 1000, "exp": 2000}, "token_expired", 401, id="LTI-B07-expired"),
    pytest.param({"message_type": None}, "message_type_missing", 400, id="LTI-B08"),
    pytest.param({"roles": None}, "roles_missing", 400, id="LTI-B09"),
    pytest.param({"deployment_id": None}, "deployment_missing", 400, id="LTI-B10"),
    pytest.param({"resource_link": {"title": "x"}}, "resource_link_missing", 400, id="LTI-B11"),
    pytest.param({"resource_link": None}, "resource_link_missing", 400, id="LTI-B11-none"),
    pytest.param({"sub": None}, "sub_missing", 400, id="LTI-B12"),
    pytest.param({"iss": "https://other.example"}, "issuer_mismatch", 401, id="LTI-A05"),
    pytest.param({"aud": ["somebody"]}, "audience_invalid", 401, id="LTI-A07"),
    pytest.param({"aud": ["lectern-test", "b"], "azp": "b"}, "azp_invalid", 401, id="LTI-A08"),
    pytest.param({"aud": ["lectern-test", "b"]}, "azp_missing", 401, id="LTI-A09"),
    pytest.param({"aud": "somebody"}, "client_unknown", 400, id="LTI-A10"),
    pytest.param({"deployment_id": "99"}, "deployment_unknown", 401, id="LTI-A11"),
    pytest.param({"nonce": "never-issued"}, "nonce_unknown", 401, id="LTI-A14"),
    pytest.param({"nonce": None}, "nonce_missing", 401, id="nonce-missing"),
    pytest.param(
        {"target_link_uri": "http://localhost:8000/lti/launch/other"},
        "target_link_mismatch",
        400,
        id="LTI-A21",
    ),
    pytest.param(
        {"target_link_uri": "http://evil.example/lti/launch"},
        "target_link_foreign",
        400,
        id="LTI-A22",
    ),
    pytest.param(
        {"message_type": "LtiStartProctoring"}, "message_type_unsupported", 400, id="type"
    ),
    pytest.param({"roles": "Learner"}, "claim_invalid", 400, id="roles-no-list"),
    pytest.param({"sub": "x" * 256}, "claim_invalid", 400, id="sub-too-long"),
    pytest.param({"exp": "soon"}, "claim_invalid", 400, id="exp-no-number"),
    pytest.param({"exp": None}, "claim_missing", 400, id="exp-missing"),
]


@pytest.mark.parametrize(("changes", "reason", "status"), REFUSED_CLAIMS)
def test_a_token_with_a_fault_is_refused_with_its_reason(browser, changes, reason, status):
    browser.refused(browser.launch(**changes), reason, status)


def test_a_token_without_kid_is_refused_without_trying_keys(browser, platform):
    """LTI-B01"""
    begun = browser.begin()
    token = platform.sign(platform.claims(begun), kid=None)
    browser.refused(browser.post(begun, token), "kid_missing")
    assert platform.jwks_requests == 0


def test_an_unknown_kid_costs_one_refetch(browser, platform):
    """LTI-B02, PAIN-15"""
    assert browser.launch().status_code == 303
    fetched = platform.jwks_requests
    begun = browser.begin()
    token = platform.sign(platform.claims(begun), kid="unknown")
    browser.refused(browser.post(begun, token), "kid_unknown")
    assert platform.jwks_requests == fetched + 1


def test_json_without_lti_claims_is_no_lti_launch(browser, platform):
    """LTI-B05"""
    begun = browser.begin()
    full = platform.claims(begun)
    claims = {name: full[name] for name in ("iss", "aud", "iat", "exp", "nonce")}
    token = platform.sign({**claims, "name": "badltilaunch"})
    browser.refused(browser.post(begun, token), "not_lti")


@pytest.mark.parametrize(
    ("iat", "exp", "reason"),
    [
        (-200, -100, "token_expired"),
        (200, 300, "token_not_yet_valid"),
        (0, -10, "token_expired"),
    ],
)
def test_times_outside_the_leeway_are_refused(browser, platform, iat, exp, reason):
    """LTI-B07, PAIN-14"""
    begun = browser.begin()
    claims = platform.claims(begun)
    claims.update(iat=claims["iat"] + iat, exp=claims["iat"] + exp)
    browser.refused(browser.post(begun, platform.sign(claims)), reason, 401)


@pytest.mark.parametrize(("iat", "exp"), [(50, 110), (-110, -50)])
def test_times_inside_the_leeway_launch_and_the_skew_is_logged(browser, platform, iat, exp):
    """PAIN-14, D2L-6"""
    begun = browser.begin()
    claims = platform.claims(begun)
    claims.update(iat=claims["iat"] + iat, exp=claims["iat"] + exp, nbf=claims["iat"] + iat)
    assert browser.post(begun, platform.sign(claims)).status_code == 303
    assert abs(browser.log()[0].skew_ms + iat * 1000) < 5000


def unsigned(claims: dict, algorithm: str) -> str:
    parts = ({"alg": algorithm, "kid": "key-1", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
    return b".".join(encoded).decode() + "."


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE"])
def test_an_unsigned_token_is_refused(browser, platform, algorithm):
    """LTI-A01"""
    begun = browser.begin()
    token = unsigned(platform.claims(begun), algorithm)
    browser.refused(browser.post(begun, token), "alg_forbidden")


def test_a_token_signed_with_the_public_key_as_secret_is_refused(browser, platform):
    """LTI-A02"""
    begun = browser.begin()
    secret = json.dumps(public_jwk("key-1")) + "x" * 32
    token = jwt.encode(platform.claims(begun), secret, "HS256", headers={"kid": "key-1"})
    browser.refused(browser.post(begun, token), "alg_forbidden")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_only_rs256_is_accepted(browser, platform, algorithm):
    """LTI-A03, LTI-P3"""
    begun = browser.begin()
    token = platform.sign(platform.claims(begun), algorithm=algorithm)
    browser.refused(browser.post(begun, token), "alg_forbidden")


def test_a_payload_changed_after_signing_is_refused(browser, platform):
    """LTI-A04"""
    begun = browser.begin()
    header, _, signature = platform.sign(platform.claims(begun)).split(".")
    payload = json.dumps({**platform.claims(begun), "sub": "tina"}).encode()
    changed = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    answer = browser.post(begun, f"{header}.{changed}.{signature}")
    browser.refused(answer, "signature_invalid")
    assert browser.log()[0].claims == {}


def test_a_token_signed_by_a_stranger_is_refused(browser, platform):
    """LTI-A04"""
    begun = browser.begin()
    token = platform.sign(platform.claims(begun), key="stranger")
    browser.refused(browser.post(begun, token), "signature_invalid")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "lectern-test"},
        {"aud": ["lectern-test"]},
        {"aud": ["lectern-test", "b"], "azp": "lectern-test"},
    ],
)
def test_the_audience_may_be_a_string_or_a_list(browser, changes):
    """LTI-A06, LTI-A07"""
    assert browser.launch(**changes).status_code == 303


@pytest.mark.parametrize("size", [70_000, 200_000])
def test_a_token_that_is_too_large_is_refused_before_parsing(browser, platform, size):
    """LTI-A24"""
    begun = browser.begin()
    answer = browser.post(begun, "a." + "b" * size + ".c")
    assert answer.status_code == 400
    assert "token_too_large" in answer.text
    assert platform.jwks_requests == 0


def test_duplicate_claims_are_refused(browser, platform):
    """LTI-A25"""
    begun = browser.begin()
    claims = json.dumps(platform.claims(begun))
    doubled = claims[:-1] + ', "sub": "tina"}'
    token = jwt.PyJWS().encode(
        doubled.encode(), private_key("key-1"), "RS256", headers={"kid": "key-1"}
    )
    browser.refused(browser.post(begun, token), "claim_duplicate")


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "e30.e30.e30", "..", "W10.W10.x"])
def test_what_is_no_token_is_refused(browser, token):
    begun = browser.begin()
    assert browser.post(begun, token).status_code in (400, 401)
