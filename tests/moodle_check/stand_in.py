"""A small tool of the tests: it registers itself, offers one activity, and sends 80 of 100.

It stands where Lectern will stand, so that the steps and the platform's pages are tried in a
browser whatever the tool can do.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, redirect, request
from jwt.algorithms import RSAAlgorithm
from playwright.sync_api import Frame
from werkzeug.wrappers import Response

from demo_lms.core.assertions import ASSERTION_TYPE
from demo_lms.core.claims import AGS_ENDPOINT, DEEP_LINKING, LTI
from demo_lms.core.media_types import SCORE as SCORE_TYPE
from demo_lms.core.registration import TOOL
from demo_lms.core.scopes import SCOPES, SCORE

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
CLOSE = "(opener || parent).postMessage({subject: 'org.imsglobal.lti.close'}, '*')"


@dataclass
class StandIn:
    """One tool at one platform."""

    origin: str
    key: rsa.RSAPrivateKey
    platform: dict[str, Any] = field(default_factory=dict)
    client_id: str = ""
    launch: dict[str, Any] = field(default_factory=dict)

    @property
    def registration_address(self) -> str:
        return f"{self.origin}/register?once=1"

    def confirm(self, frame: Frame) -> None:
        frame.get_by_role("button", name="Register").click()

    def choose(self, frame: Frame) -> None:
        frame.get_by_role("button", name="Choose").click()

    def finish(self, frame: Frame) -> None:
        frame.get_by_role("button", name="Finish").click()
        frame.get_by_text("Sent: 200").wait_for()

    def signed(self, **claims: Any) -> str:
        now = int(time.time())
        times = {"iat": now - 60, "exp": now + 240, "jti": uuid4().hex, "nonce": uuid4().hex}
        body = {"iss": self.client_id, **times, **claims}
        return jwt.encode(body, self.key, "RS256", headers={"kid": "stand-in"})

    def register(self, configuration: str, token: str) -> None:
        bearer = {"Authorization": f"Bearer {token}"}
        self.platform = requests.get(configuration, headers=bearer, timeout=10).json()
        body = {
            "response_types": ["id_token"],
            "initiate_login_uri": f"{self.origin}/login",
            "redirect_uris": [f"{self.origin}/launch"],
            "client_name": "Stand-in",
            "jwks_uri": f"{self.origin}/jwks",
            "token_endpoint_auth_method": "private_key_jwt",
            "scope": " ".join(SCOPES),
            TOOL: {
                "domain": self.origin.partition("://")[2],
                "target_link_uri": f"{self.origin}/launch",
            },
        }
        address = self.platform["registration_endpoint"]
        answer = requests.post(address, json=body, headers=bearer, timeout=10)
        answer.raise_for_status()
        self.client_id = answer.json()["client_id"]

    def send_score(self) -> int:
        endpoint = self.platform["token_endpoint"]
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.signed(sub=self.client_id, aud=endpoint),
            "scope": SCORE,
        }
        token = requests.post(endpoint, data=form, timeout=10).json()["access_token"]
        address, _mark, query = self.launch[AGS_ENDPOINT]["lineitem"].partition("?")
        score = {
            "userId": self.launch["sub"],
            "scoreGiven": 80,
            "scoreMaximum": 100,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        headers = {"Authorization": f"Bearer {token}", "Content-Type": SCORE_TYPE}
        sent = requests.post(f"{address}/scores?{query}", json=score, headers=headers, timeout=10)
        return sent.status_code

    def deep_link_form(self) -> str:
        settings = self.launch[DEEP_LINKING]
        item = {
            "type": "ltiResourceLink",
            "title": "Chosen in the tool",
            "custom": {"sc_item": "x"},
            "lineItem": {"scoreMaximum": 100},
        }
        answer = {
            "aud": self.launch["iss"],
            LTI + "message_type": "LtiDeepLinkingResponse",
            LTI + "version": "1.3.0",
            LTI + "deployment_id": self.launch[LTI + "deployment_id"],
            DL + "content_items": [item],
        }
        data = {DL + "data": settings["data"]} if "data" in settings else {}
        field = f"<input type=hidden name=JWT value='{self.signed(**answer, **data)}'>"
        action = settings["deep_link_return_url"].replace("&", "&amp;")
        return f"<form method=post action='{action}'>{field}<button>Choose</button></form>"


def stand_in_app(tool: StandIn) -> Flask:
    """The tool's pages."""
    app = Flask("stand_in")

    @app.get("/jwks")
    def keys() -> Any:
        jwk = RSAAlgorithm.to_jwk(tool.key.public_key(), as_dict=True)
        return {"keys": [{**jwk, "kid": "stand-in", "alg": "RS256", "use": "sig"}]}

    @app.route("/register", methods=["GET", "POST"])
    def register() -> str:
        if request.method == "GET":
            return "<form method=post><button>Register</button></form>"
        tool.register(request.args["openid_configuration"], request.args["registration_token"])
        return f"<script>{CLOSE}</script>"

    @app.post("/login")
    def login() -> Response:
        fields = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "nonce": uuid4().hex,
            "redirect_uri": f"{tool.origin}/launch",
            **{n: request.form[n] for n in ("client_id", "login_hint", "lti_message_hint")},
        }
        return redirect(f"{tool.platform['authorization_endpoint']}?{urlencode(fields)}")

    @app.post("/launch")
    def launch() -> str:
        options = {"verify_signature": False}
        tool.launch = jwt.decode(request.form["id_token"], options=options)
        if DEEP_LINKING in tool.launch:
            return tool.deep_link_form()
        return "<form method=post action='/finish'><button>Finish</button></form>"

    @app.post("/finish")
    def finish() -> str:
        return f"Sent: {tool.send_score()}"

    return app
