"""Statements out of a store, as JSONL and as CSV."""

import csv
import io
import tracemalloc
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from database.session import transaction
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_statement import FULL
from tests.xapi_lrs.services.test_concurrency import open_store
from tests.xapi_lrs.services.test_statements import save, voids
from xapi_lrs.core.errors import InvalidRequest
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.store import Limits
from xapi_lrs.services import exports
from xapi_lrs.services.exports import export_statements
from xapi_lrs.services.statements import store_statements

EVERYTHING = StatementQuery()
AUTHORITY = {"mbox": "mailto:authority@example.com"}


@pytest.fixture
def opened(app, tenant):
    """How a session is opened, and the store."""
    return (lambda: transaction(tenant)), open_store(tenant)


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(exports, "PAGE", Limits(page=50))


def keep(opened, *bodies, **options):
    with opened[0]() as session:
        return save(session, opened[1], *bodies, **options)


def export(opened, query=EVERYTHING, form="jsonl", **options):
    pieces = export_statements(*opened, query, form=form, now=datetime.now(UTC), **options)
    return b"".join(pieces)


def ids(jsonl):
    return [orjson.loads(line)["id"] for line in jsonl.splitlines()]


def test_jsonl_has_each_statement_with_what_the_store_added(opened):
    body = FULL | {"id": make_statement()["id"]}
    keep(opened, body)
    (line,) = export(opened).splitlines()
    got = orjson.loads(line)
    assert got["result"] == body["result"]
    assert {"stored", "authority", "timestamp", "version"} <= set(got)


def test_a_statement_that_was_sent_in_many_lines_is_one_line(opened):
    body = make_statement(result={"response": "a\nb"})
    text = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode().replace("\n", "\r\n")
    with opened[0]() as session:
        now = datetime.now(UTC)
        store_statements(session, opened[1], [body], texts=[text], authority=AUTHORITY, now=now)
    jsonl = export(opened)
    assert jsonl.count(b"\n") == 1
    assert b"\r" not in jsonl
    assert orjson.loads(jsonl)["result"]["response"] == "a\nb"


def test_it_goes_over_many_pages_oldest_first_and_tells_how_far_it_is(opened, short_pages):
    bodies = [make_statement() for _ in range(110)]
    keep(opened, *bodies)
    told = []
    jsonl = export(opened, progress=lambda done, total: told.append((done, total)))
    assert ids(jsonl) == [body["id"] for body in bodies]
    assert told == [(0, 110), (50, 110), (100, 110), (110, 110)]


def test_only_what_the_query_selects_is_exported(opened):
    bob = {"mbox": "mailto:bob@example.com"}
    mine, other = make_statement(actor=bob), make_statement()
    keep(opened, mine, other)
    query = StatementQuery(agent=bob["mbox"], verb=mine["verb"]["id"])
    assert ids(export(opened, query)) == [mine["id"]]
    assert export(opened, StatementQuery(agent="mailto:nobody@example.com")) == b""
    assert export(opened, StatementQuery(until=datetime(2000, 1, 1, tzinfo=UTC))) == b""


def test_voided_statements_are_in_it_when_they_are_asked_for(opened):
    """XP-30"""
    statement = make_statement()
    voider = voids(statement)
    keep(opened, statement)
    keep(opened, voider)
    assert ids(export(opened)) == [voider["id"]]
    whole = StatementQuery(with_voided=True)
    assert ids(export(opened, whole)) == [statement["id"], voider["id"]]


def test_what_arrives_during_an_export_is_not_in_it(opened, short_pages):
    keep(opened, *(make_statement() for _ in range(60)))
    pieces = export_statements(*opened, EVERYTHING, form="jsonl", now=datetime.now(UTC))
    first = next(pieces)
    keep(opened, make_statement(), now=datetime.now(UTC) + timedelta(seconds=5))
    assert len(ids(first + b"".join(pieces))) == 60


def test_csv_has_a_line_of_names_and_a_line_for_each_statement(opened):
    known = {"id": "urn:course", "definition": {"name": {"de": "Kurs", "en": "Course"}}}
    keep(opened, make_statement(object=known), make_statement(object={"id": "urn:course"}))
    text = export(opened, form="csv", languages=("en",)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [one["object_name"] for one in rows] == ["Course", "Course"]
    assert rows[0]["actor"] == "mailto:ada@example.com"


def test_another_form_is_refused(opened):
    with pytest.raises(InvalidRequest, match="jsonl or csv"):
        export(opened, form="xlsx")


def test_memory_is_that_of_a_page_however_much_is_exported(opened, short_pages):
    """1 MB a page; 10 MB in all."""
    for _ in range(10):
        keep(opened, *(make_statement(result={"response": "x" * 20_000}) for _ in range(50)))
    pieces = export_statements(*opened, EVERYTHING, form="jsonl", now=datetime.now(UTC))
    next(pieces)
    tracemalloc.start()
    size = sum(map(len, pieces))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 9_000_000
    assert peak < 6_500_000
