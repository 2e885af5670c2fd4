"""Keys and secrets of the HTTP Basic credentials (xAPI 1.0.3 Communication 4.0; RFC 7617). XP-19

The secret is 256 random bits, so one SHA-256 is as good as a slow password hash: there is nothing
to guess, and a request costs a microsecond.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable

from xapi_lrs.core.errors import NotAuthenticated

RandomBytes = Callable[[int], bytes]

_WANTED = "send a key and its secret as HTTP Basic authentication"


def make_key(random: RandomBytes) -> str:
    """The public half: 26 characters of the URL alphabet, no colon."""
    return "lk" + base64.b32encode(random(15)).decode().lower()


def make_secret(random: RandomBytes) -> str:
    """The secret half, shown once: 43 characters of the URL alphabet."""
    return base64.urlsafe_b64encode(random(32)).rstrip(b"=").decode()


def hash_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def secret_matches(secret: str, secret_hash: bytes) -> bool:
    """In constant time."""
    return hmac.compare_digest(hash_secret(secret), secret_hash)


def parse_basic(header: str | None) -> tuple[str, str]:
    """Key and secret of an Authorization header. Raises NotAuthenticated.

    The secret may contain colons; the scheme's name has no case.
    """
    if not header:
        raise NotAuthenticated(f"no credential: {_WANTED}")
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic" or not encoded:
        raise NotAuthenticated(f"the Authorization header is not Basic: {_WANTED}")
    try:
        key, colon, secret = (
            base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError):
        raise NotAuthenticated("the Authorization header is not base64 of UTF-8 text") from None
    if not colon or not key or "\0" in key:
        raise NotAuthenticated("the Authorization header holds no key:secret")
    return key, secret


def authority_of(name: str, key: str, home_page: str) -> dict[str, object]:
    """The authority of what this credential sends: an Agent with an account (Data 2.4.9)."""
    return {
        "objectType": "Agent",
        "name": name,
        "account": {"homePage": home_page, "name": f"lrs-key:{key}"},
    }
