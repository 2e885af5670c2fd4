"""The id_token as a JWT: reading it safely, its signature, and when and for whom it was made.

PyLTI1p3's MessageLaunch is not used here: it takes whatever algorithm the key set names, has no
leeway, looks at the first `aud` only, never consumes a nonce and knows one error ("LtiException").
The message itself is checked with its validators (message.py).

Order of the checks, and why: the size before parsing; form and algorithm before any key is looked
for; issuer and audience next, because they say whose key set is asked; then signature; nothing
in the token is believed or recorded before that. Time and nonce follow.
Source: Security Framework 1.0 section 5.1.3; rules LTI-B01, B02, B05, B07, LTI-A01 to LTI-A15,
LTI-A24, LTI-A25.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from lti_app.core.lti.claims import is_storable
from lti_app.core.lti.reasons import Refusal

MAX_TOKEN_BYTES = 64 * 1024
ALGORITHM = "RS256"
MAX_LEEWAY_SECONDS = 300


@dataclass(frozen=True)
class IdToken:
    """A parsed, not yet believed token."""

    text: str
    kid: str
    claims: dict[str, Any]


def parse_id_token(text: str) -> IdToken:
    """Read header and payload; raises Refusal for size, form, algorithm, kid, duplicate claims."""
    if len(text) > MAX_TOKEN_BYTES:
        raise Refusal("token_too_large", f"{len(text)} bytes, at most {MAX_TOKEN_BYTES}")
    parts = text.split(".")
    if len(parts) != 3 or not all(parts):
        unsigned = len(parts) == 3 and not parts[2] and _is_unsigned(parts[0])
        raise Refusal("alg_forbidden", "alg is none") if unsigned else Refusal("token_malformed")
    header = _json_object(parts[0])
    algorithm = header.get("alg")
    if algorithm != ALGORITHM:
        raise Refusal("alg_forbidden", f"alg is {str(algorithm)[:20]!r}, only RS256 is accepted")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise Refusal("kid_missing", "the token's header has no kid")
    return IdToken(text, kid, _json_object(parts[1]))


def check_issuer(claims: dict[str, Any], issuer: str, *, is_registered: bool) -> None:
    """`iss` must be the registration's (LTI-A05); of another registration: LTI-A18."""
    found = claims.get("iss")
    if found == issuer:
        return
    if is_registered:
        raise Refusal("state_mismatch", f"the login was for {issuer}, the token is of {found}")
    raise Refusal("issuer_mismatch", f"iss is {str(found)[:200]!r}, expected {issuer!r}")


def check_audience(claims: dict[str, Any], client_id: str, *, other_clients: set[str]) -> None:
    """`aud` and `azp` (LTI-A06 to A10); `other_clients` are our other clients of this issuer."""
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise Refusal("audience_invalid", "aud is missing or neither a string nor a list of them")
    if client_id not in named:
        if other_clients & set(named):
            raise Refusal("state_mismatch", "the token is for another registration than the login")
        if isinstance(audience, str):
            raise Refusal("client_unknown", f"aud is {audience[:200]!r}, expected {client_id!r}")
        raise Refusal("audience_invalid", f"aud does not contain {client_id!r}")
    authorized = claims.get("azp")
    if authorized is None and len(named) > 1:
        raise Refusal("azp_missing", "several audiences, but no azp")
    if authorized is not None and authorized != client_id:
        raise Refusal("azp_invalid", f"azp is {str(authorized)[:200]!r}, expected {client_id!r}")


def verify_signature(token: IdToken, key: jwt.PyJWK) -> None:
    """RS256 with the platform's `key`; raises Refusal `signature_invalid` (LTI-A02, A04).

    Only the signature: PyJWT would judge times by its own clock and without reasons, and reads
    each part once more, letter by letter (2 ms of a launch's 30).
    """
    signed, _dot, signature = token.text.rpartition(".")
    try:
        given = base64.b64decode(signature + "=" * (-len(signature) % 4), b"-_", validate=True)
        is_right = key.Algorithm.verify(signed.encode("ascii"), key.key, given)
    except (ValueError, TypeError, jwt.PyJWTError) as error:
        raise Refusal("signature_invalid", str(error)[:200]) from None
    if not is_right:
        raise Refusal("signature_invalid", "Signature verification failed")


def check_times(claims: dict[str, Any], now: datetime, leeway_seconds: int) -> int:
    """`iat`, `nbf`, `exp` within the leeway (LTI-B07, PAIN-14).

    Returns our clock minus `iat` in milliseconds, for the launch log.
    """
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    here = now.timestamp()
    skew = round((here - issued) * 1000)
    if expires < issued:
        raise Refusal("token_expired", "exp is before iat")
    if here > expires + leeway_seconds:
        raise Refusal("token_expired", f"expired {here - expires:.0f} s ago by our clock")
    begins = max(issued, _seconds(claims, "nbf") if "nbf" in claims else issued)
    if begins > here + leeway_seconds:
        raise Refusal("token_not_yet_valid", f"begins in {begins - here:.0f} s by our clock")
    return skew


def read_nonce(claims: dict[str, Any]) -> str:
    """The token's nonce; raises Refusal `nonce_missing`."""
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise Refusal("nonce_missing")
    if not is_storable(nonce):
        raise Refusal("nonce_unknown", "we never issued this nonce")
    return nonce


def _seconds(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if value is None:
        raise Refusal("claim_missing", name)
    usable = not isinstance(value, bool) and isinstance(value, (int, float))
    if not usable or not 0 < value < 1e11:
        raise Refusal("claim_invalid", f"{name} is not a time in seconds")
    return float(value)


def _is_unsigned(header: str) -> bool:
    return str(_json_object(header).get("alg")).lower() == "none"


def _json_object(part: str) -> dict[str, Any]:
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        value = json.loads(data, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except Refusal:
        raise
    except (ValueError, RecursionError):
        raise Refusal("token_malformed", "a part of the token is not JSON") from None
    if not isinstance(value, dict):
        raise Refusal("token_malformed", "a part of the token is not a JSON object")
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refusal("claim_duplicate", f"{twice[:100]!r} comes twice")
    return seen


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
