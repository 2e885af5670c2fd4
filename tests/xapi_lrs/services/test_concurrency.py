"""Several writers at once."""

import random
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from database.session import transaction
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.services.test_statements import save, voids
from xapi_lrs.core.errors import StatementConflict
from xapi_lrs.core.ids import whole_milliseconds
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.models.statement import Statement, StatementReference
from xapi_lrs.services.activities import find_definition
from xapi_lrs.services.consistency import complete_until, consistent_through
from xapi_lrs.services.retries import again
from xapi_lrs.services.statements import find_statement, query_statements
from xapi_lrs.services.stores import ensure_store


def at_once(app, *actions):
    """Run each action in a thread of its own, all together; what each returned or raised."""
    start, results = threading.Barrier(len(actions)), [None] * len(actions)

    def run(place, action):
        with app.app_context():
            start.wait()
            try:
                results[place] = action()
            except Exception as error:
                results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def writer(tenant, store, *bodies):
    def write():
        with transaction(tenant) as session:
            return save(session, store, *bodies)

    return write


def open_store(tenant):
    with transaction(tenant) as session:
        return ensure_store(session)


def test_the_same_id_from_many_writers_becomes_one_row(app, tenant):
    store, statement = open_store(tenant), make_statement()
    results = at_once(app, *[writer(tenant, store, statement)] * 8)
    assert sorted(len(batch.new) for batch in results) == [0] * 7 + [1]
    with transaction(tenant) as session:
        rows = select(func.count()).where(Statement.store_id == store.id)
        references = select(func.count()).where(StatementReference.store_id == store.id)
        assert (session.scalar(rows), session.scalar(references)) == (1, 0)


def test_of_two_contents_under_one_id_one_wins_and_the_other_is_told(app, tenant):
    """XP-26"""
    store, one = open_store(tenant), make_statement()
    other = one | {"object": {"id": "urn:other"}}
    results = at_once(app, writer(tenant, store, one), writer(tenant, store, other))
    kinds = sorted(type(result).__name__ for result in results)
    assert kinds == ["StatementConflict", "StoredBatch"]
    assert any(isinstance(result, StatementConflict) for result in results)


def test_batches_of_the_same_statements_in_any_order_never_block_each_other_for_good(app, tenant):
    """Two concurrent batches make a rival LRS answer 500. XP-50"""
    store = open_store(tenant)
    bodies = [make_statement() for _ in range(40)]
    for seed in range(5):
        orders = [random.Random(f"{seed} {n}").sample(bodies, len(bodies)) for n in range(4)]
        results = at_once(app, *[writer(tenant, store, *order) for order in orders])
        assert [result for result in results if isinstance(result, Exception)] == []
    with transaction(tenant) as session:
        assert session.scalar(select(func.count()).where(Statement.store_id == store.id)) == 40


def test_a_statement_and_its_voider_may_arrive_at_the_same_moment(app, tenant):
    """Neither transaction sees the other; the statement is void all the same. XP-30"""
    store = open_store(tenant)
    for _ in range(5):
        statement = make_statement()
        at_once(app, writer(tenant, store, statement), writer(tenant, store, voids(statement)))
        with transaction(tenant) as session:
            assert find_statement(session, store, UUID(statement["id"])) is None
            assert find_statement(session, store, UUID(statement["id"]), voided=True)


def test_consistent_through_is_not_ahead_of_the_databases_clock(app, tenant):
    """XP-17: what comes by the short way is stored by that clock, not by the web server's."""
    with transaction(tenant) as session:
        answer = consistent_through(session, datetime.now(UTC) + timedelta(hours=1))
        assert answer <= session.scalar(select(func.clock_timestamp()))


def test_what_is_complete_ends_before_the_millisecond_in_which_a_writer_began(app, tenant):
    """XP-17: `until` includes its millisecond, which the writer may still fill."""
    with transaction(tenant) as writing, transaction(tenant) as session:
        begun = writing.scalar(select(func.transaction_timestamp()))
        long_ago = begun - timedelta(days=1)
        assert complete_until(session, None, datetime.now(UTC)) < whole_milliseconds(begun)
        assert complete_until(session, long_ago, datetime.now(UTC)) == long_ago


def test_consistent_through_never_passes_a_writer_that_has_not_committed(app, tenant):
    """XP-17"""
    store, stored, read = open_store(tenant), threading.Event(), threading.Event()
    answers = []

    def write():
        with transaction(tenant) as session:
            ensure_store(session)
            now = datetime.now(UTC)
            save(session, store, make_statement(), now=now)
            stored.set()
            read.wait(30)
            return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def look():
        stored.wait(30)
        with transaction(tenant) as session:
            answers.append(consistent_through(session, datetime.now(UTC)))
        read.set()

    written, _ = at_once(app, write, look)
    assert answers[0] <= written


def refers(statement, **changes):
    return make_statement(object={"objectType": "StatementRef", "id": statement["id"]}, **changes)


def test_a_statement_and_those_that_refer_to_it_may_arrive_at_the_same_moment(app, tenant):
    """Neither sees the other's rows; all are found by what finds the last of the chain. XP-29"""
    store = open_store(tenant)
    for _ in range(10):
        last = make_statement(verb={"id": f"urn:{uuid4()}"})
        middle = refers(last)
        first = refers(middle)
        results = at_once(app, *(again_writer(tenant, store, one) for one in (first, last, middle)))
        assert [one for one in results if isinstance(one, Exception)] == []
        with transaction(tenant) as session:
            found = query_statements(session, store, StatementQuery(verb=last["verb"]["id"]))
            ids = {str(one.statement_id) for one in found.statements}
            assert ids == {first["id"], middle["id"], last["id"]}


def again_writer(tenant, store, *bodies):
    """As the view does: a transaction that the database gave up is done again."""
    return lambda: again(writer(tenant, store, *bodies))


def test_batches_that_refer_to_each_other_in_circles_come_to_an_end(app, tenant):
    """Locks are taken in one order, and a deadlock is tried again. XP-50"""
    store = open_store(tenant)
    ids = [str(uuid4()) for _ in range(20)]
    targets = [{"objectType": "StatementRef", "id": one} for one in (*ids[1:], ids[0])]
    bodies = [make_statement(id=one, object=to) for one, to in zip(ids, targets, strict=True)]
    orders = [random.Random(n).sample(bodies, len(bodies)) for n in range(4)]
    batches = [order[n : n + 5] for order in orders for n in range(0, 20, 5)]
    results = at_once(app, *(again_writer(tenant, store, *batch) for batch in batches))
    assert [one for one in results if isinstance(one, Exception)] == []
    with transaction(tenant) as session:
        assert session.scalar(select(func.count()).where(Statement.store_id == store.id)) == 20


def test_what_a_transaction_gave_up_is_done_again_but_other_errors_are_not():
    tried = []

    def give_up(code):
        def run():
            tried.append(code)
            if len(tried) < 3:
                error = OperationalError("x", None, SimpleNamespace(pgcode=code))
                raise error
            return "done"

        return run

    assert again(give_up("40P01")) == "done"
    tried.clear()
    with pytest.raises(OperationalError):
        again(give_up("23505"))
    assert tried == ["23505"]


def test_definitions_from_many_writers_lose_nothing(app, tenant):
    """XP-25, XP-50"""
    store = open_store(tenant)
    tags = ["en", "fr", "de", "it", "es", "nl", "sv", "da"]
    courses = [f"https://example.com/{n}" for n in range(6)]

    def batch(tag):
        names = [{"id": iri, "definition": {"name": {tag: iri}}} for iri in courses]
        return [make_statement(object=one) for one in random.Random(tag).sample(names, 6)]

    results = at_once(app, *(again_writer(tenant, store, *batch(tag)) for tag in tags))
    assert [one for one in results if isinstance(one, Exception)] == []
    with transaction(tenant) as session:
        for iri in courses:
            assert set(find_definition(session, store, iri)["name"]) == set(tags)


def test_an_ascending_page_that_must_wait_does_not_pass_the_writer_it_waits_for(app, tenant):
    """The one that began first commits last; what came after it is here already. XP-27, XP-17"""
    store, begun, looked = open_store(tenant), threading.Event(), threading.Event()
    known, first, *others = (make_statement() for _ in range(4))
    writer(tenant, store, known)()  # and its authority, for which all others would wait

    def read(cursor=None):
        with transaction(tenant) as session:
            settled = consistent_through(session, datetime.now(UTC))
            query = StatementQuery(ascending=True, limit=1, cursor=cursor)
            return query_statements(session, store, query, settled=settled)

    def write():
        with transaction(tenant) as session:
            save(session, store, first, now=datetime.now(UTC))
            begun.set()
            looked.wait(30)

    def look():
        begun.wait(30)
        with transaction(tenant) as session:
            save(session, store, *others, now=datetime.now(UTC) + timedelta(milliseconds=2))
        waiting = read(read().cursor)
        looked.set()
        return waiting

    _, waiting = at_once(app, write, look)
    assert waiting.statements == ()
    assert [str(one.statement_id) for one in read(waiting.cursor).statements] == [first["id"]]


def test_an_ascending_reader_meets_every_statement_once_while_many_write(app, tenant):
    """Writers end in another order than they began. XP-27, XP-17"""
    store, ended, seen = open_store(tenant), threading.Event(), []

    def write(seed):
        chance = random.Random(seed)
        for _ in range(15):
            with transaction(tenant) as session:
                save(session, store, make_statement(), now=datetime.now(UTC))
                time.sleep(chance.random() / 50)

    def write_all():
        failed = [one for one in at_once(app, *(partial(write, seed) for seed in range(5))) if one]
        ended.set()
        return failed

    def read():
        cursor = None
        while True:
            last = ended.is_set()
            with transaction(tenant) as session:
                settled = consistent_through(session, datetime.now(UTC))
                query = StatementQuery(ascending=True, limit=1, cursor=cursor)
                page = query_statements(session, store, query, settled=settled)
            if page.cursor is not None:
                seen.extend(one.statement_id for one in page.statements)
                cursor = page.cursor
            elif last:
                seen.extend(one.statement_id for one in page.statements)
                return

    assert at_once(app, write_all, read) == [[], None]
    assert len(seen) == len(set(seen)) == 75
