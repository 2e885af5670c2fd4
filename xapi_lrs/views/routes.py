"""The addresses below /xapi/<store>/, as one table; anything else is refused in our own words."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from xapi_lrs.core.errors import LrsError, MethodNotAllowed, NotFound
from xapi_lrs.views.about import get_about
from xapi_lrs.views.activities import get_activity
from xapi_lrs.views.agents import get_agent
from xapi_lrs.views.alternate import refuse_early
from xapi_lrs.views.answers import METHODS, dress, http_refusal, refusal
from xapi_lrs.views.cors import allow_origin, preflight
from xapi_lrs.views.documents import DOCUMENT_RESOURCES
from xapi_lrs.views.oauth import post_token
from xapi_lrs.views.outages import AWAY, outage
from xapi_lrs.views.params import read_version
from xapi_lrs.views.statement_reads import get_statements
from xapi_lrs.views.statements import post_statements, put_statement

PREFIX = "/xapi"

View = Callable[[str], Response]

RESOURCES: dict[str, dict[str, View]] = {
    "statements": {"GET": get_statements, "PUT": put_statement, "POST": post_statements},
    "activities": {"GET": get_activity},
    "agents": {"GET": get_agent},
    **DOCUMENT_RESOURCES,
    "about": {"GET": get_about},
    "oauth/token": {"POST": post_token},
}
"""Address below the store to method to view; a view may count on a version that is spoken here."""

WITHOUT_VERSION = ("about", "oauth/token")


def answer(slug: str = "", resource: str = "") -> Response:
    """HEAD is GET; the server drops the body. XP-02, XP-18"""
    views = RESOURCES.get(resource)
    if views is None:
        raise NotFound(f"no xAPI resource at {request.path[:200]}")
    method = "GET" if request.method == "HEAD" else request.method
    if method not in views:
        raise MethodNotAllowed(f"{resource} takes {', '.join(views)}, not {method}")
    if resource not in WITHOUT_VERSION:
        read_version()
    return views[method](slug)


def build_blueprint() -> Blueprint:
    blueprint = Blueprint("xapi", __name__, url_prefix=PREFIX)
    for rule in ("/", "/<slug>", "/<slug>/", "/<slug>/<path:resource>"):
        blueprint.add_url_rule(
            rule,
            endpoint="answer",
            view_func=answer,
            methods=METHODS,
            provide_automatic_options=False,
        )
    blueprint.before_request(preflight)
    blueprint.before_request(refuse_early)
    blueprint.after_request(dress)
    blueprint.after_request(allow_origin)
    blueprint.register_error_handler(LrsError, refusal)
    blueprint.register_error_handler(HTTPException, http_refusal)
    for kind in AWAY:
        blueprint.register_error_handler(kind, outage)
    return blueprint
