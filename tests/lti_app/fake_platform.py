"""A platform for tests: real RSA keys, a real HTTP server, Moodle's strictness, faults on demand.

It is the only fake in the tests of LTI: everything on our side is real.
"""

import json
import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.lti_app import fake_services

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
CLIENT_ID = "lectern-test"
TARGET = "http://localhost:8000/lti/launch"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """One key per name for the whole run; making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(name: str) -> dict[str, Any]:
    jwk = RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {**jwk, "kid": name, "alg": "RS256", "use": "sig"}


class FakePlatform:
    """One platform: its address, its keys, its gradebook and how it misbehaves."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        host, port = server.server_address[:2]
        self.origin = f"http://{host}:{port}"
        self.issuer = f"{self.origin}/{secrets.token_hex(4)}"  # ports come back, issuers must not
        self.keys = ["key-1"]
        self.jwks_requests = 0
        self.jwks_headers: dict[str, str] = {}
        self.jwks_down = False
        self.token_requests: list[dict[str, str]] = []
        self.tokens: set[str] = set()
        self.tool_keys: list[dict[str, Any]] = []
        self.maximum = 10.0
        self.line_item_requests = 0
        self.score_requests: list[dict[str, Any]] = []
        self.grades: dict[str, dict[str, Any]] = {}
        self.faults: list[str] = []
        self.choose_fault: Callable[[dict[str, Any]], str] = lambda _score: ""
        """Asked for each score where `faults` is empty; `fail` lists the words."""
        self.choose_token_fault: Callable[[], str] = lambda: ""
        """Likewise for each token; "withdrawn" is one that nothing takes."""
        self.retry_after = "7"
        self.taken: list[dict[str, Any]] = []
        """Every score that was recorded, in the order of their recording."""
        self.not_gradable: set[str] = set()
        self.lock = threading.Lock()
        self.services = fake_services.Services()

    @property
    def line_item_url(self) -> str:
        return f"{self.issuer}/course/2/lineitems/7/lineitem?type_id=1"

    def fail(self, fault: str, times: int = 1) -> None:
        """Let the next score requests go wrong: a status, "drop", "reset", "hang", "garble", "page"
        (200, for people), "slow", any of them after "record_then_", "token_500", "token_400"."""
        self.faults.extend([fault] * times)

    def claims(self, begun: Any, **changes: Any) -> dict[str, Any]:
        """A complete, right id_token payload; None in `changes` takes a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "nonce": begun.nonce,
            "sub": "stan",
            "name": "Stan Student",
            "given_name": "Stan",
            "family_name": "Student",
            "email": "stan@example.com",
            LTI + "version": "1.3.0",
            LTI + "message_type": "LtiResourceLinkRequest",
            LTI + "deployment_id": "1",
            LTI + "target_link_uri": TARGET,
            LTI + "roles": [LEARNER],
            LTI + "resource_link": {"id": "link-1", "title": "Fire safety"},
            LTI + "context": {
                "id": "2",
                "label": "C2",
                "title": "Course",
                "type": ["CourseSection"],
            },
            LTI + "custom": {"sc_item": "demo", "Sc_Item": "demo"},
            LTI + "launch_presentation": {"return_url": f"{self.issuer}/course/2?sesskey=secret"},
            LTI + "tool_platform": {"product_family_code": "moodle", "name": "Test Moodle"},
            AGS: {
                "scope": [SCOPE + "score", SCOPE + "lineitem.readonly"],
                "lineitems": f"{self.issuer}/course/2/lineitems?type_id=1",
                "lineitem": self.line_item_url,
            },
        }
        claims.update({_claim(name): value for name, value in changes.items()})
        return {name: value for name, value in claims.items() if value is not None}

    def sign(
        self,
        claims: dict[str, Any],
        *,
        kid: str | None = "key-1",
        key: str = "key-1",
        algorithm: str = "RS256",
    ) -> str:
        headers = {"kid": kid} if kid is not None else {}
        return jwt.encode(claims, private_key(key), algorithm=algorithm, headers=headers)


def _claim(name: str) -> str:
    if name == "ags":
        return AGS
    own = {"iss", "aud", "azp", "iat", "exp", "nbf", "nonce", "sub", "name", "email"}
    is_whole = name in own or name.endswith("_name") or name.startswith("https:")
    return name if is_whole else LTI + name


class _Handler(BaseHTTPRequestHandler):
    platform: FakePlatform
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.endswith("/jwks"):
            self.platform.jwks_requests += 1
            if self.platform.jwks_down:
                return self.answer(503, "down")
            keys = [public_jwk(name) for name in self.platform.keys]
            return self.answer(200, {"keys": keys}, headers=self.platform.jwks_headers)
        if path.endswith("/lineitem"):
            return self._line_item()
        if fake_services.answer_get(self, path):
            return None
        return self.answer(404, "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        if path.endswith("/token"):
            return self._token({k: v[0] for k, v in parse_qs(body.decode()).items()})
        if path.endswith("/lineitem/scores"):
            return self._score(body)
        if fake_services.answer_post(self, path, body):
            return None
        return self.answer(404, "")

    def _token(self, form: dict[str, str]) -> None:
        platform = self.platform
        platform.token_requests.append(form)
        if platform.faults and platform.faults[0].startswith("token_"):
            return self.answer(int(platform.faults.pop(0)[6:]), '{ "error" : ""kid" invalid" }')
        fault = platform.choose_token_fault()
        if fault and fault != "withdrawn":
            return self.spoil(fault)
        header = jwt.get_unverified_header(form["client_assertion"])
        jwk = next(jwk for jwk in platform.tool_keys if jwk["kid"] == header["kid"])
        jwt.decode(
            form["client_assertion"],
            jwt.PyJWK(jwk, algorithm="RS256"),
            algorithms=["RS256"],
            audience=f"{platform.issuer}/token",
        )
        token = f"token-{len(platform.token_requests)}"
        if fault != "withdrawn":
            platform.tokens.add(token)
        body = {"access_token": token, "expires_in": 3600, "scope": form["scope"]}
        return self.answer(200, body, "text/html")

    def _line_item(self) -> None:
        self.platform.line_item_requests += 1
        if self.headers["Accept"] not in (LINE_ITEM_TYPE, "*/*"):
            return self.answer(400, "")
        if not self.is_authorized():
            return self.answer(401, "")
        body = {"id": "x", "label": "Fire safety", "scoreMaximum": self.platform.maximum}
        return self.answer(200, body, LINE_ITEM_TYPE)

    def _score(self, body: bytes) -> None:
        platform, score = self.platform, json.loads(body)
        if not self.is_authorized():
            return self.answer(401, "")
        with platform.lock:
            fault = platform.faults.pop(0) if platform.faults else platform.choose_fault(score)
            platform.score_requests.append({**score, "_fault": fault})
        if fault.startswith("record_then_"):
            self._record(score)
            fault = fault.removeprefix("record_then_")
        if fault == "slow":
            time.sleep(0.4)
        elif fault:
            return self.spoil(fault)
        return self.answer(self._record(score), "", SCORE_TYPE)

    def spoil(self, fault: str) -> None:
        if fault == "hang":
            time.sleep(4)
        if fault == "garble":
            self.wfile.write(b"\x00\xffHTTP? no\r\n\r\n")
        if fault == "reset":  # closed with RST instead of FIN
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if fault in ("hang", "garble", "reset", "drop"):
            return self._drop()
        if fault == "page":
            return self.answer(200, "<!DOCTYPE html><title>Maintenance</title>", "text/html")
        headers = {"Retry-After": self.platform.retry_after} if fault == "429" else {}
        return self.answer(int(fault), "[]" if int(fault) < 500 else "oops", headers=headers)

    def _record(self, score: dict[str, Any]) -> int:
        """As Moodle does: moodle.md 6."""
        if urlsplit(self.path).query != "type_id=1":
            return 400
        if (
            self.headers["Content-Type"] != SCORE_TYPE
            or score["userId"] in self.platform.not_gradable
        ):
            return 400
        if score["scoreMaximum"] <= 0:
            return 400
        moment = datetime.fromisoformat(score["timestamp"].replace("Z", "+00:00"))
        with self.platform.lock:
            old = self.platform.grades.get(score["userId"])
            if old and int(moment.timestamp()) <= old["second"]:
                return 409
            self.platform.grades[score["userId"]] = {
                "second": int(moment.timestamp()),
                "given": score["scoreGiven"] if score["gradingProgress"] == "FullyGraded" else None,
                "maximum": score["scoreMaximum"],
                "comment": score.get("comment"),
                "times": (old["times"] if old else 0) + 1,
            }
            self.platform.taken.append(score)
        return 200

    def is_authorized(self) -> bool:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        return kind == "Bearer" and token in self.platform.tokens

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.close()

    def answer(
        self,
        status: int,
        body: Any,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running_platform() -> Iterator[FakePlatform]:
    """A platform on a free port."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    platform = FakePlatform(server)
    handler.platform = platform  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
