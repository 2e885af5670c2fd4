"""Keys and secrets, and how they arrive: HTTP Basic (RFC 7617) or Bearer (RFC 6750). XP-19

xAPI 1.0.3 Communication 4.0; 2.0 4.1.11.

The secret is 256 random bits, so one SHA-256 is as good as a slow password hash: there is nothing
to guess, and a request costs a microsecond.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from xapi_lrs.core.errors import NotAuthenticated
from xapi_lrs.core.tokens import SignedToken, read_token

RandomBytes = Callable[[int], bytes]

_WANTED = "send a key and its secret as HTTP Basic authentication"
_LONGEST = 8_000
"""Characters of an Authorization header."""


class Basic(NamedTuple):
    key: str
    secret: str


Proof = Basic | SignedToken
"""What a request brings to be let in; not checked yet."""


def make_key(random: RandomBytes) -> str:
    """The public half: 26 characters of the URL alphabet, no colon."""
    return "lk" + base64.b32encode(random(15)).decode().lower()


def make_launch_key(tenant_id: UUID, random: RandomBytes) -> str:
    """Of a launch token: it names its tenant, so that millions of them need no route to it."""
    return "lt" + tenant_id.hex + base64.b32encode(random(15)).decode().lower()


def make_secret(random: RandomBytes) -> str:
    """The secret half, shown once: 43 characters of the URL alphabet."""
    return base64.urlsafe_b64encode(random(32)).rstrip(b"=").decode()


def hash_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def secret_matches(secret: str, secret_hash: bytes) -> bool:
    """In constant time."""
    return hmac.compare_digest(hash_secret(secret), secret_hash)


def parse_authorization(header: str | None) -> Proof:
    """Raises NotAuthenticated when there is none, or one of neither scheme; names have no case."""
    scheme, _, rest = (header or "").strip().partition(" ")
    if scheme.lower() == "bearer" and len(rest) <= _LONGEST:
        return read_token(rest.strip())
    return parse_basic(header)


def parse_basic(header: str | None) -> Basic:
    """Key and secret of an Authorization header. Raises NotAuthenticated.

    The secret may contain colons; the scheme's name has no case.
    """
    if not header:
        raise NotAuthenticated(f"no credential: {_WANTED}")
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic" or not encoded or len(encoded) > _LONGEST:
        raise NotAuthenticated(f"the Authorization header is not Basic: {_WANTED}")
    try:
        key, colon, secret = (
            base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError):
        raise NotAuthenticated("the Authorization header is not base64 of UTF-8 text") from None
    if not colon or not key or "\0" in key:
        raise NotAuthenticated("the Authorization header holds no key:secret")
    return Basic(key, secret)


def write_basic(key: str, secret: str) -> str:
    """What follows "Basic " in the header."""
    return base64.b64encode(f"{key}:{secret}".encode()).decode()


def authority_of(name: str, account: str, home_page: str) -> dict[str, object]:
    """The authority of what a credential sends: an Agent with an account (Data 2.4.9)."""
    return {
        "objectType": "Agent",
        "name": name,
        "account": {"homePage": home_page, "name": account},
    }
