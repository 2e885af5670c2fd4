"""Statements into a store, from JSONL."""

import io
import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import orjson
import pytest

from database.session import transaction
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.services.test_concurrency import open_store
from tests.xapi_lrs.services.test_exports import export, ids, keep, opened
from tests.xapi_lrs.services.test_statements import voids
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.services import imports
from xapi_lrs.services.imports import import_statements
from xapi_lrs.services.statements import find_statement

__all__ = ["opened"]

IMPORTER = {"account": {"homePage": "https://lectern.example", "name": "import"}}
WHOLE = StatementQuery(with_voided=True)


@pytest.fixture
def other(app, opened, other_tenant):
    """A second store, of another tenant."""
    return (lambda: transaction(other_tenant)), open_store(other_tenant)


def read(opened, *lines, **options):
    data = b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
    options = {"authority": IMPORTER, "now": lambda: datetime.now(UTC)} | options
    return import_statements(*opened, io.BytesIO(data), **options)


def find(opened, statement_id):
    with opened[0]() as session:
        return find_statement(session, opened[1], UUID(statement_id))


def test_what_was_exported_comes_back_whole(opened, other):
    """Voided statements, authorities and instants included; `stored` is the new store's."""
    statement = make_statement(timestamp=None)
    keep(opened, statement, make_statement())
    keep(opened, voids(statement))
    before = export(opened, WHOLE)
    report = import_statements(
        *other, io.BytesIO(before), authority=IMPORTER, now=lambda: datetime.now(UTC)
    )
    assert (report.stored, report.already_there, report.refused) == (3, 0, 0)
    pairs = zip(before.splitlines(), export(other, WHOLE).splitlines(), strict=True)
    for one, again in ((orjson.loads(a), orjson.loads(b)) for a, b in pairs):
        assert {**one, "stored": ""} == {**again, "stored": ""}
    assert ids(export(opened)) == ids(export(other))


def test_importing_again_stores_nothing_twice(opened):
    """Also lines without an id: they get one made of their line."""
    lines = [make_statement(), make_statement(id=None), make_statement(id=None)]
    first, second = read(opened, *lines), read(opened, *lines)
    assert (first.stored, first.already_there) == (3, 0)
    assert (second.stored, second.already_there) == (0, 3)
    assert len(ids(export(opened))) == 3


def test_each_refused_line_is_told_with_its_number_and_every_fault(opened):
    good, bad = make_statement(), make_statement(actor={}, verb={"id": "x"})
    report = read(
        opened, good, b"", b"{", bad, b"[]", b'{"id":1,"id":2}', b"\xff", make_statement()
    )
    assert (report.stored, report.refused) == (2, 5)
    assert [one.line for one in report.refusals] == [3, 4, 5, 6, 7]
    assert report.refusals[1].statement_id == bad["id"]
    assert "actor" in report.refusals[1].reason
    assert "verb.id" in report.refusals[1].reason


def test_a_line_whose_id_has_other_content_here_is_refused_alone(opened):
    """XP-26"""
    lines = [make_statement() for _ in range(5)]
    keep(opened, lines[2] | {"object": {"id": "urn:other"}})
    report = read(opened, *lines)
    assert (report.stored, report.refused) == (4, 1)
    assert (report.refusals[0].line, report.refusals[0].statement_id) == (3, lines[2]["id"])


def test_the_same_id_twice_in_a_file_is_stored_once(opened):
    """The same content is there already, other content is refused. XP-09, XP-26"""
    one = make_statement()
    report = read(opened, one, one, one | {"object": {"id": "urn:other"}})
    assert (report.stored, report.already_there, report.refused) == (1, 1, 1)
    assert report.refusals[0].line == 3


def test_check_only_stores_nothing_and_tells_the_same(opened):
    report = read(opened, make_statement(), b"{", check_only=True)
    assert (report.stored, report.refused, report.refusals[0].line) == (1, 1, 2)
    assert export(opened) == b""


def test_a_lines_authority_is_kept_unless_told_otherwise(opened):
    vendor = {"mbox": "mailto:vendor@example.com"}
    one, two = make_statement(authority=vendor), make_statement()
    read(opened, one, two)
    three = make_statement(authority=vendor)
    read(opened, three, keep_authorities=False)
    found = [orjson.loads(find(opened, body["id"]).authority) for body in (one, two, three)]
    assert found == [vendor, IMPORTER, IMPORTER]


def test_the_instant_of_a_statement_without_a_timestamp_is_when_it_was_stored_first(opened):
    body = make_statement(timestamp=None, stored="2020-01-01T00:00:00Z")
    read(opened, body)
    got = orjson.loads(export(opened))
    assert got["timestamp"] == "2020-01-01T00:00:00Z"
    assert got["stored"] > "2026"


def test_both_versions_may_stand_in_one_file(opened):
    """XP-10, XP-12"""
    party = {"objectType": "contextAgent", "agent": {"mbox": "mailto:a@example.com"}}
    new = make_statement(version="2.0.0", context={"contextAgents": [party]})
    old = make_statement(version="1.0.3", context={"contextAgents": [party]})
    report = read(opened, make_statement(version="1.0.3"), new, old)
    assert (report.stored, report.refusals[0].line) == (2, 3)


def test_an_attachment_that_is_only_declared_is_no_reason_to_refuse(opened):
    """JSONL cannot bring data. XP-31"""
    attachment = {
        "usageType": "urn:usage",
        "display": {"en": "A file"},
        "contentType": "text/plain",
        "length": 1,
        "sha2": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    }
    report = read(opened, make_statement(attachments=[attachment]), make_statement())
    assert (report.stored, report.without_file, report.refused) == (2, 1, 0)


def test_a_file_of_many_batches_tells_how_far_it_is(opened):
    lines = [orjson.dumps(make_statement()) for _ in range(450)]
    told, size = [], len(b"\n".join(lines))
    report = read(
        opened, *lines, total=size, progress=lambda done, total: told.append((done, total))
    )
    assert report.stored == 450
    assert told[-1] == (size, size)
    assert len(told) == 3
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_line_too_long_is_refused_and_the_next_one_read(opened, monkeypatch):
    monkeypatch.setattr(imports, "LONGEST_LINE", 1000)
    long = make_statement(result={"response": "x" * 5000})
    report = read(opened, make_statement(), long, make_statement())
    assert (report.stored, [one.line for one in report.refusals]) == (2, [2])
    assert "1000" in report.refusals[0].reason


def test_refusals_beyond_the_first_thousand_are_only_counted(opened, monkeypatch):
    monkeypatch.setattr(imports, "MOST_REFUSALS", 3)
    report = read(opened, *itertools.repeat(b"{", 10))
    assert (report.refused, len(report.refusals)) == (10, 3)


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(opened):
    data = b"\xef\xbb\xbf" + orjson.dumps(make_statement()) + b"\r\n\r\n"
    assert read(opened, data + orjson.dumps(make_statement()) + b"\r").stored == 2


def test_a_job_that_died_in_the_middle_goes_on(opened):
    """Each batch is its own transaction."""
    lines = [make_statement(id=str(uuid4())) for _ in range(401)]
    clock = itertools.chain([datetime.now(UTC)], itertools.repeat(None))
    with pytest.raises(TypeError):
        read(opened, *lines, now=lambda: next(clock) - timedelta(0))
    report = read(opened, *lines)
    assert (report.stored, report.already_there) == (201, 200)
