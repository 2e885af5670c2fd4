# ruff: noqa: T201  a command: it prints for people
"""A Chromium for the browser tests: found, or fetched.

`python -m tests.tools.chromium` prints its path.
"""

import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.tools.missing import Missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_DOWNLOADS = "https://cdn.playwright.dev"
_DOWNLOAD_LIMIT = 300
_ADVICE = (
    "No Chromium for the browser tests: install Chromium or Google Chrome, or name one: "
    "LECTERN_CHROMIUM=/path/to/chromium make test"
)


def chromium_path(environ: dict[str, str]) -> str:
    """The path of a Chromium that starts; raises Missing.

    In this order: LECTERN_CHROMIUM, Playwright's own (downloaded where its server can be
    reached), an installed one, Debian's package when we are root.
    """
    if named := environ.get("LECTERN_CHROMIUM", "").strip():
        if starts(named):
            return named
        raise Missing(f"LECTERN_CHROMIUM={named} does not start: name a working Chromium")
    ways: tuple[Callable[[], Iterator[str]], ...] = (_from_playwright, _installed, _from_debian)
    for way in ways:
        for candidate in way():
            if starts(candidate):
                return candidate
    raise Missing(_ADVICE)


def starts(path: str) -> bool:
    """Whether the program runs here (a download may lack the system's libraries)."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _from_playwright() -> Iterator[str]:
    if not _reachable(os.environ.get("PLAYWRIGHT_DOWNLOAD_HOST", _DOWNLOADS)):
        return
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    try:
        subprocess.run(command, timeout=_DOWNLOAD_LIMIT, check=True, stdout=sys.stderr)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"Playwright could not install its Chromium ({error})", file=sys.stderr)
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _reachable(url: str) -> bool:
    parts = urlsplit(url)
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy")):
        return True  # the proxy knows; the installer has its time limit
    try:
        socket.create_connection((parts.hostname or "", parts.port or 443), timeout=3).close()
    except OSError:
        return False
    return True


def _installed() -> Iterator[str]:
    yield from (found for name in NAMES if (found := shutil.which(name)))
    yield from (path for path in APPLICATIONS if Path(path).exists())


def _from_debian() -> Iterator[str]:
    if os.geteuid() != 0 or not shutil.which("apt-get") or platform.system() != "Linux":
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (
        ["update", "-q"],
        ["install", "-y", "-q", "--no-install-recommends", "chromium"],
    ):
        command = ["apt-get", *arguments]
        if subprocess.run(command, env=environment, stdout=sys.stderr).returncode:
            return
    yield from _installed()


def main() -> int:
    """Print the path, or one line of advice."""
    try:
        print(chromium_path(dict(os.environ)))
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
