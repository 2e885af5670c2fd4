"""What the host lends the store: transactions, a secret, who counts requests, who wants to know.

XapiLrs().init_app(app, host=Host(
    transaction=database.session.transaction,
    on_statements=...,            # called in the transaction that stored them
    app_url="https://lectern.example",
))
"""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from xapi_lrs.core.store import Limits
from xapi_lrs.services.rates import MemoryRates, Rates
from xapi_lrs.services.statements import StoredBatch

NAME = "xapi_lrs"


def ignore(session: Session, batch: StoredBatch) -> None:
    """Nobody wants to know."""


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Host:
    transaction: Callable[[UUID | None], AbstractContextManager[Session]]
    """Opens a transaction of that tenant; of None: sees global tables only."""
    app_url: str
    """Origin of the endpoints, without a slash at the end; also homePage of the authorities."""
    on_statements: Callable[[Session, StoredBatch], None] = ignore
    """Called with what a request newly stored, inside its transaction; not for statements that the
    host stores itself through the services."""
    limits: Limits = field(default_factory=Limits)
    server_secret: str = field(default_factory=secrets.token_hex, repr=False)
    """Signs access tokens, at least 32 characters; the same in all processes. Left out, tokens live
    as long as this process."""
    rates: Rates = field(default_factory=MemoryRates)
    """Counts requests; the default does so for this process alone."""
    now: Callable[[], datetime] = system_clock
    """Aware UTC."""


def host() -> Host:
    return cast(Host, current_app.extensions[NAME])
