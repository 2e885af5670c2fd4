"""/xapi/<store>/oauth/token: an access token for key and secret (RFC 6749 4.4)."""

from datetime import timedelta
from urllib.parse import parse_qsl

from flask import Response, g, jsonify, request

from xapi_lrs.core.oauth import TokenRefused, TokenRequest, parse_token_request
from xapi_lrs.services.access_tokens import Grant, grant_access_token
from xapi_lrs.services.entrance import find_entry
from xapi_lrs.views import gate
from xapi_lrs.views.host import host
from xapi_lrs.views.params import body_bytes

_LONGEST = 16_384
"""Bytes of a form."""


def post_token(slug: str) -> Response:
    gate.check_failures()
    grant = _grant(_read_form(), slug)
    answer = jsonify(
        access_token=grant.access_token,
        token_type="Bearer",  # noqa: S106  the name of the scheme
        expires_in=grant.seconds,
        scope=" ".join(grant.scopes),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def token_refusal(error: TokenRefused) -> Response:
    """RFC 6749 5.2: another shape than the store's own refusals."""
    answer = jsonify(error=error.code, error_description=error.message)
    answer.status_code = error.status_hint
    if error.status_hint == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _read_form() -> TokenRequest:
    if request.args:
        raise TokenRefused("invalid_request", "parameters belong into the form, not the address")
    if request.mimetype != "application/x-www-form-urlencoded":
        raise TokenRefused("invalid_request", "send application/x-www-form-urlencoded")
    try:
        form = body_bytes(_LONGEST).decode()
        fields = parse_qsl(form, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise TokenRefused("invalid_request", "the form is not urlencoded UTF-8") from None
    return parse_token_request(fields, request.headers.get("Authorization"))


def _grant(asked: TokenRequest, slug: str) -> Grant:
    with host().transaction(None) as session:
        entry = find_entry(session, asked.client.key)
    g.xapi_permit = entry.permit if entry else None
    try:
        return grant_access_token(
            entry,
            asked,
            slug=slug,
            now=host().now(),
            lifetime=timedelta(seconds=host().limits.token_seconds),
            server_secret=host().server_secret,
        )
    except TokenRefused as refused:
        if refused.code == "invalid_client":
            gate.note_failure()
        raise
