"""Starts the children in order, watches them, and stops them in reverse.

A step is a list of children that may start at the same time. Signals wake the loop through a
pipe, so nothing polls: not while waiting for a child, and not while everything runs.
"""

import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

from lti_app.cli.children import Child
from lti_app.cli.failure import StartFailed
from lti_app.cli.orphans import forget_children, record_children

MAX_STARTS = 5
"""Starts of one child within WINDOW after which the supervisor gives up."""
WINDOW = 60.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs `steps` until a signal arrives; `say` shows progress to the person at the terminal."""

    def __init__(self, folder: Path, steps: list[list[Child]], say: Callable[[str], None]) -> None:
        self.folder = folder
        self.steps = steps
        self.say = say
        self.stopping = False
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._waker.setblocking(False)

    @property
    def children(self) -> list[Child]:
        return [child for step in self.steps for child in step]

    def run(self, on_up: Callable[[], None], on_stopping: Callable[[], None]) -> int:
        """Start, call `on_up` once everything answers, watch, call `on_stopping`, stop.

        Returns the exit code.
        """
        self._listen_to_signals()
        try:
            for step in self.steps:
                self._bring_up(step)
            if not self.stopping:
                on_up()
            pause = None
            while not self.stopping:
                self._pause(pause)
                pause = self._revive()
        except StartFailed as failure:
            self.say(f"Lectern stops: {failure}")
            return 1
        finally:
            on_stopping()
            self._shut_down()
        return 0

    def _bring_up(self, step: list[Child]) -> None:
        for child in step:
            if self.stopping:
                return
            child.start()
        record_children(self.folder, self.children)
        for child in step:
            self._wait_until_ready(child)

    def _wait_until_ready(self, child: Child) -> None:
        deadline = child.starts[-1] + child.patience
        delay = 0.01
        while not self.stopping:
            if child.exit_code is not None:
                if child.finishes and child.exit_code == 0:
                    return
                raise StartFailed(_obituary(child, "ended while it was starting"))
            if not child.finishes and (child.ready is None or child.ready()):
                return
            if time.monotonic() > deadline:
                raise StartFailed(_obituary(child, f"was not ready after {child.patience:.0f} s"))
            self._pause(delay)
            delay = min(delay * 1.5, 0.2)

    def _revive(self) -> float | None:
        """Start again whoever died, without waiting for it: others may have died with it.

        Returns the seconds until the next start that is due later, if there is one.
        """
        pauses = []
        for child in self.children:
            if self.stopping or child.running or child.finishes:
                continue
            if child.due is None:
                self._bury(child)
            pause = child.due - time.monotonic() if child.due is not None else 0.0
            if pause > 0:
                pauses.append(pause)
                continue
            child.start()
            child.due = None
            record_children(self.folder, self.children)
        return min(pauses, default=None)

    def _bury(self, child: Child) -> None:
        """Say that it died and when it will be started again; give up on one that keeps dying."""
        child.send(signal.SIGTERM, group=True)  # what it had started must not outlive it
        now = time.monotonic()
        child.starts = [start for start in child.starts if now - start < WINDOW]
        if len(child.starts) >= MAX_STARTS:
            raise StartFailed(_obituary(child, "keeps ending"))
        child.due = now + (min(0.2 * 2 ** len(child.starts), 5.0) if child.starts else 0.0)
        self.say(f"{child.name} ended (code {child.exit_code}) and is started again")

    def _shut_down(self) -> None:
        for step in reversed(self.steps):
            running = [child for child in step if child.running]
            for child in running:
                child.send(child.stop_signal)
            for child in running:
                self._wait_until_gone(child)
        forget_children(self.folder)

    def _wait_until_gone(self, child: Child) -> None:
        deadline = time.monotonic() + child.grace
        while child.running and time.monotonic() < deadline and child.grace:
            self._pause(0.1)
        if child.running:
            child.send(child.kill_signal, group=True)
            deadline = time.monotonic() + 5
            while child.running and time.monotonic() < deadline:
                self._pause(0.1)
        child.send(signal.SIGKILL, group=True)

    def _listen_to_signals(self) -> None:
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in _STOP_SIGNALS:
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        if self.stopping and number == signal.SIGINT:  # a second Ctrl-C: hurry
            for child in self.children:
                child.grace = 0.0
        elif not self.stopping:
            self.stopping = True
            self.say("Stopping …")

    def _pause(self, seconds: float | None) -> None:
        """Sleep for `seconds` (None: until a signal)."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake, selectors.EVENT_READ)
            selector.select(seconds)
        with suppress(BlockingIOError):
            while self._wake.recv(512):
                pass


def _obituary(child: Child, what: str) -> str:
    lines = [f"{child.name} {what}. The end of {child.log}:", *child.last_lines()]
    return "\n    ".join(lines)
