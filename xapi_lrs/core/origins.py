"""The origin of a browser's page, as its Origin header writes it (RFC 6454 6.2)."""

import re

from xapi_lrs.core.errors import InvalidRequest

_ORIGIN = re.compile(r"https?://(?:\[[0-9a-f:]+\]|[a-z0-9.\-_]+)(?::\d{1,5})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def parse_origin(text: str) -> str:
    """Lower-cased, without the scheme's own port or a slash at the end. Raises InvalidRequest."""
    origin = text.strip().lower().removesuffix("/")
    if not _ORIGIN.fullmatch(origin):
        raise InvalidRequest(f"{text[:200]!r} is no origin: write it like https://content.example")
    return origin.removesuffix(_DEFAULT_PORTS[origin.partition(":")[0]])
