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
    attachment_bytes: int = 128 * 1024 * 1024
    """Octets of the attachments of one request, beside its statements; more is answered 413."""
    batch: int = 5000
    """Statements of one request; more is answered 413."""
    page: int = 500
    """Statements of one answer, and what limit=0 means."""
    requests_per_second: float = 500
    """Of one credential that has no limit of its own, with ten seconds' worth at once; more is
    answered 429. 0: without limit."""
    failures_per_minute: float = 60
    """Refused credentials from one address; more is answered 429. 0: without limit."""
    header_bytes: int = 16 * 1024
    """Of all header fields; more is answered 431."""
    address_bytes: int = 7_500
    """Of path and query; more is answered 414."""
    token_seconds: int = 3600
    """How long an access token (OAuth 2.0) is good."""
    rejections: int = 1_000
    """Refused requests kept per store, the newest."""
