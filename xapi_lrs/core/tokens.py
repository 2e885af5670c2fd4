"""Access tokens of OAuth 2.0 client credentials (RFC 6749 4.4), signed and bound to a credential.

    <payload> "." <HMAC-SHA256 of payload>        both base64url

The key of the signature is made of the server's secret and the credential's secret hash: with the
credential's secret every token that was given for it becomes void, and neither the database nor
the server's settings alone suffice to forge one.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from xapi_lrs.core.errors import NotAuthenticated
from xapi_lrs.core.strict_json import dump_json, load_json


class TokenInvalid(NotAuthenticated):
    """A bearer token that is malformed, forged, expired or no longer good (RFC 6750 3.1)."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    key: str
    """Of the credential that it was given for."""
    scopes: tuple[str, ...]
    """Not more than the credential has."""
    expires: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class SignedToken:
    """A token as it arrived: nothing of it may be believed before `is_signed`."""

    token: AccessToken
    payload: str
    signature: bytes

    @property
    def key(self) -> str:
        return self.token.key


def sign_token(token: AccessToken, secret: str, secret_hash: bytes) -> str:
    payload = _encode(dump_json([token.key, token.expires, *token.scopes]).encode())
    return f"{payload}.{_encode(_signature(payload, secret, secret_hash))}"


def read_token(text: str) -> SignedToken:
    """Raises TokenInvalid when it was never one of ours."""
    payload, _, signature = text.partition(".")
    try:
        key, expires, *scopes = load_json(_decode(payload).decode())
        token = AccessToken(str(key), tuple(map(str, scopes)), int(expires))
        return SignedToken(token, payload, _decode(signature))
    except (binascii.Error, ValueError, TypeError):
        raise TokenInvalid("the bearer token is not one of this server") from None


def is_signed(signed: SignedToken, secret: str, secret_hash: bytes) -> bool:
    """In constant time."""
    return hmac.compare_digest(signed.signature, _signature(signed.payload, secret, secret_hash))


def is_over(token: AccessToken, now: datetime) -> bool:
    return datetime.fromtimestamp(token.expires, UTC) <= now


def _signature(payload: str, secret: str, secret_hash: bytes) -> bytes:
    key = hmac.digest(secret.encode(), b"xapi access token" + secret_hash, hashlib.sha256)
    return hmac.digest(key, payload.encode(), hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
