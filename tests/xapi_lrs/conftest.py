"""A store, its credentials and clients; the extension runs here without the host application."""

import base64
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from database.extension import db
from database.session import transaction
from database.urls import with_driver
from xapi_lrs.core.store import Limits
from xapi_lrs.extension import XapiLrs
from xapi_lrs.models.store import Store
from xapi_lrs.services.credentials import create_credential
from xapi_lrs.services.statements import StoredBatch
from xapi_lrs.services.stores import ensure_store
from xapi_lrs.views.host import Host

SMALL = Limits(
    body_bytes=200_000, document_bytes=100_000, batch=100, page=25, failures_per_minute=0
)


def make_statement(**changes: Any) -> dict[str, Any]:
    """A valid statement; a change to None leaves the property out."""
    statement = {
        "id": str(uuid4()),
        "actor": {"mbox": "mailto:ada@example.com"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://example.com/course/1"},
    }
    return {key: value for key, value in (statement | changes).items() if value is not None}


@dataclass
class Reports:
    """What the host was told."""

    batches: list[StoredBatch] = field(default_factory=list)
    fails: bool = False

    def __call__(self, session: Session, batch: StoredBatch) -> None:
        if self.fails:
            raise RuntimeError("the host could not take it")
        self.batches.append(batch)


@pytest.fixture(scope="session")
def reports() -> Reports:
    return Reports()


@pytest.fixture(scope="session")
def lrs_app(app: Flask, config, reports: Reports) -> Flask:
    """Nothing but the extension, on the migrated database."""
    lrs = Flask("lrs")
    lrs.config["SQLALCHEMY_DATABASE_URI"] = with_driver(config.database_url)
    lrs.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 20}
    db.init_app(lrs)
    host = Host(
        transaction=transaction,
        app_url="http://localhost:8000",
        on_statements=reports,
        limits=SMALL,
    )
    XapiLrs().init_app(lrs, host=host)
    return lrs


@pytest.fixture
def store(session: Session) -> Store:
    """In the transaction that is rolled back."""
    return ensure_store(session)


@dataclass(frozen=True)
class Lrs:
    """A client of one store with one credential."""

    client: FlaskClient
    slug: str
    key: str
    secret: str
    version: str = "1.0.3"

    def __call__(self, method: str, path: str = "/statements", **options: Any) -> TestResponse:
        basic = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "X-Experience-API-Version": self.version}
        headers |= options.pop("headers", {})
        headers = {name: value for name, value in headers.items() if value is not None}
        url = path if path.startswith("/xapi/") else f"/xapi/{self.slug}{path}"
        return self.client.open(url, method=method, headers=headers, **options)

    def post(self, *statements: dict[str, Any], **options: Any) -> TestResponse:
        body = statements[0] if len(statements) == 1 else list(statements)
        return self("POST", data=orjson.dumps(body), content_type="application/json", **options)

    def put(self, statement: dict[str, Any], statement_id: str | None = None) -> TestResponse:
        query = {"statementId": statement_id or statement["id"]}
        return self(
            "PUT", query_string=query, data=orjson.dumps(statement), content_type="application/json"
        )

    def get(self, **query: Any) -> TestResponse:
        return self("GET", query_string=query)

    def ids(self, **query: Any) -> list[str]:
        return [one["id"] for one in self.get(**query).json["statements"]]


@dataclass(frozen=True)
class MakeLrs:
    """A new tenant's store per call, or another credential of the same one."""

    app: Flask

    def __call__(
        self,
        tenant: UUID,
        slug: str = "default",
        scopes: tuple[str, ...] = ("all",),
        version: str = "1.0.3",
    ) -> Lrs:
        with transaction(tenant) as session:
            credential, secret = create_credential(
                session,
                ensure_store(session, slug),
                name="A vendor",
                scopes=scopes,
                now=datetime.now(UTC),
                random=secrets.token_bytes,
            )
        return Lrs(self.app.test_client(), slug, credential.key, secret, version)


@pytest.fixture
def make_lrs(lrs_app: Flask) -> MakeLrs:
    return MakeLrs(lrs_app)


@pytest.fixture
def lrs(make_lrs: MakeLrs, tenant: UUID) -> Lrs:
    """May do everything in a store of its own."""
    return make_lrs(tenant)


@pytest.fixture(scope="session")
def live_url(lrs_app: Flask) -> Iterator[str]:
    """The extension served over HTTP by threads."""
    server = make_server("127.0.0.1", 0, lrs_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/xapi"
    server.shutdown()
    thread.join()
