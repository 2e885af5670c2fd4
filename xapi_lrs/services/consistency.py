"""Up to when is everything visible? (xAPI 1.0.3 Communication 2.1.3, Consistent-Through) XP-17

A statement's `stored` is read from the clock after its transaction began. So whatever is stored
before the oldest transaction that is still open has been committed, and can be read. It is the
web server's clock or the database's (services/reception.py), so the answer is not later than either
was before the look.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from xapi_lrs.core.ids import whole_milliseconds

_OLDEST_OPEN = text(
    "SELECT least(min(xact_start), statement_timestamp()) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)


def consistent_through(session: Session, now: datetime) -> datetime:
    """All statements stored before this instant are visible to the next query of `session`.

    `now` is read before the call. The answer stays true for ever, so it may be kept.
    """
    return whole_milliseconds(min(now, session.execute(_OLDEST_OPEN).scalar_one()))


def complete_until(session: Session, until: datetime | None, now: datetime) -> datetime:
    """The latest `until` of a query (which includes it), at most `until`, at which nothing more can
    come; a statement is stored in whole milliseconds, that of consistent_through may still fill."""
    complete = consistent_through(session, now) - timedelta(milliseconds=1)
    return complete if until is None else min(until, complete)
