"""What an earlier start left behind when it was killed, found and stopped by the next one.

On Linux the kernel tells children of their parent's death (`database/servers/parent_death.py`)
and they stop by themselves; here we wait for them, and stop those who were not told.
"""

import json
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from database.servers.processes import start_mark
from lti_app.cli.children import Child

_GRACE = 15.0


def record_children(folder: Path, children: Iterable[Child]) -> None:
    """Write down who runs, with a mark that tells a process from a later one of its number."""
    rows = [
        {
            "name": child.name,
            "pid": child.pid,
            "mark": start_mark(child.pid),
            "signal": int(child.stop_signal),
        }
        for child in children
        if child.running
    ]
    unfinished = folder / "children.json.new"
    unfinished.write_text(json.dumps(rows))
    unfinished.replace(folder / "children.json")


def forget_children(folder: Path) -> None:
    """Everything was stopped: nothing to look for at the next start."""
    (folder / "children.json").unlink(missing_ok=True)


def stop_orphans(folder: Path) -> list[str]:
    """Stop what the list of an earlier start still names; returns the names of those found.

    The caller holds the folder's lock, so nobody else supervises these processes.
    """
    try:
        rows = json.loads((folder / "children.json").read_text())
    except (OSError, ValueError):
        return []
    alive = [row for row in rows if _lives(row)]
    names = [row["name"] for row in alive]
    deadline = time.monotonic() + _GRACE
    for row in reversed(alive):
        _signal(row["pid"], row["signal"])
    while (alive := [row for row in alive if _lives(row)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    for row in alive:
        _signal(row["pid"], signal.SIGKILL)
    forget_children(folder)
    return names


def _lives(row: dict[str, object]) -> bool:
    mark = start_mark(int(str(row["pid"])))
    return bool(mark) and mark == row["mark"]


def _signal(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number) if number == signal.SIGKILL else os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
