"""A real server that dies: gunicorn as in production, killed with its workers and started anew."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[3]
_COMMAND = (sys.executable, "-m", "gunicorn", "wsgi:app", "-c", "deploy/gunicorn.conf.py")
_PATIENCE = 90.0


class MortalServer:
    """`async with MortalServer(environment, log)`; `environment` as `tests.gunicorn.settings`
    makes it."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.environment, self.log = environment, log
        self.host = environment["CONTENT_URL"].partition("//")[2]
        self.port = int(environment["BIND"].rpartition(":")[2])
        self.deaths = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> "MortalServer":
        await self._start()
        return self

    async def __aexit__(self, *unused: object) -> None:
        async with self._turn:
            self._kill()

    async def die(self, seconds: float) -> None:
        """SIGKILL, whatever it was doing; back after `seconds` and its own start."""
        async with self._turn:
            self._kill()
            self.deaths += 1
            await asyncio.sleep(seconds)
            await self._start()

    def _kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    async def _start(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                _COMMAND,
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.1)
        raise RuntimeError(f"gunicorn did not start:\n{self.log.read_text()[-3000:]}")
