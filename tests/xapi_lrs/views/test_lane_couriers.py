"""Couriers of the lane, on the real database: nobody is answered before all is stored, nobody waits
for another one's transaction, and a connection that dies loses no statement and stores none twice.
"""

import select
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import psycopg2
import pytest

from database import round_trips
from database.lines import Line
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.lane import HOME, answer_of
from tests.xapi_lrs.outages import end, held_up, waiting_backend
from xapi_lrs.services.reception import CommitUnknown
from xapi_lrs.views import lane_couriers
from xapi_lrs.views.alternate import REFUSED
from xapi_lrs.views.door import COUNTED


def test_nothing_is_answered_before_it_is_stored(lane, tenant, server):
    """XP-22"""
    client, _ = lane.connect()
    statement = make_statement()
    with held_up(tenant, statement):
        client.sendall(lane.request(statement))
        waiting_backend(server)
        assert select.select([client], [], [], 0)[0] == []
    assert answer_of(client)[0] == "200 OK"
    assert lane.is_stored(statement)


def test_others_do_not_wait_for_one_that_waits(lane, tenant, server, make_lrs):
    """XP-50: another credential's statements are stored in the meantime."""
    client, _ = lane.connect()
    statement, other = make_statement(), replace(lane, lrs=make_lrs(tenant))
    for _ in range(2):  # the second time there is nothing new about the key
        other.lrs("POST", json=make_statement(), base_url=HOME)
    neighbour, _ = other.connect()
    with held_up(tenant, statement):
        client.sendall(lane.request(statement))
        waiting_backend(server)
        for _ in range(3):
            neighbour.sendall(other.request(make_statement()))
            assert answer_of(neighbour)[0] == "200 OK"
    assert answer_of(client)[0] == "200 OK"


def test_nothing_is_done_again_when_nobody_knows_whether_it_was_done(lane, tenant, server):
    """XP-22: the connection breaks while the database is at it; the application answers that."""
    client, connection = lane.connect()
    statement = make_statement()
    with held_up(tenant, statement):
        client.sendall(lane.request(statement))
        end(server, waiting_backend(server))
        assert lane.was_told()[0] == "take back"
    assert isinstance(lane.door.notes[connection.sock][REFUSED], CommitUnknown)


def test_a_connection_that_died_while_nobody_needed_it_is_replaced(lane, server):
    client, _ = lane.connect()
    client.sendall(lane.request(make_statement()))
    assert answer_of(client)[0] == "200 OK"
    server.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE application_name = 'lectern lane' AND state = 'idle'"
    )
    assert server.fetchall()
    statement = make_statement()
    client.sendall(lane.request(statement))
    assert answer_of(client)[0] == "200 OK"
    assert lane.is_stored(statement)


@pytest.fixture
def silence() -> Iterator[int]:
    """The port of somebody who takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_without_a_connection_to_the_database_the_usual_way_is_tried(lane, silence, monkeypatch):
    """Nothing was sent, so nothing is unknown."""

    def connect(engine, name):
        return Line(psycopg2.connect(host="127.0.0.1", port=silence, async_=True))

    monkeypatch.setattr(round_trips, "open_line", connect)
    monkeypatch.setattr(lane_couriers, "_CONNECTING", 0.0)
    client, connection = lane.connect()
    sent = lane.request(make_statement())
    client.sendall(sent)
    assert lane.was_told() == ("take back", sent)
    assert lane.door.notes[connection.sock] == {COUNTED: True}


def test_nobody_listening_is_no_different(lane, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    def connect(engine, name):
        return Line(psycopg2.connect(host="127.0.0.1", port=port, async_=True))

    monkeypatch.setattr(round_trips, "open_line", connect)
    client, _ = lane.connect()
    sent = lane.request(make_statement())
    client.sendall(sent)
    assert lane.was_told() == ("take back", sent)


def backends(server) -> set[int]:
    server.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'lectern lane'")
    return {pid for (pid,) in server.fetchall()}


def test_couriers_close_what_is_not_needed_when_the_server_ends(lane, server):
    others = backends(server)
    client, _ = lane.connect()
    client.sendall(lane.request(make_statement()))
    assert answer_of(client)[0] == "200 OK"
    (ours,) = backends(server) - others
    lane.server.stops = True
    for _ in range(600):
        if ours not in backends(server):
            return
        time.sleep(0.05)
    raise AssertionError("a connection is left")


def test_a_mistake_of_ours_is_logged_and_nobody_is_left_without_an_answer(
    lane, monkeypatch, caplog
):
    """Before anything was sent: the usual way is tried."""

    def mistaken(group):
        yield from ({} for _ in [1 / 0])

    monkeypatch.setattr(lane.door, "storing", mistaken)
    client, _ = lane.connect()
    sent = lane.request(make_statement())
    client.sendall(sent)
    assert lane.was_told() == ("take back", sent)
    assert "statements of the lane failed" in caplog.text


def test_a_mistake_after_the_database_has_answered_is_no_reason_to_store_twice(lane, monkeypatch):
    """XP-22: all is committed, but nobody here knows."""
    storing = lane.door.storing

    def mistaken(group):
        steps = storing(group)
        yield next(steps)
        raise KeyError("a mistake")

    monkeypatch.setattr(lane.door, "storing", mistaken)
    client, connection = lane.connect()
    statement = make_statement()
    client.sendall(lane.request(statement))
    assert lane.was_told()[0] == "take back"
    assert isinstance(lane.door.notes[connection.sock][REFUSED], CommitUnknown)
    assert lane.is_stored(statement)
