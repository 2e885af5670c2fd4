"""PUT and POST /xapi/<store>/statements (xAPI 1.0.3 Communication 2.1.1, 2.1.2; 2.0 4.1.6.1)."""

from dataclasses import replace
from uuid import UUID

from flask import Response

from xapi_lrs.core.errors import InvalidRequest
from xapi_lrs.core.problems import JsonObject, Problems
from xapi_lrs.core.query import parse_statement_id
from xapi_lrs.core.query import refuse as refuse_problems
from xapi_lrs.core.strict_json import Received, dump_json
from xapi_lrs.services.attachments import check_signatures, store_attachments
from xapi_lrs.services.retries import again
from xapi_lrs.services.statements import StoredBatch, store_statements
from xapi_lrs.views.answers import json_text
from xapi_lrs.views.body import Sent, read_statements
from xapi_lrs.views.door import Caller, Visit, identify_caller, visit
from xapi_lrs.views.host import host
from xapi_lrs.views.params import parameter_pairs, parameters, read_version


def post_statements(slug: str) -> Response:
    version = read_version()
    caller = identify_caller()
    parameters(())
    with read_statements() as sent:
        batch = again(lambda: _store(caller, slug, sent, version))
    return json_text(dump_json([str(one) for one in batch.ids]))


def put_statement(slug: str) -> Response:
    version = read_version()
    caller = identify_caller()
    statement_id = parse_statement_id(parameter_pairs())
    with read_statements() as sent:
        if sent.is_batch:
            raise InvalidRequest("PUT stores a single statement, not an array")
        named = replace(sent, received=[_named(sent.received[0], statement_id)])
        again(lambda: _store(caller, slug, named, version))
    return Response(status=204)


def _store(caller: Caller, slug: str, sent: Sent, version: str) -> StoredBatch:
    """One transaction: the statements, their files, and what the host makes of them."""
    bodies = [one.value for one in sent.received]
    with visit(caller, slug) as guest:
        guest.require("write statements")
        batch = store_statements(
            guest.session,
            guest.store,
            bodies,
            texts=[one.text for one in sent.received],
            authority=guest.authority,
            version=version,
            now=guest.now,
            credential_id=guest.credential.id,
            may_define=guest.may("define activities"),
            files=frozenset(file.sha2 for file in sent.files),
        )
        for body in bodies:
            guest.check_statement(body)
        _store_files(guest, batch, bodies, sent, version)
        if batch.new:
            host().on_statements(guest.session, batch)
    return batch


def _store_files(
    guest: Visit, batch: StoredBatch, bodies: list[JsonObject], sent: Sent, version: str
) -> None:
    check_signatures(bodies, sent.files, version)
    named = list(zip(batch.ids, bodies, strict=True))
    store_attachments(guest.session, guest.store.id, named, sent.files, now=guest.now)


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
