"""The OIDC authorization endpoint and the platform's key set.

the tool's redirect ─► parameters in order? ─► hint ours, unused, its person signed in?
    ─► id_token signed ─► a form that posts id_token and state to the tool
refused ─► a form that posts error, error_description and state to the tool
"""

from __future__ import annotations

from typing import Any

import jwt
from flask import Blueprint, Response, current_app, jsonify, render_template, request

from demo_lms.core.authentication import (
    AuthenticationRequest,
    parse_authentication_request,
    parse_redirect_uri,
)
from demo_lms.core.claims import build_id_token
from demo_lms.core.errors import LoginRefused, RedirectUriUnknown
from demo_lms.core.hints import HintInvalid, read_hint
from demo_lms.core.line_items import line_item_of
from demo_lms.core.messages import describe_fields
from demo_lms.state.clients import clients_of, find_client
from demo_lms.state.deep_links import expect_choice
from demo_lms.state.launches import take_launch
from demo_lms.state.manner import present_manner
from demo_lms.state.messages import add_message
from demo_lms.views.exchange import described_request, request_address
from demo_lms.views.parts import parts

bp = Blueprint("authorize", __name__)


@bp.get("/lti/jwks")
def key_set() -> Response:
    """The platform's public keys (RFC 7517)."""
    return jsonify(keys=[parts().key.jwk])


@bp.route("/lti/authorize", methods=["GET", "POST"])
def authorize() -> str:
    """Answer an authentication request; OIDC Core 3.1.2.1 asks for both methods."""
    values = request.values.to_dict()
    client_id = values.get("client_id", "")
    try:
        redirect_uri = parse_redirect_uri(values, _registered_uris(client_id))
    except RedirectUriUnknown as error:
        _keep_request(400, str(error))
        raise
    try:
        asked = parse_authentication_request(values, redirect_uri)
        claims = _claims(asked, client_id)
    except LoginRefused as error:
        _keep_request(200, error.description)
        return _post_error(redirect_uri, error, values.get("state"))
    _keep_request(200, "Accepted; the answer is the next message.")
    return _post_id_token(asked, claims)


def _registered_uris(client_id: str) -> set[str]:
    """Those of the tool; for an unknown client all there are, so that it is told of its error."""
    demo = parts()
    with demo.store.reading() as state:
        client = find_client(state, demo.settings, client_id)
        known = [client] if client else clients_of(state, demo.settings)
    return {uri for one in known for uri in one.redirect_uris}


def _claims(asked: AuthenticationRequest, client_id: str) -> dict[str, Any]:
    """Take the launch that the hint stands for; raises LoginRefused."""
    demo = parts()
    now = demo.doors.now()
    try:
        launch_id = read_hint(current_app.config["SECRET_KEY"], asked.lti_message_hint)
    except HintInvalid as error:
        raise LoginRefused(
            "invalid_request", "lti_message_hint was not made by this platform."
        ) from error
    with demo.store.changing() as state:
        manner = present_manner(state)
        launch = take_launch(state, demo.settings, launch_id, asked.login_hint, now)
        if launch.client.client_id != client_id:
            raise LoginRefused("unauthorized_client", "client_id is not the launched tool's.")
        item = None
        if launch.activity is None:
            expect_choice(state, launch, now)
        else:
            hides_second = manner.personality.line_items.hides_second
            number = launch.activity.number
            item = line_item_of(state["line_items"], number, hides_second=hides_second)
    return build_id_token(
        demo.settings.issuer, manner, launch, nonce=asked.nonce, line_item=item, now=now
    )


def _post_id_token(asked: AuthenticationRequest, claims: dict[str, Any]) -> str:
    key = parts().key
    fields = {"id_token": jwt.encode(claims, key.private, "RS256", headers={"kid": key.kid})}
    if asked.state is not None:
        fields["state"] = asked.state
    _keep_answer("id_token", asked.redirect_uri, fields)
    return render_template("post.html", action=asked.redirect_uri, fields=fields)


def _post_error(redirect_uri: str, error: LoginRefused, state: str | None) -> str:
    fields = {"error": error.code, "error_description": error.description}
    if state is not None:
        fields["state"] = state
    _keep_answer("login_error", redirect_uri, fields)
    return render_template("post.html", action=redirect_uri, fields=fields)


def _keep_request(status: int, note: str) -> None:
    asked = described_request()
    asked["query"] = describe_fields(request.args.to_dict())
    with parts().store.changing() as state:
        add_message(
            state,
            parts().doors.now(),
            kind="authentication_request",
            sender="tool",
            method=request.method,
            endpoint=request_address().partition("?")[0],
            request=asked,
            answer={"status": status},
            note=note,
        )


def _keep_answer(kind: str, endpoint: str, fields: dict[str, str]) -> None:
    with parts().store.changing() as state:
        add_message(
            state,
            parts().doors.now(),
            kind=kind,
            sender="platform",
            method="POST",
            endpoint=endpoint,
            request={"body": describe_fields(fields)},
        )
