"""A page costs what is on it, however large the store is: the database tells how many rows it
touched (EXPLAIN ANALYZE)."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.dialects import postgresql

from database.session import transaction
from database.urls import with_driver
from tests.conftest import make_tenant
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.services.test_statements import LECTERN
from xapi_lrs.core.actor import identify
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.models.statement import Statement, StatementReference
from xapi_lrs.services.statement_drivers import ENOUGH, plan_search
from xapi_lrs.services.statement_filters import IN_ORDER, select_page
from xapi_lrs.services.statements import store_statements
from xapi_lrs.services.stores import ensure_store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BATCHES, SIZE, PAGE = 20, 1000, 51
BUSY = {"mbox": "mailto:robot@example.com"}
ROBOT, ADA = identify(BUSY), "mailto:a7@example.com"


def statement(number: int, chance: random.Random) -> dict:
    busy = number % 4 == 0
    return make_statement(
        actor=BUSY if busy else {"mbox": f"mailto:a{chance.randrange(100)}@example.com"},
        verb={"id": f"urn:v:{chance.randrange(5)}"},
        object={"id": f"urn:a:{chance.randrange(50)}"},
        context={
            "registration": str(UUID(int=number // 200)),
            "contextActivities": {"grouping": [{"id": f"urn:g:{chance.randrange(3)}"}]},
        },
    )


@pytest.fixture(scope="module")
def large(app) -> tuple:
    """A tenant with a store of 20,000 statements, a quarter of them of one agent."""
    chance = random.Random(1)
    with app.app_context():
        tenant = make_tenant()
        with transaction(tenant) as session:
            store = ensure_store(session)
        for batch in range(BATCHES):
            bodies = [statement(batch * SIZE + n, chance) for n in range(SIZE)]
            now = NOW + timedelta(seconds=batch)
            with transaction(tenant) as session:
                store_statements(session, store, bodies, authority=LECTERN, now=now)
    return tenant, store


@pytest.fixture(scope="module", params=["fresh", "analysed"])
def planned(request, database) -> None:
    """What the planner knows of the tables: nothing, as in a store that has just been filled, or
    what ANALYZE has found."""
    engine = create_engine(with_driver(database.owner_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for table in (Statement, StatementReference):
            name = table.__tablename__
            connection.execute(text(f"VACUUM ANALYZE {name}"))
            if request.param == "fresh":
                connection.execute(select(func.pg_clear_relation_stats("public", name)))
                for column in table.__table__.columns:
                    cleared = func.pg_clear_attribute_stats("public", name, column.name, False)
                    connection.execute(select(cleared))
    engine.dispose()


def touched(session, store, query: StatementQuery) -> int:
    """Rows of statements and references that the database reads for a page of 50."""
    page = select_page(plan_search(session, store.id, query), PAGE)
    sql = page.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    session.execute(IN_ORDER)
    (plan,) = session.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}".replace(":", r"\:")))
    return sum(rows_of(plan["Plan"]))


def rows_of(node: dict) -> Iterator[float]:
    if node.get("Relation Name") in ("statement", "statement_reference"):
        assert node["Node Type"] != "Seq Scan", node
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        yield read * node["Actual Loops"]
    for child in node.get("Plans", ()):
        yield from rows_of(child)


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"agent": ADA},
        {"agent": ROBOT},
        {"agent": ROBOT, "related_agents": True},
        {"verb": "urn:v:1"},
        {"verb": "urn:v:1", "since": NOW + timedelta(seconds=5)},
        {"activity": "urn:a:1"},
        {"activity": "urn:g:1", "related_activities": True},
        {"registration": UUID(int=7)},
        {"agent": ROBOT, "verb": "urn:v:2"},
        {"authority": identify(LECTERN)},
    ],
    ids=lambda filters: " ".join(filters) or "nothing",
)
def test_a_page_reads_no_more_than_a_few_pages_of_rows(planned, large, filters, ascending):
    """Index scans in order that stop. XP-48"""
    tenant, store = large
    with transaction(tenant) as session:
        query = StatementQuery(**filters, ascending=ascending)
        assert touched(session, store, query) <= 8 * PAGE


@pytest.mark.parametrize(
    "filters",
    [
        {"agent": ROBOT, "verb": "urn:v:rare"},
        {"agent": "mailto:nobody@example.com", "verb": "urn:v:1"},
        {"agent": ROBOT, "activity": "urn:a:rare", "related_activities": True},
        {"registration": UUID(int=7), "verb": "urn:v:rare", "activity": "urn:a:1"},
        {"agent": ADA, "verb": "urn:v:1", "activity": "urn:g:1", "related_activities": True},
    ],
    ids=" ".join,
)
def test_the_rarest_of_several_filters_bounds_what_is_read(planned, large, filters):
    """A combination that hardly occurs does not walk the store."""
    tenant, store = large
    with transaction(tenant) as session:
        assert touched(session, store, StatementQuery(**filters)) <= 4 * ENOUGH


def test_the_rarest_filter_drives(large):
    tenant, store = large
    with transaction(tenant) as session:
        asked = StatementQuery(agent=ROBOT, verb="urn:v:rare")
        assert plan_search(session, store.id, asked).filters[0].column == "verb_key"
        asked = StatementQuery(agent=ADA, verb="urn:v:1")
        assert plan_search(session, store.id, asked).filters[0].column == "actor_key"
