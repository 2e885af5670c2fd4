"""Platform storage in a real browser: a tool's frame without cookies keeps its state here."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask, request
from playwright.sync_api import Page, Playwright

from demo_lms.app import create_app
from demo_lms.doors import Doors
from demo_lms.settings import Settings
from tests.browser import running_browser
from tests.demo_lms.test_browser import serving
from tests.ports import free_port

pytestmark = pytest.mark.browser

ASK = """(asked, frame) => new Promise((resolve) => {
    const target = frame === "_parent" ? parent : parent.frames[frame];
    addEventListener("message", (event) => resolve(event.data), {once: true});
    setTimeout(() => resolve(null), 1000);
    target.postMessage({message_id: "m1", ...asked}, "*");
})"""


def tool_app() -> Flask:
    """It shows which storage it was offered."""
    app = Flask("storing")

    @app.get("/lti/jwks")
    def keys() -> dict:
        return {"keys": []}

    @app.post("/lti/login")
    def login() -> str:
        return f"<p id=target>{request.form.get('lti_storage_target', 'none')}</p>"

    return app


@pytest.fixture
def lms(tmp_path, platform_pem) -> Iterator[str]:
    (tmp_path / "platform-key.pem").write_bytes(platform_pem)
    ports = free_port(), free_port()
    url, tool = f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}"
    app = create_app(Settings(url, tmp_path, tool, f"{tool}/lti/jwks"), Doors())
    with ExitStack() as stack:
        stack.enter_context(serving(app, "127.0.0.1", ports[0]))
        stack.enter_context(serving(tool_app(), "localhost", ports[1]))
        yield url


@pytest.fixture
def page(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with running_browser(playwright, tmp_path_factory.mktemp("profile")) as running:
        yield running.context.new_page()


def test_a_frame_puts_and_gets_by_the_way_of_each_product(lms, page):
    """CANVAS-5, SAKAI-3, BB-5, MOODLE-16: a named frame, the page itself, lti.capabilities."""
    page.goto(f"{lms}/lms/")
    page.click("button[value=stan]")
    page.wait_for_url("**/lms/courses/1")

    def tool_frame(name):
        page.request.post(f"{lms}/lms/api/personality", data={"name": name})
        page.goto(f"{lms}/lms/courses/1/activities/1")
        page.frame_locator("iframe[name=tool]").locator("#target").wait_for()
        return page.frame("tool")

    def ask(frame, target, **asked):
        return frame.evaluate(f"([asked, frame]) => ({ASK})(asked, frame)", [asked, target])

    for name, target in (("canvas", "post_message_forwarding"), ("sakai", "_parent")):
        frame = tool_frame(name)
        assert frame.locator("#target").inner_text() == target
        put = ask(frame, target, subject="lti.put_data", key="state-1", value="abc")
        assert put == {
            "subject": "lti.put_data.response",
            "message_id": "m1",
            "key": "state-1",
            "value": "abc",
        }
        assert ask(frame, target, subject="lti.get_data", key="state-1")["value"] == "abc"
        assert ask(frame, target, subject="lti.get_data", key="state-2")["value"] is None
        large = ask(frame, target, subject="lti.put_data", key="state-3", value="x" * 5000)
        assert large["error"]["code"] == "storage_exhaustion"

    frame = tool_frame("blackboard")
    assert frame.locator("#target").inner_text() == "none"
    offered = ask(frame, "_parent", subject="lti.capabilities")["supported_messages"]
    assert {"subject": "lti.put_data", "frame": "lti_storage_frame"} in offered
    assert ask(frame, "lti_storage_frame", subject="lti.put_data", key="k", value="v")

    frame = tool_frame("moodle")
    assert ask(frame, "_parent", subject="lti.capabilities") is None
