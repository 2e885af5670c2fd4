"""What every answer under /xapi carries, and how a refusal looks.

Errors are JSON: {"error": {"code", "message", "details": [{"path", "rule", "requirement",
"message"}]}}. The texts are for developers and in English, as the specification is.
"""

from datetime import datetime, timedelta

from flask import Flask, Response, current_app, g, jsonify, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from xapi_lrs.core.errors import LrsError
from xapi_lrs.core.timestamps import format_timestamp
from xapi_lrs.core.versions import HEADER, answer_version
from xapi_lrs.services.consistency import consistent_through
from xapi_lrs.views.challenge import challenge
from xapi_lrs.views.host import host

CONSISTENT_THROUGH = "X-Experience-API-Consistent-Through"
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH")

_NOT_YET_KNOWN = timedelta(seconds=10)
_MOST_DETAILS = 1000
_KEPT = "xapi_lrs.consistent_through"


def json_text(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type="application/json")


def refusal(error: LrsError) -> Response:
    details = [
        {
            "path": one.path,
            "rule": one.rule,
            "requirement": one.requirement,
            "message": one.message,
        }
        for one in error.problems[:_MOST_DETAILS]
    ]
    body = {"error": {"code": error.code, "message": error.message, "details": details}}
    answer = jsonify(body)
    answer.status_code = error.status_hint
    answer.headers.extend(error.headers)
    challenge(answer, error)
    return answer


def http_refusal(error: HTTPException) -> Response:
    """Refusals of the framework, in the same shape."""
    code = error.name.lower().replace(" ", "_")
    answer = jsonify({"error": {"code": code, "message": error.description, "details": []}})
    answer.status_code = error.code or 500
    return answer


def measure_consistent_through(session: Session, now: datetime) -> datetime:
    """Before the query of a GET; what is stored before the answer is in its result. An instant
    that is true once stays true, so answers that need no query repeat the last one."""
    settled = consistent_through(session, now)
    current_app.extensions[_KEPT] = settled
    g.measured = True
    return settled


def _consistent_through(answer: Response) -> datetime:
    """A refused request is told a fresh one too: clients wait on it, by repeating. XP-17"""
    refused = 400 <= answer.status_code < 500 and answer.status_code != 401
    if refused and not g.get("measured"):
        with host().transaction(None) as session:
            measure_consistent_through(session, host().now())
    return settled_before(current_app, host().now())


def settled_before(app: Flask, now: datetime) -> datetime:
    """Consistent-Through as it was measured last."""
    kept: datetime | None = app.extensions.get(_KEPT)
    return kept or now - _NOT_YET_KNOWN


def dress(answer: Response) -> Response:
    """The headers of every answer. XP-01, XP-17"""
    answer.headers[HEADER] = answer_version(request.headers.get(HEADER))
    if request.path.endswith("/statements"):
        answer.headers[CONSISTENT_THROUGH] = format_timestamp(_consistent_through(answer))
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
