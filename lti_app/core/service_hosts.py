"""Where grades and rosters may be sent to and read from.

Addresses of the services come with each launch. They are used only where they lead to the
platform itself: nothing from a launch decides what this server fetches, even though a platform
signed it. A host belongs to a registration when one of its registered addresses is there, when
its product says so, or, where one issuer serves all schools, when the same verified launch names
it as the school's own (Canvas and Blackboard schools may have domains of their own).
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from lti_app.core.platforms.family import Family


def read_host(url: str | None) -> str:
    """Host and port of an address in small letters; "" where there is none."""
    try:
        parts = urlsplit(url or "")
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    is_usual = port in (None, {"https": 443, "http": 80}.get(parts.scheme))
    return host if is_usual else f"{host}:{port}"


def is_own_host(
    url: str, *, family: Family, registered: Iterable[str], declared: Iterable[str] = ()
) -> bool:
    """Whether `url` may be called for a registration with these registered addresses; `declared`
    are addresses that the same launch gave of the school."""
    host = read_host(url)
    registered = list(registered)
    known = {read_host(one) for one in registered}
    if family.is_cloud:
        known |= {read_host(one) for one in declared}
    if not host or urlsplit(url).scheme not in ("https", "http"):
        return False
    if urlsplit(url).scheme == "http" and not any(one.startswith("http:") for one in registered):
        return False
    return host in known or any(_matches(host, pattern) for pattern in family.hosts)


def _matches(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern
