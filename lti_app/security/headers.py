"""Security headers of the application origin: what pages may load, and who may frame them.

Nothing inline: no script, no style. Portal pages are framed by nobody; a page made for an LMS
frame names the origins that may do so with `allow_framing`. The content origin sets its own; here
it gets what even its errors and redirects need, since its addresses hold tokens.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from flask import Flask, Response, g, request

from lti_app.security.origins import is_content_origin

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # Bootstrap's own arrows and check marks are data: URLs
    "media-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_CONTENT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_TLS_ONLY = ("Strict-Transport-Security", "max-age=31536000")


def allow_framing(origins: Iterable[str]) -> None:
    """Let pages of these origins frame the answer to the running request."""
    g.frame_ancestors = [*g.get("frame_ancestors", []), *origins]


def allow_posting_anywhere() -> None:
    """Let the answer's form go to a platform. Not to its origin alone: browsers hold redirects of
    the platform's own to the same list. Nothing but that form may be on the page."""
    g.posts_anywhere = True


def init_app(app: Flask, *, content_url: str, is_secure: bool) -> None:
    """Set the headers on every answer that has not set them itself."""

    @app.after_request
    def protect(response: Response) -> Response:
        if is_content_origin(content_url):
            return _protect_content(response, is_secure=content_url.startswith("https:"))
        wanted = dict(_HEADERS)
        if "frame_ancestors" not in g:  # a launch in a new window may need its opener
            wanted["Cross-Origin-Opener-Policy"] = "same-origin"
        targets = "*" if "posts_anywhere" in g else f"'self' {content_url}"
        wanted["Content-Security-Policy"] = _policy(targets, " ".join(g.get("frame_ancestors", [])))
        if is_secure:
            wanted.update([_TLS_ONLY])
        if request.endpoint != "static" and response.mimetype == "text/html":
            wanted["Cache-Control"] = "no-store"
        return _set_missing(response, wanted)


@lru_cache(256)
def _policy(form_targets: str, ancestors: str) -> str:
    """The player's origin is in it because Play is a form that is answered with a redirect."""
    rules = _POLICY | {
        "form-action": form_targets,
        "frame-ancestors": ancestors or "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _protect_content(response: Response, *, is_secure: bool) -> Response:
    wanted = dict(_CONTENT_HEADERS)
    if is_secure:
        wanted.update([_TLS_ONLY])
    return _set_missing(response, wanted)


def _set_missing(response: Response, wanted: Mapping[str, str]) -> Response:
    """Looks through the headers once; `setdefault` would for each, at every request."""
    there = {name.lower() for name, _value in response.headers}
    for name, value in wanted.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    return response
