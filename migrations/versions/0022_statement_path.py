"""Single statements in one round trip: whoever is known comes in and stores at once."""

from pathlib import Path
from runpy import run_path

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BEFORE = (
    "lrs_store_statements(uuid, int, int[], boolean[], uuid, uuid, text, timestamptz, bigint, "
    "text, json, json, uuid[])"
)
STORE = """
CREATE FUNCTION lrs_store_statements(
    p_key text, p_entry text, p_definitions text[],
    p_store uuid, p_store_lock int, p_buckets int[], p_alone boolean[],
    p_authority_key uuid, p_authority_agent uuid, p_authority text,
    p_stored timestamptz, p_version text, p_statements json, p_references json, p_activities uuid[],
    OUT is_done boolean, OUT ids text[], OUT sequences bigint[], OUT awaited text[],
    OUT defined text[], OUT definitions text[]
)
LANGUAGE plpgsql SET enable_seqscan TO off AS $$
-- A batch of valid statements in one round trip, with plans that are kept. There are two ways.
--
-- Without a key: within a transaction of the tenant. What is here already is left as it is, and
-- the caller (xapi_lrs/services/statement_writes.py) sees to all that follows from the answer.
--
-- With a key: outside of any transaction, so the call is one, from entering to COMMIT
-- (xapi_lrs/services/reception.py). It does what needs no second look; is_done: all is stored.
-- Otherwise nothing is: the credential, its store or tenant are not word for word what the caller
-- has checked; an activity is not known as he thinks, then `definitions` says how it is; or the
-- only statement is here already. It raises, so that nothing of several is stored, when one of
-- them is here already or an earlier statement refers to one.
DECLARE
    v_count int := json_array_length(p_statements);
    v_stored timestamptz;
    v_base bigint;
    v_numbers bigint[];
BEGIN
    is_done := false;
    IF p_key IS NOT NULL THEN
        IF lrs_enter(p_key) IS DISTINCT FROM p_entry THEN
            RETURN;
        END IF;
    END IF;
    IF cardinality(p_activities) > 0 THEN
        SELECT array_agg(a.activity_key::text ORDER BY wanted.place),
               array_agg(a.definition ORDER BY wanted.place)
            INTO defined, definitions
            FROM unnest(p_activities) WITH ORDINALITY AS wanted (activity_key, place)
            JOIN xapi_activity a
              ON a.store_id = p_store AND a.activity_key = wanted.activity_key;
        IF p_key IS NOT NULL AND definitions IS DISTINCT FROM p_definitions THEN
            RETURN;
        END IF;
    END IF;
    -- In the order of the buckets, as everybody takes them (services/statement_chains.py).
    FOR place IN 1 .. cardinality(p_buckets) LOOP
        IF p_alone[place] THEN
            PERFORM pg_advisory_xact_lock(p_store_lock, p_buckets[place]);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(p_store_lock, p_buckets[place]);
        END IF;
    END LOOP;
    IF NOT EXISTS (
        SELECT FROM statement_authority a WHERE a.store_id = p_store AND a.key = p_authority_key
    ) THEN
        INSERT INTO statement_authority (store_id, key, agent_key, body)
            VALUES (p_store, p_authority_key, p_authority_agent, p_authority)
            ON CONFLICT DO NOTHING;
    END IF;
    -- The clock after the transaction began: services/consistency.py counts on it.
    v_stored := coalesce(p_stored, date_trunc('milliseconds', clock_timestamp()));
    v_base := (extract(epoch FROM v_stored) * 1000)::bigint << 20;
    LOOP  -- once more where the cycle began anew in the middle of the batch
        v_numbers := '{}';
        FOR place IN 1 .. v_count LOOP
            v_numbers[place] := nextval('statement_number');
        END LOOP;
        EXIT WHEN v_numbers[1] <= v_numbers[v_count];
    END LOOP;
    -- Sorted by id, so that two batches never wait for each other in a circle. LIMIT 1, because
    -- the planner might read the whole store to hash what an EXISTS asks for.
    WITH added AS (
        INSERT INTO statement (
            store_id, sequence, statement_id, stored, timestamp, verb_key, registration, target_id,
            authority_key, actor_key, activity_key, verb_iri, activity_iri, version, body
        )
        SELECT p_store, v_base | v_numbers[t.place], t.statement_id, v_stored,
               coalesce(t.timestamp, v_stored), t.verb_key, t.registration, t.target_id,
               p_authority_key, t.actor_key, t.activity_key, t.verb_iri, t.activity_iri, p_version,
               t.body
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
        JOIN added ON added.sequence = v_base | v_numbers[t.place]
    )
    SELECT array_agg(added.statement_id::text), array_agg(added.sequence),
           array_agg(added.statement_id::text) FILTER (WHERE (
               SELECT true FROM statement s
               WHERE s.store_id = p_store AND s.target_id = added.statement_id LIMIT 1
           ))
        INTO ids, sequences, awaited
        FROM added;
    is_done := awaited IS NULL AND coalesce(cardinality(ids), 0) = v_count;
    IF p_key IS NOT NULL AND NOT is_done AND (v_count > 1 OR ids IS NOT NULL) THEN
        RAISE EXCEPTION 'these statements need a closer look' USING ERRCODE = 'LR001';
    END IF;
END
$$
"""


def upgrade() -> None:
    op.execute(f"DROP FUNCTION {BEFORE}")
    op.execute(STORE)


def downgrade() -> None:
    op.execute("DROP FUNCTION lrs_store_statements")
    op.execute(run_path(str(Path(__file__).with_name("0006_statement_engine.py")))["STORE"])
