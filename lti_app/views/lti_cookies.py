"""The cookies of launches: one per login, one that says that cookies work here, and one that says
whose browser this is, for pages with a teacher's token in the address: content in the player sees
such an address, and could tell it to its author, but not this cookie."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from lti_app.core.lti.state import LIFETIME_SECONDS, cookie_name
from lti_app.security.signing_in import HOST_PREFIX
from scorm_runtime.core.signing import SignatureWrong, sign, verify

MARKER_COOKIE = "lectern_lti"
"""Cookies have worked in this frame before."""
MARKER_SECONDS = 30 * 24 * 3600


def read_binding(state: str) -> str | None:
    """What the browser brought back of `bind_browser`."""
    return request.cookies.get(_full_name(cookie_name(state)))


def is_marked() -> bool:
    """Whether cookies are known to work here."""
    return _full_name(MARKER_COOKIE) in request.cookies


def bind_browser(response: Any, state: str, binding: str) -> None:
    """Give the browser the secret that must come back with the launch."""
    _set_cookie(response, cookie_name(state), binding, LIFETIME_SECONDS)


def finish_cookies(answer: ResponseReturnValue, state: str) -> Response:
    """The login's cookie has done its work; remember that cookies work here."""
    response = current_app.make_response(answer)
    _set_cookie(response, cookie_name(state), "", 0)
    _set_cookie(response, MARKER_COOKIE, "1", MARKER_SECONDS)
    return response


def mark_teacher(response: Any, tenant_id: UUID, user_id: UUID) -> None:
    """A teacher has launched in this browser."""
    hours = current_app.config["LECTERN"].player_token_hours
    secret = current_app.config["SECRET_KEY"]
    value = sign(secret, _TEACHER, (tenant_id.hex, user_id.hex))
    _set_cookie(response, _teacher_name(user_id), value, hours * 3600)


def is_teachers_browser(tenant_id: UUID, user_id: UUID) -> bool:
    """Whether this teacher has launched in this browser, and not too long ago."""
    text = request.cookies.get(_full_name(_teacher_name(user_id)), "")
    try:
        values = verify(current_app.config["SECRET_KEY"], _TEACHER, text)
    except SignatureWrong:
        return False
    return values == [tenant_id.hex, user_id.hex]


_TEACHER = b"lectern teacher's browser 1"


def _teacher_name(user_id: UUID) -> str:
    return f"{MARKER_COOKIE}_teacher_{user_id.hex[-12:]}"


def _set_cookie(response: Any, name: str, value: str, seconds: int) -> None:
    """Always Secure: browsers keep such cookies on https and on this machine's own addresses.

    PyLTI1p3's cookie service never says Partitioned, so Chromium drops its cookies in frames.
    """
    full_name = _full_name(name)
    response.set_cookie(
        full_name,
        value,
        max_age=seconds,
        path="/" if full_name.startswith(HOST_PREFIX) else "/lti",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


def _full_name(name: str) -> str:
    """`__Host-` wherever there is TLS: only this very host can have set such a cookie, so that
    content on a sibling host cannot plant a stranger's login here (RFC 6265bis 4.1.3.2)."""
    return f"{HOST_PREFIX}{name}" if current_app.config["LECTERN"].is_secure else name
