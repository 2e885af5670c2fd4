"""GET /xapi/<store>/statements (xAPI 1.0.3 Communication 2.1.3; 2.0 4.1.6.1)."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request

from xapi_lrs.core.errors import InvalidRequest, NotFound
from xapi_lrs.core.formats import FORMATS
from xapi_lrs.core.query import CURSOR, StatementRequest, parse_statement_request
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.services.statements import StatementPage, find_statement, query_statements
from xapi_lrs.views.answers import json_text, measure_consistent_through
from xapi_lrs.views.door import Visit, identify_caller, visit
from xapi_lrs.views.host import host
from xapi_lrs.views.params import parameter_pairs


def get_statements(slug: str) -> Response:
    caller = identify_caller()
    asked = parse_statement_request(parameter_pairs())
    if asked.format not in FORMATS or asked.attachments:
        raise InvalidRequest("format=canonical and attachments=true are not answered yet")
    with visit(caller, slug) as guest:
        measure_consistent_through(guest.session, guest.now)
        if asked.statement_id is not None:
            return _get_one(guest, asked, asked.statement_id)
        return _get_page(guest, asked, slug)


def _get_one(guest: Visit, asked: StatementRequest, statement_id: UUID) -> Response:
    found = find_statement(
        guest.session,
        guest.store,
        statement_id,
        voided=asked.voided,
        authority=guest.readable_authority,
    )
    if found is None:
        kind = "voided statement" if asked.voided else "statement"
        raise NotFound(f"no {kind} {statement_id} in this store")
    answer = json_text(FORMATS[asked.format](found))
    answer.last_modified = found.stored
    return answer


def _get_page(guest: Visit, asked: StatementRequest, slug: str) -> Response:
    query = replace(asked.query, authority=guest.readable_authority)
    page = query_statements(guest.session, guest.store, query, limits=host().limits)
    written = ",".join(map(FORMATS[asked.format], page.statements))
    return json_text(f'{{"statements":[{written}],"more":{dump_json(_more(page, slug))}}}')


def _more(page: StatementPage, slug: str) -> str:
    """The same query from where this page ended; "" at the end. XP-27"""
    if page.cursor is None:
        return ""
    kept = [pair for pair in parameter_pairs() if pair[0] != CURSOR]
    query = urlencode([*kept, (CURSOR, str(page.cursor))])
    return f"{request.script_root}/xapi/{slug}/statements?{query}"
