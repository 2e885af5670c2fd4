"""Signed addresses of our own pages inside a platform's frame, where no cookie is wanted.

Like the player's token (scorm_runtime.core.tokens): the payload and its HMAC-SHA256 under a key
derived from the application's secret, in the path. It opens the grades of one resource link.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

_PURPOSE = b"lectern link grades token 1"


class PageTokenInvalid(ValueError):
    """Not an address we made."""

    status_hint = 404


class PageTokenExpired(ValueError):
    """Made by us, and over."""

    status_hint = 401


@dataclass(frozen=True)
class LinkGradesToken:
    """One teacher's permission to see and re-send the grades of one resource link."""

    tenant_id: UUID
    resource_link_id: UUID
    user_id: UUID
    expires_at: datetime


def sign_page_token(secret: str, token: LinkGradesToken) -> str:
    """URL-safe text of `token`."""
    payload = json.dumps(
        [
            token.tenant_id.hex,
            token.resource_link_id.hex,
            token.user_id.hex,
            int(token.expires_at.timestamp()),
        ],
        separators=(",", ":"),
    ).encode()
    return f"{_encode(payload)}.{_encode(_signature(secret, payload))}"


def read_page_token(secret: str, text: str, now: datetime) -> LinkGradesToken:
    """What `text` permits; raises PageTokenInvalid or PageTokenExpired."""
    body, _, signature = text.partition(".")
    try:
        payload, given = _decode(body), _decode(signature)
    except ValueError:
        raise PageTokenInvalid("not an address of ours") from None
    if not hmac.compare_digest(given, _signature(secret, payload)):
        raise PageTokenInvalid("the address's signature is wrong")
    tenant, link, user, expires = json.loads(payload)
    token = LinkGradesToken(
        tenant_id=UUID(tenant),
        resource_link_id=UUID(link),
        user_id=UUID(user),
        expires_at=datetime.fromtimestamp(expires, UTC),
    )
    if now >= token.expires_at:
        raise PageTokenExpired("the address is no longer valid: open the activity again")
    return token


def _signature(secret: str, payload: bytes) -> bytes:
    key = hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)
    return hmac.digest(key, payload, hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encode(data) != text:
        raise ValueError("not canonical base64url")
    return data
