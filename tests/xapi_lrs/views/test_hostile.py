"""Whatever is sent, a refusal is one of ours: a status below 500 and JSON that says why."""

import json

import pytest

from tests.xapi_lrs.conftest import make_statement

NUL, HALF = "a\x00b", "\ud83d"
DEEP = "[" * 100_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"\xff\xfe",
        b"[[]]",
        b"[null]",
        b"7",
        DEEP.encode(),
        b'{"id": NaN}',
        b'{"result": {"score": {"scaled": 1e999}}}',
        b"{" + b'"a":{' * 5000 + b"}" * 5001,
    ],
)
def test_a_body_that_is_no_statement(lrs, body):
    """XP-20"""
    answer = lrs("POST", data=body, content_type="application/json")
    assert answer.status_code in (400, 413), answer.text
    assert answer.json["error"]["code"]


ODD = [
    {"actor": {"mbox": f"mailto:{NUL}@example.com"}},
    {"actor": {"name": NUL, "mbox": "mailto:a@example.com"}},
    {"actor": {"account": {"homePage": "https://example.com", "name": NUL}}},
    {"verb": {"id": "http://example.com/" + NUL}},
    {"verb": {"id": "http://example.com/v", "display": {"en": NUL}}},
    {"object": {"id": "http://example.com/" + NUL}},
    {"object": {"id": "http://example.com/x", "definition": {"extensions": {"http://e.x/": NUL}}}},
    {"context": {"platform": NUL}},
    {"result": {"response": NUL, "score": {"raw": 10**400}}},
    {"timestamp": "9999-12-31T23:59:59-23:59"},
    {"timestamp": "0001-01-01T00:00:00+23:59"},
    {"timestamp": "2020-01-01T00:00:00." + "9" * 5000 + "Z"},
]


@pytest.mark.parametrize("change", ODD)
def test_an_odd_value_is_stored_as_sent_or_refused(lrs, change):
    """XP-20, XP-37"""
    sent = make_statement(**change)
    answer = lrs("POST", data=json.dumps(sent), content_type="application/json")
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 200:
        assert lrs.get(statementId=sent["id"]).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"agent": json.dumps({"mbox": "mailto:a\x00@b.c"})},
        {"agent": json.dumps({"account": {"homePage": "https://e.x", "name": NUL}})},
        {"agent": DEEP},
        {"verb": NUL},
        {"activity": "http://e.x/\x00"},
        {"statementId": NUL},
        {"registration": NUL},
        {"since": "9999-12-31T23:59:59-23:59"},
        {"until": "0001-01-01T00:00:00+23:59"},
        {"limit": "9" * 5000},
        {"limit": "-1"},
        {"cursor": "9" * 30},
        {"cursor": NUL},
    ],
)
def test_an_odd_question_is_answered_or_refused(lrs, query):
    """XP-14"""
    assert lrs.get(**query).status_code in (200, 400, 404, 414)


@pytest.mark.parametrize("authorization", ["Basic AA==", "Basic " + "A" * 9000, "Basic OjoA", "x"])
def test_an_odd_credential_is_no_credential(lrs, authorization):
    """XP-19"""
    answer = lrs("GET", headers={"Authorization": authorization})
    assert answer.status_code == 401
