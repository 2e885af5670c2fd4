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


def upgrade() -> None:
    op.add_column("statement", sa.Column("activity_key", sa.Uuid()))
    op.add_column("statement_reference", sa.Column("role", sa.SmallInteger()))
    op.add_column("statement_reference", sa.Column("source", sa.BigInteger()))
    for_each_tenant(fill_columns)
    replace_key()
    create_indexes()
    for_each_tenant(inherit)
    create_activities()


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
