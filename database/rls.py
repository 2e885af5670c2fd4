"""Row-level security: one helper for the migrations, and the list of global tables.

Every table is protected in the migration that creates it:

    op.create_table("package", ...)
    protect(op, "package")

The application connects as `lectern_app`, which owns nothing and cannot bypass a policy; FORCE
makes the owner obey the policies too.
"""

from typing import Any, Protocol

import sqlalchemy as sa

from database.base import CURRENT_TENANT

APPLICATION_ROLE = "lectern_app"

GLOBAL_TABLES = {
    "tenant": "names the tenants; read to find one by its slug or domain",
    "tenant_route": "read before the tenant is known (database/routing.py)",
    "alembic_version": "the migrations' own",
}
"""Tables without tenant_id, each with its reason; a test fails on any other."""

_POLICY = "tenant_id = nullif(current_setting('lectern.tenant', true), '')::uuid"


def tenant_columns() -> list[sa.Column[Any]]:
    """id, tenant_id and created_at, for `op.create_table` in migrations."""
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            sa.ForeignKey("tenant.id", ondelete="CASCADE"),
            server_default=sa.text(CURRENT_TENANT),
            nullable=False,
            index=True,
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
    ]


class Operations(Protocol):
    def execute(self, sqltext: str) -> object: ...


def protect(op: Operations, table: str) -> None:
    """Let the application role see and change only rows of the transaction's tenant."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_isolation ON {table} USING ({_POLICY}) WITH CHECK ({_POLICY})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APPLICATION_ROLE}")


def share(op: Operations, table: str, privileges: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Grant the application role a global table; its name must stand in GLOBAL_TABLES."""
    if table not in GLOBAL_TABLES:
        raise ValueError(f"{table} is not in GLOBAL_TABLES: give it tenant_id and protect() it")
    op.execute(f"GRANT {privileges} ON {table} TO {APPLICATION_ROLE}")
