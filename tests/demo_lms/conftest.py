"""A Demo LMS in a fresh folder, a clock that stands still, and a tool that plays the client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm

from demo_lms.app import create_app
from demo_lms.core import scopes
from demo_lms.core.assertions import ASSERTION_TYPE
from demo_lms.core.media_types import SCORE
from demo_lms.doors import Doors, ToolUnreachable
from demo_lms.settings import Settings
from demo_lms.state.keys import load_key

ISSUER = "http://127.0.0.1:8001"
TOOL = "http://localhost:8000"
BRIGHTSPACE = "https://api.brightspace.com/auth/token"
START = datetime(2026, 11, 21, 20, 0, 0, tzinfo=UTC)
ITEM_2 = "/lti/services/1/lineitems/2/lineitem"
"""Path of the quiz's line item, whose maximum is 10."""


@dataclass
class Clock:
    """Moves only when told to."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Form(HTMLParser):
    """The one form of a self-sending page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.target: str | None = None
        self.fields: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and "data-submit" in found:
            self.action, self.target = found["action"] or "", found.get("target")
        if tag == "input" and found.get("type") == "hidden" and self.action:
            self.fields[found["name"] or ""] = found["value"] or ""


@dataclass
class Visitor:
    """A person's browser."""

    client: FlaskClient

    def sign_in(self, who: str) -> None:
        assert self.client.post("/lms/sign-in", data={"user": who}).status_code == 303

    def open_activity(self, number: str, variant: str = "") -> Form:
        answer = self.client.get(f"/lms/courses/1/activities/{number}{variant}")
        assert answer.status_code == 200
        return Form(answer.text)


@dataclass
class Tool:
    """The tool's side of the protocol, with a key of its own."""

    client: FlaskClient
    clock: Clock
    key: rsa.RSAPrivateKey
    kid: str = "tool-key-1"
    reachable: bool = True
    fetches: int = 0
    bearer: str = ""
    numbers: Any = field(default_factory=lambda: count(1))

    def key_set(self, url: str) -> Any:
        """The door through which the platform fetches the tool's keys."""
        assert url == f"{TOOL}/lti/jwks"
        self.fetches += 1
        if not self.reachable:
            raise ToolUnreachable(f"{url} cannot be reached (ConnectionError).")
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def authorize(self, initiation: Mapping[str, str], **changes: str | None) -> Any:
        """The authentication request that answers a login initiation; the HTTP answer."""
        values: dict[str, str | None] = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": "lectern-demo",
            "redirect_uri": f"{TOOL}/lti/launch",
            "nonce": "a-nonce",
            "state": "a-state",
            "login_hint": initiation["login_hint"],
            "lti_message_hint": initiation["lti_message_hint"],
        } | changes
        sent = {name: value for name, value in values.items() if value is not None}
        return self.client.get("/lti/authorize", query_string=sent)

    def audience(self) -> str:
        """Where the assertion is sent to; Brightspace wants another name. D2L-3"""
        played = self.client.get("/lms/api/personality").json["name"]
        return BRIGHTSPACE if played == "brightspace" else f"{ISSUER}/lti/token"

    def assertion(self, headers: Mapping[str, str] | None = None, **changes: Any) -> str:
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": "lectern-demo",
            "sub": "lectern-demo",
            "aud": self.audience(),
            "iat": now - 60,
            "exp": now + 60,
            "jti": f"jti-{next(self.numbers)}",
        } | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.key, "RS256", headers=headers or {"kid": self.kid})

    def ask_token(self, assertion: str | None = None, **changes: str) -> Any:
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion or self.assertion(),
            "scope": " ".join(scopes.SCOPES),
        } | changes
        return self.client.post("/lti/token", data=fields)

    def token(self, *asked: str) -> str:
        answer = self.ask_token(scope=" ".join(asked or scopes.SCOPES))
        assert answer.status_code == 200, answer.text
        return str(answer.json["access_token"])

    def call(self, method: str, path: str, *, body: Any = None, **headers: str) -> Any:
        """A service call with a good token unless `authorization` says otherwise."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if "authorization" not in sent:
            self.bearer = self.bearer or self.token()
            sent["authorization"] = f"Bearer {self.bearer}"
        data = body if body is None or isinstance(body, str) else json.dumps(body)
        return self.client.open(path, method=method, data=data, headers=sent)

    def post_score(self, path: str = ITEM_2, **changes: Any) -> Any:
        """7.5 of 10 for Stan at the clock's time; a None leaves a field out."""
        body = {
            "userId": "4",
            "scoreGiven": 7.5,
            "scoreMaximum": 10,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": self.clock.now().isoformat().replace("+00:00", "Z"),
            "comment": "well done",
        } | changes
        kept = {name: value for name, value in body.items() if value is not None}
        return self.call("POST", f"{path}/scores?type_id=1", body=kept, content_type=SCORE)


@pytest.fixture(scope="session")
def tool_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slept() -> list[float]:
    """How long answers were held."""
    return []


@pytest.fixture(scope="session")
def platform_pem(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A platform key for all tests: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("platform-key")
    load_key(folder)
    return (folder / "platform-key.pem").read_bytes()


@pytest.fixture
def settings(tmp_path: Path, platform_pem: bytes) -> Settings:
    (tmp_path / "platform-key.pem").write_bytes(platform_pem)
    return Settings(ISSUER, tmp_path, TOOL, f"{TOOL}/lti/jwks")


@pytest.fixture
def tool(clock: Clock, tool_key: rsa.RSAPrivateKey) -> Tool:
    return Tool(None, clock, tool_key)  # type: ignore[arg-type] # `lms` gives it its client


@pytest.fixture
def lms(settings: Settings, clock: Clock, slept: list[float], tool: Tool) -> Flask:
    """The platform; the tool can reach it."""
    doors = Doors(fetch_json=tool.key_set, now=clock.now, sleep=slept.append)
    app = create_app(settings, doors)
    app.testing = True
    tool.client = app.test_client(use_cookies=False)
    return app


@pytest.fixture
def visitor(lms: Flask) -> Visitor:
    return Visitor(lms.test_client())


@pytest.fixture
def stan(visitor: Visitor) -> Visitor:
    """The student Stan, signed in."""
    visitor.sign_in("stan")
    return visitor


@pytest.fixture
def grades(lms: Flask):
    """() → the gradebook's grades as a test hook shows them."""
    return lambda: lms.test_client().get("/lms/api/gradebook").json["grades"]
