"""The Demo LMS on a port of its own, playing one product, and somebody who launches from it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from database.session import transaction
from demo_lms.app import create_app
from demo_lms.core.client import CLIENT_ID
from demo_lms.doors import Doors
from demo_lms.settings import Settings
from lti_app.core.lti.registration import NewRegistration
from lti_app.platform_client import connector, http
from lti_app.services import keys, registrations
from tests.demo_lms.conftest import BRIGHTSPACE, Form
from tests.lti_app.lti_fixtures import ORIGIN, Browser, add_package, tool_pem
from tests.ports import free_port


class DemoPlatform:
    """A product as it is met over HTTP, and what its teachers do there."""

    def __init__(self, product: str, url: str, app: Flask) -> None:
        self.product, self.url, self._app = product, url, app
        self.registration_id = UUID(int=0)
        self.ask("personality", {"name": product})

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The Demo LMS's JSON: GET without a body, POST with one."""
        method = "GET" if body is None else "POST"
        answer = requests.request(method, f"{self.url}/lms/api/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def take_column(self, number: str) -> None:
        """An activity that has no column, so that launches name none."""
        with self._app.extensions["demo_lms"].store.changing() as state:
            state["line_items"] = [one for one in state["line_items"] if one["id"] != number]

    def column(self) -> dict[str, Any]:
        """The one column that Lectern has made."""
        columns = self.ask("gradebook")["line_items"]
        (found,) = [one for one in columns if one["tag"] == "lectern"]
        return dict(found)

    def cell(self, user: str = "stan") -> dict[str, Any] | None:
        """What that column says of a student."""
        item = self.column()["id"]
        grades = self.ask("gradebook")["grades"]
        return next(
            (one for one in grades if (one["user"], one["line_item"]) == (user, item)), None
        )

    def scores(self) -> list[dict[str, Any]]:
        """Every score that was accepted, as it was sent."""
        return [entry["sent"] for entry in self.ask("gradebook")["history"]]

    def override(self, points: float) -> None:
        """A teacher gives a grade by hand."""
        body = {"line_item": self.column()["id"], "user_id": "4", "points": points}
        self.ask("grades", body)


class DemoBrowser(Browser):
    """A student in front of the Demo LMS; its frame is this test's client."""

    platform: DemoPlatform  # type: ignore[assignment]  # stands where the fake one does

    def launch(self, **_claims: Any) -> TestResponse:
        person = requests.Session()
        person.post(f"{self.platform.url}/lms/sign-in", data={"user": "stan"}, timeout=30)
        page = person.get(f"{self.platform.url}/lms/courses/1/activities/2", timeout=30)
        begun = self.open("/lti/login", "POST", data=_without_storage(Form(page.text).fields))
        assert begun.status_code == 302, begun.text
        signed = Form(person.get(begun.location, timeout=30).text)
        return self.open("/lti/launch", "POST", data=signed.fields)


def _without_storage(fields: dict[str, str]) -> dict[str, str]:
    """This browser keeps cookies; what is done without them has its own tests."""
    return {name: value for name, value in fields.items() if name != "lti_storage_target"}


@contextmanager
def _running(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _register(tenant: UUID, platform: DemoPlatform) -> UUID:
    url = platform.url
    with transaction(tenant) as session:
        new = NewRegistration(
            issuer=url,
            client_id=CLIENT_ID,
            auth_login_url=f"{url}/lti/authorize",
            token_url=f"{url}/lti/token",
            jwks_url=f"{url}/lti/jwks",
            token_audience=BRIGHTSPACE if platform.product == "brightspace" else None,
            deployments=("1",),
        )
        return registrations.register(session, new).id


@pytest.fixture
def play(
    app: Flask, tenant: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], DemoBrowser]]:
    """`play(product)`: a browser in front of a registered Demo LMS that behaves like it."""
    monkeypatch.setattr(http, "TIMEOUT", (5.0, 10.0))
    monkeypatch.setattr(connector.TOKENS, "_tokens", {})
    with transaction(tenant) as session:
        keys.ensure_current_key(session, tool_pem)
        key_set = {"keys": keys.list_public_keys(session)}
    add_package(tenant, "demo-quiz")
    with ExitStack() as stack:

        def start(product: str) -> DemoBrowser:
            port = free_port()
            settings = Settings(
                f"http://127.0.0.1:{port}", tmp_path / product, ORIGIN, f"{ORIGIN}/lti/jwks"
            )
            demo = create_app(settings, Doors(fetch_json=lambda _url: key_set))
            stack.enter_context(_running(demo, port))
            platform = DemoPlatform(product, settings.issuer, demo)
            platform.registration_id = _register(tenant, platform)
            return DemoBrowser(app, platform, tenant)  # type: ignore[arg-type]  # likewise

        yield start
