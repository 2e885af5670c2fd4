"""Signed player tokens: what stands in the path of the player instead of a cookie.

A token is `<payload>.<signature>`: URL-safe base64 of a JSON list and of its HMAC-SHA256 under a
key derived from the application's secret. It authorises one attempt for one learner for a while;
who holds it can play and save, nothing else. No clock here: `now` is an argument.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

Mode = Literal["normal", "review"]

LIFETIME = timedelta(hours=12)
"""How long a new or renewed token is good; commits and heartbeats renew it."""

_PURPOSE = b"lectern player token 1"


class TokenInvalid(ValueError):
    """The text is not a token we signed."""

    status_hint = 404


class TokenExpired(ValueError):
    """We signed it, but its time is over; `token` is what it said."""

    status_hint = 401

    def __init__(self, token: "PlayerToken") -> None:
        super().__init__(f"the player token expired at {token.expires_at.isoformat()}")
        self.token = token


@dataclass(frozen=True)
class PlayerToken:
    """One learner's permission to play one attempt."""

    tenant_id: UUID
    attempt_id: UUID
    user_id: UUID
    launch_ref: str
    """The host's own reference (an LTI launch, "portal"); comes back in the Outcome."""
    mode: Mode
    teacher: bool
    expires_at: datetime
    """Aware UTC, whole seconds."""


def renew(token: PlayerToken, now: datetime, lifetime: timedelta = LIFETIME) -> PlayerToken:
    """The same permission, good for `lifetime` from `now`."""
    return replace(token, expires_at=(now + lifetime).replace(microsecond=0))


def sign_token(secret: str, token: PlayerToken) -> str:
    """URL-safe text of `token`: characters of base64url and one dot."""
    payload = json.dumps(
        [
            token.tenant_id.hex,
            token.attempt_id.hex,
            token.user_id.hex,
            token.launch_ref,
            token.mode,
            int(token.teacher),
            int(token.expires_at.timestamp()),
        ],
        separators=(",", ":"),
    ).encode()
    return f"{_encode(payload)}.{_encode(_signature(secret, payload))}"


def read_token(
    secret: str, text: str, now: datetime, *, leeway: timedelta = timedelta(0)
) -> PlayerToken:
    """What `text` permits; raises TokenInvalid or TokenExpired (`leeway` after its end)."""
    body, _, signature = text.partition(".")
    try:
        payload = _decode(body)
        given = _decode(signature)
    except ValueError:
        raise TokenInvalid("not a player token") from None
    if not hmac.compare_digest(given, _signature(secret, payload)):
        raise TokenInvalid("the player token's signature is wrong")
    token = _parse(payload)
    if now >= token.expires_at + leeway:
        raise TokenExpired(token)
    return token


def _parse(payload: bytes) -> PlayerToken:
    tenant, attempt, user, launch_ref, mode, teacher, expires = json.loads(payload)
    return PlayerToken(
        tenant_id=UUID(tenant),
        attempt_id=UUID(attempt),
        user_id=UUID(user),
        launch_ref=launch_ref,
        mode=mode,
        teacher=bool(teacher),
        expires_at=datetime.fromtimestamp(expires, UTC),
    )


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
