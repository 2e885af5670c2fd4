"""The one place where errors become answers: a readable page, or JSON for who asked for JSON.

An error that a package raises by name carries `status_hint` and a message for people; it is named
in `NAMED`. Everything else that reaches here is either HTTP's own (404, 413 …) or a defect (500).
"""

from dataclasses import dataclass

import structlog
from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, InternalServerError

from content.core.errors import ContentError
from lti_app.core.record_link import RecordLinkInvalid
from lti_app.logs import trace_id
from lti_app.refusals import say
from lti_app.security.headers import allow_framing
from lti_app.security.origins import is_content_origin
from lti_app.security.tenancy import TenantMissing
from lti_app.services.deep_linking import DeepLinkNotFound
from lti_app.services.dynamic_registration import InvitationNotFound
from lti_app.services.grades import GradeNotFound, NotSendable
from lti_app.services.launch_shares import ShareOver
from lti_app.services.launches import LaunchNotFound
from lti_app.services.learning import NothingToPlay
from lti_app.services.platform_jobs import PlatformJobMissing
from lti_app.services.record_jobs import RecordJobMissing
from lti_app.services.registrations import RegistrationNotFound
from lti_app.services.resource_links import ResourceLinkNotFound
from lti_app.services.reviews import ReviewNotFound
from lti_app.services.rosters import ContextNotFound
from lti_app.services.users import UserNotFound
from scorm_runtime.core.refusal import PackageRefused
from scorm_runtime.services.attempts import AttemptMissing, AttemptsUsedUp, PackageUnavailable
from scorm_runtime.services.corrections import NotChangeable
from scorm_runtime.services.errors import PackageError

log = structlog.get_logger(__name__)

RUNTIMES = frozenset({"player", "xapi"})
"""They check what they are sent themselves, before it comes near the database."""
FRAMED_BLUEPRINTS = frozenset(
    {
        "lti",
        "lti_registration",
        "quizzes",
        "link_grades",
        "link_rosters",
        "deep_linking",
        "link_content",
        "reviews",
    }
)
"""Their errors are read inside a platform's frame; such a page holds no form and no link home."""


@dataclass(frozen=True)
class Text:
    """What an error page says: what happened, and what to do now."""

    title: object
    advice: object


TEXTS: dict[str, Text] = {
    "bad_request": Text(
        _l("That request was not understood"),
        _l("Go back, check what you entered and try again."),
    ),
    "csrf": Text(
        _l("This form has gone stale"),
        _l(
            "You signed in or out in another window, or the page was open for very long. "
            "Go back, reload the page and send the form again. Nothing was changed."
        ),
    ),
    "unauthorized": Text(_l("Sign in first"), _l("This page is for people who are signed in.")),
    "forbidden": Text(
        _l("This page is not for your account"),
        _l("Your role does not include it. Ask an administrator if you think it should."),
    ),
    "not_found": Text(
        _l("There is nothing at this address"),
        _l("The link may be old, or a letter may be missing. Start again from the first page."),
    ),
    "method_not_allowed": Text(
        _l("This address is not opened this way"),
        _l("It is meant for a form or for another program. Start again from the first page."),
    ),
    "conflict": Text(
        _l("That does not fit what is there now"),
        _l("Somebody may have changed it meanwhile. Reload the page and look again."),
    ),
    "gone": Text(_l("This is no longer here"), _l("It was removed. Start from the first page.")),
    "too_large": Text(
        _l("That file is too large"),
        _l("Make it smaller, or ask the administrator of this server to raise MAX_UPLOAD_MB."),
    ),
    "unsupported": Text(
        _l("That kind of data is not taken here"), _l("Send it in the form that the page offers.")
    ),
    "unprocessable": Text(
        _l("That cannot be done as it is"), _l("Change what the message names and try again.")
    ),
    "too_many": Text(_l("Too many requests in a short time"), _l("Wait a minute, then try again.")),
    "internal": Text(
        _l("Something went wrong on our side"),
        _l("It has been written to the log. What you did before is safe. Try again in a moment."),
    ),
    "unavailable": Text(
        _l("Lectern is not ready"),
        _l("It is starting, or being looked after. Try again in a minute."),
    ),
    "tenant_missing": Text(
        _l("No school lives at this address yet"),
        _l(
            "An administrator makes one with “flask tenant create”, or loads the "
            "demonstration with “flask demo load”."
        ),
    ),
}

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "gone",
    413: "too_large",
    415: "unsupported",
    422: "unprocessable",
    429: "too_many",
    500: "internal",
    503: "unavailable",
}

NAMED: tuple[type[Exception], ...] = (
    TenantMissing,
    UserNotFound,
    RegistrationNotFound,
    InvitationNotFound,
    ResourceLinkNotFound,
    DeepLinkNotFound,
    ReviewNotFound,
    LaunchNotFound,
    ShareOver,
    GradeNotFound,
    NotSendable,
    RecordJobMissing,
    PlatformJobMissing,
    ContextNotFound,
    RecordLinkInvalid,
    NothingToPlay,
    AttemptsUsedUp,
    AttemptMissing,
    NotChangeable,
    ContentError,
    PackageUnavailable,
    PackageError,
    PackageRefused,
)
"""Errors that views let pass, with their subclasses: `status_hint` says the status."""


def init_app(app: Flask) -> None:
    """Answer every error of the application."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _defect)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(ValueError, _unstorable)
    app.register_error_handler(DataError, _unstorable)
    for kind in NAMED:
        app.register_error_handler(kind, _named)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:  # abort(response), or a redirect
        return error.response
    status = error.code or 500
    standard = type(error).description
    said = error.description if error.description != standard else None
    return _answer(status, CODES.get(status, "bad_request"), said, dict(error.get_headers()))


def _defect(error: InternalServerError) -> ResponseReturnValue:
    cause = error.original_exception or error
    # The rule, not the path: paths of the player and of teachers' pages hold tokens.
    rule = request.url_rule.rule if request.url_rule else None
    log.error("request_failed", rule=rule, endpoint=request.endpoint, exc_info=cause)
    return _answer(500, "internal", None)


def _unstorable(error: Exception) -> ResponseReturnValue:
    """A form or an address with a NUL, half a character or a number beyond all numbers, which the
    database refuses: the sender's mistake. In the run-times it is a defect of ours."""
    of_the_sender = isinstance(error, UnicodeEncodeError | DataError) or "NUL (0x00)" in str(error)
    if not of_the_sender or request.blueprint in RUNTIMES:
        raise error
    log.warning("unstorable_input", endpoint=request.endpoint, kind=type(error).__name__)
    return _answer(400, "bad_request", None)


def _csrf(error: CSRFError) -> ResponseReturnValue:
    return _answer(400, "csrf", error.description if _wants_json() else None)


def _named(error: Exception) -> ResponseReturnValue:
    status = getattr(error, "status_hint", 400)
    code = "tenant_missing" if isinstance(error, TenantMissing) else CODES[status]
    return _answer(status, code, _say(error))


def _say(error: Exception) -> str:
    """In the visitor's language, where it brings a template for catalogues."""
    if isinstance(error, ContentError) and str(error) == error.message:
        return str(gettext(error.template, **error.values))
    return say(error)


def _answer(
    status: int, code: str, said: str | None, headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    kept = {name: value for name, value in (headers or {}).items() if name in _KEPT_HEADERS}
    text = TEXTS[code]
    if _wants_json():
        body = {"code": code, "message": said or str(text.title), "details": []}
        return jsonify(error=body, meta={"trace_id": trace_id()}), status, kept
    if request.blueprint in FRAMED_BLUEPRINTS:
        allow_framing(["*"])
    config = current_app.config["LECTERN"]
    apart = request.blueprint in FRAMED_BLUEPRINTS or status >= 500
    if is_content_origin(config.content_url):
        apart = True
        kept["Content-Security-Policy"] = (
            f"default-src 'none'; style-src {config.app_url}; script-src {config.app_url}; "
            f"img-src {config.app_url} data:"
        )
    page = render_template(
        "errors/error.html",
        layout="frame.html" if apart else "base.html",
        status=status,
        text=text,
        said=said,
        trace_id=trace_id(),
    )
    return page, status, kept


_KEPT_HEADERS = frozenset({"Allow", "Retry-After", "WWW-Authenticate"})


def _wants_json() -> bool:
    if request.path.startswith(("/api/", "/xapi/")) or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
