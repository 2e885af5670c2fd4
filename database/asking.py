"""Questions that a function of the database answers with one value, asked by the driver.

    said = ask(session, "SELECT attempt_enter(%(attempt)s)", {"attempt": attempt_id})

Every learner who plays asks five of them every few seconds, and what SQLAlchemy prepares around a
result costs more than such a function. Nothing of the session is flushed before.
"""

from collections.abc import Mapping
from typing import Any

import psycopg2
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


def ask(session: Session, question: str, keys: Mapping[str, Any]) -> Any:
    """The first value of its first row. Raises SQLAlchemy's errors; a connection that died is not
    put back into the pool."""
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        try:
            cursor.execute(question, keys)
            return cursor.fetchone()[0]
        except psycopg2.Error as error:
            raise _tell(connection, question, keys, error) from error


def _tell(
    connection: Connection, question: str, keys: Mapping[str, Any], error: Any
) -> BaseException:
    """The error as SQLAlchemy raises it."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    has_died = dialect.is_disconnect(error, driver, None)
    if has_died:
        connection.invalidate(error)
    raised: BaseException = DBAPIError.instance(
        question,
        dict(keys),
        error,
        psycopg2.Error,
        hide_parameters=connection.engine.hide_parameters,
        connection_invalidated=has_died,
        dialect=dialect,
    )
    return raised
