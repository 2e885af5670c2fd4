"""A queue and workers that can be killed and come back, as a supervisor would see to it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

from database.servers.sockets import remove_socket_folders
from database.servers.valkey import prepare_valkey

ROOT = Path(__file__).parents[3]


class Valkey:
    """The queue's server; what it held is lost with it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder, self._log = folder.resolve(), folder / "valkey.log"
        self._server = prepare_valkey(self._folder, durable=False)
        self.url = self._server.url
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._server.command, cwd="/", stdout=output, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        self.kill()
        remove_socket_folders(self._folder)


class Workers:
    """So many worker processes."""

    def __init__(self, count: int, environment: Mapping[str, str], log: Path) -> None:
        self._environment = {**os.environ, **environment}
        self._log = log
        self._processes = [self._start() for _ in range(count)]

    def revive(self) -> None:
        """Start those again that are no more."""
        for at, process in enumerate(self._processes):
            if process.poll() is not None:
                self._processes[at] = self._start()

    def kill_one(self, number: int) -> None:
        """A worker with the job that it runs."""
        process = self._processes[number % len(self._processes)]
        process.kill()
        process.wait()

    def kill_job(self, number: int) -> bool:
        """Only the process in which a job runs; False when none does."""
        process = self._processes[number % len(self._processes)]
        try:
            running = psutil.Process(process.pid).children()
            for job in running:
                job.kill()
        except psutil.NoSuchProcess:
            return False
        return bool(running)

    def end(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.lti_app.chaos.impatient_worker"]
        with self._log.open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
