"""A store's place in an address, and how much it takes at once."""

import re
from dataclasses import dataclass

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def is_slug(text: str) -> bool:
    """Lower-case letters, digits and dashes, at most 64."""
    return _SLUG.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Limits:
    body_bytes: int = 16 * 1024 * 1024
    """Octets of one request's body; more is answered 413."""
    document_bytes: int = 16 * 1024 * 1024
    """Octets of one document, also after merging; more is answered 413."""
    batch: int = 5000
    """Statements of one request; more is answered 413."""
    page: int = 500
    """Statements of one answer, and what limit=0 means."""
