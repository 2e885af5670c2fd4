"""Content in a browser and in another origin: preflights, exposed headers, a whole cmi5 session."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import running_browser

PACKAGES = Path(__file__).parents[3] / "node_modules/@xapi"
FILES = {
    "/cmi5.js": PACKAGES / "cmi5/dist/Cmi5.umd.js",
    "/xapi.js": PACKAGES / "xapi/dist/XAPI.umd.js",
}

pytestmark = pytest.mark.skipif(
    not PACKAGES.is_dir(), reason="the packages of npm are not here (`make test` brings them)"
)
AU = "https://example.com/au/1"


class Content(BaseHTTPRequestHandler):
    """An origin of its own: a page, the clients, and the LMS's fetch address of cmi5."""

    token = ""

    def do_GET(self) -> None:
        file = FILES.get(self.path)
        self._answer(file.read_bytes() if file else b"<title>AU</title>", "text/html")

    def do_POST(self) -> None:
        self._answer(json.dumps({"auth-token": self.token}).encode(), "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path in FILES else kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture
def content(lrs) -> Iterator[str]:
    Content.token = base64.b64encode(f"{lrs.key}:{lrs.secret}".encode()).decode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Content)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(playwright, tmp_path_factory) -> Iterator[Browser]:
    with running_browser(playwright, tmp_path_factory.mktemp("chromium")) as running:
        yield running.browser


@pytest.fixture
def page(browser: Browser, content: str) -> Iterator[Page]:
    """A page of the content's origin."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(content)
    yield opened
    context.close()


SESSION = """async (launch) => {
    const au = new Cmi5(launch);
    await au.initialize();
    await au.progress(50);
    await au.interactionTrueFalse("quiz", "first", true, true, {en: "Is it?"}, undefined, true);
    await au.interactionChoice("quiz", "second", ["a"], ["a"], [{id: "a"}, {id: "b"}]);
    await au.pass(0.9);
    await au.complete();
    await au.terminate();
}"""


def test_an_au_of_cmi5_is_launched_reports_and_ends(lrs, live_url, content, page):
    """npm's @xapi/cmi5; the LMS's part is played here (cmi5 8, 10). XP-28"""
    registration = str(uuid4())
    actor = {
        "objectType": "Agent",
        "account": {"homePage": "https://lms.example", "name": registration},
    }
    session = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
    template = {"registration": registration, "extensions": {session: "s"}, "contextActivities": {}}
    launch = {"contextTemplate": template, "launchMode": "Normal", "moveOn": "NotApplicable"}
    place = {"stateId": "LMS.LaunchData", "activityId": AU, "agent": json.dumps(actor)}
    query = place | {"registration": registration}
    left = lrs("PUT", "/activities/state", query_string=query, json=launch)
    assert left.status_code == 204, left.text
    page.add_script_tag(url="/cmi5.js")
    page.evaluate(
        SESSION,
        {
            "endpoint": f"{live_url}/{lrs.slug}/",
            "fetch": f"{content}/fetch",
            "actor": actor,
            "registration": registration,
            "activityId": AU,
        },
    )
    found = lrs.get(registration=registration, ascending="true").json["statements"]
    assert [one["verb"]["id"].rpartition("/")[2] for one in found] == [
        *("initialized", "progressed", "answered", "answered"),
        *("passed", "completed", "terminated"),
    ]
    assert found[4]["result"]["score"]["scaled"] == 0.9


PROFILE = """async ({endpoint, auth, activityId, version}) => {
    const xapi = new XAPI({endpoint, auth, version});
    const place = {activityId, profileId: version};
    const first = {...place, profile: {a: 1}, etag: "*", matchHeader: "If-None-Match"};
    await xapi.setActivityProfile(first);
    const found = await xapi.getActivityProfile(place);
    const second = {...place, profile: {a: 2}, matchHeader: "If-Match"};
    await xapi.setActivityProfile({...second, etag: found.headers.etag});
    const read = await xapi.getStatements({limit: 1});
    const late = await xapi.setActivityProfile({...second, etag: found.headers.etag})
        .catch((error) => error.response.status);
    return [found.headers.etag, found.headers["last-modified"],
            read.headers["x-experience-api-consistent-through"],
            read.headers["x-experience-api-version"], late];
}"""


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_scripts_of_another_origin_read_the_headers_they_need(lrs, live_url, page, version):
    """ETag, Last-Modified, Consistent-Through, version. XP-28"""
    page.add_script_tag(url="/xapi.js")
    said = {"endpoint": f"{live_url}/{lrs.slug}/", "auth": f"Basic {Content.token}"}
    etag, modified, through, spoken, late = page.evaluate(
        PROFILE, {**said, "activityId": AU, "version": version}
    )
    assert etag.strip("W/").startswith('"')
    assert modified.endswith("GMT")
    assert through.endswith("Z")
    assert (spoken, late) == (version, 412)
