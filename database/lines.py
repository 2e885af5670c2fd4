"""Questions to the database that no thread waits for: each is a transaction of its own.

    line = round_trips.open_line("lane")    # connects as it goes; nothing blocks
    line.ask("SELECT a_function(…)", {…})   # BEGIN, the function, COMMIT
    row = line.proceed()                    # None: once more when select.epoll reports line.events

For one thread that looks after many connections. The driver's asynchronous connections know neither
transactions of several statements nor the pool.
"""

import select
from collections import deque
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ
from sqlalchemy import Engine

from database.liveness import has_news
from database.prepared import prepared

Row = tuple[Any, ...]


class Line:
    """One connection, one question at a time."""

    def __init__(self, connection: Any) -> None:
        """connection: psycopg2.connect(…, async_=True), still on its way."""
        self._connection = connection
        self._cursor: Any = None
        self._known: set[str] = set()
        self._steps: deque[tuple[str, dict[str, Any] | None]] = deque()
        self.events = select.EPOLLIN
        """What to wait for before the next `proceed`."""
        self.is_open = False
        """It has been connected."""
        self.is_asked = False
        """The question has left: what becomes of it is the database's affair."""

    @property
    def is_broken(self) -> bool:
        return bool(self._connection.closed)

    def fileno(self) -> int:
        """Another one while it connects, where the server has several addresses."""
        return int(self._connection.fileno())

    def ask(self, statement: str, arguments: dict[str, Any]) -> None:
        """Nothing leaves before `proceed`. The statement is planned once (database/prepared.py)."""
        name, definition, call = prepared(statement)
        self.is_asked = False
        if name not in self._known:
            self._steps.append((definition, None))
            self._known.add(name)
        self._steps.append((call, arguments))

    def proceed(self) -> Row | None:
        """The only row of the answer, if it is here. Raises the driver's errors; so it does where
        the server has closed the connection, and then `is_asked` tells whether that was before."""
        while True:
            state = self._connection.poll()
            if state != POLL_OK:
                self.events = select.EPOLLIN if state == POLL_READ else select.EPOLLOUT
                return None
            self.events = select.EPOLLIN
            if self._cursor is None:
                self._cursor, self.is_open = self._connection.cursor(), True
            if not self._steps:
                row: Row = self._cursor.fetchone()
                return row
            self._listen()
            question = self._cursor.mogrify(*self._steps.popleft())  # may raise: nothing has left
            self.is_asked = not self._steps
            self._cursor.execute(question)

    def has_died(self) -> bool:
        """Of a line that is asked nothing and has something to say."""
        try:
            self._listen()
        except psycopg2.Error:
            return True
        return self.is_broken

    def _listen(self) -> None:
        """To what nobody has asked for: a farewell comes in two parts, the reason and the end."""
        while has_news(self._connection):
            self._connection.poll()

    def close(self) -> None:
        self._connection.close()


def open_line(engine: Engine, name: str) -> Line:
    """To the database of `engine`; `name` is what pg_stat_activity calls it, where the address of
    the database names no application. Raises the driver's errors."""
    arguments, options = engine.dialect.create_connect_args(engine.url)
    return Line(psycopg2.connect(*arguments, **{"application_name": name, **options}, async_=True))
