"""One way to start a real browser in the tests.

The path comes from LECTERN_CHROMIUM (`make test` sets it after it has found or installed one). A
browser test without a browser fails; it is never skipped.

The browser is started by us and only driven by Playwright: Playwright's own switches would turn the
partitioning of third-party storage, the back-forward cache and the pop-up blocker off, and the
tests are about exactly these. Third-party cookies are blocked, which is Chromium's default.

Chromium throws keys away that are pressed before a page was painted; a person cannot be that fast,
a test can, hence `--allow-pre-commit-input`. A tab is one process: Playwright's driver ends with an
assertion when a frame changes process twice within moments, which a quick launch in a frame does
(ours → the player's site → the platform's); cookies and storage are kept apart all the same.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Frame, Page, Playwright

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--allow-pre-commit-input",
    "--disable-site-isolation-trials",
    "--remote-debugging-port=0",
)
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowser(RuntimeError):
    """No Chromium was found."""


def chromium_path() -> str:
    """The executable to start; raises NoBrowser with what to do."""
    named = os.environ.get("LECTERN_CHROMIUM")
    if named and Path(named).exists():
        return named
    found = next((path for name in CANDIDATES if (path := shutil.which(name))), None)
    if named or not found:
        raise NoBrowser("no Chromium: install one, or name it in LECTERN_CHROMIUM")
    return found


@dataclass
class RunningChromium:
    """A browser with a profile on disk: killing it and starting again keeps what it had stored."""

    process: subprocess.Popen[bytes]
    address: str
    """Of its DevTools, for whoever drives it."""

    def kill(self) -> None:
        """Power cut: the browser and all its processes end without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class RunningBrowser(RunningChromium):
    """The same, driven by Playwright."""

    browser: Browser

    @property
    def context(self) -> BrowserContext:
        return self.browser.contexts[0]


@contextmanager
def running_browser(playwright: Playwright, profile: Path) -> Iterator[RunningBrowser]:
    """Start Chromium on `profile` and connect to it; ends it at the end."""
    with running_chromium(profile) as chromium:
        browser = playwright.chromium.connect_over_cdp(chromium.address)
        yield RunningBrowser(chromium.process, chromium.address, browser)


@contextmanager
def running_chromium(profile: Path) -> Iterator[RunningChromium]:
    """Start Chromium on `profile`; ends it at the end."""
    port_file = profile / "DevToolsActivePort"
    port_file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [chromium_path(), *ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = _wait_for_port(process, port_file)
        yield RunningChromium(process, f"http://127.0.0.1:{port}")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for_port(process: subprocess.Popen[bytes], port_file: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NoBrowser(f"the browser ended with {process.returncode} while starting")
        if port_file.exists() and (text := port_file.read_text()):
            return int(text.split("\n", 1)[0])
        time.sleep(0.05)
    raise NoBrowser("the browser did not start within 60 s")


def wait_until(page: Page | Frame, expression: str, arg: Any = None) -> None:
    """Wait until a JavaScript expression is true; raises TimeoutError after a minute.

    Playwright's wait_for_function compiles its text in the page, which our pages' policy forbids.
    """
    deadline = time.monotonic() + 60
    while not page.evaluate(expression, arg):
        if time.monotonic() > deadline:
            raise TimeoutError(f"never true: {expression}")
        page.wait_for_timeout(50)
