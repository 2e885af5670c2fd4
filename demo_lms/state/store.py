"""The Demo LMS's memory: one JSON document in one file.

Every change happens under a lock (threads and processes alike), is written beside the old file and
put in its place in one step, and is forgotten when it fails: a reader and a restart see the
document before or after a change, never in between.
"""

from __future__ import annotations

import contextlib
import copy
import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

State = dict[str, Any]

log = logging.getLogger(__name__)


class Store:
    """The document of one data folder. `blank` makes a new one; its `version` is the shape's.

    The blocks of `reading` and `changing` are short and never nested: no network, no waiting.
    """

    def __init__(self, folder: Path, blank: Callable[[], State]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "state.json"
        self._lock_file = folder / "state.lock"
        self._blank = blank
        self._lock = threading.Lock()
        self._state: State = {}
        self._seen: tuple[int, int] | None = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[State]:
        """The document, not to be changed; take out what is needed within the block."""
        with self._lock, self._between_processes():
            self._refresh()
            yield self._state

    @contextlib.contextmanager
    def changing(self) -> Iterator[State]:
        """The document to be changed; written when the block ends, forgotten when it raises."""
        with self._lock, self._between_processes():
            self._refresh()
            try:
                yield self._state
                self._write()
            except BaseException:
                self._seen = None
                raise

    def copy(self) -> State:
        """A copy of the whole document, for tests and for looking."""
        with self.reading() as state:
            return copy.deepcopy(state)

    @contextlib.contextmanager
    def _between_processes(self) -> Iterator[None]:
        with self._lock_file.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _refresh(self) -> None:
        seen = self._stamp()
        if seen is not None and seen == self._seen:
            return
        self._state = self._load() if seen else self._blank()
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _load(self) -> State:
        blank = self._blank()
        try:
            state = json.loads(self._file.read_text(encoding="utf-8"))
            if state["version"] == blank["version"]:
                return dict(state)
            reason = "has another version's shape"
        except (ValueError, TypeError, KeyError):
            reason = "cannot be read"
        aside = self._file.with_name("state.json.unreadable")
        log.warning("%s %s; it is kept as %s and a new one begun.", self._file, reason, aside.name)
        self._file.replace(aside)
        return blank

    def _write(self) -> None:
        beside = self._file.with_suffix(".json.new")
        beside.write_text(json.dumps(self._state), encoding="utf-8")
        os.replace(beside, self._file)
        self._seen = self._stamp()
