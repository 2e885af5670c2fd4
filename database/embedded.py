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

import redis
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from database.rls import APPLICATION_ROLE
from database.roles import ensure_application_role
from database.servers.errors import ServerError
from database.servers.identity import Identity, server_identity
from database.servers.parent_death import die_with_parent
from database.servers.postgres import DATABASE, OWNER_ROLE, PostgresServer, prepare_postgres
from database.servers.scratch import scratch_folder
from database.servers.valkey import ValkeyServer, prepare_valkey

_PATIENCE = 30.0
"""Seconds a server may take until it answers."""


@dataclass(frozen=True)
class PostgresUrls:
    """SQLAlchemy URLs of one database."""

    owner_url: str
    """As `lectern_owner`: migrates, and passes every policy."""
    app_url: str
    """As `lectern_app`: owns nothing, obeys every policy."""


@contextmanager
def embedded_postgres(root: Path) -> Iterator[PostgresUrls]:
    """Run a PostgreSQL without durability below `root`, with an empty database and both roles."""
    identity = server_identity()
    root.mkdir(parents=True, exist_ok=True)
    with scratch_folder(root.resolve(), identity) as folder:
        server = prepare_postgres(folder, identity, durable=False)
        log = folder / "postgres.log"
        with _running(
            server.command, log, identity, stop=signal.SIGINT, answers=lambda: accepts(server)
        ):
            create_database(server)
            yield PostgresUrls(server.url(OWNER_ROLE), server.url(APPLICATION_ROLE))


@contextmanager
def embedded_valkey(root: Path) -> Iterator[str]:
    """Run a Valkey below `root` that keeps nothing on disk; yields its URL for redis-py."""
    root.mkdir(parents=True, exist_ok=True)
    server = prepare_valkey(root.resolve(), durable=False)
    log = root / "valkey.log"
    with _running(
        server.command, log, Identity(), stop=signal.SIGTERM, answers=lambda: pings(server)
    ):
        yield server.url


def accepts(server: PostgresServer) -> bool:
    """Whether the server takes connections."""
    try:
        with _owner_engine(server, "postgres").connect():
            return True
    except OperationalError:
        return False


def pings(server: ValkeyServer) -> bool:
    """Whether the server answers PING."""
    try:
        with redis.Redis(unix_socket_path=str(server.socket)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def create_database(server: PostgresServer) -> None:
    """Make the database and the application's role in a running server, unless they are there."""
    with _owner_engine(server, "postgres").connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(known, {"name": DATABASE}) is None:
            connection.execute(text(f"CREATE DATABASE {DATABASE}"))
    with _owner_engine(server, DATABASE).begin() as connection:
        ensure_application_role(connection, APPLICATION_ROLE, None)


def _owner_engine(server: PostgresServer, database: str) -> Engine:
    return create_engine(server.url(OWNER_ROLE, database), poolclass=NullPool)


@contextmanager
def _running(
    command: list[str], log: Path, identity: Identity, *, stop: int, answers: Callable[[], bool]
) -> Iterator[None]:
    with open(log, "ab") as output:
        process = subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C at the terminal reaches only the tests
            preexec_fn=die_with_parent(signal.SIGQUIT if stop == signal.SIGINT else signal.SIGKILL),
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
    process: "subprocess.Popen[bytes]", log: Path, answers: Callable[[], bool]
) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            ending = log.read_text(errors="replace").strip().splitlines()[-5:]
            raise ServerError("\n".join([f"{process.args!r} did not start:", *ending]))
        time.sleep(0.01)
