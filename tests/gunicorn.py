"""The application under gunicorn with the settings of production, for tests and tools."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.ports import free_port

ROOT = Path(__file__).parents[1]
_COMMAND = (sys.executable, "-m", "gunicorn", "wsgi:app", "-c", "deploy/gunicorn.conf.py")
_PATIENCE = 60.0


def settings(database_url: str, owner_url: str, folder: Path) -> dict[str, str]:
    """The environment of a server on that database, on a free port."""
    port = free_port()
    inherited = {key: value for key, value in os.environ.items() if key != "REDIS_URL"}
    return {
        **inherited,
        "DATABASE_URL": database_url,
        "DATABASE_OWNER_URL": owner_url,
        "SECRET_KEY": "test-secret-key-test-secret-key-test",
        "LECTERN_DATA": str(folder),
        "BIND": f"127.0.0.1:{port}",
        "APP_URL": f"http://127.0.0.1:{port}",
        "CONTENT_URL": f"http://localhost:{port}",
    }


@contextmanager
def running_gunicorn(environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Its origin; it is stopped at the end of the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            _COMMAND, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait(process, environment["APP_URL"], log)
        yield environment["APP_URL"]
    finally:
        process.send_signal(signal.SIGINT)  # at once: idle connections may be kept open
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], origin: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(f"{origin}/xapi/default/about", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"gunicorn did not start:\n{log.read_text()}")
