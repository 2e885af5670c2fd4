"""The alternate request syntax over HTTP, as old browser content uses it. XP-03"""

import base64
import json
from uuid import uuid4

import pytest

from tests.xapi_lrs.conftest import make_statement

NO_HEADERS = {"Authorization": None, "X-Experience-API-Version": None}


def basic(lrs) -> str:
    return "Basic " + base64.b64encode(f"{lrs.key}:{lrs.secret}".encode()).decode()


def form(lrs, method: str, path: str = "/statements", headers=None, **fields):
    """Everything in the form, nothing in headers."""
    sent = {"Authorization": basic(lrs), "X-Experience-API-Version": "1.0.3"} | fields
    return lrs(
        "POST", path, query_string={"method": method}, data=sent, headers=headers or NO_HEADERS
    )


def test_a_statement_goes_in_and_comes_out_by_forms(lrs):
    """XP-03"""
    statement = make_statement()
    content = json.dumps(statement)
    assert form(lrs, "PUT", statementId=statement["id"], content=content).status_code == 204
    assert form(lrs, "POST", content=json.dumps([make_statement()])).status_code == 200
    got = form(lrs, "GET", statementId=statement["id"])
    assert (got.status_code, got.json["id"]) == (200, statement["id"])
    assert len(form(lrs, "GET", limit="1").json["statements"]) == 1
    head = form(lrs, "HEAD", limit="1")
    assert (head.status_code, head.data) == (200, b"")
    assert got.headers["X-Experience-API-Version"] == "1.0.3"


def test_a_document_goes_in_and_comes_out_by_forms(lrs):
    """Bookmarks of old content: PUT, GET and DELETE of state. XP-03"""
    place = {
        "activityId": "https://example.com/a?b=c&d=+",
        "agent": '{"mbox":"mailto:ada@example.com"}',
        "stateId": "bookmark",
    }
    path, kind = "/activities/state", {"Content-Type": "text/plain; charset=UTF-8"}
    assert form(lrs, "PUT", path, content="page 3 & 4 é", **place, **kind).status_code == 204
    got = form(lrs, "GET", path, **place)
    assert (got.data.decode(), got.headers["Content-Type"]) == (
        "page 3 & 4 é",
        "text/plain; charset=UTF-8",
    )
    assert form(lrs, "DELETE", path, **place).status_code == 204
    assert form(lrs, "GET", path, **place).status_code == 404


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"query_string": {"method": "PUT", "statementId": str(uuid4())}}, 400),
        ({"query_string": {"method": "PATCH"}}, 400),
        ({"query_string": {"method": "PUT"}, "data": {"statementId": str(uuid4())}}, 400),
        ({"query_string": {"method": "PUT"}, "data": b"{}", "content_type": "text/plain"}, 400),
    ],
)
def test_what_is_no_such_form_is_refused(lrs, options, status):
    """XP-03, XP-14"""
    answer = lrs("POST", **({"data": {"content": json.dumps(make_statement())}} | options))
    assert answer.status_code == status, answer.text
    assert answer.json["error"]["message"]
    assert answer.headers["X-Experience-API-Consistent-Through"]


def test_a_field_counts_as_the_header(lrs):
    """Also against the header: the form says what is meant. XP-03"""
    content = json.dumps(make_statement())
    wrong = form(lrs, "POST", content=content, **{"X-Experience-API-Version": "0.8"})
    assert wrong.status_code == 400
    headers = {"Authorization": basic(lrs), "X-Experience-API-Version": "1.0.3"}
    nobody = form(lrs, "POST", content=content, Authorization="Basic eDp5", headers=headers)
    assert nobody.status_code == 401
    assert lrs.ids() == []


def test_it_is_issued_as_post(lrs):
    """XP-03"""
    for method in ("PUT", "GET", "DELETE"):
        answer = lrs(method, query_string={"method": "POST"}, data={"content": "{}"})
        assert answer.status_code in (400, 405)


@pytest.mark.parametrize("place", ["header", "field"])
def test_2_0_has_no_such_syntax(lrs, place):
    """`method` is an unknown parameter there. XP-03"""
    version = {"X-Experience-API-Version": "2.0.0"}
    fields = {"content": json.dumps(make_statement())} | (version if place == "field" else {})
    headers = version if place == "header" else {"X-Experience-API-Version": None}
    answer = lrs("POST", query_string={"method": "POST"}, data=fields, headers=headers)
    assert answer.status_code == 400
    assert answer.headers["X-Experience-API-Version"] == "2.0.0"
    assert lrs.ids() == []


def test_a_form_larger_than_the_store_takes_is_413(lrs):
    answer = form(lrs, "POST", content="x" * 200_001)
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")
