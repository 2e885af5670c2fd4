"""Transactions: one per request or job, each belonging to one tenant.

    with transaction(tenant_id) as session:      # BEGIN; SET LOCAL lectern.tenant
        ...                                      # COMMIT at the end, ROLLBACK on an exception
        on_commit(session, send_it)              # after the COMMIT has succeeded

`transaction(None)` sees the global tables only: row-level security hides all others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Text, cast, func
from sqlalchemy.orm import Session

from database.asking import ask
from database.extension import db

log = structlog.get_logger(__name__)

_ACTIONS = "lectern.on_commit"
_SET_TENANT = "SELECT set_config('lectern.tenant', %(tenant)s, true)"


def entering(tenant_id: ColumnElement[UUID]) -> ColumnElement[str]:
    """A column for a SELECT in `transaction(None)` that finds the tenant on the way: from there on
    the transaction belongs to it, without another round trip."""
    return func.set_config("lectern.tenant", cast(tenant_id, Text), True)


@contextmanager
def transaction(tenant_id: UUID | None) -> Iterator[Session]:
    """Open a transaction of `tenant_id`; needs an application context."""
    with Session(db.engine, expire_on_commit=False) as session:
        with session.begin():
            if tenant_id is not None:  # nothing outlives SET LOCAL: a connection has no tenant
                ask(session, _SET_TENANT, {"tenant": str(tenant_id)})
            yield session
        run_commit_actions(session)


def on_commit(session: Session, action: Callable[[], object]) -> None:
    """Run `action()` once the outermost transaction has been committed, never after a rollback.

    A list on the session and not SQLAlchemy's `after_commit` event, which fires for a released
    SAVEPOINT too.
    """
    session.info.setdefault(_ACTIONS, []).append(action)


def run_commit_actions(session: Session) -> None:
    """Run what `on_commit` collected; a failing action is logged: the data is already safe."""
    for action in session.info.pop(_ACTIONS, []):
        try:
            action()
        except Exception:
            log.exception("on_commit_failed", action=getattr(action, "__qualname__", repr(action)))
