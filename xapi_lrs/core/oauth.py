"""The token endpoint of OAuth 2.0 client credentials (RFC 6749 2.3.1, 3.2, 4.4, 5), as values."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from xapi_lrs.core.credential import Basic, parse_basic
from xapi_lrs.core.errors import LrsError, NotAuthenticated
from xapi_lrs.core.scopes import acts_of, unknown_scopes

GRANT = "client_credentials"

STATUS = {
    "invalid_request": 400,
    "invalid_client": 401,
    "unauthorized_client": 400,
    "unsupported_grant_type": 400,
    "invalid_scope": 400,
}
"""RFC 6749 5.2."""


class TokenRefused(LrsError):
    """No token is given; `code` is one of STATUS."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status_hint = STATUS[code]


@dataclass(frozen=True, slots=True)
class TokenRequest:
    client: Basic
    scopes: tuple[str, ...]
    """Wanted; empty: all that the credential has."""


def parse_token_request(
    fields: Iterable[tuple[str, str]], authorization: str | None
) -> TokenRequest:
    """From the fields of the form and the Authorization header. Raises TokenRefused."""
    form: dict[str, str] = {}
    for name, value in fields:
        if name in form:
            raise TokenRefused("invalid_request", f"{name[:100]} is given twice")
        form[name] = value
    grant = form.get("grant_type")
    if grant is None:
        raise TokenRefused("invalid_request", f"grant_type is missing: send {GRANT}")
    if grant != GRANT:
        raise TokenRefused("unsupported_grant_type", f"only {GRANT} is spoken here")
    return TokenRequest(_client(form, authorization), tuple(form.get("scope", "").split()))


def grant_scopes(wanted: Collection[str], own: Collection[str]) -> tuple[str, ...]:
    """Those wanted, when they give no act that the credential's own do not. Raises TokenRefused."""
    unknown = unknown_scopes(wanted)
    if unknown:
        raise TokenRefused("invalid_scope", f"unknown scopes: {' '.join(unknown)[:500]}")
    if not acts_of(wanted) <= acts_of(own):
        raise TokenRefused("invalid_scope", f"this client has the scopes: {' '.join(own)}")
    return tuple(dict.fromkeys(wanted or own))


def _client(form: dict[str, str], authorization: str | None) -> Basic:
    """By header or by form, not by both (RFC 6749 2.3)."""
    in_form = "client_id" in form or "client_secret" in form
    if authorization and "client_secret" in form:
        raise TokenRefused("invalid_request", "the client is named twice: in header and form")
    if in_form and not authorization:
        return Basic(form.get("client_id", ""), form.get("client_secret", ""))
    try:
        key, secret = parse_basic(authorization)
    except NotAuthenticated as refused:
        raise TokenRefused("invalid_client", refused.message) from None
    return Basic(unquote_plus(key), unquote_plus(secret))
