"""GET /xapi/<store>/statements (xAPI 1.0.3 Communication 2.1.3; 2.0 4.1.6.1)."""

import time
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from flask import Response, request

from xapi_lrs.core.attachment import attachments_of
from xapi_lrs.core.canonical import canonical, mentioned_activities
from xapi_lrs.core.errors import NotFound
from xapi_lrs.core.formats import FORMATS, StoredStatement
from xapi_lrs.core.languages import parse_accept_language
from xapi_lrs.core.query import CURSOR, StatementQuery, StatementRequest, parse_statement_request
from xapi_lrs.core.strict_json import dump_json, load_json
from xapi_lrs.services.activities import find_definitions
from xapi_lrs.services.attachments import FoundAttachment, find_attachments
from xapi_lrs.services.statements import StatementPage, find_statement, query_statements
from xapi_lrs.views.answers import json_text, measure_consistent_through
from xapi_lrs.views.door import Visit, identify_caller, visit
from xapi_lrs.views.host import host
from xapi_lrs.views.multipart import stream_multipart
from xapi_lrs.views.params import parameter_pairs

_PAUSE, _TRIES = 0.02, 50
"""Seconds between two looks whether the writers of an ascending page have ended; how many looks."""

Write = Callable[[StoredStatement], str]


def get_statements(slug: str) -> Response:
    caller = identify_caller()
    asked = parse_statement_request(parameter_pairs())
    with visit(caller, slug) as guest:
        if asked.statement_id is not None:
            found = [_find_one(guest, asked)]
            text = _writer(guest, asked, found)(found[0])
        else:
            page = _read_page(guest, guest.narrow(asked.query))
            found = list(page.statements)
            written = ",".join(map(_writer(guest, asked, found), found))
            text = f'{{"statements":[{written}],"more":{dump_json(_more(page, slug))}}}'
        files = _find_files(guest, found) if asked.attachments else []
    answer = stream_multipart(text, files) if asked.attachments else json_text(text)
    if asked.statement_id is not None:
        answer.last_modified = found[0].stored
    if asked.format == "canonical":
        answer.vary.add("Accept-Language")
    return answer


def _find_one(guest: Visit, asked: StatementRequest) -> StoredStatement:
    """Raises NotFound, also for what this credential may not see."""
    assert asked.statement_id is not None  # noqa: S101  for the type checker
    measure_consistent_through(guest.session, guest.now)
    found = find_statement(
        guest.session,
        guest.store,
        asked.statement_id,
        voided=asked.voided,
        authority=guest.readable_authority,
    )
    if found is None or not guest.may_see(load_json(found.text)):
        kind = "voided statement" if asked.voided else "statement"
        raise NotFound(f"no {kind} {asked.statement_id} in this store")
    return found


def _read_page(guest: Visit, query: StatementQuery) -> StatementPage:
    """An ascending page that goes on waits a moment for writers that might still put something in
    front of it; when they take longer it is empty, and `more` asks again. XP-27"""
    for _ in range(_TRIES):
        settled = measure_consistent_through(guest.session, host().now())
        page = query_statements(
            guest.session, guest.store, query, limits=host().limits, settled=settled
        )
        if page.statements or page.cursor is None:
            break
        time.sleep(_PAUSE)
    return page


def _writer(guest: Visit, asked: StatementRequest, found: Sequence[StoredStatement]) -> Write:
    """How each statement is written. XP-42"""
    if asked.format != "canonical":
        return FORMATS[asked.format]
    iris = set().union(*map(mentioned_activities, found))
    definitions = find_definitions(guest.session, guest.store, iris)
    preferred = parse_accept_language(request.headers.get("Accept-Language"))
    return lambda statement: canonical(statement, definitions, preferred)


def _find_files(guest: Visit, found: Sequence[StoredStatement]) -> list[FoundAttachment]:
    """What is here of the data of their attachments, each once. XP-31"""
    hashes = [
        declared["sha2"]
        for statement in found
        if '"attachments"' in statement.text
        for declared in attachments_of(load_json(statement.text))
    ]
    return find_attachments(guest.session, guest.store.id, hashes)


def _more(page: StatementPage, slug: str) -> str:
    """The same query from where this page ended; "" at the end. XP-27"""
    if page.cursor is None:
        return ""
    kept = [pair for pair in parameter_pairs() if pair[0] != CURSOR]
    query = urlencode([*kept, (CURSOR, str(page.cursor))])
    return f"{request.script_root}/xapi/{slug}/statements?{query}"
