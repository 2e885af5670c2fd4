"""The SQL of taking a person out of a store: find the rows, change them, remove them.

Everything is found by the person's keys (core/references.py), so the cost is that of his own
records however large the store is. Rows of `statement_reference` belong to one statement (source)
and list one (sequence); what a statement that goes had given to those that refer to it goes too.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import Role, actor_digest, agent_key, mentions
from xapi_lrs.core.strict_json import dump_json, load_json
from xapi_lrs.models.statement import StatementAuthority
from xapi_lrs.services.statement_chains import LONGEST, lock_arguments

Keys = Collection[UUID]

AT_ONCE = 5000
"""Reference rows of one transaction."""

_MENTIONS = """
SELECT DISTINCT sequence FROM (
    SELECT found.sequence FROM unnest(%(keys)s::uuid[]) AS k (key) CROSS JOIN LATERAL (
        (SELECT sequence FROM statement WHERE store_id = %(store)s AND actor_key = k.key
            AND sequence > %(after)s ORDER BY sequence LIMIT %(size)s)
        UNION ALL
        (SELECT sequence FROM statement_reference WHERE store_id = %(store)s AND key = k.key
            AND role = 0 AND sequence > %(after)s AND source = sequence
            ORDER BY sequence LIMIT %(size)s)
        UNION ALL
        (SELECT sequence FROM statement_reference WHERE store_id = %(store)s AND key = k.key
            AND role = 1 AND sequence > %(after)s AND source = sequence
            ORDER BY sequence LIMIT %(size)s)
    ) AS found
) AS every ORDER BY sequence LIMIT %(size)s
"""
_COUNT = """
SELECT count(DISTINCT sequence) FROM (
    SELECT sequence FROM statement
    WHERE store_id = %(store)s AND actor_key = ANY(%(keys)s::uuid[])
    UNION ALL
    SELECT sequence FROM statement_reference
    WHERE store_id = %(store)s AND key = ANY(%(keys)s::uuid[]) AND source = sequence
) AS every
"""
_ROWS = """
SELECT s.sequence, s.statement_id, s.body, s.target_id, s.actor_key, s.activity_key, s.verb_key,
       s.registration, a.agent_key
FROM statement s
LEFT JOIN statement_authority a ON a.store_id = s.store_id AND a.key = s.authority_key
WHERE s.store_id = %(store)s AND s.sequence = ANY(%(sequences)s)
ORDER BY s.sequence
"""
_UPDATE = """
UPDATE statement s SET body = t.body, actor_key = t.actor_key
FROM json_to_recordset(%(rows)s) AS t (sequence bigint, body text, actor_key uuid)
WHERE s.store_id = %(store)s AND s.sequence = t.sequence
"""
_DELETE = "DELETE FROM statement WHERE store_id = %(store)s AND sequence = ANY(%(sequences)s)"
_FORGET_REFERENCES = """
DELETE FROM statement_reference r
USING json_to_recordset(%(rows)s) AS t (
    key uuid, role smallint, sequence bigint, source bigint
)
WHERE r.store_id = %(store)s AND r.key = t.key AND r.role = t.role
  AND r.sequence = t.sequence AND r.source = t.source
"""
_ADD_REFERENCES = """
INSERT INTO statement_reference (store_id, key, role, sequence, source)
SELECT %(store)s, key, role, sequence, source
FROM json_to_recordset(%(rows)s) AS t (
    key uuid, role smallint, sequence bigint, source bigint
)
ON CONFLICT DO NOTHING
"""
_REFERRED = """
SELECT DISTINCT target_id FROM statement
WHERE store_id = %(store)s AND target_id = ANY(%(ids)s::uuid[])
"""
_BELOW = """
WITH RECURSIVE chain (sequence, statement_id, target_id, depth) AS (
    SELECT sequence, statement_id, target_id, 0 FROM statement
    WHERE store_id = %(store)s AND sequence = %(sequence)s
  UNION
    SELECT t.sequence, t.statement_id, t.target_id, depth + 1
    FROM chain JOIN statement t ON t.store_id = %(store)s AND t.statement_id = chain.target_id
    WHERE depth < %(longest)s
)
SELECT DISTINCT sequence FROM chain
"""
_ABOVE = """
WITH RECURSIVE chain (sequence, statement_id, depth) AS (
    SELECT sequence, statement_id, 0 FROM statement
    WHERE store_id = %(store)s AND sequence = %(sequence)s
  UNION
    SELECT t.sequence, t.statement_id, depth + 1
    FROM chain JOIN statement t ON t.store_id = %(store)s AND t.target_id = chain.statement_id
    WHERE depth < %(longest)s
)
SELECT DISTINCT sequence FROM chain
"""
_LOCK = """
SELECT pg_advisory_xact_lock_shared(%(store_lock)s, bucket)
FROM unnest(%(buckets)s::int[]) AS t (bucket)
"""
_MOVE_REFERENCES = """
WITH old AS (
    DELETE FROM statement_reference r USING (
        SELECT key, role, sequence, source FROM statement_reference
        WHERE store_id = %(store)s AND key = ANY(%(keys)s::uuid[]) LIMIT %(size)s
    ) AS t
    WHERE r.store_id = %(store)s AND r.key = t.key AND r.role = t.role
      AND r.sequence = t.sequence AND r.source = t.source
    RETURNING r.role, r.sequence, r.source
), moved AS (
    INSERT INTO statement_reference (store_id, key, role, sequence, source)
    SELECT DISTINCT %(store)s::uuid, %(new_key)s::uuid, role, sequence, source FROM old
    WHERE %(new_key)s::uuid IS NOT NULL
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM old
"""


def find_mentions(
    session: Session, store_id: UUID, keys: Keys, after: int, size: int
) -> Sequence[Row[Any]]:
    """The next statements that name him, in the order of storing; nobody can refer to them anew
    until the transaction ends."""
    connection = session.connection()
    asked = {
        "store": store_id,
        "keys": [str(key) for key in keys],
        "after": after,
        "size": size,
    }
    sequences = list(connection.exec_driver_sql(_MENTIONS, asked).scalars())
    wanted = {"store": store_id, "sequences": sequences}
    rows = connection.exec_driver_sql(_ROWS, wanted).all()
    if rows:
        locks = lock_arguments(store_id, [str(row.statement_id) for row in rows])
        connection.exec_driver_sql(_LOCK, locks)
    return connection.exec_driver_sql(f"{_ROWS} FOR UPDATE OF s", wanted).all()


def count_mentions(session: Session, store_id: UUID, keys: Keys) -> int:
    """About how many `find_mentions` will find in all."""
    asked = {
        "store": store_id,
        "keys": [str(key) for key in keys],
    }
    counted: int = session.connection().exec_driver_sql(_COUNT, asked).scalar_one()
    return counted


def change_authorities(
    session: Session,
    store_id: UUID,
    keys: Keys,
    change: Callable[[JsonObject], JsonObject],
    *,
    dry_run: bool,
) -> int:
    """What `change` makes of the authorities that he is or is in; how many differ then.

    They keep their key, so the statements that they vouch for need no change, and a writer who uses
    one of them at this moment loses nothing.
    """
    authority = StatementAuthority
    groups = authority.agent_key.is_(None)
    found = select(authority).where(
        authority.store_id == store_id, or_(authority.agent_key.in_(keys), groups)
    )
    count = 0
    for row in session.scalars(found.with_for_update()):
        before = load_json(row.body)
        after = change(before)
        if after == before:
            continue
        count += 1
        if not dry_run:
            identity = identify(after)
            row.body, row.agent_key = dump_json(after), agent_key(identity) if identity else None
    return count


def change_statements(
    session: Session, store_id: UUID, changes: Sequence[tuple[Row[Any], JsonObject]]
) -> None:
    """Each old row with its new statement, which is found by what it says now."""
    if not changes:
        return
    rows, gone, new = [], [], []
    for row, statement in changes:
        before, after = mentions(load_json(row.body)), mentions(statement)
        gone += _references(before.items() - after.items(), row.sequence)
        new += _references(after.items() - before.items(), row.sequence)
        rows.append(
            {
                "sequence": row.sequence,
                "body": dump_json(statement),
                "actor_key": actor_digest(statement),
            }
        )
    _run(session, _UPDATE, store_id, rows)
    _run(session, _FORGET_REFERENCES, store_id, gone)
    _run(session, _ADD_REFERENCES, store_id, new)


def delete_statements(session: Session, store_id: UUID, rows: Sequence[Row[Any]]) -> None:
    """With all that they are found by, and all that others are found by for their sake."""
    if not rows:
        return
    gone: list[JsonObject] = []
    asked = {"store": store_id, "ids": [str(row.statement_id) for row in rows]}
    referred = set(session.connection().exec_driver_sql(_REFERRED, asked).scalars())
    for row in rows:
        gone += _references(mentions(load_json(row.body)).items(), row.sequence)
        if row.target_id is not None or row.statement_id in referred:
            gone += _chain_references(session, store_id, row)
    _run(session, _FORGET_REFERENCES, store_id, gone)
    sequences = [row.sequence for row in rows]
    wanted = {"store": store_id, "sequences": sequences}
    session.connection().exec_driver_sql(_DELETE, wanted)


def move_references(session: Session, store_id: UUID, keys: Keys, new_key: UUID | None) -> int:
    """Up to AT_ONCE references to him become those of `new_key`, or go; how many there were."""
    asked = {"store": store_id, "keys": [str(key) for key in keys], "size": AT_ONCE}
    asked["new_key"] = str(new_key) if new_key else None
    moved: int = session.connection().exec_driver_sql(_MOVE_REFERENCES, asked).scalar_one()
    return moved


def _chain_references(session: Session, store_id: UUID, row: Row[Any]) -> list[JsonObject]:
    """What lies on chains through the statement: it and all that refer to it are no longer found by
    it and by what it refers to."""
    asked = {"store": store_id, "sequence": row.sequence, "longest": LONGEST}
    connection = session.connection()
    above = list(connection.exec_driver_sql(_ABOVE, asked).scalars())
    below = list(connection.exec_driver_sql(_BELOW, asked).scalars())
    sources = connection.exec_driver_sql(_ROWS, {"store": store_id, "sequences": below})
    return [
        {"key": key, "role": int(role), "sequence": sequence, "source": source.sequence}
        for source in sources
        for key, role in _keys(source)
        for sequence in above
        if sequence != source.sequence
    ]


def _keys(row: Row[Any]) -> list[tuple[str, Role]]:
    """Everything that finds the statement of `row`, as services/statement_chains.py has it."""
    own = (
        (row.actor_key, Role.DIRECT),
        (row.activity_key, Role.DIRECT),
        (row.verb_key, Role.VERB),
        (row.registration, Role.REGISTRATION),
        (row.agent_key, Role.RELATED),
    )
    found = [(str(key), role) for key, role in own if key is not None]
    return found + list(mentions(load_json(row.body)).items())


def _references(keys: Iterable[tuple[str, Role]], sequence: int) -> list[JsonObject]:
    return [
        {"key": key, "role": int(role), "sequence": sequence, "source": sequence}
        for key, role in keys
    ]


def _run(session: Session, sql: str, store_id: UUID, rows: Sequence[JsonObject]) -> None:
    if rows:
        written = {"store": store_id, "rows": orjson.dumps(rows).decode()}
        session.connection().exec_driver_sql(sql, written)
