"""The token endpoint: a verified client assertion buys a bearer token for one hour."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from demo_lms.core.assertions import (
    Assertion,
    claimed_client,
    parse_token_request,
    verify_assertion,
)
from demo_lms.core.client import Client
from demo_lms.core.errors import TokenRefused
from demo_lms.core.scopes import granted_scopes
from demo_lms.state.clients import find_client
from demo_lms.state.manner import present_manner
from demo_lms.state.tokens import LIFETIME, grant, use_assertion
from demo_lms.views.parts import parts
from demo_lms.views.tool_keys import verified

bp = Blueprint("token", __name__)


@bp.post("/lti/token")
def give() -> Response:
    """RFC 6749 4.4 with RFC 7523; scopes that the tool may not have are dropped silently."""
    demo = parts()
    client, assertion = _verified(parse_token_request(request.form))
    scopes = granted_scopes(request.form.get("scope", ""), client.scopes)
    if not scopes:
        raise TokenRefused("invalid_scope", "None of the asked scopes can be granted.")
    token, now = demo.doors.random_text(), demo.doors.now()
    with demo.store.changing() as state:
        use_assertion(state, assertion, now)
        grant(state, token, client.client_id, scopes, now)
    return jsonify(
        {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": " ".join(scopes),
        }
    )


def _verified(text: str) -> tuple[Client, Assertion]:
    demo = parts()
    claimed = claimed_client(text)
    with demo.store.reading() as state:
        client = find_client(state, demo.settings, claimed)
        audience = present_manner(state).personality.token_audience
    if client is None:
        raise TokenRefused("invalid_client", f"sub: no tool has the client_id {claimed!r}.")
    assertion = verified(
        client,
        lambda find_key: verify_assertion(
            text,
            find_key,
            client_id=client.client_id,
            audience=audience or f"{demo.settings.issuer}/lti/token",
            now=demo.doors.now(),
        ),
    )
    return client, assertion
