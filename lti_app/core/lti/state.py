"""`state`, the nonce and the browser's cookie of one login.

A state is base64url of 16 bytes tenant id and 32 random bytes: 64 characters, no padding, only
URL-safe ones (Moodle strips others, moodle.md 3). It carries the tenant because /lti/launch must
know in whose database rows to look before anything is verified; the row is found by its hash.
"""

import base64
import hashlib
from uuid import UUID

from lti_app.core.lti.reasons import Refusal

LIFETIME_SECONDS = 600
"""How long a login may take, and the age of its cookie."""

COOKIE_PREFIX = "lectern_lti_"


def build_state(tenant_id: UUID, random: bytes) -> str:
    """The state for `tenant_id`; `random` is 32 fresh random bytes (LTI-L-9)."""
    return encode(tenant_id.bytes + random)


def read_tenant(state: str) -> UUID:
    """The tenant that `state` names; raises Refusal `state_unknown` for what we never made."""
    try:
        data = base64.b64decode(state + "=" * (-len(state) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Refusal("state_unknown", "not a state of ours") from None
    if len(data) != 48:
        raise Refusal("state_unknown", "not a state of ours")
    return UUID(bytes=data[:16])


def encode(random: bytes) -> str:
    """Random bytes as URL-safe text, for nonce and binding."""
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def digest(text: str) -> str:
    """What the login row keeps of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def cookie_name(state: str) -> str:
    """One cookie per launch, so that parallel tabs do not break each other (moodle.md 4)."""
    return COOKIE_PREFIX + digest(state)[:16]
