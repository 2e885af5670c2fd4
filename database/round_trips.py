"""One network round trip for a whole transaction: a single statement of SQL outside of any.

    with round_trips.exchange() as exchange:
        exchange.ask("SELECT a_function(…)", {…})   # BEGIN, the function, COMMIT: one exchange

Connections come from the application's pool. There is no tenant: the function sets its own with
`set_config(…, true)`, which ends with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from database.extension import db
from database.lines import Line, open_line
from database.prepared import prepare


@dataclass(frozen=True, slots=True)
class Exchange:
    """A connection of psycopg2 that commits after each statement."""

    connection: Any
    info: dict[Any, Any]

    @property
    def is_broken(self) -> bool:
        return bool(self.connection.closed)

    def ask(self, statement: str, arguments: dict[str, Any]) -> tuple[Any, ...]:
        """The only row of the answer. The statement is planned once for each connection
        (database/prepared.py). Raises the driver's errors."""
        with self.connection.cursor() as cursor:
            cursor.execute(prepare(self.info, cursor, statement), arguments)
            row: tuple[Any, ...] = cursor.fetchone()
        return row


class RoundTrips:
    """Of one application; needs no application context."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._known: Engine | None = None

    @contextmanager
    def exchange(self) -> Iterator[Exchange]:
        """A connection that has died is not put back. Raises the driver's errors, or SQLAlchemy's
        while it cannot be connected."""
        pooled = self._engine().raw_connection()
        try:
            connection: Any = pooled.driver_connection
            connection.autocommit = True
            try:
                yield Exchange(connection, pooled.info)
            finally:
                if connection.closed:
                    pooled.invalidate()
                else:
                    connection.autocommit = False
        finally:
            pooled.close()

    def open_line(self, name: str) -> Line:
        """A connection besides the pool's, for who does not wait. Raises the driver's errors."""
        return open_line(self._engine(), name)

    def _engine(self) -> Engine:
        """Not before the first use: nothing may be connected while the application loads."""
        if self._known is None:
            with self._app.app_context():
                self._known = db.engine
        return self._known
