"""The short way in stores what the long way would, and refuses in its words."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from database.session import transaction
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.keys import change_credential, with_host
from xapi_lrs.core.store import Limits
from xapi_lrs.services import activities
from xapi_lrs.services.credentials import revoke_credential
from xapi_lrs.services.rates import MemoryRates
from xapi_lrs.services.reception import CommitUnknown
from xapi_lrs.services.rejections import list_rejections
from xapi_lrs.services.stores import ensure_store
from xapi_lrs.views import statement_door
from xapi_lrs.views.host import ignore

HOME = "http://localhost:8000"


@dataclass
class Doors:
    """Sends requests, and counts those that the application had to answer."""

    lrs: object
    long: list[str] = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(self.lrs, name)

    def post(self, *statements, **options):
        return self.lrs.post(*statements, base_url=HOME, **options)

    def put(self, statement, statement_id=None, **options):
        return self.lrs(
            "PUT",
            query_string={"statementId": statement_id or statement["id"]},
            json=statement,
            base_url=HOME,
            **options,
        )

    def took_the_short_way(self) -> bool:
        """Since this was asked last."""
        taken = not self.long
        del self.long[:]
        return taken


@pytest.fixture
def doors(lrs, lrs_app, monkeypatch) -> Iterator[Doors]:
    """Nobody listens, and both kinds of request have been answered before."""
    with_host(monkeypatch, lrs_app, on_statements=ignore)
    door = lrs_app.wsgi_app.application
    assert isinstance(door, statement_door.StatementDoor)
    found, inner = Doors(lrs), door._application

    def counted(environ, start_response):
        found.long.append(environ["REQUEST_METHOD"])
        return inner(environ, start_response)

    monkeypatch.setattr(door, "_application", counted)
    monkeypatch.setattr(door, "_manners", {})
    found.post(make_statement())
    found.put(make_statement())
    found.put(make_statement())  # the use of the key is written down by now
    del found.long[:]
    return found


def test_both_ways_answer_alike(doors, lrs_app, monkeypatch):
    """Status, headers and body."""
    for send in (doors.post, doors.put):
        statement = make_statement()
        short = send(statement)
        assert doors.took_the_short_way()
        with_host(monkeypatch, lrs_app, on_statements=lambda session, batch: None)
        long = send(statement)
        assert not doors.took_the_short_way()
        with_host(monkeypatch, lrs_app, on_statements=ignore)
        assert (short.status, short.data) == (long.status, long.data)
        instant = "X-Experience-API-Consistent-Through"
        assert short.headers.pop(instant) <= long.headers.pop(instant)
        assert sorted(short.headers) == sorted(long.headers)


def test_what_came_by_the_short_way_is_given_back_whole(doors):
    """XP-40: stored, timestamp and authority are the store's."""
    statement = make_statement(result={"success": True}, timestamp=None)
    assert doors.post(statement).json == [statement["id"]]
    assert doors.took_the_short_way()
    found = doors.get(statementId=statement["id"]).json
    assert found["result"] == {"success": True}
    assert found["timestamp"] == found["stored"]
    assert found["authority"]["account"] == {"homePage": HOME, "name": f"lrs-key:{doors.key}"}
    assert doors.ids(agent='{"mbox":"mailto:ada@example.com"}', limit=1) == [statement["id"]]


def test_a_statement_without_an_id_gets_one(doors):
    """XP-26"""
    [name] = doors.post(make_statement(id=None)).json
    assert doors.took_the_short_way()
    assert doors.get(statementId=name).status_code == 200


def test_revoking_counts_at_once(doors, tenant):
    """XP-19: nothing that this process remembers lets anybody in."""
    change_credential(tenant, doors.key, revoke_credential)
    statement = make_statement()
    answer = doors.post(statement)
    assert (answer.status_code, doors.took_the_short_way()) == (401, False)
    with transaction(tenant) as session:
        found = session.execute(
            text("SELECT count(*) FROM statement WHERE statement_id = :id"), {"id": statement["id"]}
        )
        assert found.scalar() == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lrs_store SET is_active = false",
        "UPDATE lrs_credential SET scopes = '[\"statements/read\"]'",
        "UPDATE lrs_credential SET activity = 'urn:another'",
    ],
)
def test_what_changes_about_a_key_counts_at_once(doors, tenant, change):
    """XP-19"""
    with transaction(tenant) as session:
        session.execute(text(change))
    assert doors.post(make_statement()).status_code == 403


def test_a_key_opens_its_own_store_only(doors):
    """XP-19"""
    answer = doors.lrs("POST", "/xapi/other/statements", json=make_statement(), base_url=HOME)
    assert answer.status_code == 403


def test_the_same_again_is_no_error_and_other_content_is_a_conflict(doors):
    """XP-26"""
    statement = make_statement()
    assert [doors.post(statement).status_code for _ in range(2)] == [200, 200]
    assert doors.put(statement).status_code == 204
    other = statement | {"object": {"id": "urn:other"}}
    assert doors.post(other).status_code == 409
    assert doors.put(other).status_code == 409


def test_a_batch_with_a_conflict_stores_nothing(doors):
    """XP-22: what was new in it is taken back."""
    there, fresh = make_statement(), make_statement()
    doors.post(there)
    assert doors.post(fresh, there | {"object": {"id": "urn:other"}}).status_code == 409
    assert doors.get(statementId=fresh["id"]).status_code == 404
    assert doors.post(fresh, there).status_code == 200
    assert doors.get(statementId=fresh["id"]).status_code == 200


def test_a_batch_of_new_statements_takes_the_short_way(doors):
    """XP-22"""
    statements = [make_statement() for _ in range(20)]
    assert doors.post(*statements).json == [one["id"] for one in statements]
    assert doors.took_the_short_way()
    assert doors.ids(limit=20) == [one["id"] for one in reversed(statements)]


def test_a_refusal_names_path_and_rule_and_is_written_down(doors, tenant):
    """XP-14, XP-39"""
    answer = doors.post(make_statement(actor={"mbox": "nobody"}))
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] == "actor.mbox"
    with transaction(tenant) as session:
        [kept] = list_rejections(session, ensure_store(session))
    assert (kept.status, "nobody" in kept.body) == (400, True)


def test_put_refuses_another_id_than_its_address(doors):
    """XP-26"""
    assert doors.put(make_statement(), str(uuid4())).status_code == 400


def test_a_body_that_broke_off_is_refused_though_it_looks_complete(doors):
    """A bookmark or a statement cut short must not pass for a whole one."""
    statement = make_statement()
    announced = {"CONTENT_LENGTH": "5000"}
    assert doors.put(statement, environ_overrides=announced).status_code == 400


def test_a_statement_that_was_voided_before_it_came_is_void(doors):
    """XP-30: whichever comes first."""
    target = make_statement()
    reference = {"objectType": "StatementRef", "id": target["id"]}
    voided = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    assert doors.post(make_statement(verb=voided, object=reference)).status_code == 200
    assert not doors.took_the_short_way()
    assert doors.post(target).status_code == 200
    assert not doors.took_the_short_way()
    assert doors.get(statementId=target["id"]).status_code == 404
    assert doors.get(voidedStatementId=target["id"]).status_code == 200


def define(name):
    activity = {"id": "https://example.com/named", "definition": {"name": {"en": name}}}
    return make_statement(object=activity)


def test_what_a_statement_says_of_an_activity_becomes_known(doors, monkeypatch):
    """XP-25: said for the first time it takes the long way; said again, the short one, also in a
    process that has not heard of it."""

    def known():
        asked = doors.lrs("GET", "/activities", query_string={"activityId": activity})
        return asked.json["definition"]["name"]["en"]

    activity = "https://example.com/named"
    doors.post(define("One"))
    assert (doors.took_the_short_way(), known()) == (False, "One")
    del doors.long[:]
    doors.post(define("One"))
    assert doors.took_the_short_way()
    monkeypatch.setattr(activities, "_expected", {})
    doors.post(define("One"))
    assert doors.took_the_short_way()
    doors.post(define("Two"))
    assert (doors.took_the_short_way(), known()) == (False, "Two")


def test_what_another_process_has_said_meanwhile_is_seen(doors, monkeypatch):
    """XP-25: "One" is something new again once another process has said "Two"."""
    doors.post(define("One"))
    mine = dict(activities._expected)
    doors.post(define("Two"))
    monkeypatch.setattr(activities, "_expected", mine)
    doors.post(define("One"))
    answer = doors.lrs(
        "GET", "/activities", query_string={"activityId": "https://example.com/named"}
    )
    assert answer.json["definition"]["name"]["en"] == "One"


def test_a_request_is_counted_once_whichever_way_it_takes(doors, lrs_app, monkeypatch):
    """A refusal costs one token of the rate, as it did."""
    limits = Limits(requests_per_second=1)  # a burst of twenty
    rates = MemoryRates(clock=lambda: 0.0)
    with_host(monkeypatch, lrs_app, on_statements=ignore, limits=limits, rates=rates)
    bad = make_statement(actor={"mbox": "nobody"})
    statuses = [doors.post(bad).status_code for _ in range(22)]
    assert statuses == [400] * 20 + [429] * 2


def test_nothing_is_done_again_when_nobody_knows_whether_it_was_done(doors, monkeypatch):
    """XP-22: a statement without an id would be stored twice."""

    def break_off(*args, **options):
        raise CommitUnknown("the connection broke while statements were stored")

    monkeypatch.setattr(statement_door, "receive", break_off)
    answer = doors.post(make_statement(id=None))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json["error"]["code"] == "unavailable"
    before = len(doors.ids())
    monkeypatch.undo()
    assert len(doors.ids()) == before


def test_many_at_once_are_stored_each_by_itself(doors):
    """XP-22, XP-26: they share transactions, a bad one and a repeated one are alone."""
    there = make_statement()
    doors.post(there)
    good = [make_statement() for _ in range(30)]
    other = there | {"verb": {"id": "https://example.com/verbs/other"}}
    sent = [*good[:10], other, *good[10:20], make_statement(actor={}), *good[20:], there]

    def post(statement):
        client = doors.client.application.test_client()
        return replace(doors.lrs, client=client).post(statement, base_url=HOME)

    with ThreadPoolExecutor(8) as pool:
        statuses = [one.status_code for one in pool.map(post, sent)]
    assert (statuses[10], statuses[21]) == (409, 400)
    assert statuses.count(200) == 31
    for one in good:
        assert doors.get(statementId=one["id"]).status_code == 200


def test_stored_is_not_before_the_transaction_began(doors, tenant):
    """XP-17: Consistent-Through counts on it; it is the database's clock."""
    with transaction(tenant) as session:
        before = session.scalar(text("SELECT date_trunc('milliseconds', clock_timestamp())"))
    name = doors.post(make_statement()).json[0]
    with transaction(tenant) as session:
        stored, after = session.execute(
            text("SELECT stored, clock_timestamp() FROM statement WHERE statement_id = :id"),
            {"id": name},
        ).one()
    assert before <= stored <= after
