"""The real Demo LMS on a port of its own, and what an administrator does with its link."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from demo_lms.app import create_app
from demo_lms.doors import Doors
from demo_lms.settings import Settings
from lti_app.core.permissions import Role
from tests.lti_app.conftest import Portal
from tests.ports import free_port

ORIGIN = "http://localhost:8000"


@dataclass
class Lms:
    """The platform as a test speaks to it: over HTTP, as a browser would."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def play(self, name: str) -> None:
        self.api("personality", {"name": name})

    def api(self, path: str, body: dict[str, Any]) -> Any:
        answer = requests.post(f"{self.url}/lms/api/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def invite(self) -> dict[str, str]:
        """The query with which it opens a tool's registration page."""
        query: dict[str, str] = self.api("registration", {})
        return query

    def tools(self) -> str:
        """The page of registered tools."""
        self.session.post(f"{self.url}/lms/sign-in", data={"user": "tina"}, timeout=10)
        return self.session.get(f"{self.url}/lms/register-tool", timeout=10).text


@contextmanager
def served(app: Any, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def running_lms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lms]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(
        Settings(url, tmp_path_factory.mktemp("lms"), ORIGIN, f"{ORIGIN}/lti/jwks"), Doors()
    )
    with served(app, port):
        yield Lms(url)


@pytest.fixture
def lms(running_lms: Lms) -> Lms:
    running_lms.session = requests.Session()
    running_lms.api("reset", {})
    return running_lms


@dataclass
class Link:
    """A one-time link, opened in the platform's frame: a browser without any cookie."""

    app: Flask
    path: str

    @property
    def token(self) -> str:
        return self.path.rpartition("/")[2]

    def open(self, query: dict[str, str] | None = None) -> TestResponse:
        with self.app.app_context():
            return self.app.test_client().get(self.path, query_string=query, base_url=ORIGIN)

    def press(self, page: TestResponse) -> TestResponse:
        """Send the form of the page, exactly as it stands there."""
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        return self.send(hidden)

    def send(self, form: dict[str, str]) -> TestResponse:
        with self.app.app_context():
            return self.app.test_client().post(self.path, data=form, base_url=ORIGIN)


@pytest.fixture
def admin(portal: Portal) -> Portal:
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    return portal


def make_link(admin: Portal, **changes: Any) -> Link:
    """As the administrator does: the form on the page "Connect a platform"."""
    form = {"name": "Our LMS", "platform": "", "tool_name": "Lectern", "privacy": "public"}
    page = admin.post("/admin/platforms/connect", form | {"days": "7"} | changes)
    assert page.status_code == 200, page.text
    found = re.search(r'id="register-link">([^<]+)<', page.text)
    assert found, page.text
    return Link(admin.app, urlsplit(found[1]).path)


@pytest.fixture
def link(admin: Portal) -> Link:
    return make_link(admin)


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
