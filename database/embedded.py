"""PostgreSQL and Valkey for as long as a `with` block lasts: for tests and tools.

    with embedded_postgres(folder) as urls:
        engine = create_engine(urls.app_url)

Nothing survives the block, nor the death of this process by SIGKILL. `make run` keeps its
servers under its own supervisor (`lti_app/cli/supervisor.py`).
"""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from database.creation import ensure_database
from database.rls import APPLICATION_ROLE
from database.servers.errors import ServerError
from database.servers.identity import Identity, server_identity
from database.servers.parent_death import die_with_parent
from database.servers.postgres import OWNER_ROLE, prepare_postgres
from database.servers.scratch import scratch_folder
from database.servers.sockets import remove_socket_folders
from database.servers.valkey import prepare_valkey

_PATIENCE = 30.0
"""Seconds a server may take until it answers, or until it has stopped."""


@dataclass(frozen=True)
class PostgresUrls:
    """SQLAlchemy URLs of one database."""

    owner_url: str
    """As `lectern_owner`: migrates, and passes every policy."""
    app_url: str
    """As `lectern_app`: owns nothing, obeys every policy."""


@contextmanager
def embedded_postgres(root: Path, *, durable: bool = False) -> Iterator[PostgresUrls]:
    """Run a PostgreSQL below `root`, with an empty database and both roles; without durability
    unless it is asked for, as benchmarks do."""
    identity = server_identity()
    root.mkdir(parents=True, exist_ok=True)
    with scratch_folder(root.resolve(), identity) as folder:
        server = prepare_postgres(folder, identity, durable=durable)
        log = folder / "postgres.log"
        try:
            with _running(server.command, log, identity, server.accepts_connections, signal.SIGINT):
                urls = PostgresUrls(server.url(OWNER_ROLE), server.url(APPLICATION_ROLE))
                ensure_database(urls.owner_url, urls.app_url)
                yield urls
        finally:
            remove_socket_folders(folder)


@contextmanager
def embedded_valkey(root: Path) -> Iterator[str]:
    """Run a Valkey below `root` that keeps nothing on disk; yields its URL for redis-py."""
    root.mkdir(parents=True, exist_ok=True)
    server = prepare_valkey(root.resolve(), durable=False)
    log = root / "valkey.log"
    try:
        with _running(
            server.command, log, Identity(), lambda pid: server.answers(), signal.SIGTERM
        ):
            yield server.url
    finally:
        remove_socket_folders(root.resolve())


@contextmanager
def _running(
    command: list[str],
    log: Path,
    identity: Identity,
    answers: Callable[[int], bool],
    stop: signal.Signals,
) -> Iterator[None]:
    with open(log, "ab") as output:
        process = subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C at the terminal reaches only the tests
            preexec_fn=die_with_parent(stop),
            **identity.popen_arguments(),
        )
    try:
        _wait_until_ready(process, log, answers)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(
    process: "subprocess.Popen[bytes]", log: Path, answers: Callable[[int], bool]
) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not answers(process.pid):
        if process.poll() is not None or time.monotonic() > deadline:
            ending = log.read_text(errors="replace").strip().splitlines()[-5:]
            raise ServerError("\n".join([f"{process.args!r} did not start:", *ending]))
        time.sleep(0.01)
