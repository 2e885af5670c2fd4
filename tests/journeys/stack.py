"""The whole of Lectern as `make run` starts it, on free ports, for the journeys."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PASSWORD = "lectern-demo"


@dataclass(frozen=True)
class Stack:
    """A running server with its Demo LMS."""

    app_url: str
    demo_url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def demo(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The Demo LMS's JSON: GET without a body, POST with one."""
        method = "GET" if body is None else "POST"
        answer = requests.request(method, f"{self.demo_url}/lms/api/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def grade(self, user: str, activity: int) -> dict[str, Any] | None:
        """What the platform's gradebook holds for a student in an activity."""
        return next(
            (
                grade
                for grade in self.demo("gradebook")["grades"]
                if (grade["user"], str(grade["activity"])) == (user, str(activity))
            ),
            None,
        )

    def statements(self, **query: str) -> list[dict[str, Any]]:
        """What a vendor with the demo credential reads from the record store."""
        lines = (self.folder / "lrs-demo-credential.txt").read_text().split("\n")
        credential = dict(line.split(None, 1) for line in lines if line)
        answer = requests.get(
            f"{credential['endpoint']}statements",
            params=query,
            auth=(credential["key"], credential["secret"]),
            headers={"X-Experience-API-Version": "1.0.3"},
            timeout=30,
        )
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["statements"]
        return found

    def child(self, name: str) -> int:
        """The process id of one of the supervisor's children."""
        known = json.loads((self.folder / "children.json").read_text())
        return next(entry["pid"] for entry in known if entry["name"] == name)


@contextmanager
def running_stack(folder: Path, **settings: str) -> Iterator[Stack]:
    """Start everything in `folder`; wait until it answers; stop it at the end."""
    web, demo = free_port(), free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
        "LECTERN_DATA": str(folder),
        "BIND": f"127.0.0.1:{web}",
        "DEMO_LMS_URL": f"http://127.0.0.1:{demo}",
        **settings,
    }
    log = folder.parent / f"{folder.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "lti_app.cli.run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, log)
        yield Stack(f"http://localhost:{web}", f"http://127.0.0.1:{demo}", folder, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while "Lectern is running" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start:\n{log.read_text()}")
        time.sleep(0.1)


def eventually(check: Any, seconds: float = 60.0) -> Any:
    """The first true answer of `check()`; its last answer fails the test when time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert answer, f"still {answer!r} after {seconds} s"
    return answer
