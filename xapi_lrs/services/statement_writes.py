"""Writing a batch in two round trips: locks and numbers, then all rows at once.

Plain SQL with the rows as one JSON text, without the ORM: the most statements come through here.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import agent_key
from xapi_lrs.services.statement_chains import lock_arguments
from xapi_lrs.services.statement_rows import (
    Arrival,
    NewStatement,
    reference_rows,
    statement_row,
)

_PREPARE = """
WITH held AS MATERIALIZED (
    SELECT CASE WHEN alone THEN pg_advisory_xact_lock(%(store_lock)s, bucket)::text
                ELSE pg_advisory_xact_lock_shared(%(store_lock)s, bucket)::text END
    FROM unnest(%(buckets)s::int[], %(alone)s::bool[]) AS t (bucket, alone)
), vouched AS (
    INSERT INTO statement_authority (store_id, key, agent_key, body)
    VALUES (%(store)s, %(authority_key)s, %(agent_key)s, %(authority)s)
    ON CONFLICT DO NOTHING
)
SELECT ARRAY(SELECT nextval('statement_number') FROM generate_series(1, %(count)s)),
       (SELECT count(*) FROM held)
"""

_INSERT = """
WITH added AS (
    INSERT INTO statement (
        store_id, sequence, statement_id, stored, timestamp, verb_key, registration, target_id,
        authority_key, actor_key, activity_key, verb_iri, activity_iri, version, body
    )
    SELECT %(store)s, sequence, statement_id, %(stored)s, timestamp, verb_key, registration,
           target_id, %(authority_key)s, actor_key, activity_key, verb_iri, activity_iri,
           %(version)s, body
    FROM json_to_recordset(%(rows)s) AS t (
        sequence bigint, statement_id uuid, timestamp timestamptz, verb_key uuid,
        registration uuid, target_id uuid, actor_key uuid, activity_key uuid, verb_iri text,
        activity_iri text, body text
    )
    ORDER BY statement_id
    ON CONFLICT (store_id, statement_id) DO NOTHING
    RETURNING sequence, statement_id
), mentioned AS (
    INSERT INTO statement_reference (store_id, key, role, sequence, source)
    SELECT %(store)s, key, role, sequence, sequence
    FROM json_to_recordset(%(references)s) AS t (key uuid, role smallint, sequence bigint)
    JOIN added USING (sequence)
)
SELECT statement_id, (
    SELECT true FROM statement s
    WHERE s.store_id = %(store)s AND s.target_id = added.statement_id LIMIT 1
) FROM added
"""
"""Sorted by id, so that two batches never wait for each other in a circle. LIMIT, because the
planner would read the whole store to hash what an EXISTS asks for."""


def draw_numbers(
    session: Session,
    arrival: Arrival,
    authority: JsonObject,
    authority_body: str,
    ids: Sequence[UUID],
    bodies: Sequence[JsonObject],
) -> list[int]:
    """Ascending numbers, one per statement; takes the batch's locks and makes sure of the
    authority's row on the way."""
    identity = identify(authority)
    targets = [
        UUID(body["object"]["id"])
        for body in bodies
        if body["object"].get("objectType") == "StatementRef"
    ]
    arguments = lock_arguments(arrival.store_id, ids, targets) | {
        "store": arrival.store_id,
        "authority_key": arrival.authority_key,
        "agent_key": agent_key(identity) if identity else None,
        "authority": authority_body,
        "count": len(ids),
    }
    connection = session.connection()
    numbers: list[int] = connection.exec_driver_sql(_PREPARE, arguments).scalar_one()
    if numbers[0] > numbers[-1]:  # the cycle began anew in the middle
        numbers = connection.exec_driver_sql(_PREPARE, arguments).scalar_one()
    return numbers


def insert_statements(
    session: Session, arrival: Arrival, batch: Sequence[NewStatement]
) -> dict[UUID, bool]:
    """Id to whether an earlier statement refers to it, for those that were not there before."""
    rows = [statement_row(arrival, one) for one in batch]
    references = [row for one in batch for row in reference_rows(one)]
    arguments: dict[str, Any] = {
        "store": arrival.store_id,
        "stored": arrival.stored,
        "authority_key": arrival.authority_key,
        "version": arrival.version,
        "rows": orjson.dumps(rows).decode(),
        "references": orjson.dumps(references).decode(),
    }
    added = session.connection().exec_driver_sql(_INSERT, arguments)
    return {row[0]: bool(row[1]) for row in added}
