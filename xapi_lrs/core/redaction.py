"""Taking secrets out of what is kept of a refused request."""

import re
from collections.abc import Collection

HIDDEN = "[hidden]"

_SCHEME = re.compile(r"(?i)\b(Basic|Bearer)((?:\s|%20|\+)+)[A-Za-z0-9+/=._~%-]{4,}")
"""A credential as a header or a field of a form writes it."""

_FIELD = re.compile(
    r"(?i)(\b(?:client_secret|access_token|refresh_token|auth[-_]token|authorization|password)\b"
    r'"?\s*[=:]\s*"?)[^"&\s,}]+(?:\s+[^"&\s,}]+)?'
)
"""A field of a form, a query or JSON whose name says that nobody should read it."""


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """`text` without `secrets` (those of 4 characters and more) and what looks like one."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= 4:
            text = text.replace(secret, HIDDEN)
    text = _SCHEME.sub(rf"\1\2{HIDDEN}", text)
    return _FIELD.sub(rf"\1{HIDDEN}", text)


def storable(text: str) -> str:
    """PostgreSQL keeps no NUL and no half of a surrogate pair."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()
