"""The pages in a real browser, third-party cookies blocked: frame, way back, live grades."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from flask import Flask, redirect, request
from playwright.sync_api import Page, Playwright
from werkzeug.serving import make_server

from demo_lms.app import create_app
from demo_lms.core.claims import LTI
from demo_lms.core.personalities import MOODLE
from demo_lms.core.scores import parse_score
from demo_lms.doors import Doors
from demo_lms.settings import Settings
from demo_lms.state.gradebook import record_score
from demo_lms.views.parts import Parts
from tests.browser import running_browser
from tests.ports import free_port

pytestmark = pytest.mark.browser


@contextmanager
def serving(app: Any, host: str, port: int) -> Iterator[None]:
    server = make_server(host, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def player(lms: str, tool: str) -> Flask:
    """A tool that asks for the launch and shows who came, with a link back."""
    app = Flask("player")

    @app.get("/lti/jwks")
    def keys() -> Any:
        return {"keys": []}

    @app.post("/lti/login")
    def login() -> Any:
        fields = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "client_id": request.form["client_id"],
            "redirect_uri": f"{tool}/lti/launch",
            "nonce": "n",
            "login_hint": request.form["login_hint"],
            "lti_message_hint": request.form["lti_message_hint"],
        }
        return redirect(f"{lms}/lti/authorize?{urlencode(fields)}")

    @app.post("/lti/launch")
    def launch() -> str:
        claims = jwt.decode(request.form["id_token"], options={"verify_signature": False})
        shown = claims[LTI + "launch_presentation"]
        script = "document.title = document.fullscreenEnabled"
        link = f"<a href='{shown['return_url']}&lti_msg=Saved.'>Exit</a>"
        return (
            f"<h1>{claims['name']}, {shown['document_target']}</h1>{link}<script>{script}</script>"
        )

    return app


@pytest.fixture
def demo(tmp_path, platform_pem) -> Iterator[tuple[str, Parts, Callable[[], None]]]:
    """Address, parts, and a function that stops the tool."""
    (tmp_path / "platform-key.pem").write_bytes(platform_pem)
    ports = free_port(), free_port()
    lms, tool = f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}"
    app = create_app(Settings(lms, tmp_path, tool, f"{tool}/lti/jwks"), Doors())
    with ExitStack() as tool_stack, serving(app, "127.0.0.1", ports[0]):
        tool_stack.enter_context(serving(player(lms, tool), "localhost", ports[1]))
        yield lms, app.extensions["demo_lms"], tool_stack.close


@pytest.fixture
def page(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with running_browser(playwright, tmp_path_factory.mktemp("profile")) as running:
        yield running.context.new_page()


def test_an_activity_plays_in_the_frame_and_the_way_back_leaves_it(demo, page):
    """The hint carries the launch: no cookie of ours reaches the frame."""
    lms, _parts, stop_tool = demo
    page.goto(f"{lms}/lms/")
    page.click("button[value=stan]")
    page.click("text=Page turner")
    inside = page.frame_locator("iframe[name=tool]")
    inside.get_by_text("Stan Student, iframe").wait_for()
    assert page.frame("tool").title() == "true", "the player may go to full screen"
    inside.get_by_text("Exit").click()
    page.wait_for_url("**/lms/courses/1?lti_msg=Saved.")
    assert page.get_by_text("The tool says: Saved.").is_visible()

    page.goto(f"{lms}/lms/courses/1/activities/2")
    with page.context.expect_page() as opened:
        page.click("text=New window")
    opened.value.get_by_text("Stan Student, window").wait_for()

    stop_tool()
    page.goto(f"{lms}/lms/courses/1/activities/1")
    page.get_by_text("The tool does not answer.").wait_for()


def test_the_gradebook_shows_a_new_grade_by_itself(demo, page, clock):
    """The teacher watches; nobody reloads."""
    lms, parts, _stop_tool = demo
    page.goto(f"{lms}/lms/courses/1/gradebook")
    page.click("button[value=tina]")
    page.wait_for_url("**/gradebook")
    sent = {
        "userId": "5",
        "scoreGiven": 8,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-11-21T20:00:00Z",
        "comment": "by itself",
    }
    with parts.store.changing() as state:
        record_score(state, "2", parse_score(sent, MOODLE.scores), sent, clock.now())
    cell = page.locator("[data-user=sara][data-line-item='2']")
    cell.get_by_text("by itself").wait_for()
    assert "8 / 10" in " ".join(cell.inner_text().split())
