"""Alembic's environment: migrations run as the role that owns the tables."""

import logging
from pathlib import Path

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool

from database.base import Base
from database.urls import with_driver

logging.getLogger("alembic").setLevel(logging.WARNING)


def run() -> None:
    """Migrate the database of DATABASE_OWNER_URL (else the application's own)."""
    config = current_app.config
    url = config.get("DATABASE_OWNER_URL") or config["SQLALCHEMY_DATABASE_URI"]
    context.config.set_main_option("version_locations", str(Path(__file__).parent / "versions"))
    engine = create_engine(with_driver(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Offline migrations are not supported: connect to the database.")
run()
