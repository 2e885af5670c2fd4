"""Credentials with bounds, launch tokens, rotation; one look from a key to all of it; refusals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import APPLICATION_ROLE, protect, tenant_columns

revision = "0009"
down_revision = "0008"

ENTER = """
CREATE FUNCTION lrs_enter(wanted text) RETURNS text LANGUAGE plpgsql AS $$
-- From a credential's key to the credential and its store, as JSON, in one round trip; null when
-- there is none. The transaction belongs to the key's tenant from here on; who calls this checks
-- the secret next (xapi_lrs/services/entrance.py).
-- A launch token's key names its tenant itself ("lt" and 32 digits), other keys have a route.
DECLARE
    place uuid;
BEGIN
    IF wanted ~ '^lt[0-9a-f]{32}' THEN
        place := substr(wanted, 3, 32)::uuid;
    ELSE
        SELECT route.tenant_id INTO place
            FROM tenant_route route WHERE route.kind = 'lrs_key' AND route.key = wanted;
    END IF;
    IF place IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('lectern.tenant', place::text, true);
    RETURN (
        SELECT json_build_object(
            'tenant_is_active', owner.is_active,
            'store', row_to_json(store),
            'credential', row_to_json(credential)
        )
            FROM lrs_credential credential
            JOIN lrs_store store ON store.id = credential.store_id
            JOIN tenant owner ON owner.id = credential.tenant_id
            WHERE credential.key = wanted
    );
END
$$
"""


def upgrade() -> None:
    for column in credential_columns():
        op.add_column("lrs_credential", column)
    op.create_index(
        "ix_lrs_credential_launch",
        "lrs_credential",
        ["store_id", "expires_at"],
        postgresql_where=sa.text("kind = 'launch'"),
    )
    create_rejections()
    op.execute(ENTER)
    op.execute("REVOKE EXECUTE ON FUNCTION lrs_enter(text) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION lrs_enter(text) TO {APPLICATION_ROLE}")


def credential_columns() -> list[sa.Column]:
    return [
        sa.Column("kind", sa.String(), server_default="key", nullable=False),
        sa.Column("actor", postgresql.JSONB()),
        sa.Column("registration", sa.Uuid()),
        sa.Column("activity", sa.Text()),
        sa.Column("activity_prefix", sa.Text()),
        sa.Column("origins", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("requests_per_second", sa.Integer()),
        sa.Column("previous_hash", sa.LargeBinary()),
        sa.Column("previous_until", sa.DateTime(timezone=True)),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
    ]


def create_rejections() -> None:
    op.create_table(
        "lrs_rejection",
        *tenant_columns(),
        sa.Column(
            "store_id",
            sa.Uuid(),
            sa.ForeignKey("lrs_store.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("credential_id", sa.Uuid()),
        sa.Column("credential_name", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_bytes", sa.BigInteger()),
        sa.Column("unrecorded", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_index("ix_lrs_rejection_store_id_id", "lrs_rejection", ["store_id", "id"])
    protect(op, "lrs_rejection")


def downgrade() -> None:
    op.execute("DROP FUNCTION lrs_enter(text)")
    op.drop_table("lrs_rejection")
    op.drop_index("ix_lrs_credential_launch", "lrs_credential")
    op.execute("DELETE FROM lrs_credential WHERE kind = 'launch'")
    for column in reversed(credential_columns()):
        op.drop_column("lrs_credential", column.name)
