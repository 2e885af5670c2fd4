"""Errors at the edge: pages for people, OAuth errors and AGS reason phrases for the tool."""

from __future__ import annotations

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from demo_lms.core.errors import (
    DeepLinkRefused,
    RedirectUriUnknown,
    RegistrationRefused,
    ServiceRefused,
    TokenRefused,
)
from demo_lms.core.faults import FaultInvalid
from demo_lms.core.manner import MannerInvalid
from demo_lms.core.media_types import SCORE


class PageRefused(Exception):
    """A page that cannot be shown; title and message are for the person in front of it."""

    def __init__(self, status: int, title: str, message: str) -> None:
        super().__init__(message)
        self.status, self.title, self.message = status, title, message


def init_app(app: Flask) -> None:
    app.register_error_handler(PageRefused, _page)
    app.register_error_handler(RedirectUriUnknown, _redirect_uri)
    app.register_error_handler(TokenRefused, _token)
    app.register_error_handler(ServiceRefused, _service)
    app.register_error_handler(DeepLinkRefused, _deep_link)
    app.register_error_handler(RegistrationRefused, _registration)
    app.register_error_handler(FaultInvalid, _fault)
    app.register_error_handler(MannerInvalid, _manner)
    app.register_error_handler(HTTPException, _http)


def error_page(status: int, title: str, message: str) -> Response:
    return Response(
        render_template("error.html", title=title, message=message), status, mimetype="text/html"
    )


def _page(error: PageRefused) -> Response:
    return error_page(error.status, error.title, error.message)


def _redirect_uri(error: RedirectUriUnknown) -> Response:
    return error_page(400, _("This launch cannot continue"), str(error))


def _token(error: TokenRefused) -> Response:
    answer = jsonify(error=error.code, error_description=error.description)
    answer.status_code = error.status_hint
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _service(error: ServiceRefused) -> Response:
    """As Moodle answers: the body is `[]`, the reason stands in the reason phrase. MOODLE-6"""
    mimetype = SCORE if request.path.endswith("/scores") else "application/json"
    answer = Response("[]", f"{error.status_hint} {_one_line(error.reason)}", mimetype=mimetype)
    if error.status_hint == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _one_line(text: str) -> str:
    """A reason phrase is one line of printable ASCII (RFC 9110, 15.1)."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)[:200]


def _fault(error: FaultInvalid) -> Response | tuple[Response, int]:
    if request.path.startswith("/lms/api/"):
        return jsonify(error={"code": "fault_invalid", "message": str(error)}), 400
    return error_page(400, _("This fault cannot be set"), str(error))


def _manner(error: MannerInvalid) -> Response | tuple[Response, int]:
    if request.path.startswith("/lms/api/"):
        return jsonify(error={"code": "manner_invalid", "message": str(error)}), 400
    return error_page(400, _("The platform cannot behave like this"), str(error))


def _deep_link(error: DeepLinkRefused) -> Response:
    return error_page(400, _("The tool's choice cannot be used"), str(error))


def _registration(error: RegistrationRefused) -> Response:
    """The bare code, as Moodle gives it. MOODLE 9"""
    return Response(error.code, error.status_hint, mimetype="text/html")


def _http(error: HTTPException) -> Response | HTTPException:
    """Flask's own errors: a page under /lms/, the plain answer for the tool."""
    if not request.path.startswith("/lms/") or request.path.startswith(("/lms/api", "/lms/static")):
        return error
    title = _("There is no such page") if error.code == 404 else error.name
    return error_page(error.code or 500, title, error.description or "")
