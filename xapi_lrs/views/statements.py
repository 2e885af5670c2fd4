"""PUT and POST /xapi/<store>/statements (xAPI 1.0.3 Communication 2.1.1, 2.1.2; 2.0 4.1.6.1)."""

from uuid import UUID

from flask import Response

from xapi_lrs.core.errors import InvalidRequest
from xapi_lrs.core.problems import Problems
from xapi_lrs.core.query import parse_statement_id
from xapi_lrs.core.query import refuse as refuse_problems
from xapi_lrs.core.strict_json import Received, dump_json
from xapi_lrs.services.statements import StoredBatch, store_statements
from xapi_lrs.views.answers import json_text
from xapi_lrs.views.body import read_statements
from xapi_lrs.views.door import Caller, identify_caller, visit
from xapi_lrs.views.host import host
from xapi_lrs.views.params import parameter_pairs, parameters, read_version


def post_statements(slug: str) -> Response:
    version = read_version()
    caller = identify_caller()
    parameters(())
    received, _ = read_statements()
    batch = _store(caller, slug, received, version)
    return json_text(dump_json([str(one) for one in batch.ids]))


def put_statement(slug: str) -> Response:
    version = read_version()
    caller = identify_caller()
    statement_id = parse_statement_id(parameter_pairs())
    received, is_batch = read_statements()
    if is_batch:
        raise InvalidRequest("PUT stores a single statement, not an array")
    _store(caller, slug, [_named(received[0], statement_id)], version)
    return Response(status=204)


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
