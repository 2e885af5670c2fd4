"""One pooled HTTP session for all platforms.

PyLTI1p3 sets no time limits and makes a session per launch; a shared `requests.Session` would
carry cookies from one platform's answer to the next tenant's request. Hence this one.
"""

import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from lti_app.platform_client.reach import FencedAdapter

TIMEOUT = (3.05, 10.0)
"""Seconds to connect, and between two bytes."""
TOTAL_TIMEOUT = 30.0
"""Seconds for a whole answer, so that one that drips does not hold a worker."""
MAX_BYTES = 2 * 1024 * 1024
USER_AGENT = "Lectern (LTI 1.3 tool)"


class _Adapter(FencedAdapter):
    def send(  # type: ignore[override]  # options as Session.send passes them on
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        if options.get("timeout") is None:
            options["timeout"] = TIMEOUT
        options["stream"] = True
        response = super().send(request, **options)
        _read(response)
        return response


def _read(response: requests.Response) -> None:
    """Read the body within MAX_BYTES and TOTAL_TIMEOUT; what comes later is cut off."""
    began, chunks, size = time.monotonic(), [], 0
    for chunk in response.iter_content(16 * 1024):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            raise requests.exceptions.ContentDecodingError("the answer is too large")
        if time.monotonic() - began > TOTAL_TIMEOUT:
            raise requests.exceptions.ReadTimeout("the answer took too long")
    response._content = b"".join(chunks)
    response._content_consumed = True  # type: ignore[attr-defined]  # requests' own mark


def build_session() -> requests.Session:
    """A session as described above; safe to share between threads, not between processes."""
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.max_redirects = 3
    adapter = _Adapter(pool_connections=20, pool_maxsize=20)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


HTTP = build_session()
