"""A record store as in production, for benchmarks: durable PostgreSQL, gunicorn, one key."""

import base64
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psutil
import psycopg2
from flask_migrate import upgrade
from sqlalchemy import select

from database.embedded import embedded_postgres
from database.session import transaction
from lti_app.app import create_app
from lti_app.config import Config
from lti_app.models.tenant import Tenant
from tests.ports import free_port
from xapi_lrs.services.credentials import Restrictions, create_credential
from xapi_lrs.services.stores import ensure_store

ROOT = Path(__file__).parents[1]
HOME = "http://localhost:8000"


@dataclass(frozen=True)
class Lrs:
    """What a client, and a comparison with plain psycopg2, need to know."""

    port: int
    authorization: str
    owner_dsn: str
    app_dsn: str
    tenant_id: UUID
    store_id: UUID
    server: psutil.Process
    """gunicorn's master."""
    postgres: psutil.Process

    def workers(self) -> list[psutil.Process]:
        return self.server.children()


class Connection:
    """HTTP/1.1 kept alive on a bare socket: the client shares the machine with the server, so it
    must cost next to nothing."""

    def __init__(self, lrs: Lrs) -> None:
        self._socket = socket.create_connection(("127.0.0.1", lrs.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            f"Host: localhost:{lrs.port}\r\nAuthorization: {lrs.authorization}\r\n"
            "X-Experience-API-Version: 1.0.3\r\n"
        )

    def post(self, body: bytes, content_type: str = "application/json") -> bytes:
        head = (
            f"POST /xapi/default/statements HTTP/1.1\r\n{self._head}"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._exchange(head.encode() + body)

    def get(self, query: str) -> bytes:
        return self._exchange(
            f"GET /xapi/default/statements?{query} HTTP/1.1\r\n{self._head}\r\n".encode()
        )

    def _exchange(self, sent: bytes) -> bytes:
        """The body of the answer, or the number of octets of a chunked one; anything but 200 is an
        error."""
        self._socket.sendall(sent)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, _, body = data.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), data[:2000]
        fields = head.lower().split(b"content-length: ")
        if len(fields) == 1:
            return self._chunked(body)
        length = int(fields[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._receive()
        return body

    def _chunked(self, end: bytes) -> bytes:
        count = len(end)
        while not end.endswith(b"0\r\n\r\n"):
            read = self._receive()
            count += len(read)
            end = (end + read)[-16:]
        return str(count).encode()

    def _receive(self) -> bytes:
        read = self._socket.recv(1 << 18)
        assert read, "the server closed the connection"
        return read


@contextmanager
def serve(folder: Path) -> Iterator[Lrs]:
    """Everything lives below `folder` and ends with the block."""
    port = free_port()
    with embedded_postgres(folder / "postgres", durable=True) as database:
        environment = {
            "DATABASE_URL": database.app_url,
            "DATABASE_OWNER_URL": database.owner_url,
            "SECRET_KEY": secrets.token_hex(32),
            "APP_URL": f"http://localhost:{port}",
            "CONTENT_URL": f"http://127.0.0.1:{port}",
            "BIND": f"127.0.0.1:{port}",
            "LECTERN_DATA": str(folder / "data"),
            "LRS_REQUESTS_PER_SECOND": "0",
        }
        tenant_id, store_id, authorization = _prepare(environment)
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]
        with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}) as process:
            try:
                _wait(port)
                yield Lrs(
                    port=port,
                    authorization=authorization,
                    owner_dsn=_dsn(database.owner_url),
                    app_dsn=_dsn(database.app_url),
                    tenant_id=tenant_id,
                    store_id=store_id,
                    server=psutil.Process(process.pid),
                    postgres=_postmaster(_dsn(database.owner_url)),
                )
            finally:
                process.terminate()


def _prepare(environment: dict[str, str]) -> tuple[UUID, UUID, str]:
    """Migrate; a tenant, its store, a key without a limit of requests."""
    app = create_app(Config.from_env(environment))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        with transaction(None) as session:
            tenant_id = session.scalar(select(Tenant.id).where(Tenant.slug == "bench"))
            if tenant_id is None:
                tenant = Tenant(name="bench", slug="bench")
                session.add(tenant)
                session.flush()
                tenant_id = tenant.id
        with transaction(tenant_id) as session:
            store = ensure_store(session)
            credential, secret = create_credential(
                session,
                store,
                name="bench",
                scopes=("all",),
                now=datetime.now(UTC),
                random=secrets.token_bytes,
                restrictions=Restrictions(requests_per_second=0),
            )
            basic = base64.b64encode(f"{credential.key}:{secret}".encode()).decode()
            return tenant_id, store.id, f"Basic {basic}"


def _postmaster(dsn: str) -> psutil.Process:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
        parent = backend.parent()
        assert parent is not None
        return parent


def _dsn(url: str) -> str:
    return url.replace("postgresql+psycopg2://", "postgresql://")


def _wait(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")
