"""What every test stands on: a real PostgreSQL, migrated, and a tenant of its own per test.

A fresh tenant makes cleaning up needless: row-level security hides what other tests left.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Playwright, expect, sync_playwright
from sqlalchemy.orm import Session

from database.embedded import embedded_postgres
from database.session import transaction
from lti_app.app import create_app
from lti_app.config import Config
from lti_app.models.tenant import Tenant
from tests.tools.lanes import FIRST, Lanes, lane_of, turn_of


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives browsers takes longest and begins first (tests/tools/lanes.py).

    A test of it that fails runs once more: pages, browser and servers are processes of their own,
    and a machine that stalls is no fault of theirs. The summary names each one as RERUN.
    """
    items.sort(key=lambda item: turn_of(item.nodeid))
    for item in items:
        if lane_of(item.nodeid) in FIRST:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return Lanes(config, log)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory):
    """A running PostgreSQL with `owner_url` and `app_url`; empty."""
    with embedded_postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def config(database, tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(
        database_url=database.app_url,
        database_owner_url=database.owner_url,
        secret_key="test-secret-key-test-secret-key-test",
        lectern_data=str(tmp_path_factory.mktemp("data")),
        demo_lms_url="http://127.0.0.1:8001",
    )


@pytest.fixture(scope="session")
def app(config: Config) -> Flask:
    """The whole application on a migrated database."""
    application = create_app(config)
    application.testing = True
    with application.app_context():
        upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
    return application


@pytest.fixture(autouse=True)
def app_context(request: pytest.FixtureRequest) -> Iterator[None]:
    """An application context for tests that use the application."""
    if "app" not in request.fixturenames:
        yield
        return
    with request.getfixturevalue("app").app_context():
        yield


def make_tenant(slug: str | None = None) -> UUID:
    """A new tenant, committed."""
    name = slug or f"t-{secrets.token_hex(6)}"
    with transaction(None) as session:
        row = Tenant(name=name, slug=name)
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def tenant(app: Flask) -> UUID:
    """A tenant that no other test has seen."""
    return make_tenant()


@pytest.fixture
def other_tenant(app: Flask) -> UUID:
    return make_tenant()


class _RolledBack(Exception):
    pass


@pytest.fixture
def session(tenant: UUID) -> Iterator[Session]:
    """A transaction of the test's tenant that is rolled back at the end."""
    try:
        with transaction(tenant) as opened:
            yield opened
            raise _RolledBack
    except _RolledBack:
        pass


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of browsers of a test run: Playwright refuses a second one beside it."""
    expect.set_options(timeout=30_000)  # nothing depends on a machine being fast
    with sync_playwright() as driver:
        yield driver
