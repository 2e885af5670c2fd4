"""`flask prepare` in production: from an empty server to a tenant, without anything of the demo."""

import os
import subprocess
import sys

from sqlalchemy import create_engine, text

from database.embedded import embedded_postgres
from tests.stack.conftest import CHECKOUT, clean_environment


def test_an_empty_database_is_prepared_twice_without_harm_and_without_demo_people(tmp_path):
    """What compose.yaml's `migrate` does at every start."""
    with embedded_postgres(tmp_path / "database") as urls:
        settings = {
            "DATABASE_URL": urls.app_url,
            "DATABASE_OWNER_URL": urls.owner_url,
            "DEFAULT_TENANT": "main",
            "LECTERN_DATA": str(tmp_path / "data"),
        }
        for _ in range(2):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"],
                cwd=CHECKOUT,
                env={**clean_environment(), **settings},
                check=True,
            )
        with create_engine(urls.owner_url).connect() as connection:
            assert connection.scalars(text("SELECT slug FROM tenant")).all() == ["main"]
            assert connection.scalar(text("SELECT count(*) FROM app_user")) == 0


def test_without_the_owners_address_it_says_what_is_missing(tmp_path):
    answer = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"],
        cwd=CHECKOUT,
        env={
            **clean_environment(),
            "DATABASE_URL": "postgresql://lectern_app@localhost/lectern",
            "LECTERN_DATA": str(tmp_path),
            "PATH": os.environ["PATH"],
        },
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1
    assert "DATABASE_OWNER_URL is not set" in answer.stderr
