"""Statements that refer to statements: found by all that finds what they refer to. XP-29

"Statements which target another Statement will meet the filter condition if the targeted Statement
meets the filter condition", recursively (xAPI 1.0.3 Communication 2.1.3). This is settled when
statements are written, so that a filter stays one index scan in order: whoever has a chain gets a
reference row for each key of each statement of its chain, whichever of them comes last.

Two writers at once do not see each other's rows. So that none overlooks the other, each takes
advisory locks before it looks: shared ones for the ids that it stores, exclusive ones for the ids
that it refers to, spread over sixteen buckets per store (few, because a batch takes nearly all;
several, because a single statement takes one). Statements without references, nearly all, share
their locks and never wait for each other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from xapi_lrs.core.references import Role, mentions
from xapi_lrs.services.statement_rows import NewStatement, target_of

LONGEST = 32
"""Statements of a chain that are followed; real ones have two or three, and without an end a
malicious one would grow with its square."""

_REFERRERS = """
SELECT sequence, statement_id FROM statement
WHERE store_id = %(store)s AND target_id = ANY(%(ids)s::uuid[])
"""
_CHAINS = """
WITH RECURSIVE chain (listed, source, target_id, depth) AS (
    SELECT sequence, sequence, target_id, 0 FROM statement
    WHERE store_id = %(store)s AND sequence = ANY(%(listed)s)
  UNION ALL
    SELECT chain.listed, t.sequence, t.target_id, depth + 1
    FROM chain JOIN statement t ON t.store_id = %(store)s AND t.statement_id = chain.target_id
    WHERE depth < %(longest)s
)
SELECT source, array_agg(DISTINCT listed) FROM chain WHERE source <> listed GROUP BY source
"""
_SOURCES = """
SELECT s.sequence, s.actor_key, s.activity_key, s.verb_key, s.registration, a.agent_key, s.body
FROM statement s
LEFT JOIN statement_authority a ON a.store_id = s.store_id AND a.key = s.authority_key
WHERE s.store_id = %(store)s AND s.sequence = ANY(%(sequences)s)
"""
_WRITE = """
INSERT INTO statement_reference (store_id, key, role, sequence, source)
SELECT %(store)s, key, role, sequence, source
FROM json_to_recordset(%(rows)s) AS t (key uuid, role smallint, sequence bigint, source bigint)
ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT CASE WHEN alone THEN pg_advisory_xact_lock(%(store_lock)s, bucket)::text
            ELSE pg_advisory_xact_lock_shared(%(store_lock)s, bucket)::text END
FROM unnest(%(buckets)s::int[], %(alone)s::bool[]) AS t (bucket, alone)
"""


def lock_arguments(
    store_id: UUID, ids: Iterable[str], targets: Iterable[str] = ()
) -> dict[str, Any]:
    """Parameters for the locks of a batch, in the order in which everybody takes them; the last
    digit of an id is its bucket."""
    alone = {int(one[-1], 16) for one in targets}
    buckets = sorted(alone | {int(one[-1], 16) for one in ids})
    return {
        "store_lock": int.from_bytes(store_id.bytes[-4:], "big", signed=True),
        "buckets": buckets,
        "alone": [bucket in alone for bucket in buckets],
    }


def link_chains(
    session: Session, store_id: UUID, new: Sequence[NewStatement], awaited: Collection[str]
) -> None:
    """Write the reference rows that `new` statements cause by referring and by being referred to.

    awaited: ids of `new` that statements stored before refer to. The locks of `lock_arguments` are
    held since before the look for them.
    """
    referring = {one.sequence: target_of(one.body) for one in new}
    referring = {sequence: target for sequence, target in referring.items() if target is not None}
    present = {str(one.statement_id) for one in new} if referring else set()
    start = {*awaited, *(present & set(referring.values()))}
    listed = set(referring) | _find_referrers(session, store_id, start)
    if listed:
        _write(session, store_id, listed)


def _find_referrers(session: Session, store_id: UUID, ids: Collection[str]) -> set[int]:
    """Sequences of all that refer to `ids`, and to these, and so on; locks each before it asks who
    refers to it."""
    found: set[int] = set()
    connection, level = session.connection(), list(ids)
    for _ in range(LONGEST):
        if not level:
            break
        asked = {"store": store_id, "ids": level}
        rows = [row for row in connection.exec_driver_sql(_REFERRERS, asked) if row[0] not in found]
        found.update(row[0] for row in rows)
        level = [str(row[1]) for row in rows]
        if level:
            connection.exec_driver_sql(_LOCK, lock_arguments(store_id, level))
    return found


def _write(session: Session, store_id: UUID, listed: Collection[int]) -> None:
    connection = session.connection()
    asked = {"store": store_id, "listed": list(listed), "longest": LONGEST}
    chains: dict[int, list[int]] = defaultdict(list)
    for source, finders in connection.exec_driver_sql(_CHAINS, asked):
        chains[source] = finders
    sources = {"store": store_id, "sequences": list(chains)}
    rows = [
        {"key": key, "role": int(role), "sequence": sequence, "source": row.sequence}
        for row in connection.exec_driver_sql(_SOURCES, sources)
        for key, role in _keys(row)
        for sequence in chains[row.sequence]
    ]
    if rows:
        written = {"store": store_id, "rows": orjson.dumps(rows).decode()}
        connection.exec_driver_sql(_WRITE, written)


def _keys(row: Any) -> list[tuple[str, Role]]:
    """Everything that finds the statement of `row`, its own columns included."""
    own = (
        (row.actor_key, Role.DIRECT),
        (row.activity_key, Role.DIRECT),
        (row.verb_key, Role.VERB),
        (row.registration, Role.REGISTRATION),
        (row.agent_key, Role.RELATED),
    )
    found = [(str(key), role) for key, role in own if key is not None]
    return found + list(mentions(orjson.loads(row.body)).items())
