"""The tool's client assertion at the token endpoint (LTI Security Framework 4.1.1; RFC 7523)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from demo_lms.core.errors import TokenRefused

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFETIME = 3600
"""Seconds an assertion may still be good for; its jti is remembered as long."""

KeyFinder = Callable[[str], Any]
"""kid → public key of the tool; raises KeyError when the tool's key set has no such key."""


@dataclass(frozen=True)
class Assertion:
    """A verified assertion; whether its jti was used before is for the caller to decide."""

    jti: str
    expires: int  # seconds since 1970


def parse_token_request(values: Mapping[str, str]) -> str:
    """The client assertion of a well-formed token request; raises TokenRefused."""
    if values.get("grant_type") != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "grant_type must be client_credentials.")
    if values.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefused("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}.")
    assertion = values.get("client_assertion", "")
    if not assertion:
        raise TokenRefused("invalid_request", "client_assertion is missing.")
    return assertion


def claimed_client(text: str) -> str:
    """The client_id that an assertion claims, unverified; raises TokenRefused."""
    try:
        claims = jwt.decode(text, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise TokenRefused("invalid_client", "The assertion is not a JWT.") from error
    return str(claims.get("sub") or claims.get("iss") or "")


def verify_assertion(
    text: str, find_key: KeyFinder, *, client_id: str, audience: str, now: datetime
) -> Assertion:
    """Check signature and claims; raises TokenRefused("invalid_client", what is wrong).

    As in Moodle an `iat` in the future is refused without leeway (MOODLE 5).
    """
    claims = _verified_claims(text, find_key)
    seconds = now.timestamp()
    _require(claims.get("iss") == client_id, f"iss must be the client_id {client_id!r}.")
    _require(claims.get("sub") == client_id, f"sub must be the client_id {client_id!r}.")
    aud = claims.get("aud")
    _require(audience in (aud if isinstance(aud, list) else [aud]), f"aud must be {audience!r}.")
    expires, issued = _number(claims, "exp"), _number(claims, "iat")
    jti = claims.get("jti")
    _require(expires > seconds, "The assertion has expired (exp).")
    _require(expires <= seconds + LONGEST_LIFETIME, "exp is more than an hour ahead.")
    _require(issued <= seconds, "Cannot handle token with iat prior to now (iat is in the future).")
    if not isinstance(jti, str) or not jti:
        raise TokenRefused("invalid_client", "jti is missing.")
    return Assertion(jti=jti, expires=int(expires))


def _verified_claims(text: str, find_key: KeyFinder) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(text)
    except jwt.InvalidTokenError as error:
        raise TokenRefused("invalid_client", "The assertion is not a JWT.") from error
    kid = header.get("kid")
    _require(isinstance(kid, str) and kid != "", "kid must be provided in JWT header.")
    _require(header.get("alg") == "RS256", "alg must be RS256.")
    try:
        key = find_key(str(kid))
    except KeyError as error:
        raise TokenRefused(
            "invalid_client", f"The tool's key set has no key with kid {kid!r}."
        ) from error
    try:
        claims: dict[str, Any] = jwt.decode(text, key, algorithms=["RS256"], options=_SIGNATURE)
    except jwt.InvalidTokenError as error:
        raise TokenRefused("invalid_client", "The assertion's signature is wrong.") from error
    return claims


# PyJWT would read the clock; only the signature is its business here.
_SIGNATURE: Any = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_sub": False,
    "verify_jti": False,
}


def _number(claims: Mapping[str, Any], name: str) -> float:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TokenRefused("invalid_client", f"{name} is missing or not a number.")
    return found


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise TokenRefused("invalid_client", otherwise)
