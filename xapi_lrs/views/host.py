"""What the host lends the store: transactions, the way to a tenant, who wants to know.

XapiLrs().init_app(app, host=Host(
    transaction=database.session.transaction,
    find_tenant=database.routing.find_tenant,
    on_statements=...,            # called in the transaction that stored them
    app_url="https://lectern.example",
))
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from xapi_lrs.core.store import Limits
from xapi_lrs.services.statements import StoredBatch

NAME = "xapi_lrs"


def _ignore(session: Session, batch: StoredBatch) -> None:
    """Nobody wants to know."""


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Host:
    transaction: Callable[[UUID | None], AbstractContextManager[Session]]
    """Opens a transaction of that tenant; of None: sees global tables only."""
    find_tenant: Callable[[Session, str, str], UUID | None]
    """The tenant that a key ("lrs_key", key) leads to."""
    app_url: str
    """Origin of the endpoints, without a slash at the end; also homePage of the authorities."""
    on_statements: Callable[[Session, StoredBatch], None] = _ignore
    """Called with what a request newly stored, inside its transaction; not for statements that the
    host stores itself through the services."""
    limits: Limits = field(default_factory=Limits)
    now: Callable[[], datetime] = _clock
    """Aware UTC."""


def host() -> Host:
    return cast(Host, current_app.extensions[NAME])
