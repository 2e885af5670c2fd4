"""Assignment and Grade Services 2.0: line items, scores, results, as Moodle 4.5 does them."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort, request

from demo_lms.core import media_types, scopes
from demo_lms.core.course import TYPE_ID
from demo_lms.core.errors import ServiceRefused
from demo_lms.core.json_text import parse_json
from demo_lms.core.line_items import ECHOED, matching, parse_line_item, show_line_item
from demo_lms.core.scores import parse_score
from demo_lms.state import gradebook, line_items
from demo_lms.state.tokens import check_bearer
from demo_lms.views.parts import parts

bp = Blueprint("ags", __name__, url_prefix="/lti/services/1")

ITEM = "/lineitems/<item_id>/lineitem"


@bp.get("/lineitems")
def list_line_items() -> Response:
    media_types.check_accept(request.headers.get("Accept"), media_types.LINE_ITEMS)
    _check_call(scopes.READ_LINE_ITEMS)
    with parts().store.reading() as state:
        found = [_shown(item) for item in matching(state["line_items"], request.args)]
    return _answer(found, media_types.LINE_ITEMS)


@bp.post("/lineitems")
def create_line_item() -> Response:
    media_types.check_content_type(request.content_type, media_types.LINE_ITEM)
    _check_call(scopes.WRITE_LINE_ITEMS)
    body = _body()
    fields = parse_line_item(body)
    with parts().store.changing() as state:
        item = line_items.add_line_item(state, fields)
    return _answer(_shown(item) | _echoed(body), media_types.LINE_ITEM, 201)


@bp.get(ITEM)
def show(item_id: str) -> Response:
    media_types.check_accept(request.headers.get("Accept"), media_types.LINE_ITEM)
    _check_call(scopes.READ_LINE_ITEMS)
    with parts().store.reading() as state:
        item = line_items.get_line_item(state, item_id)
    return _answer(_shown(item), media_types.LINE_ITEM)


@bp.put(ITEM)
def replace(item_id: str) -> Response:
    media_types.check_content_type(request.content_type, media_types.LINE_ITEM)
    _check_call(scopes.WRITE_LINE_ITEMS)
    body = _body()
    fields = parse_line_item(body)
    with parts().store.changing() as state:
        item = line_items.replace_line_item(state, item_id, fields)
    return _answer(_shown(item) | _echoed(body), media_types.LINE_ITEM)


@bp.delete(ITEM)
def delete(item_id: str) -> Response:
    _check_call(scopes.WRITE_LINE_ITEMS)
    with parts().store.changing() as state:
        line_items.delete_line_item(state, item_id)
    return Response(status=204)


@bp.post(ITEM + "/scores")
def post_score(item_id: str) -> Response:
    """200 and an empty body; a refusal's reason stands in the reason phrase."""
    media_types.check_content_type(request.content_type, media_types.SCORE)
    _check_call(scopes.WRITE_SCORES)
    body = _body()
    score = parse_score(body)
    with parts().store.changing() as state:
        gradebook.record_score(state, item_id, score, body, parts().doors.now())
    return Response(b"", 200, content_type=media_types.SCORE)


@bp.get(ITEM + "/results")
def list_results(item_id: str) -> Response:
    media_types.check_accept(request.headers.get("Accept"), media_types.RESULTS)
    _check_call(scopes.READ_RESULTS)
    if "limit" in request.args:
        abort(404)  # as Moodle does: never send a limit here
    with parts().store.reading() as state:
        found = gradebook.results_of(
            state, parts().settings.issuer, item_id, request.args.get("user_id")
        )
    return _answer(found, media_types.RESULTS)


def _check_call(any_of: frozenset[str]) -> None:
    """The query must be intact and the bearer token good. LTI-AGS-6, MOODLE-3"""
    if request.args.get("type_id") != TYPE_ID:
        raise ServiceRefused(400, f"The query must have type_id={TYPE_ID}; keep the URL's query")
    with parts().store.reading() as state:
        check_bearer(state, request.headers.get("Authorization"), any_of, parts().doors.now())


def _body() -> Any:
    try:
        return parse_json(request.get_data())
    except ValueError as error:
        raise ServiceRefused(400, "The body is not JSON") from error


def _shown(item: Any) -> dict[str, Any]:
    return show_line_item(parts().settings.issuer, item)


def _echoed(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ECHOED if name in body}


def _answer(value: Any, content_type: str, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type=content_type)
