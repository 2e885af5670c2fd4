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
from demo_lms.core.claims import Launch, build_id_token
from demo_lms.core.errors import LoginRefused, RedirectUriUnknown
from demo_lms.core.hints import HintInvalid, read_hint
from demo_lms.core.line_items import line_item_url, line_items_url, only_line_item_of
from demo_lms.core.messages import describe_fields
from demo_lms.state.launches import take_launch
from demo_lms.state.messages import add_message
from demo_lms.views.exchange import described_request, request_address
from demo_lms.views.parts import parts

bp = Blueprint("authorize", __name__)


def target_link_uri() -> str:
    """The tool's launch address: target_link_uri and the one registered redirect_uri."""
    return f"{parts().settings.tool_url}/lti/launch"


@bp.get("/lti/jwks")
def key_set() -> Response:
    """The platform's public keys (RFC 7517)."""
    return jsonify(keys=[parts().key.jwk])


@bp.route("/lti/authorize", methods=["GET", "POST"])
def authorize() -> str:
    """Answer an authentication request; OIDC Core 3.1.2.1 asks for both methods."""
    values = request.values.to_dict()
    try:
        redirect_uri = parse_redirect_uri(values, target_link_uri())
    except RedirectUriUnknown as error:
        _keep_request(400, str(error))
        raise
    try:
        asked = parse_authentication_request(values, redirect_uri)
        claims = _claims(asked)
    except LoginRefused as error:
        _keep_request(200, error.description)
        return _post_error(redirect_uri, error, values.get("state"))
    _keep_request(200, "Accepted; the answer is the next message.")
    return _post_id_token(asked, claims)


def _claims(asked: AuthenticationRequest) -> dict[str, Any]:
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
        launch: Launch = take_launch(state, launch_id, asked.login_hint, now)
        item = only_line_item_of(state["line_items"], launch.activity.number)
    issuer = demo.settings.issuer
    return build_id_token(
        issuer,
        launch,
        nonce=asked.nonce,
        target_link_uri=target_link_uri(),
        line_items_url=line_items_url(issuer),
        line_item_url=line_item_url(issuer, item) if item else None,
        now=now,
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
