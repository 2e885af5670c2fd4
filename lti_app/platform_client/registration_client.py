"""The two calls of Dynamic Registration: reading a platform's configuration, registering there.

The address comes out of the query of a page that anybody may open who has the link. So: https (or
what the settings allow), no user in it, no redirect, no private network (reach.py), an answer of
bounded size and time (http.py). A registration token is sent as it came and written nowhere.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from lti_app.core.lti.message import read_web_url
from lti_app.platform_client.http import HTTP
from lti_app.platform_client.reach import REACH

URL_LIMIT = 4000
"""Characters of an address; a longer one is none."""


@dataclass(frozen=True)
class Reply:
    """What came back; `failure` is "unsafe", "unreachable", "redirected", or "" with an answer."""

    failure: str = ""
    status: int | None = None
    text: str = ""
    detail: str = ""


def fetch_configuration(url: str, token: str, http: requests.Session = HTTP) -> Reply:
    """GET the openid-configuration; a bearer token if, and only if, there is one (LTI-DR-2)."""
    return _call(http, "GET", url, token)


def send_registration(
    url: str, token: str, body: dict[str, Any], http: requests.Session = HTTP
) -> Reply:
    """POST our registration; never repeated by itself, since it makes something there."""
    return _call(http, "POST", url, token, body)


def _call(
    http: requests.Session, method: str, url: str, token: str, body: dict[str, Any] | None = None
) -> Reply:
    if not is_safe(url):
        return Reply("unsafe", detail=_shown(url))
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        response = http.request(method, url, headers=headers, json=body, allow_redirects=False)
    except requests.exceptions.Timeout:
        return Reply("unreachable", detail=f"{_shown(url)}: no answer in time")
    except (requests.RequestException, ValueError) as error:
        return Reply("unreachable", detail=f"{_shown(url)}: {_reason(error)}")
    if response.is_redirect or 300 <= response.status_code < 400:
        target = _shown(response.headers.get("Location", ""))
        return Reply("redirected", response.status_code, detail=f"{_shown(url)} → {target}")
    return Reply(status=response.status_code, text=response.text)


def is_safe(url: str) -> bool:
    """Whether it may be called at all: https, or http where private networks are in reach."""
    web = len(url) < URL_LIMIT and url.isprintable() and " " not in url and read_web_url(url) == url
    return web and (url.startswith("https:") or REACH.private)


def _reason(error: Exception) -> str:
    """In a few words; the long form names addresses with their queries."""
    text = str(error)
    if "PRIVATE_PLATFORMS" in text:
        return "it is not on the internet (setting PRIVATE_PLATFORMS)"
    for word, reason in _REASONS:
        if word in text:
            return reason
    return type(error).__name__


_REASONS = (
    ("NameResolutionError", "there is no such host"),
    ("Connection refused", "the connection was refused"),
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is not valid"),
    ("too large", "the answer is too large"),
)


def _shown(url: str) -> str:
    """An address without its query, which may hold a token."""
    try:
        parts = urlsplit(url[:URL_LIMIT])
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}"[:300] if parts.netloc else url[:100]
