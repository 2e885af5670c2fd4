"""Holding up a statement in the database, finding who waits for it there, and ending him."""

import time
from contextlib import contextmanager
from datetime import UTC, datetime

from database.session import transaction
from tests.xapi_lrs.lane import HOME
from xapi_lrs.services.statements import store_statements
from xapi_lrs.services.stores import ensure_store

SOMEBODY = {"account": {"homePage": HOME, "name": "somebody"}}


@contextmanager
def held_up(tenant, statement):
    """Somebody has begun to store the same statement: who sends it has to wait for the end of this,
    when it is undone."""
    with transaction(tenant) as session:
        store = ensure_store(session, "default")
        store_statements(session, store, [statement], authority=SOMEBODY, now=datetime.now(UTC))
        yield
        session.rollback()


def waiting_backend(server, application: str = "lectern lane") -> int:
    """Of the connection of that name that waits for a lock."""
    for _ in range(600):
        server.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE application_name = %s AND wait_event_type = 'Lock' AND usename = current_user",
            (application,),
        )
        if found := server.fetchall():
            return int(found[0][0])
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def end(server, backend: int) -> None:
    server.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
    assert server.fetchone() == (True,)
