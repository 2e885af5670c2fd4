"""The token endpoint: a verified client assertion buys a bearer token for one hour."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from demo_lms.core.assertions import Assertion, parse_token_request, verify_assertion
from demo_lms.core.errors import TokenRefused
from demo_lms.core.key_set import parse_key_set
from demo_lms.core.scopes import granted_scopes
from demo_lms.doors import ToolUnreachable
from demo_lms.state.messages import add_message
from demo_lms.state.tokens import LIFETIME, grant, use_assertion
from demo_lms.views.parts import parts

bp = Blueprint("token", __name__)


@bp.post("/lti/token")
def give() -> Response:
    """RFC 6749 4.4 with RFC 7523; scopes that the tool may not have are dropped silently."""
    demo = parts()
    assertion = _verified(parse_token_request(request.form))
    scopes = granted_scopes(request.form.get("scope", ""))
    if not scopes:
        raise TokenRefused("invalid_scope", "None of the asked scopes can be granted.")
    token, now = demo.doors.random_text(), demo.doors.now()
    with demo.store.changing() as state:
        use_assertion(state, assertion, now)
        grant(state, token, scopes, now)
    return jsonify(
        {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": " ".join(scopes),
        }
    )


def _verified(text: str) -> Assertion:
    """Verify with the keys at hand; after any failure once more with keys fetched anew, so that
    a new key works at once (MOODLE 5)."""
    demo = parts()
    audience = f"{demo.settings.issuer}/lti/token"
    cached = demo.tool_keys.cached()
    if cached:
        try:
            return verify_assertion(
                text, cached.__getitem__, audience=audience, now=demo.doors.now()
            )
        except TokenRefused:
            pass
    keys = _fetch_keys()
    demo.tool_keys.keep(keys)
    return verify_assertion(text, keys.__getitem__, audience=audience, now=demo.doors.now())


def _fetch_keys() -> dict[str, Any]:
    demo = parts()
    url = demo.settings.tool_jwks_url
    try:
        found = demo.doors.fetch_json(url)
    except ToolUnreachable as error:
        _keep(url, None, f"The tool's key set could not be fetched: {error}")
        raise TokenRefused(
            "temporarily_unavailable", f"The tool's key set could not be fetched: {error}", 503
        ) from error
    _keep(url, {"status": 200, "body": found}, "")
    return parse_key_set(found)


def _keep(url: str, answer: dict[str, Any] | None, note: str) -> None:
    with parts().store.changing() as state:
        add_message(
            state,
            parts().doors.now(),
            kind="keys",
            sender="platform",
            method="GET",
            endpoint=url,
            request={},
            answer=answer,
            note=note,
        )
