"""What the operating system tells of a process by its number."""

import subprocess
from pathlib import Path


def command_line(pid: int) -> list[str]:
    """The words a process was started with; empty when there is none (or it is a zombie).

    Where there is no /proc the line comes from ps, split at the options that we write.
    """
    try:
        return _without_ending(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return []
    line = _ps("args=", pid)
    return [word.strip() for word in line.replace(" -D ", "\0").replace(" -c ", "\0").split("\0")]


def start_mark(pid: int) -> str:
    """When a process began, in whatever unit: tells it from a later one with the same number."""
    try:
        # proc(5): field 22 is the start time; field 2, in brackets, may contain spaces.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "" if Path("/proc/self").exists() else _ps("lstart=", pid)
    return "" if fields[0] == "Z" else fields[19]


def _without_ending(raw: bytes) -> list[str]:
    return raw.decode(errors="replace").removesuffix("\0").split("\0") if raw else []


def _ps(column: str, pid: int) -> str:
    command = ["ps", "-o", column, "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()
