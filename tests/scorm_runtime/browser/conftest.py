"""A live server with nothing but the run-time, and a real browser on a profile that stays."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Frame, Page, Playwright
from werkzeug.serving import make_server

from scorm_runtime.storage.local import LocalStorage
from tests.browser import RunningBrowser, running_browser
from tests.scorm_runtime.playing import (
    Listener,
    make_app,
    make_attempt,
    make_item,
    make_token,
    read_attempt,
)


@dataclass
class Server:
    """The content origin of the tests."""

    url: str
    app: Any
    listener: Listener
    storage: LocalStorage

    def token(self, tenant: UUID, attempt: UUID, **changes: Any) -> str:
        return make_token(tenant, attempt, **changes)


@pytest.fixture
def server(config, app, tmp_path: Path) -> Iterator[Server]:
    listener = Listener()
    storage = LocalStorage(tmp_path / "storage")
    own = make_app(config, listener.host(), storage)

    @own.get("/left")
    def left() -> str:
        return "<!doctype html><title>Left</title><p>Back where the learner came from</p>"

    httpd = make_server("127.0.0.1", 0, own, threaded=True)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{httpd.server_port}"
    listener.exit_url = f"{url}/left"
    listener.ancestors = ["http:"]
    yield Server(url, own, listener, storage)
    httpd.shutdown()
    thread.join()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "profile"
    folder.mkdir()
    return folder


@pytest.fixture
def browser(playwright: Playwright, profile: Path) -> Iterator[RunningBrowser]:
    with running_browser(playwright, profile) as running:
        yield running


@dataclass
class Play:
    """One attempt of the test, to be opened in as many windows as it wants."""

    server: Server
    tenant: UUID
    attempt: UUID

    @property
    def address(self) -> str:
        return f"{self.server.url}/p/{self.server.token(self.tenant, self.attempt)}/"

    def open(self, page: Page, address: str | None = None) -> Frame:
        """Open the player and wait for the content; answers its frame."""
        page.goto(address or self.address)
        return content(page)

    def row(self) -> Any:
        return read_attempt(self.tenant, self.attempt)


def content(page: Page) -> Frame:
    """The content's frame, its API found."""
    page.wait_for_selector("[data-state=running] iframe, [data-state=ended] iframe")
    frame = page.frames[-1]
    frame.wait_for_function("window.API !== undefined")
    return frame


def call(frame: Frame, function: str, *arguments: str) -> str:
    """What content gets when it calls the API."""
    return frame.evaluate("([f, a]) => API[f](...a)", [function, list(arguments)])


def wait_saved(page: Page) -> None:
    page.wait_for_selector("#save[data-save=saved]")


@pytest.fixture
def play(server: Server, tenant: UUID) -> Play:
    return Play(server, tenant, make_attempt(tenant, storage=server.storage))


def make_play(server: Server, tenant: UUID, *hrefs: str) -> Play:
    items = [make_item(f"I{at}", href) for at, href in enumerate(hrefs, start=1)]
    return Play(server, tenant, make_attempt(tenant, *items, storage=server.storage))
