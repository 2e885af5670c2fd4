"""/xapi/<store>/statements (xAPI 1.0.3 Communication 2.1; 2.0 4.1.6.1)."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request

from xapi_lrs.core.errors import InvalidRequest, NotFound
from xapi_lrs.core.formats import FORMATS
from xapi_lrs.core.problems import Problems
from xapi_lrs.core.query import (
    CURSOR,
    StatementRequest,
    parse_statement_id,
    parse_statement_request,
)
from xapi_lrs.core.query import refuse as refuse_problems
from xapi_lrs.core.strict_json import Received, dump_json
from xapi_lrs.services.statements import (
    StatementPage,
    StoredBatch,
    find_statement,
    query_statements,
    store_statements,
)
from xapi_lrs.views.answers import json_text, measure_consistent_through
from xapi_lrs.views.body import read_parameters, read_statements, read_version, refuse_parameters
from xapi_lrs.views.door import Caller, Visit, identify_caller, visit
from xapi_lrs.views.host import host


def post_statements(slug: str) -> Response:
    version = read_version()
    caller = identify_caller()
    refuse_parameters()
    received, _ = read_statements()
    batch = _store(caller, slug, received, version)
    return json_text(dump_json([str(one) for one in batch.ids]))


def put_statement(slug: str) -> Response:
    version = read_version()
    caller = identify_caller()
    statement_id = parse_statement_id(read_parameters())
    received, is_batch = read_statements()
    if is_batch:
        raise InvalidRequest("PUT stores a single statement, not an array")
    _store(caller, slug, [_named(received[0], statement_id)], version)
    return Response(status=204)


def get_statements(slug: str) -> Response:
    read_version()
    caller = identify_caller()
    asked = parse_statement_request(read_parameters())
    if asked.format not in FORMATS or asked.attachments:
        raise InvalidRequest("format=canonical and attachments=true are not answered yet")
    with visit(caller, slug) as guest:
        measure_consistent_through(guest.session, guest.now)
        if asked.statement_id is not None:
            return _get_one(guest, asked, asked.statement_id)
        return _get_page(guest, asked, slug)


def _store(caller: Caller, slug: str, received: list[Received], version: str) -> StoredBatch:
    with visit(caller, slug) as guest:
        guest.require("write statements")
        batch = store_statements(
            guest.session,
            guest.store,
            [one.value for one in received],
            texts=[one.text for one in received],
            authority=guest.authority,
            version=version,
            now=guest.now,
            credential_id=guest.credential.id,
        )
        if batch.new:
            host().on_statements(guest.session, batch)
    return batch


def _named(received: Received, statement_id: UUID) -> Received:
    """With the id of the address, which must not contradict the statement's own. XP-26"""
    value = received.value
    if type(value) is not dict:
        return received
    own = value.get("id", str(statement_id))
    if type(own) is str and own.lower() != str(statement_id):
        problems = Problems()
        problems("id", "XP-26", "differs from the parameter statementId")
        refuse_problems(problems)
    return Received(value | {"id": own}, received.text)


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
    kept = [pair for pair in read_parameters() if pair[0] != CURSOR]
    query = urlencode([*kept, (CURSOR, str(page.cursor))])
    return f"{request.script_root}/xapi/{slug}/statements?{query}"
