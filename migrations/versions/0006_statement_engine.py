"""Statements are found by columns, and by what finds those they refer to; activities."""

import hashlib
from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from database.base import CURRENT_TENANT
from database.rls import protect

revision = "0006"
down_revision = "0005"

STORE = """
CREATE FUNCTION lrs_store_statements(
    p_store uuid, p_store_lock int, p_buckets int[], p_alone boolean[],
    p_authority_key uuid, p_authority_agent uuid, p_authority text,
    p_stored timestamptz, p_milliseconds bigint, p_version text,
    p_statements json, p_references json, p_activities uuid[],
    OUT ids text[], OUT sequences bigint[], OUT awaited text[],
    OUT defined text[], OUT definitions text[]
)
LANGUAGE plpgsql SET enable_seqscan TO off AS $$
-- A batch of valid statements in one round trip, with plans that are kept. Called by
-- xapi_lrs/services/statement_writes.py, which says what goes in and comes out.
DECLARE
    numbers bigint[];
BEGIN
    -- In the order of the buckets, as everybody takes them (services/statement_chains.py).
    FOR place IN 1 .. cardinality(p_buckets) LOOP
        IF p_alone[place] THEN
            PERFORM pg_advisory_xact_lock(p_store_lock, p_buckets[place]);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(p_store_lock, p_buckets[place]);
        END IF;
    END LOOP;
    INSERT INTO statement_authority (store_id, key, agent_key, body)
        VALUES (p_store, p_authority_key, p_authority_agent, p_authority)
        ON CONFLICT DO NOTHING;
    LOOP  -- once more where the cycle began anew in the middle of the batch
        SELECT array_agg(nextval('statement_number')) INTO numbers
            FROM generate_series(1, json_array_length(p_statements));
        EXIT WHEN numbers[1] <= numbers[cardinality(numbers)];
    END LOOP;
    -- Sorted by id, so that two batches never wait for each other in a circle. LIMIT 1, because
    -- the planner might read the whole store to hash what an EXISTS asks for.
    WITH added AS (
        INSERT INTO statement (
            store_id, sequence, statement_id, stored, timestamp, verb_key, registration, target_id,
            authority_key, actor_key, activity_key, verb_iri, activity_iri, version, body
        )
        SELECT p_store, p_milliseconds << 20 | numbers[t.place], t.statement_id, p_stored,
               t.timestamp, t.verb_key, t.registration, t.target_id, p_authority_key, t.actor_key,
               t.activity_key, t.verb_iri, t.activity_iri, p_version, t.body
        FROM json_to_recordset(p_statements) AS t (
            place int, statement_id uuid, timestamp timestamptz, verb_key uuid, registration uuid,
            target_id uuid, actor_key uuid, activity_key uuid, verb_iri text, activity_iri text,
            body text
        )
        ORDER BY t.statement_id
        ON CONFLICT (store_id, statement_id) DO NOTHING
        RETURNING statement.sequence, statement.statement_id
    ), mentioned AS (
        INSERT INTO statement_reference (store_id, key, role, sequence, source)
        SELECT p_store, t.key, t.role, added.sequence, added.sequence
        FROM json_to_recordset(p_references) AS t (place int, key uuid, role smallint)
        JOIN added ON added.sequence = p_milliseconds << 20 | numbers[t.place]
    )
    SELECT array_agg(added.statement_id::text), array_agg(added.sequence),
           array_agg(added.statement_id::text) FILTER (WHERE (
               SELECT true FROM statement s
               WHERE s.store_id = p_store AND s.target_id = added.statement_id LIMIT 1
           ))
        INTO ids, sequences, awaited
        FROM added;
    IF cardinality(p_activities) > 0 THEN
        SELECT array_agg(a.activity_key::text), array_agg(a.definition) INTO defined, definitions
            FROM xapi_activity a
            WHERE a.store_id = p_store AND a.activity_key = ANY(p_activities);
    END IF;
END
$$
"""


def upgrade() -> None:
    op.add_column("statement", sa.Column("activity_key", sa.Uuid()))
    op.add_column("statement_reference", sa.Column("role", sa.SmallInteger()))
    op.add_column("statement_reference", sa.Column("source", sa.BigInteger()))
    for_each_tenant(fill_columns)
    replace_key()
    create_indexes()
    for_each_tenant(inherit)
    create_activities()
    op.execute(STORE)


def for_each_tenant(change: Callable[[], None]) -> None:
    """Row-level security binds the owner too."""
    bind = op.get_bind()
    for tenant in bind.execute(sa.text("SELECT id FROM tenant")).scalars().all():
        bind.execute(
            sa.text("SELECT set_config('lectern.tenant', :tenant, true)"), {"tenant": str(tenant)}
        )
        change()


def replace_key() -> None:
    op.execute("ALTER TABLE statement_reference DROP CONSTRAINT pk_statement_reference")
    op.alter_column("statement_reference", "role", nullable=False)
    op.alter_column("statement_reference", "source", nullable=False)
    op.drop_column("statement_reference", "direct")
    op.create_primary_key(
        "pk_statement_reference",
        "statement_reference",
        ["store_id", "key", "role", "sequence", "source"],
    )


def fill_columns() -> None:
    """For one tenant: what has become a column is no reference any more."""
    bind = op.get_bind()
    iris = bind.execute(sa.text("SELECT DISTINCT activity_iri FROM statement")).scalars().all()
    for iri in filter(None, iris):
        bind.execute(
            sa.text("UPDATE statement SET activity_key = :key WHERE activity_iri = :iri"),
            {"key": activity_key(iri), "iri": iri},
        )
    op.execute("UPDATE statement_reference SET role = direct::int, source = sequence")
    op.execute("""
        DELETE FROM statement_reference r USING statement s
        LEFT JOIN statement_authority a ON a.store_id = s.store_id AND a.key = s.authority_key
        WHERE r.store_id = s.store_id AND r.sequence = s.sequence
          AND (r.key IN (s.actor_key, s.activity_key) OR r.role = 0 AND r.key = a.agent_key)
    """)


def activity_key(iri: str) -> UUID:
    """As xapi_lrs.core.references has it today."""
    data = f"activity\0{iri}".encode("utf-8", "surrogatepass")
    return UUID(bytes=hashlib.blake2b(data, digest_size=16).digest())


def inherit() -> None:
    """For one tenant: statements that refer to others are found by what finds those."""
    op.execute("""
        WITH RECURSIVE chain (store_id, listed, source, target_id, depth) AS (
            SELECT store_id, sequence, sequence, target_id, 0 FROM statement
            WHERE target_id IS NOT NULL
          UNION ALL
            SELECT chain.store_id, chain.listed, t.sequence, t.target_id, depth + 1
            FROM chain JOIN statement t
              ON t.store_id = chain.store_id AND t.statement_id = chain.target_id
            WHERE depth < 32
        ), pair AS (
            SELECT DISTINCT store_id, listed, source FROM chain WHERE source <> listed
        ), found (store_id, sequence, key, role) AS (
            SELECT store_id, sequence, actor_key, 1 FROM statement
            UNION SELECT store_id, sequence, activity_key, 1 FROM statement
            UNION SELECT store_id, sequence, verb_key, 2 FROM statement
            UNION SELECT store_id, sequence, registration, 3 FROM statement
            UNION SELECT s.store_id, s.sequence, a.agent_key, 0 FROM statement s
                  JOIN statement_authority a ON a.store_id = s.store_id AND a.key = s.authority_key
            UNION SELECT store_id, sequence, key, role FROM statement_reference
        )
        INSERT INTO statement_reference (store_id, key, role, sequence, source)
        SELECT pair.store_id, found.key, found.role, pair.listed, pair.source
        FROM pair JOIN found ON found.store_id = pair.store_id AND found.sequence = pair.source
        WHERE found.key IS NOT NULL
        ON CONFLICT DO NOTHING
    """)


def create_indexes() -> None:
    op.create_index(
        "ix_statement_actor", "statement", ["store_id", "actor_key", "sequence", "verb_key"]
    )
    op.create_index(
        "ix_statement_activity",
        "statement",
        ["store_id", "activity_key", "sequence", "verb_key"],
        postgresql_where=sa.text("activity_key IS NOT NULL"),
    )
    op.create_index(
        "ix_statement_authority", "statement", ["store_id", "authority_key", "sequence"]
    )


def create_activities() -> None:
    default = sa.text(CURRENT_TENANT)
    op.create_table(
        "xapi_activity",
        sa.Column("store_id", sa.Uuid(), primary_key=True),
        sa.Column("activity_key", sa.Uuid(), primary_key=True),
        sa.Column("tenant_id", sa.Uuid(), server_default=default, nullable=False),
        sa.Column("iri", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
    )
    protect(op, "xapi_activity")


def downgrade() -> None:
    op.execute("DROP FUNCTION lrs_store_statements")
    op.drop_table("xapi_activity")
    for name in ("actor", "activity", "authority"):
        op.drop_index(f"ix_statement_{name}", "statement")
    op.execute("ALTER TABLE statement_reference DROP CONSTRAINT pk_statement_reference")
    for_each_tenant(fill_references)
    op.add_column("statement_reference", sa.Column("direct", sa.Boolean()))
    for_each_tenant(lambda: op.execute("UPDATE statement_reference SET direct = (role = 1)"))
    op.alter_column("statement_reference", "direct", nullable=False)
    for name in ("role", "source"):
        op.drop_column("statement_reference", name)
    op.create_primary_key(
        "pk_statement_reference", "statement_reference", ["store_id", "key", "direct", "sequence"]
    )
    op.drop_column("statement", "activity_key")


def fill_references() -> None:
    """For one tenant: what is found by a column becomes a reference again."""
    op.execute("DELETE FROM statement_reference WHERE role > 1 OR source <> sequence")
    for column in ("actor_key", "activity_key"):
        op.execute(f"""
            INSERT INTO statement_reference (store_id, key, role, sequence, source)
            SELECT store_id, {column}, 1, sequence, sequence FROM statement
            WHERE {column} IS NOT NULL
        """)  # noqa: S608 - names of our own columns
    op.execute("""
        INSERT INTO statement_reference (store_id, key, role, sequence, source)
        SELECT s.store_id, a.agent_key, 0, s.sequence, s.sequence FROM statement s
        JOIN statement_authority a ON a.store_id = s.store_id AND a.key = s.authority_key
        WHERE a.agent_key IS NOT NULL AND a.agent_key IS DISTINCT FROM s.actor_key
        AND NOT EXISTS (SELECT FROM statement_reference r WHERE r.store_id = s.store_id
            AND r.key = a.agent_key AND r.sequence = s.sequence)
    """)
