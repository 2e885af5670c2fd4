"""Open edX's own platform code (PyPI lti-consumer-xblock) behind a few addresses.

Run by a Python that has that package, never imported: it brings Django and fifty others along.

    python xblock_platform.py PORT PUBLIC_KEY_OF_THE_TOOL LOGIN_URL LAUNCH_URL
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

PORT, TOOL_KEY, LOGIN_URL, LAUNCH_URL = sys.argv[1:]
ORIGIN = f"http://127.0.0.1:{PORT}"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

urlpatterns: list[object] = []
settings.configure(
    SECRET_KEY="x",
    PLATFORM_NAME="Open edX of the tests",
    LMS_ROOT_URL=ORIGIN,
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "lti_consumer"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    ROOT_URLCONF=__name__,
    USE_TZ=True,
)
django.setup()

from lti_consumer.data import Lti1p3LaunchData  # noqa: E402  after Django's settings
from lti_consumer.lti_1p3.consumer import LtiAdvantageConsumer  # noqa: E402

PEM, PLAIN = serialization.Encoding.PEM, serialization.NoEncryption()
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
GRADES: dict[str, object] = {}


def consumer() -> LtiAdvantageConsumer:
    """One tool at this platform, with all three services."""
    made = LtiAdvantageConsumer(
        iss=ORIGIN,
        lti_oidc_url=LOGIN_URL,
        lti_launch_url=LAUNCH_URL,
        client_id="lectern-test",
        deployment_id="1",
        rsa_key=KEY.private_bytes(PEM, serialization.PrivateFormat.TraditionalOpenSSL, PLAIN),
        rsa_key_id="openedx",
        redirect_uris=[LAUNCH_URL],
        tool_key=TOOL_KEY,
    )
    made.enable_ags(f"{ORIGIN}/lineitems", f"{ORIGIN}/lineitem")
    made.enable_nrps(f"{ORIGIN}/memberships")
    made.enable_deep_linking(LAUNCH_URL, f"{ORIGIN}/return")
    return made


def begin(message_type: str) -> str:
    role = "staff" if message_type == "LtiDeepLinkingRequest" else "student"
    data = Lti1p3LaunchData(
        user_id="stan",
        user_role=role,
        config_id="1",
        resource_link_id="link-1",
        message_type=message_type,
    )
    return str(consumer().prepare_preflight_url(data))


def authorize(query: dict[str, str], message_type: str) -> dict[str, str]:
    """The answer to our authentication request."""
    made = consumer()
    role = "staff" if message_type == "LtiDeepLinkingRequest" else "student"
    made.set_user_data("stan", role, full_name="Stan Student")
    made.set_resource_link_claim("link-1", title="Fire safety")
    made.set_context_claim("course-v1:edX+2", context_title="Course")
    made.set_custom_parameters({"sc_item": "demo"})
    launch: dict[str, str] = made.generate_launch_request(query)
    return launch


class Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        asked = dict(parse_qsl(query))
        if path == "/jwks":
            return self.answer(consumer().get_public_keyset())
        if path == "/begin":
            return self.answer({"url": begin(asked["message"])})
        if path == "/authorize":
            return self.answer(authorize(asked, asked.pop("message")))
        if path == "/grades":
            return self.answer(GRADES)
        if path == "/memberships":
            members = [{"user_id": "stan", "roles": ["Learner"], "name": "Stan Student"}]
            self.check("contextmembership.readonly")
            return self.answer({"id": self.path, "members": members}, MEMBERS)
        self.check("lineitem.readonly", "lineitem")
        item = {"id": f"{ORIGIN}/lineitem", "label": "Fire safety", "scoreMaximum": 20}
        return self.answer(item, LINE_ITEM)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/token":
            return self.answer(consumer().access_token(dict(parse_qsl(body))))
        if self.path == "/return":
            return self.answer(consumer().check_and_decode_deep_linking_token(body))
        self.check("score")
        score = json.loads(body)
        GRADES[score["userId"]] = score
        return self.answer({})

    def check(self, *scopes: str) -> None:
        """The library reads its own token; a wrong one ends the request."""
        token = self.headers["Authorization"].removeprefix("Bearer ")
        full = [one for one in SCOPES if one.rsplit("/", 1)[1] in scopes]
        if not consumer().check_token(token, full):
            raise PermissionError(self.path)

    def answer(self, body: object, kind: str = "application/json") -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCOPES = (
    *(f"{AGS}lineitem", f"{AGS}lineitem.readonly", f"{AGS}result.readonly", f"{AGS}score"),
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
)

if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(PORT)), Handler).serve_forever()
