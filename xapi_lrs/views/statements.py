"""PUT and POST /xapi/<store>/statements (xAPI 1.0.3 Communication 2.1.1, 2.1.2; 2.0 4.1.6.1)."""

from collections.abc import Sequence

from flask import Response, request
from sqlalchemy.exc import DBAPIError

from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.query import parse_statement_id
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.services.attachments import ReceivedFile, check_signatures, store_attachments
from xapi_lrs.services.gathering import Gatherer
from xapi_lrs.services.retries import again
from xapi_lrs.services.statements import StoredBatch, store_statements
from xapi_lrs.views.answers import json_text
from xapi_lrs.views.body import Sent, read_statements
from xapi_lrs.views.door import Caller, Visit, identify_caller, visit
from xapi_lrs.views.host import host
from xapi_lrs.views.params import parameter_pairs, parameters, read_version

_FEW = 10
"""Statements of a request that shares its transaction; a batch is worth one of its own."""
_TOGETHER = 32
"""Requests of one transaction."""


def _commit_is_unknown(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


_gatherer: Gatherer[Sent, StoredBatch] = Gatherer(_TOGETHER, _commit_is_unknown)


def post_statements(slug: str) -> Response:
    version = read_version()
    caller = identify_caller()
    parameters(())
    with read_statements() as sent:
        batch = _store_soon(caller, slug, sent, version)
    return json_text(dump_json([str(one) for one in batch.ids]))


def put_statement(slug: str) -> Response:
    version = read_version()
    caller = identify_caller()
    statement_id = parse_statement_id(parameter_pairs())
    with read_statements() as sent:
        _store_soon(caller, slug, sent.named(statement_id), version)
    return Response(status=204)


def _store_soon(caller: Caller, slug: str, sent: Sent, version: str) -> StoredBatch:
    """At once, or together with what comes by the same header meanwhile (services/gathering.py)."""

    def together(all_sent: Sequence[Sent]) -> list[StoredBatch]:
        return again(lambda: _store(caller, slug, all_sent, version))

    def alone() -> StoredBatch:
        return together([sent])[0]

    if sent.files or not 0 < len(sent.received) <= _FEW:
        return alone()
    origin = request.headers.get("Origin")
    kind = (id(host()), caller.mark, slug, version, request.method, origin)
    return _gatherer.run(kind, sent, together, alone)


def _store(caller: Caller, slug: str, requests: Sequence[Sent], version: str) -> list[StoredBatch]:
    """One transaction: the statements, their files, and what the host makes of them."""
    received = [one for sent in requests for one in sent.received]
    files = tuple(file for sent in requests for file in sent.files)
    bodies = [one.value for one in received]
    with visit(caller, slug) as guest:
        guest.require("write statements")
        whole = store_statements(
            guest.session,
            guest.store,
            bodies,
            texts=[one.text for one in received],
            authority=guest.authority,
            version=version,
            now=guest.now,
            credential_id=guest.credential.id,
            may_define=guest.may("define activities"),
            files=frozenset(file.sha2 for file in files),
        )
        for body in bodies:
            guest.check_statement(body)
        _store_files(guest, whole, bodies, files, version)
        batches = whole.split([len(sent.received) for sent in requests])
        for batch in batches:
            if batch.new:
                host().on_statements(guest.session, batch)
    return batches


def _store_files(
    guest: Visit,
    batch: StoredBatch,
    bodies: list[JsonObject],
    files: Sequence[ReceivedFile],
    version: str,
) -> None:
    check_signatures(bodies, files, version)
    named = list(zip(batch.ids, bodies, strict=True))
    store_attachments(guest.session, guest.store.id, named, files, now=guest.now)
