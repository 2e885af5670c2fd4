"""A platform made of somebody else's library: lti1p3platform does the protocol, we only carry its
messages over HTTP and give it a memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from flask import Flask
from lti1p3platform.exceptions import LtiException
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService
from werkzeug.test import TestResponse

from tests.lti_app.fake_platform import CLIENT_ID, INSTRUCTOR, LEARNER, TARGET, private_key
from tests.lti_app.lti_fixtures import Begun, Browser

PLAIN = serialization.NoEncryption()
PEM = serialization.Encoding.PEM


class Asked(Request):
    """A request as the library wants to see it."""

    def build_metadata(self, request: Any) -> Any:
        return request


class Configuration(LTI1P3PlatformConfAbstract):
    """One tool, registered."""

    def init_platform_config(self, **kwargs: Any) -> None:
        self._registration = kwargs["registration"]

    def get_registration_by_params(self, **_kwargs: Any) -> Registration:
        return self._registration


class Login(OIDCLoginAbstract):
    def set_lti_message_hint(self, **kwargs: Any) -> None:
        self._lti_message_hint = kwargs["hint"]

    def get_redirect(self, url: str) -> str:
        return url


class MessageLaunch(LTIAdvantageMessageLaunchAbstract):
    def render_launch_form(self, launch_data: dict[str, Any], **_kwargs: Any) -> Any:
        return launch_data


class LibraryPlatform:
    """The library's parts for one tool, and the gradebook that it leaves to us."""

    def __init__(self, origin: str) -> None:
        self.issuer = origin
        self.tool_keys: list[dict[str, Any]] = []
        self.grades: dict[str, dict[str, Any]] = {}
        key = private_key("library")
        public = serialization.PublicFormat.SubjectPublicKeyInfo
        self.registration = Registration()
        self.registration.set_iss(origin).set_client_id(CLIENT_ID).set_deployment_id("1")
        self.registration.set_launch_url(TARGET).set_deeplink_launch_url(TARGET)
        self.registration.set_oidc_login_url("http://localhost:8000/lti/login")
        traditional = serialization.PrivateFormat.TraditionalOpenSSL
        self.registration.set_platform_private_key(
            key.private_bytes(PEM, traditional, PLAIN).decode()
        )
        self.registration.set_platform_public_key(
            key.public_key().public_bytes(PEM, public).decode()
        )
        self.line_items_url = f"{origin}/lineitems"
        self.line_item_url = f"{origin}/lineitems/7"
        self.memberships_url = f"{origin}/memberships"
        self.members: list[dict[str, Any]] = []

    def configuration(self) -> Configuration:
        self.registration.set_tool_key_set({"keys": self.tool_keys})
        return Configuration(registration=self.registration)

    def read_deep_link(self, answer: str) -> list[dict[str, Any]]:
        """The items of the answer's JWT, as the library checks and reads them."""
        configuration = self.configuration()
        configuration.set_accepted_deeplinking_types(["ltiResourceLink"])
        return configuration.validate_deeplinking_resp({"JWT": answer})


class Grades(AssignmentsGradesService):
    """The library's service; what it stores is ours."""

    def __init__(self, platform: LibraryPlatform, request: Asked) -> None:
        super().__init__(
            request, platform.configuration(), platform.line_items_url, platform.line_item_url
        )
        self.platform = platform

    def find_lineitems(self, *_args: Any, **_kwargs: Any) -> Any:
        return {"content": [self.find_lineitem("7")], "has_next": False, "next": None}

    def find_lineitem(self, line_item_id: str) -> Any:
        return {"id": self.platform.line_item_url, "label": "Fire safety", "scoreMaximum": 20.0}

    def create_lineitem(self, *_args: Any) -> Any:
        raise NotImplementedError

    update_lineitem = delete_lineitem = get_results = create_lineitem

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        self.platform.grades[score["userId"]] = score
        return UpdateScoreStatus.SUCCESS


class Members(NamesRoleProvisioningService):
    """The library's service; the course is ours."""

    def __init__(self, platform: LibraryPlatform, request: Asked) -> None:
        super().__init__(request, platform.configuration(), platform.memberships_url)
        self.platform = platform

    def get_context_by_id(self) -> Context:
        return Context(id="2", label="C2", title="Course")

    def get_member_data_page(self, *_args: Any, **_kwargs: Any) -> Any:
        return {"content": self.platform.members, "has_next": False, "next": None}


class LibraryBrowser(Browser):
    """A browser in front of this platform."""

    def begin(self, **_changes: Any) -> Begun:
        login = Login(None, self.platform.configuration())
        login.set_lti_message_hint(hint="a-hint")
        address = urlsplit(login.initiate_login("stan"))
        answer = self.open(f"{address.path}?{address.query}")
        assert answer.status_code == 302, answer.text
        query = parse_qs(urlsplit(answer.location).query)
        return Begun(query["state"][0], query["nonce"][0], answer.location)

    def launch(self, **_changes: Any) -> TestResponse:
        begun, message = self._message("stan", LEARNER)
        return self._send(begun, message)

    def ask_for_content(self) -> TestResponse:
        """The deep linking request of a teacher."""
        begun, message = self._message("tina", INSTRUCTOR)
        message.set_dl(f"{self.platform.issuer}/return", extra_data="opaque")
        return self._send(begun, message)

    def _message(self, subject: str, role: str) -> tuple[Begun, MessageLaunch]:
        begun = self.begin()
        asked = {"get_data": dict(parse_qsl(urlsplit(begun.location).query)), "form_data": {}}
        message = MessageLaunch(Asked(asked), self.platform.configuration())
        message.set_user_data(subject, [role], full_name="Stan Student")
        message.set_resource_link_claim("link-1", title="Fire safety")
        message.set_launch_context_claim("2", ["CourseSection"], "Course", "C2")
        message.set_custom_parameters_claim({"sc_item": "demo"})
        message.set_ags(self.platform.line_items_url, self.platform.line_item_url)
        message.set_nrps(self.platform.memberships_url)
        return begun, message

    def _send(self, begun: Begun, message: MessageLaunch) -> TestResponse:
        form = message.lti_launch()
        assert form["launch_url"] == TARGET
        return self.post(begun, form["id_token"])


class _Handler(BaseHTTPRequestHandler):
    platform: LibraryPlatform

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/jwks":
            return self._answer(200, self.platform.configuration().get_jwks())
        path, _, query = self.path.partition("?")
        if path == "/memberships":
            return self._serve(Members, "handle_get_members", query=dict(parse_qsl(query)))
        return self._serve(Grades, "handle_get_lineitem", "7")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/token":
            return self._serve(Grades, "handle_update_score", "7", body=json.loads(body))
        try:
            form = dict(parse_qsl(body.decode()))
            return self._answer(200, self.platform.configuration().get_access_token(form))
        except LtiException as error:
            return self._answer(400, {"error": str(error)})

    def _serve(self, kind: Any, name: str, *args: str, body: Any = None, query: Any = None) -> None:
        asked = {"method": self.command, "headers": dict(self.headers), "json": body}
        service = kind(self.platform, Asked(asked | {"get_data": query or {}, "path": self.path}))
        answer = service.handle_resp(lambda: getattr(service, name)(*args))
        media_type = getattr(answer, "media_type", None) or "application/json"
        return self._answer(answer.code, answer.result, media_type)

    def _answer(self, status: int, body: Any, kind: str = "application/json") -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running_library_platform() -> Iterator[LibraryPlatform]:
    """The platform on a free port."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    platform = LibraryPlatform(f"http://127.0.0.1:{server.server_address[1]}")
    handler.platform = platform  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()


def library_browser(app: Flask, tenant: UUID, platform: LibraryPlatform) -> LibraryBrowser:
    return LibraryBrowser(app, platform, tenant)  # type: ignore[arg-type] # the same face
