"""The database is away: a 503 says so in JSON, with the time to come again; nothing is lost."""

import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.ports import free_port
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.keys import with_host
from tests.xapi_lrs.outages import end, held_up, waiting_backend


def assert_unavailable(answer) -> None:
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    error = answer.json["error"]
    assert error["code"] == "unavailable"
    assert "Send the request again" in error["message"]
    assert answer.headers["X-Experience-API-Version"]


def test_a_connection_that_breaks_in_a_transaction(lrs, tenant, server):
    """XP-22: the same request, sent again, is stored once."""
    statement, answers = make_statement(), []
    with held_up(tenant, statement):
        sender = threading.Thread(target=lambda: answers.append(lrs.post(statement)))
        sender.start()
        end(server, waiting_backend(server, ""))
        sender.join(30)
    assert_unavailable(answers[0])
    assert lrs.post(statement).status_code == 200
    assert lrs.ids() == [statement["id"]]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_database_that_takes_no_connections(lrs, lrs_app, monkeypatch, method):
    engine = create_engine(f"postgresql+psycopg2://127.0.0.1:{free_port()}/lectern")

    @contextmanager
    def nowhere(tenant_id):
        with Session(engine) as session, session.begin():
            session.connection()
            yield session

    with_host(monkeypatch, lrs_app, transaction=nowhere)
    assert_unavailable(lrs(method, json=make_statement() if method == "POST" else None))
