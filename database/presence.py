"""Who is still there: a number that a process holds at PostgreSQL for as long as it lives.

It is a session-level advisory lock on a connection of its own, outside of any transaction. A
process that is killed loses its connection, and with it the lock, within milliseconds; so does one
whose connection is cut, which may live on: what is read here is a reason to look again, no proof.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.extension import db

MOST = 2**31
"""Numbers are below this."""
_TAKE = text("SELECT pg_advisory_lock(:space, :number)")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:space, :number)")
_LIST = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted "
    "AND classid::bigint = :space "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def hold(space: int, number: int) -> Iterator[None]:
    """Hold `number` in `space` (both 0 to 2³¹ - 1) until the block ends; needs an application
    context. It costs a connection for that time."""
    with db.engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        values = {"space": space, "number": number}
        connection.execute(_TAKE, values)
        try:
            yield
        finally:
            try:
                connection.execute(_GIVE_BACK, values)
            except DBAPIError:
                connection.invalidate()


def list_held(session: Session, space: int) -> set[int]:
    """The numbers of `space` that are held by somebody now."""
    return set(session.scalars(_LIST, {"space": space}))
