"""A tenant with a registered platform and something to play, and a browser that launches."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from database.session import transaction
from lti_app.core.lti.registration import NewRegistration
from lti_app.models.launch import Launch
from lti_app.services import keys, registrations
from scorm_runtime.core.tokens import PlayerToken, read_token
from scorm_runtime.models.package import Package, PackageVersion
from tests.lti_app.fake_platform import (
    CLIENT_ID,
    TARGET,
    FakePlatform,
    private_key,
    running_platform,
)

ORIGIN = "http://localhost:8000"


@dataclass
class Begun:
    """A login under way."""

    state: str
    nonce: str
    location: str


class Browser:
    """One person's browser in front of one platform."""

    def __init__(self, app: Flask, platform: FakePlatform, tenant: UUID) -> None:
        self.app, self.platform, self.tenant = app, platform, tenant
        self.client: FlaskClient = app.test_client()

    def copy(self) -> "Browser":
        """The same browser with the cookies that it has now, for another thread."""
        twin = copy(self)
        twin.client = self.app.test_client()
        twin.client._cookies = dict(self.client._cookies or {})
        return twin

    def open(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        # A context of its own, as for a real request: `g` would otherwise live as long as the test.
        with self.app.app_context():
            return self.client.open(path, method=method, base_url=ORIGIN, **options)

    def login(self, method: str = "POST", **changes: Any) -> TestResponse:
        values = {
            "iss": self.platform.issuer,
            "login_hint": "4",
            "target_link_uri": TARGET,
            "lti_message_hint": "hint",
            "client_id": CLIENT_ID,
            "lti_deployment_id": "1",
        }
        values.update(changes)
        values = {name: value for name, value in values.items() if value is not None}
        where = {"data": values} if method == "POST" else {"query_string": values}
        return self.open("/lti/login", method, **where)

    def begin(self, **changes: Any) -> Begun:
        answer = self.login(**changes)
        assert answer.status_code == 302, answer.text
        query = parse_qs(urlsplit(answer.location).query)
        return Begun(query["state"][0], query["nonce"][0], answer.location)

    def post(self, begun: Begun, token: str, **form: Any) -> TestResponse:
        values = {"state": begun.state, "id_token": token, **form}
        values = {name: value for name, value in values.items() if value is not None}
        return self.open("/lti/launch", "POST", data=values)

    def launch(self, **changes: Any) -> TestResponse:
        """A whole launch with these claims changed."""
        begun = self.begin()
        return self.post(begun, self.platform.sign(self.platform.claims(begun, **changes)))

    def token_of(self, answer: TestResponse) -> PlayerToken:
        """The player token that a successful launch leads to."""
        assert answer.status_code == 303, answer.text
        text = urlsplit(answer.location).path.split("/")[2]
        return read_token(self.app.config["SECRET_KEY"], text, datetime.now(UTC))

    def refused(self, answer: TestResponse, reason: str, status: int | None = None) -> None:
        """A readable page with the code, a log row with the reason, and nothing else."""
        assert answer.status_code in ((400, 401) if status is None else (status,)), answer.text
        assert reason in answer.text
        row = self.log()[0]
        assert (row.result, row.reason) == ("refused", reason)
        assert row.user_id is None
        assert row.trace_id in answer.text

    def log(self) -> list[Launch]:
        """The tenant's launch log, newest first."""
        with transaction(self.tenant) as session:
            return list(session.scalars(select(Launch).order_by(Launch.id.desc())))


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with running_platform() as running:
        yield running


def add_platform(tenant: UUID, platform: FakePlatform, **changes: Any) -> UUID:
    """Register `platform` for the tenant; all share one signing key, as making one is slow."""
    values: dict[str, Any] = {
        "issuer": platform.issuer,
        "client_id": CLIENT_ID,
        "auth_login_url": f"{platform.issuer}/authorize?app=lti",
        "token_url": f"{platform.issuer}/token",
        "jwks_url": f"{platform.issuer}/jwks",
        "deployments": ("1",),
        **changes,
    }
    with transaction(tenant) as session:
        keys.ensure_current_key(session, tool_pem)
        registration = registrations.register(session, NewRegistration(**values))
        platform.tool_keys = keys.list_public_keys(session)
        return registration.id


def tool_pem() -> str:
    return (
        private_key("our own")
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def add_package(tenant: UUID, key: str = "demo", *, playable: bool = True) -> UUID:
    """Something to play; its files do not matter here."""
    with transaction(tenant) as session:
        package = Package(key=key, title=f"The package {key}")
        session.add(package)
        session.flush()
        version = PackageVersion(
            package_id=package.id,
            number=1,
            standard="scorm_1_2",
            schema_version="1.2",
            manifest={},
            report=[],
            playable=playable,
            storage_prefix=f"packages/{key}/",
            entry="index.html",
            file_count=1,
            byte_count=1,
            sha256="0" * 64,
            zip_key="x",
            file_name="x.zip",
        )
        session.add(version)
        session.flush()
        package.current_version_id = version.id
        return package.id


@pytest.fixture
def package(tenant: UUID) -> UUID:
    return add_package(tenant)


@pytest.fixture
def registration(tenant: UUID, platform: FakePlatform) -> UUID:
    return add_platform(tenant, platform)


@pytest.fixture
def browser(
    app: Flask, tenant: UUID, platform: FakePlatform, registration: UUID, package: UUID
) -> Browser:
    """A browser of somebody at a registered platform."""
    return Browser(app, platform, tenant)
