"""A connection that has died in the pool is never used: the server was restarted, or ended it.

Before PostgreSQL closes an idle connection it says so, and to an idle connection it says next to
nothing else. So looking whether there is something to read tells what a question would, without its
round trip: every request of every process would pay for that one. Only where there is something
to read, the question is asked.
"""

import select
from typing import Any

import psycopg2
from sqlalchemy.exc import DisconnectionError


def refuse_dead(connection: Any, record: object, proxy: object) -> None:
    """Pool event "checkout": the pool connects anew where this raises DisconnectionError."""
    if connection.closed or (has_news(connection) and not _answers(connection)):
        raise DisconnectionError("the server has closed this connection")


def has_news(connection: Any) -> bool:
    """Whether the server has said something, or closed the connection."""
    watcher = select.poll()  # not select.select, which knows no more than 1,024 files
    watcher.register(connection.fileno(), select.POLLIN)
    return bool(watcher.poll(0))


def _answers(connection: Any) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg2.Error:
        return False
    return True
