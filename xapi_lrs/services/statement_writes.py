"""Writing a batch in one round trip, without the ORM: the most statements come through here.

The rows go as one JSON text to the function lrs_store_statements (migration 0022). Each statement
of the function sees what was committed before it began, so the look for referring statements
comes after the locks of services/statement_chains.py; and its plans are kept by the connection.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.ids import digest_of
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.services.statement_chains import lock_arguments
from xapi_lrs.services.statement_rows import Arrived, reference_rows, statement_row

STORE = """
SELECT is_done, ids, sequences, awaited, defined, definitions FROM lrs_store_statements(
    %(key)s, %(entry)s, %(definitions)s::text[],
    %(store)s, %(store_lock)s, %(buckets)s::int[], %(alone)s::boolean[],
    %(authority_key)s, %(authority_agent)s, %(authority)s,
    %(stored)s, %(version)s, %(statements)s, %(references)s, %(activities)s::uuid[]
)
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the statements of a batch have in common."""

    store_id: UUID
    stored: datetime
    """In whole milliseconds."""
    version: str
    authority: JsonObject


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch; ids in lower case."""

    added: dict[str, int]
    """Id to sequence of those that were not here before."""
    awaited: Sequence[str]
    """Those of them that earlier statements refer to."""
    definitions: dict[str, str]
    """activity_key (hexadecimal) to definition, where an activity of the batch has one."""


def rows_of(
    store_id: UUID, version: str, authority: JsonObject, batch: Sequence[Arrived]
) -> dict[str, Any]:
    """The parameters of STORE that both ways have in common (services/reception.py)."""
    identity, text = identify(authority), dump_json(authority)
    statements = [statement_row(place, one) for place, one in enumerate(batch, 1)]
    references = [row for place, one in enumerate(batch, 1) for row in reference_rows(place, one)]
    targets = filter(None, (one.target_id for one in batch))
    return lock_arguments(store_id, [one.statement_id for one in batch], targets) | {
        "store": str(store_id),
        "authority_key": digest_of("authority", text),
        "authority_agent": digest_of("agent", identity) if identity else None,
        "authority": text,
        "version": version,
        "statements": orjson.dumps(statements).decode(),
        "references": orjson.dumps(references).decode(),
    }


def write_statements(
    session: Session, arrival: Arrival, batch: Sequence[Arrived], activities: Collection[str]
) -> Written:
    """Insert what is not here yet; numbers ascend in the order of the batch.

    activities: keys (hexadecimal) whose definitions are wanted.
    """
    arguments = rows_of(arrival.store_id, arrival.version, arrival.authority, batch) | {
        "key": None,
        "entry": None,
        "definitions": None,
        "stored": arrival.stored,
        "activities": list(activities),
    }
    row = session.connection().exec_driver_sql(STORE, arguments).one()
    keys = (UUID(key).hex for key in row.defined or ())
    return Written(
        added=dict(zip(row.ids or (), row.sequences or (), strict=True)),
        awaited=row.awaited or (),
        definitions=dict(zip(keys, row.definitions or (), strict=True)),
    )
