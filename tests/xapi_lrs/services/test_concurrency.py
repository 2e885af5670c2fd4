"""Several writers at once."""

import random
import threading
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select

from database.session import transaction
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.services.test_statements import save, voids
from xapi_lrs.core.errors import StatementConflict
from xapi_lrs.models.statement import Statement, StatementReference
from xapi_lrs.services.consistency import consistent_through
from xapi_lrs.services.statements import find_statement
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
