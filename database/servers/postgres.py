"""An embedded PostgreSQL: its cluster on disk, its command line, its addresses.

The cluster is made once (`initdb` into a side folder, then renamed: a killed initdb leaves no
half cluster). Nothing listens on a port; whoever may enter the 0700 socket folder is let in.
"""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from database.servers.binaries import PostgresPrograms, find_postgres, reachable_programs
from database.servers.errors import ServerError
from database.servers.identity import Identity
from database.servers.processes import command_line
from database.servers.sockets import socket_folder

OWNER_ROLE = "lectern_owner"
DATABASE = "lectern"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class PostgresServer:
    """What is needed to start one server and to reach it."""

    command: list[str]
    data: Path
    sockets: Path
    identity: Identity

    def url(self, role: str, database: str = DATABASE) -> str:
        """An SQLAlchemy URL of `database` for `role`."""
        return f"postgresql+psycopg2://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def accepts_connections(self, pid: int) -> bool:
        """Whether the server with this process number is ready: what `pg_ctl -w` looks at."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def prepare_postgres(root: Path, identity: Identity, *, durable: bool = True) -> PostgresServer:
    """Make the cluster below `root` unless it is there, and return how to start it.

    `durable=False` is for tests: no fsync. Raises ServerError with a sentence for the operator.
    """
    programs = reachable_programs(find_postgres(), identity, root)
    data = root / "postgres"
    if (data / "PG_VERSION").exists():
        _check_version(data, programs)
        _clear_pid_file(data)
    else:
        _make_cluster(data, programs, identity, durable=durable)
    sockets = socket_folder(root, "pg", identity)
    quoted = str(sockets).replace('"', '""')
    settings = {
        "unix_socket_directories": f'"{quoted}"',
        **_SETTINGS,
        **({} if durable else _THROWAWAY),
    }
    command = [str(programs.folder / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return PostgresServer(command, data, sockets, identity)


def _make_cluster(
    data: Path, programs: PostgresPrograms, identity: Identity, *, durable: bool
) -> None:
    unfinished = data.with_name(f"{data.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    identity.own(unfinished)
    command: list[str | Path] = [programs.folder / "initdb", "-D", unfinished, "-U", OWNER_ROLE]
    command += ["--auth=trust", "--encoding=UTF8", "--no-instructions"]
    if programs.major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        command += ["--locale=C.UTF-8"]
    if not durable:
        command.append("--no-sync")
    answer = subprocess.run(
        command, capture_output=True, text=True, cwd="/", **identity.popen_arguments()
    )
    if answer.returncode:
        raise ServerError(
            f"PostgreSQL could not make its files in {unfinished}:\n{answer.stderr.strip()}"
        )
    unfinished.rename(data)


def _check_version(data: Path, programs: PostgresPrograms) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != str(programs.major):
        raise ServerError(
            f"{data} was made by PostgreSQL {made_by}, the installed one is {programs.version}: "
            f"dump it with the old version and restore it with the new one, or move the "
            f"folder away to start anew."
        )


def _clear_pid_file(data: Path) -> None:
    """Stop a server left on `data`, or remove the file of one that is gone.

    The caller holds the instance folder's lock, so a live server here is an orphan of an earlier
    start. A live process that is no postgres on this folder got a recycled number.
    """
    pid_file = data / "postmaster.pid"
    try:
        pid = abs(int(pid_file.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return
    if not _is_postgres_on(pid, data):
        pid_file.unlink(missing_ok=True)
        return
    os.kill(pid, signal.SIGINT)
    for _ in range(300):
        if not _is_postgres_on(pid, data):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGQUIT)
    time.sleep(1)


def _is_postgres_on(pid: int, data: Path) -> bool:
    line = command_line(pid)
    return bool(line) and os.path.basename(line[0]) == "postgres" and str(data) in line
