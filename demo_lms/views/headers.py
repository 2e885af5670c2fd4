"""Answer headers, the own-origin rule for forms, and the one address people should use."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from demo_lms.views.errors import PageRefused
from demo_lms.views.parts import parts


def init_app(app: Flask) -> None:
    app.before_request(_one_address)
    app.before_request(_own_forms_only)
    app.after_request(_secure)


def _one_address() -> BaseResponse | None:
    """People who come by another name of this machine are led to the issuer's: the sign-in
    cookie and the frames' origins hang on it. The tool may use the name it can reach."""
    issuer = parts().settings.issuer
    is_page = request.method == "GET" and request.path.startswith("/lms/")
    if is_page and not _is_open(request.path) and request.host != urlsplit(issuer).netloc:
        return redirect(issuer + request.full_path.rstrip("?"), 307)
    return None


def _own_forms_only() -> None:
    """A form of another site must not change anything here in a signed-in person's name."""
    origin = request.headers.get("Origin")
    if request.method != "POST" or not request.path.startswith("/lms/") or origin is None:
        return
    if origin != parts().settings.issuer:
        raise PageRefused(
            403,
            _("This form came from elsewhere"),
            _("Only the Demo LMS's own pages may send it; it came from %(origin)s.", origin=origin),
        )


def _is_open(path: str) -> bool:
    return path.startswith(("/lms/api/", "/lms/static/"))


def _secure(response: Response) -> Response:
    tool = parts().settings.tool_url
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; connect-src 'self' {tool}; frame-src http: https:; "
            "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
        )
        response.headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in response.headers and not request.path.startswith("/lms/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response
