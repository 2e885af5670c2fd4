"""The two calls of Dynamic Registration, against a server that means no good. LTI-DR-2, LTI-DR-4"""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lti_app.platform_client import http, reach
from lti_app.platform_client.registration_client import fetch_configuration, send_registration


@contextmanager
def answering(answer):
    """A server whose every answer `answer(handler)` writes; what it was sent is kept."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args):
            pass

        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append((self.command, dict(self.headers), body))
            answer(self)

        def do_POST(self):
            self.do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()


def fine(handler):
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b'{"issuer": "x"}')


def test_the_token_comes_along_if_and_only_if_there_is_one():
    """LTI-DR-2, D2L-5, CANVAS-15"""
    with answering(fine) as (url, seen):
        assert fetch_configuration(f"{url}/c?a=1", "opaque.token").text == '{"issuer": "x"}'
        assert fetch_configuration(f"{url}/c", "").status == 200
        assert send_registration(f"{url}/r", "opaque.token", {"client_name": "ü"}).status == 200
    headers = [one[1] for one in seen]
    assert [one.get("Authorization") for one in headers] == [
        *("Bearer opaque.token", None),
        "Bearer opaque.token",
    ]
    assert headers[2]["Content-Type"] == "application/json"
    assert b'"client_name"' in seen[2][2]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    """LTI-DR-4: it could lead anywhere, with our token."""

    def elsewhere(handler):
        handler.send_response(status)
        handler.send_header("Location", "http://169.254.169.254/latest?secret=1")
        handler.end_headers()

    with answering(elsewhere) as (url, seen):
        reply = fetch_configuration(f"{url}/c?token=abc", "t")
    assert (reply.failure, reply.status, len(seen)) == ("redirected", status, 1)
    assert "169.254.169.254" in reply.detail
    assert "abc" not in reply.detail
    assert "secret" not in reply.detail


def test_private_networks_are_out_of_reach_unless_the_settings_allow_them(monkeypatch):
    """LTI-DR-4: this machine's other services are none of a stranger's business."""
    with answering(fine) as (url, seen):
        monkeypatch.setattr(reach.REACH, "private", False)
        assert fetch_configuration(url, "").failure == "unsafe"  # http
        reply = fetch_configuration(url.replace("http:", "https:"), "")
    assert reply.failure == "unreachable"
    assert "PRIVATE_PLATFORMS" in reply.detail
    assert seen == []


def test_the_clouds_own_metadata_is_never_in_reach():
    reply = fetch_configuration("http://169.254.169.254/latest/meta-data", "")
    assert reply.failure == "unreachable"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "gopher://lms.test/",
        "//lms.test/x",
        "https:///x",
        "https://user:secret@lms.test/x",
        "https://lms.test\\@evil.test/x",
        "https://lms.test/a b",
        "https://lms.test/\n",
        "https://[::1",
        "https://" + "a" * 5000,
    ],
)
def test_what_is_no_web_address_is_not_called(url):
    assert fetch_configuration(url, "t").failure == "unsafe"


def test_an_answer_that_never_ends_is_cut_off(monkeypatch):
    monkeypatch.setattr(http, "MAX_BYTES", 64 * 1024)

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 16 * 1024)
        except OSError:
            return

    with answering(endless) as (url, _seen):
        reply = fetch_configuration(url, "")
    assert (reply.failure, reply.text) == ("unreachable", "")


def test_nobody_there_is_said_in_a_few_words():
    with answering(fine) as (url, _seen):
        pass
    reply = send_registration(f"{url}/r?registrationToken=abc", "t", {})
    assert reply.failure == "unreachable"
    assert "connection was refused" in reply.detail
    assert "abc" not in reply.detail
