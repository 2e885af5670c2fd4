"""A person is forgotten: statements, documents, files, log; everything else stays as it was."""

import hashlib
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select

from database.session import transaction
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.services.test_concurrency import at_once, open_store
from tests.xapi_lrs.services.test_exports import export, ids, keep, opened
from tests.xapi_lrs.services.test_statements import voids
from xapi_lrs.core.attachment import SIGNATURE
from xapi_lrs.core.document import AGENT_PROFILE, STATE, Place
from xapi_lrs.core.document_merge import Content
from xapi_lrs.core.erasure import Mode, describe_subject, make_stand_in
from xapi_lrs.core.preconditions import Preconditions
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.references import agent_key
from xapi_lrs.models.attachment import Attachment, AttachmentChunk, AttachmentUse
from xapi_lrs.models.document import Document
from xapi_lrs.models.rejection import Rejection
from xapi_lrs.models.statement import Statement, StatementAuthority, StatementReference
from xapi_lrs.services import erasure
from xapi_lrs.services.attachments import ReceivedFile, store_attachments
from xapi_lrs.services.documents import save_document
from xapi_lrs.services.erasure import forget_person
from xapi_lrs.services.statements import store_statements

__all__ = ["opened"]

ADA = {"mbox": "mailto:ada@example.com", "name": "Ada"}
BOB = {"mbox": "mailto:bob@example.com", "name": "Bob"}
NAMED = re.compile(rb"\bada\b", re.IGNORECASE)  # as a word: ids may have her letters in them
COURSE = {"id": "https://example.com/course/1"}
SUBJECT = describe_subject([ADA])
STAND_IN = make_stand_in("https://lectern.example/pseudonyms", "p-1")
BY_STAND_IN = StatementQuery(agent="account https://lectern.example/pseudonyms p-1")
WHOLE = StatementQuery(with_voided=True)


def forget(opened, mode=Mode.PSEUDONYMISE, **options):
    return forget_person(*opened, SUBJECT, mode=mode, stand_in=STAND_IN, **options)


def by(agent, **options):
    return StatementQuery(agent=agent["mbox"], **options)


def found(opened, query):
    return ids(export(opened, query))


def count(opened, table, *conditions):
    with opened[0]() as session:
        mine = table.store_id == opened[1].id
        return session.scalar(select(func.count()).select_from(table).where(mine, *conditions))


def keep_vouched(opened, *bodies):
    """By the person himself."""
    with opened[0]() as session:
        now = datetime.now(UTC)
        store_statements(session, opened[1], list(bodies), authority=ADA, now=now)


def declare(data, usage="urn:essay"):
    sha2 = hashlib.sha256(data).hexdigest()
    kind = {"contentType": "application/octet-stream", "display": {"en": "file"}}
    return {**kind, "usageType": usage, "length": len(data), "sha2": sha2}


def keep_with_files(opened, statement, *files):
    received = [
        ReceivedFile(hashlib.sha256(data).hexdigest(), len(data), io.BytesIO(data))
        for data in files
    ]
    with opened[0]() as session:
        now, hashes = datetime.now(UTC), {one.sha2 for one in received}
        store_statements(session, opened[1], [statement], authority=BOB, now=now, files=hashes)
        pairs = [(UUID(statement["id"]), statement)]
        store_attachments(session, opened[1].id, pairs, received, now=now)


def keep_document(opened, place):
    content = Content(b"Ada was here", "text/plain")
    with opened[0]() as session:
        conditions = Preconditions("POST", place.resource, "2.0.0")
        now = datetime.now(UTC)
        save_document(session, opened[1], place, "one", content, conditions, now=now)


@pytest.mark.parametrize("mode", Mode)
def test_nothing_names_or_finds_the_person_any_more(opened, mode):
    """Statements, references, authorities, documents; the others' are as before."""
    group = {"objectType": "Group", "member": [ADA, BOB]}
    mine = [
        make_statement(actor=ADA),
        make_statement(actor=BOB, object=ADA | {"objectType": "Agent"}),
    ]
    others = [
        make_statement(actor=group),
        make_statement(actor=BOB, context={"instructor": ADA, "team": group}),
    ]
    apart = make_statement(actor=BOB)
    keep(opened, *mine, *others, apart)
    untouched = export(opened, StatementQuery(agent=BOB["mbox"], limit=1)).splitlines()[-1]
    for place in (Place(STATE, COURSE["id"], ADA), Place(AGENT_PROFILE, agent=BOB)):
        keep_document(opened, place)
    report = forget(opened, mode)
    assert report.documents_deleted == 1
    text = export(opened, WHOLE)
    assert not NAMED.search(text)
    assert untouched in text.splitlines()
    related = by(ADA, related_agents=True)
    assert found(opened, related) == []
    assert count(opened, StatementReference, StatementReference.key == agent_key(ADA["mbox"])) == 0
    assert count(opened, Document) == 1
    kept = [*others, apart] if mode is Mode.ERASE else [*mine, *others, apart]
    assert ids(text) == [body["id"] for body in kept]
    gone = 2 if mode is Mode.ERASE else 0
    assert (report.statements_deleted, report.statements_changed) == (gone, 4 - gone)


def test_pseudonymised_statements_still_belong_together(opened):
    """Reports stay usable: the stand-in is found as the person was."""
    bodies = [make_statement(actor=ADA, object=COURSE) for _ in range(3)]
    teaching = make_statement(actor=BOB, context={"instructor": ADA})
    keep(opened, *bodies, teaching)
    forget(opened)
    mine = [body["id"] for body in bodies]
    assert found(opened, BY_STAND_IN) == mine
    assert found(opened, replace(BY_STAND_IN, activity=COURSE["id"])) == mine
    assert found(opened, replace(BY_STAND_IN, related_agents=True)) == [*mine, teaching["id"]]


@pytest.mark.parametrize("mode", Mode)
def test_once_more_changes_nothing_more(opened, mode):
    keep(opened, make_statement(actor=ADA), make_statement(actor=BOB, context={"instructor": ADA}))
    forget(opened, mode)
    before = export(opened, WHOLE)
    again = forget(opened, mode)
    assert (again.statements_changed, again.statements_deleted) == (0, 0)
    assert export(opened, WHOLE) == before


@pytest.mark.parametrize("mode", Mode)
def test_a_dry_run_tells_the_same_and_does_nothing(opened, mode):
    keep(opened, *(make_statement(actor=ADA) for _ in range(3)))
    keep_vouched(opened, make_statement(actor=BOB))
    keep_with_files(opened, make_statement(actor=ADA, attachments=[declare(b"a")]), b"a")
    keep_document(opened, Place(STATE, COURSE["id"], ADA))
    before = export(opened, WHOLE)
    planned = forget(opened, mode, dry_run=True)
    assert export(opened, WHOLE) == before
    assert count(opened, Document) == count(opened, Attachment) == 1
    done = forget(opened, mode)
    assert replace(planned, dry_run=False) == done
    assert (done.files_deleted, done.documents_deleted, done.authorities_changed) == (1, 1, 1)


def test_it_goes_in_batches_and_tells_how_far_it_is(opened, monkeypatch):
    monkeypatch.setattr(erasure, "BATCH", 10)
    keep(opened, *(make_statement(actor=ADA) for _ in range(25)))
    told = []
    forget(opened, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 25), (10, 25), (20, 25), (25, 25)]


def test_a_run_that_died_goes_on_where_it_was(opened, monkeypatch):
    monkeypatch.setattr(erasure, "BATCH", 10)
    keep(opened, *(make_statement(actor=ADA) for _ in range(25)))

    def die(done, total):
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forget(opened, progress=die)
    assert forget(opened).statements_changed == 5
    assert len(found(opened, BY_STAND_IN)) == 25


@pytest.mark.parametrize("mode", Mode)
def test_what_he_voided_stays_void(opened, mode):
    """XP-30"""
    statement = make_statement(actor=BOB)
    voider = voids(statement) | {"actor": ADA}
    keep(opened, statement)
    keep(opened, voider)
    forget(opened, mode)
    assert found(opened, StatementQuery()) == [voider["id"]]


def test_who_vouched_is_replaced_at_once_for_all_his_statements(opened):
    keep_vouched(opened, *(make_statement(actor=BOB) for _ in range(3)))
    report = forget(opened, Mode.ERASE)
    assert (report.authorities_changed, report.statements_deleted) == (1, 0)
    assert not NAMED.search(export(opened))
    assert (
        count(opened, StatementAuthority, StatementAuthority.agent_key == agent_key(ADA["mbox"]))
        == 0
    )
    assert len(found(opened, replace(BY_STAND_IN, related_agents=True))) == 3


def refers(statement, **changes):
    target = {"objectType": "StatementRef", "id": statement["id"]}
    return make_statement(actor=BOB, object=target, **changes)


def test_chains_are_followed_when_a_statement_changes(opened):
    """Who refers to his statement is found by the stand-in, not by him. XP-29"""
    statement = make_statement(actor=ADA, object=COURSE)
    one = refers(statement)
    two = refers(one)
    for body in (statement, one, two):
        keep(opened, body)
    assert found(opened, by(ADA)) == [statement["id"], one["id"], two["id"]]
    forget(opened)
    assert found(opened, by(ADA)) == []
    assert found(opened, BY_STAND_IN) == [statement["id"], one["id"], two["id"]]


def test_chains_end_where_a_statement_is_gone(opened):
    """Nothing is found any more by what the lost statement said or led to. XP-29"""
    deep = make_statement(actor=BOB, object={"id": "urn:deep"}, verb={"id": "urn:deep-verb"})
    statement = refers(deep) | {"actor": ADA, "verb": {"id": "urn:lost"}}
    above = refers(statement)
    for body in (deep, statement, above):
        keep(opened, body)
    by_deep = StatementQuery(activity="urn:deep")
    assert found(opened, by_deep) == [deep["id"], statement["id"], above["id"]]
    forget(opened, Mode.ERASE)
    assert found(opened, by_deep) == [deep["id"]]
    assert found(opened, StatementQuery(verb="urn:lost")) == []
    assert found(opened, StatementQuery()) == [deep["id"], above["id"]]
    rows = count(opened, StatementReference)
    keep(opened, make_statement(actor=BOB))
    assert count(opened, StatementReference) == rows == 0


def test_only_files_that_nobody_else_uses_go(opened):
    """XP-31"""
    essay, shared = b"my essay", b"task"
    keep_with_files(
        opened,
        make_statement(actor=ADA, attachments=[declare(essay), declare(shared)]),
        *(essay, shared),
    )
    keep_with_files(opened, make_statement(actor=BOB, attachments=[declare(shared)]), shared)
    report = forget(opened, Mode.ERASE)
    assert report.files_deleted == 1
    tables = (Attachment, AttachmentChunk, AttachmentUse)
    assert [count(opened, table) for table in tables] == [1, 1, 1]


def test_pseudonymising_can_keep_files_but_never_signatures(opened):
    """A signature holds the statement as it was. XP-32"""
    essay, jws = b"my essay", b"header.payload.signature"
    declared = [declare(essay), declare(jws, SIGNATURE)]
    statement = make_statement(actor=ADA, attachments=declared)
    keep_with_files(opened, statement, essay, jws)
    report = forget(opened, keep_files=True)
    assert (report.signatures_removed, report.files_deleted) == (1, 1)
    assert count(opened, Attachment, Attachment.sha2 == declared[0]["sha2"]) == 1
    assert SIGNATURE.encode() not in export(opened)


def test_texts_in_which_he_still_stands_are_told(opened):
    clear = make_statement(actor=ADA)
    telling = make_statement(actor=ADA, result={"response": "I am ada@example.com"})
    keep(opened, clear, telling)
    report = forget(opened)
    assert (report.left_in_text, report.left_in) == (1, [UUID(telling["id"])])


def test_other_stores_keep_their_own(opened, other_tenant):
    other = (lambda: transaction(other_tenant)), open_store(other_tenant)
    for one in (opened, other):
        keep(one, make_statement(actor=ADA))
    forget(opened, Mode.ERASE)
    assert count(opened, Statement) == 0
    assert count(other, Statement) == 1


def log_refusal(opened, **changes):
    row = {
        "store_id": opened[1].id,
        "credential_name": "x",
        "method": "POST",
        "path": "/statements",
    }
    row |= {"query": "", "headers": {}, "status": 400, "code": "x", "message": "", "details": []}
    with opened[0]() as session:
        session.add(Rejection(**(row | {"body": ""} | changes)))


@pytest.mark.parametrize("mode", Mode)
def test_refused_requests_in_which_he_stands_leave_the_log(opened, mode):
    log_refusal(opened, body='{"actor":{"mbox":"mailto:Ada@example.com"}')
    log_refusal(opened, query="agent=%7B%22mbox%22%3A%22mailto%3Aada%40example.com%22%7D")
    log_refusal(opened, body='{"actor":{"mbox":"mailto:bob@example.com"}')
    assert forget(opened, mode, dry_run=True).rejections_deleted == 2
    assert forget(opened, mode).rejections_deleted == 2
    assert count(opened, Rejection) == 1


def test_writers_go_on_while_a_person_is_forgotten(app, opened):
    """Nobody waits in a circle; what came too late is found the next time. XP-50"""
    keep(opened, *(make_statement(actor=ADA) for _ in range(60)))
    known = make_statement(actor=ADA)
    keep(opened, known)

    def write():
        for _ in range(5):
            keep(opened, make_statement(actor=ADA), refers(known), now=datetime.now(UTC))

    results = at_once(app, *[write] * 3, lambda: forget(opened) and None)
    assert results == [None] * 4
    forget(opened)
    assert found(opened, by(ADA)) == []
    assert len(found(opened, BY_STAND_IN)) == 61 + 15 + 15
