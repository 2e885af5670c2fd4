"""A running server per file of journeys, one browser, a fresh browser profile per test."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import BrowserContext, Playwright

from tests.browser import RunningBrowser, running_browser
from tests.journeys.stack import Stack, running_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Everything that `make run` starts, with impatient settings."""
    # Not below pytest's own folder: it is closed to the account that runs PostgreSQL for root.
    with TemporaryDirectory(prefix="lectern journey ") as name:
        Path(name).chmod(0o711)
        with running_stack(Path(name) / "instance", SWEEP_SECONDS="1") as running:
            yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory):
    with running_browser(playwright, tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def context(browser: RunningBrowser) -> Iterator[BrowserContext]:
    """A browser profile that nobody has used."""
    fresh = browser.browser.new_context(viewport={"width": 1280, "height": 800})
    fresh.set_default_timeout(20_000)
    yield fresh
    fresh.close()
