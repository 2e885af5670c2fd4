"""The token endpoint."""

import jwt
import pytest

from demo_lms.core import scopes


def test_a_good_assertion_buys_a_bearer_token_for_an_hour(lms, tool):
    """LTI Security 4.1: opaque, Bearer, 3600 seconds, the granted scopes named."""
    answer = tool.ask_token(scope=f"{scopes.SCORE} {scopes.RESULT_READONLY}")
    assert answer.status_code == 200
    body = dict(answer.json)
    assert len(body.pop("access_token")) > 30
    assert body == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": f"{scopes.RESULT_READONLY} {scopes.SCORE}",
    }


def test_scopes_that_the_tool_may_not_have_are_dropped_silently(lms, tool):
    """MOODLE-5: compare the granted list."""
    answer = tool.ask_token(scope=f"https://example.org/everything {scopes.SCORE}")
    assert answer.json["scope"] == scopes.SCORE


def test_no_scope_left_is_an_error(lms, tool):
    """MOODLE-5"""
    answer = tool.ask_token(scope="https://example.org/everything")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("grant_type", "password", "unsupported_grant_type"),
        ("client_assertion_type", "jwt", "invalid_request"),
        ("client_assertion", "not.a.jwt", "invalid_client"),
    ],
)
def test_a_malformed_request_is_refused(lms, tool, field, value, error):
    """RFC 6749, 5.2"""
    answer = tool.ask_token(**{field: value})
    assert (answer.status_code, answer.json["error"]) == (400, error)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "somebody"),
        ("sub", "somebody"),
        ("aud", "http://127.0.0.1:8001"),
        ("aud", None),
        ("exp", 1),
        ("exp", None),
        ("exp", 4_000_000_000),
        ("iat", None),
        ("iat", 4_000_000_000),
        ("jti", None),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused_by_name(lms, tool, claim, value):
    """LTI-OA-1 to LTI-OA-4 from the platform's side."""
    answer = tool.ask_token(tool.assertion(**{claim: value}))
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_client")
    named = {"exp": "exp", "iat": "iat"}.get(claim, claim)
    assert named in answer.json["error_description"]


def test_an_audience_may_be_a_list(lms, tool):
    """RFC 7519, 4.1.3"""
    audience = ["https://elsewhere.example", "http://127.0.0.1:8001/lti/token"]
    assert tool.ask_token(tool.assertion(aud=audience)).status_code == 200


def test_an_assertion_without_kid_is_refused(lms, tool):
    """MOODLE-5"""
    answer = tool.ask_token(tool.assertion(headers={"typ": "JWT"}))
    assert "kid" in answer.json["error_description"]


def test_an_assertion_signed_with_another_algorithm_is_refused(lms, tool):
    """LTI-P3: RS256 only."""
    text = jwt.encode({"iss": "lectern-demo"}, "s" * 32, "HS256", headers={"kid": tool.kid})
    assert "RS256" in tool.ask_token(text).json["error_description"]


def test_an_assertion_signed_with_another_key_is_refused(lms, tool, other_key):
    """The kid alone proves nothing."""
    text = jwt.encode({"iss": "lectern-demo"}, other_key, "RS256", headers={"kid": tool.kid})
    assert "signature" in tool.ask_token(text).json["error_description"]


def test_an_assertion_is_good_for_one_token(lms, tool):
    """LTI-OA-4: jti is unique."""
    text = tool.assertion()
    assert tool.ask_token(text).status_code == 200
    assert "jti" in tool.ask_token(text).json["error_description"]


def test_the_tools_key_set_is_fetched_once_and_again_after_a_failure(lms, tool, other_key):
    """MOODLE-5: a new key works at once."""
    tool.token()
    tool.token()
    assert tool.fetches == 1
    tool.key, tool.kid = other_key, "tool-key-2"
    tool.token()
    assert tool.fetches == 2


def test_a_tool_that_cannot_be_reached_is_named_in_the_answer(lms, tool):
    """Nobody should have to guess why there is no token."""
    tool.reachable = False
    answer = tool.ask_token()
    assert (answer.status_code, answer.json["error"]) == (503, "temporarily_unavailable")
    assert "http://localhost:8000/lti/jwks cannot be reached" in answer.json["error_description"]


def test_a_bearer_token_expires_after_an_hour(lms, tool, clock):
    """LTI-OA-9"""
    token = tool.token()
    path = "/lti/services/1/lineitems/2/lineitem?type_id=1"
    assert tool.call("GET", path, authorization=f"Bearer {token}").status_code == 200
    clock.forward(3600)
    answer = tool.call("GET", path, authorization=f"Bearer {token}")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
