"""The record store under gunicorn as in production, over real connections."""

import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask

from database.session import transaction
from tests.conftest import make_tenant
from tests.gunicorn import running_gunicorn, settings
from xapi_lrs.services.credentials import create_credential
from xapi_lrs.services.stores import ensure_store


@dataclass(frozen=True)
class Server:
    """One store of a running server, and the credential to it."""

    origin: str
    key: str
    secret: str

    @property
    def endpoint(self) -> str:
        return f"{self.origin}/xapi/default"

    def __call__(self, method: str, path: str = "/statements", **options) -> requests.Response:
        headers = {"X-Experience-API-Version": "1.0.3"} | options.pop("headers", {})
        auth = options.pop("auth", (self.key, self.secret))
        url = f"{self.endpoint}{path}"
        return requests.request(method, url, headers=headers, auth=auth, timeout=60, **options)

    def ids(self) -> list[str]:
        return [one["id"] for one in self("GET").json()["statements"]]

    @property
    def host(self) -> str:
        return urlsplit(self.origin).netloc

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.host.partition(":")
        return host, int(port)

    def raw(self, data: bytes) -> bytes:
        """Everything the server says to these octets, and nothing more, on one connection."""
        with socket.create_connection(self.address, timeout=20) as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has heard enough
            return b"".join(_received(connection))


def _received(connection: socket.socket) -> Iterator[bytes]:
    try:
        while data := connection.recv(65536):
            yield data
    except ConnectionResetError:
        return


@pytest.fixture(scope="session")
def origin(app: Flask, database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """gunicorn on the migrated database of the tests; checked to be alive at the end."""
    folder = tmp_path_factory.mktemp("gunicorn")
    environment = settings(database.app_url, database.owner_url, folder)
    with running_gunicorn(environment, folder / "web.log") as url:
        yield url
        log = (folder / "web.log").read_text()
    assert "WORKER TIMEOUT" not in log
    assert "was sent SIG" not in log


@pytest.fixture
def server(app: Flask, origin: str) -> Server:
    """An empty store."""
    with transaction(make_tenant()) as session:
        made, secret = create_credential(
            session,
            ensure_store(session),
            name="Live",
            scopes=["all"],
            now=datetime.now(UTC),
            random=secrets.token_bytes,
        )
        return Server(origin, made.key, secret)
