"""Refusals of the content origin: JSON for the bridge, a readable page for people."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext as _

from scorm_runtime.core.journal import JournalInvalid
from scorm_runtime.core.tokens import TokenExpired, TokenInvalid
from scorm_runtime.services.attempts import AttemptMissing, AttemptsUsedUp
from scorm_runtime.services.commits import OtherAttempt
from scorm_runtime.services.log_rows import LogFull
from scorm_runtime.views.texts import page_language

_BRIDGE = {f"player.{name}" for name in ("open_window", "commit", "status", "nav", "again")}


def register(blueprint: Blueprint) -> None:
    """Answer the errors that are raised by name."""
    blueprint.register_error_handler(TokenExpired, _expired)
    blueprint.register_error_handler(TokenInvalid, _invalid)
    blueprint.register_error_handler(AttemptMissing, _missing)
    blueprint.register_error_handler(JournalInvalid, _journal_invalid)
    blueprint.register_error_handler(OtherAttempt, _other_attempt)
    blueprint.register_error_handler(AttemptsUsedUp, _used_up)
    blueprint.register_error_handler(LogFull, _log_full)


def answer_error(code: str, status: int, details: dict[str, Any] | None = None) -> Response:
    """{"error": {"code", "message", "details"}}; the bridge decides by the code."""
    messages = {
        "fenced": _("This activity was continued in another window."),
        "expired": _("This session has expired."),
        "not_found": _("There is nothing to play at this address."),
        "read_only": _("This attempt is shown for review; nothing is recorded."),
        "invalid": _("The request was not understood."),
        "other_attempt": _("This commit is meant for another attempt."),
        "unfinished": _("This attempt has to be finished before another one may begin."),
        "too_much": _("This attempt has recorded more today than a day has room for."),
        "used_up": _("All attempts that are allowed were made."),
    }
    body = {"code": code, "message": messages[code], "details": details or {}}
    response = jsonify({"error": body})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def show_error(title: str, text: str, status: int) -> Response:
    """A small page of our own, readable inside any frame."""
    page = render_template("player_error.html", title=title, text=text, language=page_language())
    response = Response(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _expired(error: Exception) -> Response:
    if request.endpoint in _BRIDGE:
        return answer_error("expired", 401)
    return show_error(
        _("This session has expired"),
        _("Open the activity again from your course. What was done is kept."),
        401,
    )


def _invalid(error: Exception) -> Response:
    if request.endpoint in _BRIDGE:
        return answer_error("not_found", 404)
    return show_error(
        _("There is nothing to play at this address"),
        _("The address is incomplete or was changed. Open the activity again from your course."),
        404,
    )


def _missing(error: Exception) -> Response:
    if request.endpoint in _BRIDGE:
        return answer_error("not_found", 404)
    return show_error(
        _("This attempt is no longer here"),
        _("It was removed. Open the activity again from your course."),
        404,
    )


def _journal_invalid(error: Exception) -> Response:
    return answer_error("invalid", 400, {"reason": str(error)})


def _other_attempt(error: Exception) -> Response:
    return answer_error("other_attempt", 403, {"reason": str(error)})


def _used_up(error: AttemptsUsedUp) -> Response:
    return answer_error(error.obstacle, error.status_hint)


def _log_full(error: Exception) -> Response:
    """The window keeps it and asks again, with pauses."""
    response = answer_error("too_much", 429, {"reason": str(error)})
    response.headers["Retry-After"] = "3600"
    return response
