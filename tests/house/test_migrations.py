"""The migrations are numbered, in one line, and say what the models say."""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, pool

from database.base import Base
from database.urls import with_driver

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


def test_migrations_are_numbered_without_gaps_and_each_follows_the_one_before():
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    for number, name in enumerate(names, start=1):
        source = (VERSIONS / name).read_text()
        assert name.startswith(f"{number:04}_")
        assert re.search(rf'^revision = "{number:04}"', source, re.MULTILINE)
        before = f'"{number - 1:04}"' if number > 1 else "None"
        assert re.search(rf"^down_revision = {before}", source, re.MULTILINE)


def test_the_migrated_database_is_what_the_models_describe(app, database):
    """`alembic check` is empty: nobody changed a model and forgot the migration."""
    engine = create_engine(with_driver(database.owner_url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
