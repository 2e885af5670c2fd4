"""HTTP oddities at the real server: one answer per request, and none to what was smuggled in."""

import base64
import re
from http.client import HTTPConnection

import orjson
import pytest

from tests.xapi_lrs.conftest import make_statement


def about(server) -> bytes:
    return f"GET /xapi/default/about HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()


def request(server, body: bytes, *lines: str, method: str = "POST", length: bool = True) -> bytes:
    """A request of statements, octet by octet as wanted."""
    basic = base64.b64encode(f"{server.key}:{server.secret}".encode()).decode()
    headers = [
        f"{method} /xapi/default/statements HTTP/1.1",
        *(
            f"Host: {server.host}",
            f"Authorization: Basic {basic}",
            "X-Experience-API-Version: 1.0.3",
        ),
        "Content-Type: application/json",
        *([f"Content-Length: {len(body)}"] if length else []),
        *lines,
    ]
    return "\r\n".join(headers).encode() + b"\r\n\r\n" + body


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def test_a_connection_is_kept_for_many_requests(server):
    """XP-47"""
    connection = HTTPConnection(*server.address, timeout=20)
    basic = base64.b64encode(f"{server.key}:{server.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "X-Experience-API-Version": "1.0.3"}
    for _ in range(5):
        body = orjson.dumps(make_statement())
        sent = headers | {"Content-Type": "application/json"}
        connection.request("POST", "/xapi/default/statements", body, sent)
        used = connection.sock
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, connection.sock) == (200, used)
    connection.close()
    assert len(server.ids()) == 5


def test_a_kept_connection_may_say_anything_after_statements(server):
    """XP-47: what is served on the way and what is not have the same one connection."""
    connection = HTTPConnection(*server.address, timeout=20)
    basic = base64.b64encode(f"{server.key}:{server.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "X-Experience-API-Version": "1.0.3"}
    headers["Content-Type"] = "application/json"

    def send(method, path, sent=None, **more):
        body = None if sent is None else orjson.dumps(sent)
        connection.request(method, f"/xapi/default/{path}", body, headers | more)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    stored = [make_statement() for _ in range(12)]
    for one in stored[:6]:
        assert send("POST", "statements", one) == 200
    used = connection.sock
    assert send("GET", f"statements?statementId={stored[5]['id']}") == 200
    assert send("POST", "statements", make_statement(actor={})) == 400
    assert send("PUT", f"statements?statementId={stored[6]['id']}", stored[6]) == 204
    assert send("POST", "statements", stored[7]) == 200
    assert send("PUT", f"statements?statementId={stored[8]['id']}", stored[8]) == 204
    assert send("POST", "statements", stored[8] | {"object": {"id": "urn:other"}}) == 409
    assert send("POST", "statements", stored[9:]) == 200
    assert connection.sock is used
    assert send("POST", "statements", stored[9], Connection="close") == 200
    assert connection.sock is None
    assert len(server.ids()) == 12


def test_requests_that_do_not_wait_for_answers_are_all_answered(server):
    """Pipelining."""
    batch = [request(server, orjson.dumps(make_statement())) for _ in range(5)]
    assert statuses(server.raw(b"".join(batch) + about(server))) == [200] * 6
    assert len(server.ids()) == 5


def test_a_refused_body_is_not_taken_for_the_next_request(server):
    """What is refused unread must not be parsed as a request of its own. XP-19"""
    wrong = type(server)(server.origin, server.key, "wrong")
    smuggled = request(server, orjson.dumps(make_statement()))
    answer = server.raw(request(wrong, smuggled * 300) + about(server))
    assert statuses(answer) in ([401, 200], [401])
    answer = server.raw(request(server, smuggled, "Content-Encoding: gzip") + about(server))
    assert statuses(answer) in ([400, 200], [400])
    assert server.ids() == []


def test_a_body_in_chunks_is_a_body(server):
    """Requests without Content-Length must work. XP-18"""
    body = orjson.dumps(make_statement())
    sent = chunked(body[:10], body[10:])
    raw = request(server, sent, "Transfer-Encoding: chunked", length=False)
    assert statuses(server.raw(raw)) == [200]
    assert len(server.ids()) == 1


@pytest.mark.parametrize(
    "framing",
    [
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: -1",),
        ("Content-Length: five",),
        ("Content-Length: +5",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding : chunked",),
        ("X-A: b\rX-C: d",),
    ],
)
def test_a_body_whose_end_is_in_doubt_is_refused(server, framing):
    """Two ways to read it are one too many."""
    body = chunked(orjson.dumps(make_statement()))
    answer = server.raw(request(server, body, *framing, length=False) + about(server))
    assert statuses(answer)[:1] in ([400], [501]), answer
    assert server.ids() == []


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\n{}\r\n0\r\n\r\n",
        b"-1\r\n{}\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\n{}",
        b"5\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_broken_chunks_store_nothing(server, body):
    raw = request(server, body, "Transfer-Encoding: chunked", length=False)
    answer = server.raw(raw)
    assert all(400 <= status < 500 for status in statuses(answer)), answer
    assert server.ids() == []


def test_a_body_that_ends_too_early_stores_nothing(server):
    body = orjson.dumps([make_statement(), make_statement()])
    raw = request(server, body + b" " * 100)[:-100]
    assert statuses(server.raw(raw)) in ([], [400])
    assert server.ids() == []


def test_a_client_that_goes_away_takes_no_worker_with_it(server):
    for length in range(250, 650, 20):
        raw = request(server, b"[" * 1000)[:length]
        server.raw(raw)
    assert server.ids() == []


@pytest.mark.parametrize(
    "line",
    [
        b"GET /xapi/default/statements?limit=%zz HTTP/1.1",
        b"GET /xapi/default/statements?agent=%ff%fe HTTP/1.1",
        b"GET /xapi/default/statements?verb=\xff HTTP/1.1",
        b"GET /xapi/%00/statements HTTP/1.1",
        b"GET /xapi/default/../../about HTTP/1.1",
        b"GET /xapi/default/statements?" + b"a" * 9000 + b" HTTP/1.1",
        b"BREW /xapi/default/statements HTTP/1.1",
        b"GET http://evil.example/xapi/default/statements?limit=x HTTP/1.1",
    ],
)
def test_an_odd_address_is_answered_below_500(server, line):
    """XP-14"""
    raw = request(server, b"").partition(b"\r\n")[2]
    found = statuses(server.raw(line + b"\r\n" + raw))
    assert len(found) == 1
    assert 200 <= found[0] < 500
