"""Lectern started as a person starts it: a process, an instance folder, two free ports."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.ports import free_port

CHECKOUT = Path(__file__).parents[2]
PATIENCE = 120.0
"""Seconds; the machine may be busy with other tests."""
UP = "Stop with Ctrl-C."


@dataclass
class Start:
    """One `python -m lti_app.cli.run`; `family` are the processes it had started."""

    process: "subprocess.Popen[str]"
    url: str
    demo_url: str
    output: Path
    family: list[psutil.Process] = field(default_factory=list)

    def wait_until_up(self) -> "Start":
        deadline = time.monotonic() + PATIENCE
        while UP not in self.said():
            assert self.process.poll() is None, f"it ended while starting:\n{self.said()}"
            assert time.monotonic() < deadline, f"not up in time:\n{self.said()}"
            time.sleep(0.05)
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return self

    def said(self) -> str:
        return self.output.read_text()

    def child(self, words: str) -> psutil.Process:
        """The direct child whose command line contains `words`."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if words in " ".join(child.cmdline()))

    def end(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end: its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def survivors(self, seconds: float) -> list[psutil.Process]:
        """Processes of its family that are still there after waiting for `seconds`."""
        _, alive = psutil.wait_procs(self.family, timeout=seconds)
        return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def fetch(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own address)
        return answer.status, answer.read().decode()


Starter = Callable[..., Start]


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starter]:
    """`start(folder, **environment)`; whatever still runs at the end is killed."""
    started: list[Start] = []

    def run(folder: Path, account: str | None = None, **environment: str) -> Start:
        output = tmp_path_factory.mktemp("output") / "said.txt"
        web, demo = f"127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}"
        settings = {"LECTERN_DATA": str(folder), "BIND": web, "DEMO_LMS_URL": demo} | environment
        command, options = [sys.executable], {}
        if account is not None:
            command, options = [ordinary_python()], as_account(account)
            settings |= {"PYTHONPATH": sysconfig.get_path("purelib"), "HOME": "/nonexistent"}
        with open(output, "w") as stdout:
            process = subprocess.Popen(
                [*command, "-m", "lti_app.cli.run"],
                cwd=CHECKOUT,
                env={**clean_environment(), **settings},
                stdout=stdout,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                **options,
            )
        port = settings["BIND"].rpartition(":")[2]
        started.append(Start(process, f"http://127.0.0.1:{port}", settings["DEMO_LMS_URL"], output))
        return started[-1]

    yield run
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGTERM)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place for instance folders that any account may enter (pytest's own are 0700)."""
    made = Path(tempfile.mkdtemp(prefix="lectern stack "))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def clean_environment() -> dict[str, str]:
    """This process's environment without Lectern's own settings."""
    ours = ("DATABASE_", "REDIS_", "LECTERN_", "APP_URL", "CONTENT_URL", "DEMO_", "BIND", "SECRET_")
    return {name: text for name, text in os.environ.items() if not name.startswith(ours)}


def as_account(name: str) -> dict[str, Any]:
    """Keyword arguments of Popen for another account."""
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def ordinary_python() -> str:
    """An interpreter of our version that any account may execute; skips where there is none."""
    version = f"python3.{sys.version_info[1]}"
    for candidate in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            command = [candidate, "-c", "import ssl, ctypes"]
            if subprocess.run(command, **as_account("nobody")).returncode == 0:
                return candidate
        except OSError:
            continue
    pytest.skip(f"no {version} outside of a private home")
