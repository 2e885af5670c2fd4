"""Entering and storing in one round trip to the database: what nearly every statement is.

The function lrs_store_statements (migration 0022) is then a transaction by itself. It lets in only
who is word for word whom this process has admitted before, so what Python has checked holds at the
moment of storing, and revoking counts at once. Whatever needs a second look (statements that refer
to others, are here already, say something new of an activity, a credential that has changed) it
does not do: those go the whole way, services/statements.py.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg2

from database.round_trips import Exchange
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.services.activities import (
    Said,
    collect_definitions,
    expect_definitions,
    expected_definitions,
    say_something_new,
)
from xapi_lrs.services.entrance import Entry
from xapi_lrs.services.statement_rows import Arrived
from xapi_lrs.services.statement_writes import STORE, rows_of

BROKEN = "the connection broke while statements were stored"
Steps = Generator[dict[str, Any], tuple[Any, ...], bool]
"""Yields the parameters of STORE, is sent the row that the database answers; returns whether all is
stored. Where the database has an error instead, nothing is."""


class CommitUnknown(Exception):
    """The connection broke while the database was at it: nobody knows whether it has stored."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """The statements of one request, valid and ready to be stored."""

    batch: Sequence[Arrived]
    said: Said
    """What they say of activities."""


def make_parcel(batch: Sequence[Arrived], *, may_define: bool) -> Parcel | None:
    """None: these go the whole way."""
    if any(one.target_id is not None for one in batch):
        return None
    return Parcel(batch, collect_definitions(one.body for one in batch) if may_define else {})


def storing(
    entry: Entry, parcels: Sequence[Parcel], *, authority: JsonObject, version: str
) -> Steps:
    """Store all of `parcels` and commit, or nothing: then each has to go the whole way."""
    store_id = entry.permit.store_id
    batch = [one for parcel in parcels for one in parcel.batch]
    keys = list({key: None for parcel in parcels for key in parcel.said})
    arguments = rows_of(store_id, version, authority, batch) | {
        "key": entry.permit.key,
        "entry": entry.answer,
        "stored": None,
        "activities": f"{{{','.join(keys)}}}",  # no text[], which EXECUTE makes no uuid[] of
    }
    known = expected_definitions(store_id, keys)
    for has_asked in (False, True):
        is_guess = None in known.values() and not has_asked
        if not is_guess and any(say_something_new(one.said, known) for one in parcels):
            return False
        is_done, *_, defined, texts = yield arguments | {"definitions": [*known.values()]}
        found = dict(zip((UUID(key).hex for key in defined or ()), texts or (), strict=True))
        if is_done or found == known:
            return bool(is_done)
        expect_definitions(store_id, found)
        known |= found
    return False


def receive(exchange: Exchange, steps: Steps) -> bool:
    """All steps of `storing`, waiting for the database at each. Raises CommitUnknown."""
    try:
        arguments = next(steps)
        while True:
            arguments = steps.send(exchange.ask(STORE, arguments))
    except StopIteration as stop:
        return bool(stop.value)
    except psycopg2.Error as error:
        if exchange.is_broken:
            raise CommitUnknown(BROKEN) from error
        return False
