"""One process of the stack: how it is started, when it is ready, how it is stopped."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from database.servers.identity import Identity
from database.servers.parent_death import die_with_parent

_LOG_LIMIT = 5_000_000


@dataclass
class Child:
    """A program with its own process group; `start`, `running`, `stop` are the supervisor's."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = Path("/")
    ready: Callable[[], bool] | None = None
    """Answers whether it can be used; none: it can as soon as it runs."""
    finishes: bool = False
    """It does its work and ends; ready means that it ended with code 0."""
    patience: float = 60.0
    """Seconds until it must be ready."""
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    orphan_signal: signal.Signals | None = None
    """Sent by the kernel when the supervisor dies; none: the stop signal."""
    grace: float = 10.0
    """Seconds it may take to stop."""
    identity: Identity = field(default_factory=Identity)
    process: "subprocess.Popen[bytes] | None" = None
    starts: list[float] = field(default_factory=list)
    """When it was started, on the monotonic clock, in seconds."""
    due: float | None = None
    """When it is to be started again after it died, on the monotonic clock."""
    log_start: int = 0
    """Where in the log its latest start begins, in bytes."""

    def start(self) -> None:
        """Start it with its output going to its log."""
        self._turn_log()
        self.starts.append(time.monotonic())
        with open(self.log, "ab") as output:
            self.log_start = output.tell()
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor only
                preexec_fn=die_with_parent(self.orphan_signal or self.stop_signal),
                **self.identity.popen_arguments(),
            )

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals, *, group: bool = False) -> None:
        """Signal the process, or all it has started as well; gone is fine."""
        try:
            (os.killpg if group else os.kill)(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return

    def last_lines(self, count: int = 12) -> list[str]:
        """The end of what it has printed since it was started."""
        try:
            with open(self.log, errors="replace") as lines:
                lines.seek(self.log_start)
                return [line.rstrip() for line in deque(lines, count)]
        except OSError:
            return []

    def _turn_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
