"""Signed player tokens: what stands in the path of the player instead of a cookie.

A token (`signing.py`) authorises one attempt for one learner for a while; who holds it can play and
save, nothing else. No clock here: `now` is an argument.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from scorm_runtime.core.signing import SignatureWrong, sign, verify

Mode = Literal["normal", "review"]

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


class TokenWithdrawn(TokenExpired):
    """Its time is not over, but the host lets its person in no more."""


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


def renew(token: PlayerToken, now: datetime, lifetime: timedelta) -> PlayerToken | None:
    """The same permission, good for `lifetime` from `now`; None while most of it is still ahead:
    an eighth must be over, so that not every answer carries a new address."""
    if token.expires_at >= now + lifetime * 7 / 8:
        return None
    return replace(token, expires_at=(now + lifetime).replace(microsecond=0))


def name_trace(token: PlayerToken) -> str:
    """What people tell support: the ends of the attempt's id and of the launch's reference, by
    which the call log and the launch log are searched."""
    launch = token.launch_ref.replace("-", "")
    return f"{token.attempt_id.hex[-12:]}-{launch[-12:] or 'none'}"


def sign_token(secret: str, token: PlayerToken) -> str:
    """URL-safe text of `token`."""
    values = (
        token.tenant_id.hex,
        token.attempt_id.hex,
        token.user_id.hex,
        token.launch_ref,
        token.mode,
        int(token.teacher),
        int(token.expires_at.timestamp()),
    )
    return sign(secret, _PURPOSE, values)


def read_token(
    secret: str, text: str, now: datetime, *, leeway: timedelta = timedelta(0)
) -> PlayerToken:
    """What `text` permits; raises TokenInvalid or TokenExpired (`leeway` after its end)."""
    try:
        values = verify(secret, _PURPOSE, text)
    except SignatureWrong as wrong:
        raise TokenInvalid(str(wrong)) from None
    tenant, attempt, user, launch_ref, mode, teacher, expires = values
    token = PlayerToken(
        tenant_id=UUID(tenant),
        attempt_id=UUID(attempt),
        user_id=UUID(user),
        launch_ref=launch_ref,
        mode=mode,
        teacher=bool(teacher),
        expires_at=datetime.fromtimestamp(expires, UTC),
    )
    if now >= token.expires_at + leeway:
        raise TokenExpired(token)
    return token
