"""Fixtures for what stands at the store's doors."""

import pytest

from tests.xapi_lrs.lane import open_lane


@pytest.fixture
def lane(lrs, lrs_app, monkeypatch):
    """A running lane of the test's store."""
    with open_lane(lrs, lrs_app, monkeypatch) as made:
        yield made
