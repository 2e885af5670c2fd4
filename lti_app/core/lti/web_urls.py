"""Addresses that others name: which of them may be used at all."""

import re
from urllib.parse import urlsplit

from lti_app.core.lti import claims as c

_HOST = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


def read_web_url(value: object) -> str | None:
    """`value` when it is an absolute http(s) URL without user and password, else None."""
    url = c.text(value, 4000)
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    # The host by its letters: the origin becomes part of a Content-Security-Policy.
    usable = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    return url if usable and "\\" not in url else None
