"""Addresses that are their own permission: a JSON list and its signature, as text for a path.

`<payload>.<signature>`, each URL-safe base64 (RFC 4648 5) without padding; the signature is
HMAC-SHA256 under a key derived from the application's secret and the purpose, so that a token for
one purpose never opens another. The content is readable by everybody: no secrets in it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any


class SignatureWrong(ValueError):
    """The text was not signed by us for this purpose."""


def sign(secret: str, purpose: bytes, values: Sequence[str | int]) -> str:
    """URL-safe text of `values`: characters of base64url and one dot."""
    payload = json.dumps(values, separators=(",", ":")).encode()
    return f"{_encode(payload)}.{_encode(_signature(secret, purpose, payload))}"


def verify(secret: str, purpose: bytes, text: str) -> list[Any]:
    """The values in `text`; raises SignatureWrong."""
    body, _, signature = text.partition(".")
    try:
        payload, given = _decode(body), _decode(signature)
    except ValueError:
        raise SignatureWrong("not one of our addresses") from None
    if not hmac.compare_digest(given, _signature(secret, purpose, payload)):
        raise SignatureWrong("the signature is wrong")
    values: list[Any] = json.loads(payload)
    return values


def _signature(secret: str, purpose: bytes, payload: bytes) -> bytes:
    key = hmac.digest(secret.encode(), purpose, hashlib.sha256)
    return hmac.digest(key, payload, hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encode(data) != text:
        raise ValueError("not canonical base64url")
    return data
