"""Bad input at the real server: a 4xx with a reason, nothing stored, no worker lost.

What a worker does not survive shows in the log, which the fixture `origin` reads at the end.
"""

import base64
import gzip
import json
import os

import orjson
import pytest

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.parcels import TYPE, parcel, with_files

MANY = 10_000_000
JSON = {"Content-Type": "application/json"}


def with_response(text: bytes) -> bytes:
    statement = orjson.dumps(make_statement(result={"response": "HERE"}))
    return statement.replace(b'"HERE"', text)


BODIES = {
    "broken": b'{"actor": ',
    "NaN": with_response(b"NaN"),
    "Infinity": with_response(b"-Infinity"),
    "too large a number": b'{"result": {"score": {"raw": 1e999}}}',
    "a number of ten million digits": b'{"result": {"score": {"raw": ' + b"9" * MANY + b"}}}",
    "a key twice": with_response(b'"x","response":"y"'),
    "half a surrogate pair": with_response(rb'"\ud83d"'),
    "a raw control character": with_response(b'"a\x00b"'),
    "latin-1": with_response('"é"'.encode("latin-1")),
    "utf-16": '{"id": "x"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "two values": b"{} {}",
    "nested 10,000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "arrays 10,000 deep": b"[" * 10_000 + b"]" * 10_000,
    "deep in an extension": with_response(b'"x","extensions":{"urn:e":' + b"[" * 10_000),
    "an IRI of 10 MB without a scheme": with_response(b'"x"').replace(
        b"http://adlnet.gov", b"x" * MANY
    ),
    "a language tag of 10 MB": json.dumps(
        make_statement(verb={"id": "urn:v", "display": {"en-" + "ab1-" * (MANY // 4): "x"}})
    ).encode(),
    "10 MB of blanks": b" " * MANY,
    "a number for a statement": b"7",
    "a million empty arrays": b"[" + b"[]," * 4000 + b"[]]",
}


@pytest.mark.parametrize("fault", BODIES)
def test_a_body_that_is_no_statement_is_refused_with_its_reason(server, fault):
    """XP-14, XP-20, XP-22"""
    answer = server("POST", data=BODIES[fault], headers=JSON)
    assert answer.status_code == 400, answer.text[:500]
    assert answer.json()["error"]["message"]
    assert len(answer.content) < 1_000_000
    assert server.ids() == []


def test_ten_megabytes_in_a_string_are_kept_as_they_are(server):
    """Long is not wrong: what the limit allows is stored."""
    statement = make_statement(result={"response": "é" * (MANY // 2)})
    assert server("POST", data=orjson.dumps(statement), headers=JSON).status_code == 200
    got = server("GET", params={"statementId": statement["id"]}).json()
    assert got["result"] == statement["result"]


def test_an_identifier_of_100_kb_breaks_no_index(server):
    """XP-37"""
    long = "https://example.com/" + "é" * 100_000
    statement = make_statement(
        verb={"id": long},
        object={"id": long, "definition": {"type": long}},
        actor={"account": {"homePage": long, "name": long}},
    )
    assert server("POST", json=statement).status_code == 200
    assert server.ids() == [statement["id"]]


def test_fifty_thousand_statements_at_once_are_413(server):
    body = b"[" + b",".join([b"{}"] * 50_000) + b"]"
    answer = server("POST", data=body, headers=JSON)
    assert (answer.status_code, "5000" in answer.json()["error"]["message"]) == (413, True)


def test_more_than_the_limit_is_413_whether_it_says_its_length_or_not(server):
    body = b" " * (17 * 1024 * 1024)
    for data in (body, iter([body])):
        answer = server("POST", data=data, headers=JSON)
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "too_large"
    assert server.ids() == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip", "x"])
def test_a_bomb_is_not_unfolded(server, encoding):
    """80 kB of gzip that would be 80 MB: compressed bodies are refused unread."""
    bomb = gzip.compress(b" " * (80 * 1024 * 1024), 1)[:100_000]
    answer = server("POST", data=bomb, headers={**JSON, "Content-Encoding": encoding})
    assert answer.status_code == 400
    assert "uncompressed" in answer.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["utf-16", "latin-1", "x" * 3000, "utf-8; charset=utf-16"])
def test_another_charset_is_refused(server, kind):
    """RFC 8259 8.1"""
    headers = {"Content-Type": f"application/json; charset={kind}"}
    answer = server("POST", data=orjson.dumps(make_statement()), headers=headers)
    assert answer.status_code in (200, 400) if "utf-8" in kind else answer.status_code == 400


def test_a_parcel_cut_off_or_damaged_stores_nothing(server):
    """XP-22, XP-31"""
    data = os.urandom(700_000)
    body = parcel(with_files(data), data)
    damaged = bytearray(body)
    damaged[len(body) // 2] ^= 1
    for wrong in (body[:-20], body[: len(body) // 2], bytes(damaged)):
        answer = server("POST", data=wrong, headers={"Content-Type": TYPE})
        assert answer.status_code == 400, answer.text
    assert server.ids() == []
    assert server("POST", data=body, headers={"Content-Type": TYPE}).status_code == 200
    got = server("GET", params={"attachments": "true"})
    assert data in got.content


def test_a_form_of_many_fields_is_refused(server):
    """XP-03"""
    answer = server("POST", "/statements?method=PUT", data={f"a{n}": "" for n in range(20_000)})
    assert answer.status_code in (400, 413)


def test_odd_headers_are_refused_or_passed_over(server):
    """The suite itself sends a header that is none. XP-49"""
    odd = {"headers": "[object Object]", "X-Forwarded-Host": "evil.example", "If-Match": "x" * 999}
    assert server("GET", headers=odd).status_code == 200
    many = {f"X-{n}": "x" for n in range(200)}
    assert 400 <= server("GET", headers=many).status_code < 500


def test_an_authorization_of_any_octets_is_401(server):
    """XP-19"""
    for said in (b"Basic " + base64.b64encode(b"\xff\xfe:\x00"), b"Basic \xff", b"Bearer \xff\xfe"):
        assert server("GET", headers={"Authorization": said}, auth=lambda r: r).status_code == 401
