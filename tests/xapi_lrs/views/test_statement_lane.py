"""Connections in the lane: what it serves is what the application would have answered, and what it
does not serve it gives back whole."""

from uuid import uuid4

import orjson
import pytest

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.keys import change_credential
from tests.xapi_lrs.lane import HOME, Lane, answer_of
from xapi_lrs.services.credentials import revoke_credential
from xapi_lrs.views import statement_lane
from xapi_lrs.views.door import COUNTED
from xapi_lrs.views.statement_lane import MOST_MISSES, REST


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_the_lane_answers_as_the_application_does(lane, method):
    """Status, headers and body; and again the same on the kept connection. XP-22, XP-26"""
    client, _ = lane.connect()
    for statement in (make_statement(), make_statement(result={"response": "longer"})):
        client.sendall(lane.request(statement, method=method))
        status, headers, body = answer_of(client)
        query = {"statementId": statement["id"]} if method == "PUT" else {}
        long = lane.lrs(method, query_string=query, json=statement, base_url=HOME)
        assert (status, body) == (long.status, long.data)
        for name in ("Server", "Date", "Connection", "X-Experience-API-Consistent-Through"):
            assert headers.pop(name)
            long.headers.pop(name, None)
        assert headers == {
            name: value
            for name, value in long.headers.items()
            if name != "Content-Length" or method == "POST"
        }
    assert lane.server.served == 2


def test_a_request_may_come_in_pieces(lane):
    client, _ = lane.connect()
    statement = make_statement()
    for octet in lane.request(statement):
        client.sendall(bytes([octet]))
    assert answer_of(client)[0] == "200 OK"
    assert lane.is_stored(statement)


def test_many_connections_share_commits_and_each_has_its_own_answer(lane):
    """XP-22"""
    clients = [lane.connect()[0] for _ in range(20)]
    for _ in range(3):
        statements = [make_statement() for _ in clients]
        for client, statement in zip(clients, statements, strict=True):
            client.sendall(lane.request(statement))
        for client, statement in zip(clients, statements, strict=True):
            assert orjson.loads(answer_of(client)[2]) == [statement["id"]]
        assert all(map(lane.is_stored, statements))


def requests_of_another_kind(lane: Lane) -> dict[str, bytes]:
    good = lane.request(make_statement())
    return {
        "an invalid statement": lane.request(make_statement(actor={"mbox": "nobody"})),
        "no JSON": lane.request({}, body=b"{"),
        "no statement": lane.request({}, body=b"[]"),
        "a wrong secret": good.replace(b"Basic ", b"Basic AAAA"),
        "another store": good.replace(b"/default/", b"/other/"),
        "another host": good.replace(b"localhost", b"otherhost"),
        "another proxy's host": lane.request(make_statement(), "X-Forwarded-Host: other.example"),
        "another version": good.replace(b"1.0.3", b"7.0.0"),
        "a parameter": good.replace(b"/statements ", b"/statements?method=GET "),
        "another method": good.replace(b"POST", b"GET "),
        "ahead of its answer": good + lane.request(make_statement()),
        "the last one": lane.request(make_statement(), "Connection: close"),
        "an older protocol": good.replace(b"HTTP/1.1", b"HTTP/1.0"),
        "two lengths": lane.request(make_statement(), "Content-Length: 7"),
        "a length and chunks": lane.request(make_statement(), "Transfer-Encoding: chunked"),
        "a blank before a colon": good.replace(b"Content-Type:", b"Content-Type :"),
        "a folded line": lane.request(make_statement(), "X-A: b", " c"),
        "a bare line feed": lane.request(make_statement(), "X-A: b\nX-C: d"),
        "an expectation": lane.request(make_statement(), "Expect: 100-continue"),
        "a compressed body": lane.request(make_statement(), "Content-Encoding: gzip"),
        "another reference": lane.request(
            make_statement(object={"objectType": "StatementRef", "id": str(uuid4())})
        ),
        "far too long": lane.request(make_statement(), body=b" " * 40_000),
    }


def test_what_is_not_simple_is_given_back_whole(lane):
    """Also on a connection that was served before: what is like its last request in all but one
    thing is not taken for it."""
    for name, data in requests_of_another_kind(lane).items():
        for is_known in (False, True):
            client, _ = lane.connect()
            if is_known:
                client.sendall(lane.request(make_statement()))
                assert answer_of(client)[0] == "200 OK", name
            client.sendall(data)
            what, given = lane.was_told()
            assert (what, data.startswith(given)) == ("take back", True), name
            while len(given) < len(data):  # what the lane had not read yet
                given += lane.open[-1].recv(65536)
            assert given == data, name
    assert lane.lrs.get(limit=0).status_code == 200


def test_a_revoked_key_is_let_in_no_longer(lane, tenant):
    """XP-19: on a connection that was served a moment ago."""
    client, connection = lane.connect()
    client.sendall(lane.request(make_statement()))
    assert answer_of(client)[0] == "200 OK"
    change_credential(tenant, lane.lrs.key, revoke_credential)
    sent = lane.request(make_statement())
    client.sendall(sent)
    assert lane.was_told() == ("take back", sent)
    assert lane.door.notes[connection.sock] == {COUNTED: True}


def test_one_that_contradicts_takes_its_neighbours_to_the_usual_way(lane):
    """XP-26: nothing of the group is stored, everybody gets his own answer there."""
    there = make_statement()
    lane.lrs("POST", json=there, base_url=HOME)
    other = there | {"verb": {"id": "https://example.com/verbs/other"}}
    client, _ = lane.connect()
    sent = lane.request(other)
    client.sendall(sent)
    assert lane.was_told() == ("take back", sent)
    assert lane.lrs.get(statementId=there["id"]).json["verb"] == there["verb"]


def test_who_goes_away_is_left(lane):
    client, _ = lane.connect()
    client.close()
    assert lane.was_told()[0] == "close"
    client, _ = lane.connect()
    sent = lane.request(make_statement())[:50]
    client.sendall(sent)
    client.close()
    assert lane.was_told() == ("take back", sent)


def test_who_is_silent_is_the_servers_again(lane, monkeypatch):
    monkeypatch.setattr(statement_lane, "_PATIENCE", 0.0)
    lane.connect()
    assert lane.was_told() == ("take back", b"")


def test_a_server_that_stops_gets_the_next_request_itself(lane):
    """It answers that this was the last one, so that it can end."""
    client, connection = lane.connect()
    client.sendall(lane.request(make_statement()))
    assert answer_of(client)[0] == "200 OK"
    lane.server.stops = True
    sent = lane.request(make_statement())
    client.sendall(sent)
    what, given = lane.was_told()
    assert (what, given in (sent, b"")) == ("take back", True)  # or it was silent just now
    assert not lane.lane.take(connection)


def test_who_has_nothing_for_the_lane_rests_from_it(lane):
    """What a store has not seen before goes the long way, and soon it has seen it."""
    client, connection = lane.connect()
    for turn in range(MOST_MISSES):
        client.sendall(b"GET /xapi/default/about HTTP/1.1\r\n\r\n")
        assert lane.was_told()[0] == "take back"
        assert lane.lane.take(connection) is (turn + 1 < MOST_MISSES)
    assert not any(lane.lane.take(connection) for _ in range(REST - 1))
    assert lane.lane.take(connection)
