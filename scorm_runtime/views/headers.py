"""Headers of the content origin: who may frame it, and that nothing is guessed or leaked."""

from collections.abc import Iterable

from flask import Response

from scorm_runtime.views.host import Host

_PAGE_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-src 'self' https: http:",  # a manifest may launch content that lies elsewhere
    "base-uri 'none'",
    "form-action 'none'",
)


def protect_page(response: Response, host: Host, ancestors: Iterable[str]) -> Response:
    """The player's own pages: nothing inline, never stored."""
    policy = "; ".join((*_PAGE_POLICY, _frame_ancestors(host, ancestors)))
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    return _protect(response)


def protect_file(response: Response, host: Host, ancestors: Iterable[str]) -> Response:
    """Package files: somebody else's pages, which may do anything but be framed by strangers."""
    response.headers["Content-Security-Policy"] = _frame_ancestors(host, ancestors)
    return _protect(response)


def _frame_ancestors(host: Host, ancestors: Iterable[str]) -> str:
    # checked against every ancestor, so the player itself, the application and the platform
    origins = dict.fromkeys(("'self'", host.app_url, *ancestors))
    return f"frame-ancestors {' '.join(origins)}"


def _protect(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    # embedded videos ask for a referrer; the path, which holds the token, stays here
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    # content says goodbye in unload handlers, which browsers are phasing out
    response.headers["Permissions-Policy"] = "unload=(self)"
    return response
