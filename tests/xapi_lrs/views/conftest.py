"""Fixtures for what stands at the store's doors."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from tests.xapi_lrs.lane import open_lane


@pytest.fixture
def lane(lrs, lrs_app, monkeypatch):
    """A running lane of the test's store."""
    with open_lane(lrs, lrs_app, monkeypatch) as made:
        yield made


@pytest.fixture
def server(config) -> Iterator[Any]:
    """Asks the same PostgreSQL who waits there, and can end them."""
    connection = psycopg2.connect(config.database_url.replace("+psycopg2", ""))
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()
