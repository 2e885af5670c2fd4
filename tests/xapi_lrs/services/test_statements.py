"""Storing and reading statements, on the real database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from database.session import transaction
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_statement import ADA, BOB, COURSE, FULL
from xapi_lrs.core.errors import StatementConflict, StatementsRefused
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.store import Limits
from xapi_lrs.models.statement import Statement, StatementReference
from xapi_lrs.services.statements import find_statement, query_statements, store_statements
from xapi_lrs.services.stores import ensure_store

LECTERN = {"account": {"homePage": "http://localhost:8000", "name": "lectern"}}
NOW = datetime(2026, 11, 21, 12, 0, 0, 123_456, tzinfo=UTC)
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}


def save(session, store, *bodies, now=NOW, **options):
    return store_statements(session, store, list(bodies), authority=LECTERN, now=now, **options)


def voids(statement, **changes):
    ref = {"objectType": "StatementRef", "id": statement["id"]}
    return make_statement(verb=VOIDED, object=ref, **changes)


def read(session, store, limits=None, **query) -> list[str]:
    page = query_statements(session, store, StatementQuery(**query), limits=limits)
    return [str(one.statement_id) for one in page.statements]


def count(session, store) -> int:
    rows = select(func.count()).where(Statement.store_id == store.id)
    return session.scalar(rows)


def test_a_batch_keeps_its_order_and_gets_ids_where_it_has_none(session, store):
    bodies = [make_statement(), make_statement(id=None), make_statement()]
    batch = save(session, store, *bodies)
    assert [str(batch.ids[0]), str(batch.ids[2])] == [bodies[0]["id"], bodies[2]["id"]]
    assert read(session, store, ascending=True) == [str(one) for one in batch.ids]
    assert read(session, store) == [str(one) for one in reversed(batch.ids)]
    assert [one.body for one in batch.new] == bodies


def test_every_derived_column_is_filled(session, store):
    save(session, store, FULL)
    row = session.scalars(select(Statement).where(Statement.store_id == store.id)).one()
    assert row.statement_id == UUID(FULL["id"])
    assert row.stored == NOW.replace(microsecond=123_000)
    assert row.timestamp == datetime(2026, 11, 21, 9, 0, 0, 123_456, tzinfo=UTC)
    assert row.registration == UUID(FULL["context"]["registration"])
    assert (row.verb_iri, row.activity_iri) == (FULL["verb"]["id"], COURSE["id"])
    assert (row.actor_key, row.target_id, row.version) == (None, None, "1.0.3")


def test_one_wrong_statement_refuses_the_batch_before_any_sql(session, store):
    """XP-22"""
    with pytest.raises(StatementsRefused):
        save(session, store, make_statement(), make_statement(verb=None))
    assert count(session, store) == 0


def test_our_own_statement_again_is_no_change(session, store):
    """Ids are derived from what happened, so a repeated job stores nothing twice."""
    statement = make_statement()
    first = save(session, store, statement)
    again = save(session, store, statement, now=NOW + timedelta(hours=1))
    assert again.ids == first.ids
    assert again.new == ()
    assert count(session, store) == 1
    assert find_statement(session, store, first.ids[0]).stored == NOW.replace(microsecond=123_000)
    references = select(func.count()).where(StatementReference.store_id == store.id)
    assert session.scalar(references) == 0


def test_another_statement_under_the_same_id_is_a_conflict_and_its_batch_stores_nothing(tenant):
    """XP-26"""
    first, new = make_statement(), make_statement()
    with transaction(tenant) as session:
        store = ensure_store(session)
        save(session, store, first)
    with pytest.raises(StatementConflict, match=first["id"]), transaction(tenant) as session:
        save(session, store, new, first | {"actor": BOB})
    with transaction(tenant) as session:
        assert read(session, store) == [first["id"]]
        assert find_statement(session, store, UUID(first["id"])).text.count("ada@example.com") == 1


def test_a_repeat_beside_something_new_stores_the_new_one(session, store):
    old, new = make_statement(), make_statement()
    save(session, store, old)
    batch = save(session, store, old, new)
    assert [str(one.statement_id) for one in batch.new] == [new["id"]]
    assert count(session, store) == 2


def test_a_voided_statement_is_found_only_as_a_voided_one(session, store):
    """XP-30"""
    statement = make_statement()
    voider = voids(statement)
    save(session, store, statement)
    save(session, store, voider)
    statement_id, voider_id = UUID(statement["id"]), UUID(voider["id"])
    assert find_statement(session, store, statement_id) is None
    assert find_statement(session, store, statement_id, voided=True) is not None
    assert find_statement(session, store, voider_id) is not None
    assert find_statement(session, store, voider_id, voided=True) is None
    assert read(session, store) == [voider["id"]]


def test_a_statement_that_arrives_after_its_voider_is_void_from_the_start(session, store):
    """XP-30"""
    statement = make_statement()
    save(session, store, voids(statement))
    save(session, store, statement)
    assert find_statement(session, store, UUID(statement["id"])) is None


def test_a_voiding_statement_cannot_be_voided(session, store):
    """XP-30"""
    statement = make_statement()
    voider = voids(statement)
    save(session, store, statement, voider, voids(voider))
    assert find_statement(session, store, UUID(voider["id"])) is not None
    assert find_statement(session, store, UUID(statement["id"])) is None


def test_filters_find_what_they_name(session, store):
    registration = uuid4()
    by_bob = make_statement(actor=BOB)
    about_bob = make_statement(object={"objectType": "Agent"} | BOB)
    passed = make_statement(verb={"id": "http://adlnet.gov/expapi/verbs/passed"})
    elsewhere = make_statement(object={"id": "https://example.com/other"})
    registered = make_statement(context={"registration": str(registration).upper()})
    save(session, store, by_bob, about_bob, passed, elsewhere, registered)
    bob = "account https://lms.example.com bob"
    assert read(session, store, agent=bob, ascending=True) == [by_bob["id"], about_bob["id"]]
    assert read(session, store, verb=passed["verb"]["id"]) == [passed["id"]]
    assert read(session, store, activity="https://example.com/other") == [elsewhere["id"]]
    assert read(session, store, registration=registration) == [registered["id"]]
    assert read(session, store, agent=bob, activity=COURSE["id"]) == [by_bob["id"]]
    assert read(session, store, agent=bob, verb=passed["verb"]["id"]) == []
    assert read(session, store, agent="mailto:nobody@example.com") == []


def test_related_filters_find_every_mention_once_and_in_order(session, store):
    """A statement that mentions somebody twice is listed once. XP-10"""
    parent = {"contextActivities": {"parent": COURSE}}
    other = {"id": "https://example.com/other"}
    one = make_statement(object=other, context=parent)
    two = make_statement(context={"instructor": ADA} | parent)
    three = make_statement(actor=BOB, object=other, context={"instructor": ADA})
    save(session, store, one, two, three)
    ada = "mailto:ada@example.com"
    ids = [one["id"], two["id"], three["id"]]
    assert read(session, store, activity=COURSE["id"]) == [two["id"]]
    related = {"activity": COURSE["id"], "related_activities": True}
    assert read(session, store, **related, ascending=True) == ids[:2]
    assert read(session, store, **related) == ids[1::-1]
    assert read(session, store, agent=ada, related_agents=True, ascending=True) == ids
    assert read(session, store, agent=ada, related_agents=True, **related) == ids[1::-1]
    lectern = "account http://localhost:8000 lectern"
    assert read(session, store, agent=lectern) == []
    assert read(session, store, agent=lectern, related_agents=True, ascending=True) == ids


def test_since_is_exclusive_and_until_inclusive(session, store):
    """XP-43"""
    moments = [NOW + timedelta(milliseconds=n) for n in range(3)]
    ids = [str(save(session, store, make_statement(), now=now).ids[0]) for now in moments]
    stored = moments[1].replace(microsecond=124_000)
    assert read(session, store, since=stored) == [ids[2]]
    assert read(session, store, until=stored) == [ids[1], ids[0]]
    assert read(session, store, since=stored, until=stored) == []


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize("related", [False, True])
def test_pages_follow_each_other_without_gap_or_repeat_while_statements_arrive(
    session, store, ascending, related
):
    """XP-27"""
    context = {"contextActivities": {"other": COURSE}}
    bodies = [
        make_statement(context=context, object=COURSE if n % 3 else {"id": "urn:x"})
        for n in range(10)
    ]
    for n, body in enumerate(bodies):
        save(session, store, body, now=NOW + timedelta(milliseconds=n // 4))
    wanted = [body["id"] for body in bodies if related or body["object"] == COURSE]
    filters = {"activity": COURSE["id"], "related_activities": related, "ascending": ascending}
    seen, cursor = [], None
    while True:
        asked = StatementQuery(**filters, limit=3, cursor=cursor)
        page = query_statements(session, store, asked)
        seen += [str(one.statement_id) for one in page.statements]
        if not ascending:
            save(session, store, make_statement(), now=NOW + timedelta(minutes=1))
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == (wanted if ascending else wanted[::-1])


def test_a_limit_beyond_the_stores_own_is_the_stores_own(session, store):
    save(session, store, *(make_statement() for _ in range(5)))
    limits = Limits(page=3)
    assert len(read(session, store, limits, limit=0)) == 3
    assert len(read(session, store, limits, limit=100)) == 3
    assert len(read(session, store, limits, limit=2)) == 2


def test_two_stores_of_one_tenant_never_see_each_other(session, store):
    other = ensure_store(session, "other")
    statement = make_statement()
    save(session, store, statement)
    save(session, other, statement | {"actor": BOB})
    assert '"mailto:ada' in find_statement(session, store, UUID(statement["id"])).text
    assert "bob" in find_statement(session, other, UUID(statement["id"])).text
    assert read(session, other, agent="mailto:ada@example.com") == []
    assert read(session, store, agent="mailto:ada@example.com") == [statement["id"]]


def test_a_voider_in_another_store_voids_nothing_here(session, store):
    other = ensure_store(session, "other")
    statement = make_statement()
    save(session, store, statement)
    save(session, other, voids(statement))
    assert find_statement(session, store, UUID(statement["id"])) is not None


def test_two_tenants_never_see_each_other_even_with_the_others_store_in_hand(tenant, other_tenant):
    """Row-level security, not a filter that one could forget."""
    statement = make_statement()
    with transaction(tenant) as session:
        store = ensure_store(session)
        save(session, store, statement)
    with transaction(other_tenant) as session:
        assert read(session, store) == []
        assert find_statement(session, store, UUID(statement["id"])) is None
        assert session.scalar(select(func.count()).select_from(Statement)) == 0
        assert session.scalar(select(func.count()).select_from(StatementReference)) == 0
        own = ensure_store(session)
        assert own.id != store.id
        save(session, own, statement | {"actor": BOB})
    with transaction(tenant) as session:
        assert read(session, store, agent="mailto:ada@example.com") == [statement["id"]]
    with pytest.raises(DBAPIError), transaction(None) as session:
        save(session, store, make_statement())


def test_a_long_iri_is_no_problem_for_any_index(session, store):
    iri = "https://example.com/" + "x" * 10_000
    statement = make_statement(verb={"id": iri}, object={"id": iri})
    save(session, store, statement)
    assert read(session, store, verb=iri, activity=iri) == [statement["id"]]


def test_an_attachment_needs_a_file_url_as_long_as_its_data_cannot_come_along(session, store):
    """XP-31"""
    attachment = {k: v for k, v in FULL["attachments"][0].items() if k != "fileUrl"}
    with pytest.raises(StatementsRefused, match="fileUrl"):
        save(session, store, make_statement(attachments=[attachment]))


def test_an_empty_batch_stores_nothing(session, store):
    assert save(session, store).ids == ()


def test_what_was_sent_is_kept_character_by_character(session, store):
    text = '{"actor":{"mbox":"mailto:a@b"},  "verb":{"id":"urn:v"},"object":{"id":"urn:\\u00e9"}}'
    body = {"actor": {"mbox": "mailto:a@b"}, "verb": {"id": "urn:v"}, "object": {"id": "urn:é"}}
    batch = save(session, store, body, texts=[text])
    assert find_statement(session, store, batch.ids[0]).text == text


def test_a_batch_that_was_rolled_back_leaves_no_trace_that_later_ones_stumble_over(session, store):
    """The host stores its own statements inside a savepoint."""
    savepoint = session.begin_nested()
    save(session, store, make_statement())
    savepoint.rollback()
    statement = make_statement()
    save(session, store, statement)
    assert read(session, store) == [statement["id"]]
