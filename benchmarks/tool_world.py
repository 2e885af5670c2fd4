"""A tenant with platforms, in this process: for benchmarks of jobs, which need no web server."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from database.embedded import embedded_postgres
from lti_app.app import create_app
from lti_app.config import Config
from lti_app.platform_client.reach import REACH
from tests.gunicorn import ROOT


@contextmanager
def tool_world() -> Iterator[Flask]:
    """The application on a migrated database that keeps what it is told; platforms may be here."""
    REACH.private = True
    with tempfile.TemporaryDirectory(prefix="lectern-jobs-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with embedded_postgres(folder / "postgres", durable=True) as urls:
            app = create_app(
                Config(
                    database_url=urls.app_url,
                    database_owner_url=urls.owner_url,
                    secret_key=secrets.token_hex(32),
                    log_level="WARNING",
                    lectern_data=str(folder / "data"),
                )
            )
            with app.app_context():
                upgrade(directory=str(ROOT / "migrations"))
                yield app
