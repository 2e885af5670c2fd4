"""Bearer tokens given to the tool, and the client assertions that were used up for them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from demo_lms.core.assertions import Assertion
from demo_lms.core.errors import ServiceRefused, TokenRefused
from demo_lms.state.store import State

LIFETIME = 3600
"""Seconds a bearer token is good for."""


def use_assertion(state: State, assertion: Assertion, now: datetime) -> None:
    """An assertion buys one token; raises TokenRefused when its jti was used before."""
    seconds = now.timestamp()
    state["jtis"] = {jti: exp for jti, exp in state["jtis"].items() if exp > seconds}
    if assertion.jti in state["jtis"]:
        raise TokenRefused("invalid_client", "This assertion was used already (jti is single use).")
    state["jtis"][assertion.jti] = assertion.expires


def grant(state: State, token: str, client_id: str, scopes: Sequence[str], now: datetime) -> None:
    """Keep the token's digest; the token itself is only in the answer."""
    seconds = now.timestamp()
    kept = {key: value for key, value in state["tokens"].items() if value["expires"] > seconds}
    state["tokens"] = kept | {
        _digest(token): {
            "client_id": client_id,
            "scopes": list(scopes),
            "expires": seconds + LIFETIME,
        }
    }


def check_bearer(
    state: State, authorization: str | None, any_of: Collection[str], now: datetime
) -> str:
    """The client_id of a good token with one of the scopes; raises ServiceRefused(401)."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme != "Bearer" or not token:
        raise ServiceRefused(401, "Unauthorized: no bearer token")
    found = state["tokens"].get(_digest(token))
    if found is None or found["expires"] <= now.timestamp():
        raise ServiceRefused(401, "Unauthorized: the bearer token is unknown or has expired")
    if not set(found["scopes"]) & set(any_of):
        raise ServiceRefused(401, "Unauthorized: the bearer token lacks the scope")
    return str(found["client_id"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
