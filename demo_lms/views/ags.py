"""Assignment and Grade Services 2.0: line items, scores, results, at every product's addresses.

One view answers under six addresses; only those of the personality that is played are found.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, request

from demo_lms.core import media_types, scopes
from demo_lms.core.addresses import line_item_url
from demo_lms.core.client import Client
from demo_lms.core.errors import ServiceRefused
from demo_lms.core.json_text import parse_json
from demo_lms.core.line_items import ECHOED, matching, parse_line_item, show_line_item
from demo_lms.core.manner import Manner
from demo_lms.core.personalities import PERSONALITIES
from demo_lms.core.scores import parse_score, show_result
from demo_lms.state import gradebook, line_items
from demo_lms.state.clients import find_client
from demo_lms.state.manner import present_manner
from demo_lms.state.store import State
from demo_lms.state.tokens import check_bearer
from demo_lms.views.paging import page_of
from demo_lms.views.parts import parts

bp = Blueprint("ags", __name__)

SHAPES = [one.line_items for one in PERSONALITIES.values()]
CONTAINERS = [shape.container for shape in SHAPES]
ITEMS = [shape.item for shape in SHAPES]


@dataclass(frozen=True)
class Call:
    """Who calls, and how the platform behaves."""

    manner: Manner
    client: Client


def answering(method: str, patterns: list[str], ending: str = "") -> Callable[[Any], Any]:
    """Register a view under the addresses of all products."""

    def register(view: Any) -> Any:
        for pattern in patterns:
            rule = pattern.replace("{", "<").replace("}", ">") + ending
            bp.add_url_rule(rule, view.__name__, view, methods=[method])
        return view

    return register


@answering("GET", CONTAINERS)
def list_line_items(course: str) -> Response:
    call = _check_call(scopes.READ_LINE_ITEMS, CONTAINERS, accept=media_types.LINE_ITEMS)
    with parts().store.reading() as state:
        seen = line_items.line_items_of(state, call.manner, course, call.client.client_id)
        found = [_shown(call, item) for item in matching(seen, request.args)]
    page, link = page_of(found, good=call.manner.personality.line_items.good_link_header)
    return _answer(page, media_types.LINE_ITEMS, link=link)


@answering("POST", CONTAINERS)
def create_line_item(course: str) -> Response:
    call = _check_call(scopes.WRITE_LINE_ITEMS, CONTAINERS, sent=media_types.LINE_ITEM)
    body = _body()
    fields = parse_line_item(body)
    client_id = call.client.client_id
    with parts().store.changing() as state:
        line_items.check_link(state, call.manner, course, client_id, fields)
        item = line_items.add_line_item(state, course, client_id, fields)
    return _answer(_shown(call, item) | _echoed(body), media_types.LINE_ITEM, 201)


@answering("GET", ITEMS)
def show(course: str, item: str) -> Response:
    call = _check_call(scopes.READ_LINE_ITEMS, ITEMS, accept=media_types.LINE_ITEM)
    with parts().store.reading() as state:
        kept = _get_item(state, course, item)
    shown = _shown(call, kept)
    if "launch_url" in request.args.getlist("include[]"):  # CANVAS-32
        shown["https://canvas.instructure.com/lti/launch_url"] = call.client.target_link_uri
    return _answer(shown, media_types.LINE_ITEM)


@answering("PUT", ITEMS)
def replace(course: str, item: str) -> Response:
    call = _check_call(scopes.WRITE_LINE_ITEMS, ITEMS, sent=media_types.LINE_ITEM)
    body = _body()
    fields = parse_line_item(body)
    with parts().store.changing() as state:
        _get_item(state, course, item, call)
        line_items.check_link(state, call.manner, course, call.client.client_id, fields)
        kept = line_items.replace_line_item(state, item, fields)
    return _answer(_shown(call, kept) | _echoed(body), media_types.LINE_ITEM)


@answering("DELETE", ITEMS)
def delete(course: str, item: str) -> Response:
    call = _check_call(scopes.WRITE_LINE_ITEMS, ITEMS)
    with parts().store.changing() as state:
        _get_item(state, course, item, call)
        line_items.delete_line_item(state, call.manner, item)
    return Response(status=204)


@answering("POST", ITEMS, "/scores")
def post_score(course: str, item: str) -> Response:
    """200 and an empty body; a refusal's reason stands in the reason phrase."""
    call = _check_call(scopes.WRITE_SCORES, ITEMS, "/scores", sent=media_types.SCORE)
    body = _body()
    score = parse_score(body, call.manner.personality.scores)
    with parts().store.changing() as state:
        _get_item(state, course, item, call)
        gradebook.record_score(state, item, score, body, parts().doors.now())
    return Response(b"", 200, content_type=media_types.SCORE)


@answering("GET", ITEMS, "/results")
def list_results(course: str, item: str) -> Response:
    call = _check_call(scopes.READ_RESULTS, ITEMS, "/results", accept=media_types.RESULTS)
    rules = call.manner.personality.line_items
    if "limit" in request.args and not rules.results_limit:
        abort(404)  # as Moodle does: never send a limit here
    user_id = request.args.get("user_id")
    with parts().store.reading() as state:
        kept = _get_item(state, course, item, call)
        cells = gradebook.graded_cells(state, item, user_id)
    found = [_shown_result(call, kept, user, cell) for user, cell in cells]
    page, link = page_of(found, good=True)
    return _answer(page, media_types.RESULTS, link=link)


def _check_call(
    any_of: frozenset[str],
    patterns: list[str],
    ending: str = "",
    *,
    accept: str | None = None,
    sent: str | None = None,
) -> Call:
    """Address, media types, query and bearer token in order. LTI-AGS-6, MOODLE-3"""
    demo = parts()
    with demo.store.reading() as state:
        manner = present_manner(state)
        shape = manner.personality.line_items
        played = shape.container if patterns is CONTAINERS else shape.item
        rule = played.replace("{", "<").replace("}", ">") + ending
        if request.url_rule is None or request.url_rule.rule != rule:
            raise ServiceRefused(404, f"{manner.personality.title} has no such address")
        if accept:
            header = request.headers.get("Accept")
            media_types.check_accept(header, accept, exact=shape.exact_media_types)
            if shape.typed_reads:
                media_types.check_typed_read(request.content_type)
        if sent:
            media_types.check_content_type(request.content_type, sent)
        authorization = request.headers.get("Authorization")
        client_id = check_bearer(state, authorization, any_of, demo.doors.now())
        client = find_client(state, demo.settings, client_id)
    if client is None:
        raise ServiceRefused(401, "Unauthorized: the tool is no longer registered")
    if manner.grades == "none" or (manner.grades == "read" and any_of == scopes.WRITE_LINE_ITEMS):
        raise ServiceRefused(403, "The tool may not do this here")
    if shape.typed and request.args.get("type_id") != client.deployment_id:
        type_id = f"type_id={client.deployment_id}"
        raise ServiceRefused(400, f"The query must have {type_id}; keep the URL's query")
    return Call(manner, client)


def _get_item(state: State, course: str, item_id: str, call: Call | None = None) -> dict[str, Any]:
    """The line item of this course; with `call` it must be the calling tool's. MOODLE 6 (403)"""
    item = line_items.get_line_item(state, item_id)
    if item["course"] != course:
        raise ServiceRefused(404, "Line item not found")
    if call is not None and item["client_id"] != call.client.client_id:
        raise ServiceRefused(403, "The line item is another tool's")
    return item


def _body() -> Any:
    try:
        return parse_json(request.get_data())
    except ValueError as error:
        raise ServiceRefused(400, "The body is not JSON") from error


def _shown(call: Call, item: Any) -> dict[str, Any]:
    return show_line_item(parts().settings.issuer, call.manner, call.client, item)


def _shown_result(call: Call, item: Any, user_id: str, cell: Any) -> dict[str, Any]:
    def address(ending: str) -> str:
        issuer, deployment = parts().settings.issuer, call.client.deployment_id
        return line_item_url(issuer, call.manner, item["course"], item["id"], deployment, ending)

    result = show_result(address(""), address("/results"), item, user_id, cell)
    shows = call.manner.personality.line_items.result_comments and cell["comment"]
    return result | ({"comment": cell["comment"]} if shows else {})


def _echoed(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ECHOED if name in body}


def _answer(value: Any, content_type: str, status: int = 200, link: str | None = None) -> Response:
    answer = Response(json.dumps(value), status, content_type=content_type)
    if link:
        answer.headers["Link"] = link
    return answer
