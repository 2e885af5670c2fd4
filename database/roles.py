"""The role that the application connects as: it owns nothing and no policy lets it through."""

import re

from sqlalchemy import Connection, text

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def ensure_application_role(owner_connection: Connection, name: str, password: str | None) -> None:
    """Make role `name`, or bring an existing one back to what it should be; commits nothing.

    `owner_connection` belongs to a role that may create roles. `password=None` leaves the
    password as it is (embedded servers let in whoever reaches their socket). Refuses a role
    that is a superuser, bypasses row-level security or owns a table: the tenants' isolation
    would be worth nothing.
    """
    if not _PLAIN_NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no plain role name: small letters, digits and underscores only"
        )
    # Two starts at once: the second waits here until the first has committed.
    owner_connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('lectern.application_role'))")
    )
    known = owner_connection.execute(
        text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = :name"), {"name": name}
    ).one_or_none()
    if known is None:
        owner_connection.execute(
            text(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
        )
    elif known.rolsuper or known.rolbypassrls:
        raise ValueError(
            f"role {name} bypasses row-level security: choose another for DATABASE_URL"
        )
    if password is not None:
        owner_connection.exec_driver_sql(f"ALTER ROLE {name} PASSWORD %s", (password,))
    owner_connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
    owned = owner_connection.scalar(
        text("SELECT count(*) FROM pg_tables WHERE tableowner = :name"), {"name": name}
    )
    if owned:
        raise ValueError(
            f"role {name} owns {owned} tables: DATABASE_URL and DATABASE_OWNER_URL must differ"
        )
