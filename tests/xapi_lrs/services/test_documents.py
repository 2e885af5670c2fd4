"""Documents under concurrent writers, and what they cost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, text

from database.extension import db
from database.session import transaction
from tests.xapi_lrs.services.test_concurrency import at_once, open_store
from xapi_lrs.core.document import AGENT_PROFILE, STATE, Place
from xapi_lrs.core.document_merge import Content
from xapi_lrs.core.errors import TooLarge
from xapi_lrs.core.preconditions import PreconditionFailed, Preconditions
from xapi_lrs.core.store import Limits
from xapi_lrs.models.document import Document
from xapi_lrs.services.documents import (
    delete_document,
    delete_documents,
    find_document,
    list_documents,
    save_document,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLACE = Place(STATE, "https://example.com/course/1", {"mbox": "mailto:ada@example.com"})
PROFILE = Place(AGENT_PROFILE, agent={"mbox": "mailto:ada@example.com"})


def save(session, store, body, *, method="POST", place=PLACE, name="one", now=NOW, **headers):
    content = Content(json.dumps(body).encode(), "application/json")
    conditions = Preconditions(method, place.resource, "1.0.3", **headers)
    save_document(session, store, place, name, content, conditions, now=now)


def load(session, store, place=PLACE, name="one"):
    return json.loads(find_document(session, store, place, name).content.octets)


def writer(tenant, store, body, **options):
    def write():
        with transaction(tenant) as session:
            save(session, store, body, **options)

    return write


def test_of_two_writers_who_expect_nothing_exactly_one_wins(app, tenant):
    """If-None-Match: * under concurrency. XP-07, XP-50"""
    store = open_store(tenant)
    for round_number in range(5):
        name = f"round {round_number}"
        options = {"method": "PUT", "place": PROFILE, "name": name, "if_none_match": "*"}
        results = at_once(app, *[writer(tenant, store, {"by": n}, **options) for n in range(6)])
        refused = [result for result in results if isinstance(result, PreconditionFailed)]
        assert (results.count(None), len(refused)) == (1, 5)
        with transaction(tenant) as session:
            assert load(session, store, PROFILE, name) == {"by": results.index(None)}


def test_of_two_writers_with_the_same_etag_exactly_one_wins(app, tenant):
    """A lost update is what ETags are for. XP-07"""
    store = open_store(tenant)
    for round_number in range(5):
        with transaction(tenant) as session:
            save(session, store, {"round": round_number}, method="PUT")
            etag = find_document(session, store, PLACE, "one").etag
        options = {"method": "PUT", "if_match": f'"{etag}"'}
        results = at_once(app, *[writer(tenant, store, {"by": n}, **options) for n in range(6)])
        assert results.count(None) == 1
        assert sum(isinstance(result, PreconditionFailed) for result in results) == 5


def test_merges_at_the_same_moment_lose_nothing(app, tenant):
    """Also when none of them finds a document yet. XP-23"""
    store = open_store(tenant)
    for name in ("a", "b", "c"):
        writers = [writer(tenant, store, {f"key {n}": n}, name=name) for n in range(8)]
        assert at_once(app, *writers) == [None] * 8
        with transaction(tenant) as session:
            assert load(session, store, name=name) == {f"key {n}": n for n in range(8)}


def test_writers_and_removers_never_block_each_other_for_good(app, tenant):
    store = open_store(tenant)

    def remove_all():
        with transaction(tenant) as session:
            delete_documents(session, store, PLACE)

    def remove_one():
        with transaction(tenant) as session:
            conditions = Preconditions("DELETE", STATE, "1.0.3", if_none_match='"x"')
            delete_document(session, store, PLACE, "one", conditions)

    for _ in range(5):
        writers = [writer(tenant, store, {"n": n}, name=f"{n}") for n in range(3)]
        merging = writer(tenant, store, {"n": 1})
        results = at_once(app, *writers, merging, merging, remove_all, remove_all, remove_one)
        assert results == [None] * 8


def test_the_clock_of_a_document_never_goes_back(session, store):
    """Two web servers' clocks differ; a poller with `since` misses nothing. XP-08"""
    save(session, store, {"a": 1}, method="PUT")
    save(session, store, {"a": 2}, method="PUT", now=NOW - timedelta(seconds=9))
    assert find_document(session, store, PLACE, "one").updated == NOW
    assert list_documents(session, store, PLACE, since=NOW).ids == ()
    before = NOW - timedelta(milliseconds=1)
    assert list_documents(session, store, PLACE, since=before).ids == ("one",)


def test_a_refused_document_changes_nothing(session, store):
    save(session, store, {"a": 1})
    content = Content(b'{"b":"' + b"x" * 90 + b'"}', "application/json")
    conditions, small = Preconditions("POST", STATE, "1.0.3"), Limits(document_bytes=100)
    with pytest.raises(TooLarge):
        save_document(session, store, PLACE, "one", content, conditions, now=NOW, limits=small)
    assert load(session, store) == {"a": 1}


def statements_of_sql(session, action):
    seen = []

    def note(connection, cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_request_costs_one_round_trip_or_two_where_it_has_to_look_first(session, store):
    free = Preconditions("DELETE", STATE, "1.0.3")
    costs = [
        (1, lambda: save(session, store, {}, method="PUT")),
        (1, lambda: find_document(session, store, PLACE, "one")),
        (1, lambda: list_documents(session, store, PLACE)),
        (2, lambda: save(session, store, {"a": 1})),
        (2, lambda: save(session, store, {"a": 2}, method="PUT", if_match="*")),
        (1, lambda: delete_document(session, store, PLACE, "one", free)),
    ]
    assert [statements_of_sql(session, action) for _, action in costs] == [n for n, _ in costs]


def test_lists_and_documents_are_found_by_the_key(session, store):
    """One range of the primary key, whatever else is in the store."""
    session.execute(text("SET LOCAL enable_seqscan = off"))
    place = (Document.store_id == store.id) & (Document.place_key == PLACE.key)
    found = select(Document.document_id).where(place)
    sql = found.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = "\n".join(session.scalars(text(f"EXPLAIN {sql}")))
    assert "pk_xapi_document" in plan
