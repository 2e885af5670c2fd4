"""A vendor at 2 a.m. sees the refused request and why."""

import base64
import json
from uuid import uuid4

import pytest

from database.session import transaction
from tests.xapi_lrs.conftest import Lrs, make_statement
from tests.xapi_lrs.keys import with_host
from xapi_lrs.core.redaction import HIDDEN, redact
from xapi_lrs.core.store import Limits
from xapi_lrs.services.rejections import clear_rejections, find_rejection, list_rejections
from xapi_lrs.services.stores import ensure_store


@pytest.fixture
def log(tenant, lrs):
    """What is written down of the store, newest first."""

    def read(slug="default", **options):
        with transaction(tenant) as session:
            return list_rejections(session, ensure_store(session, slug), **options)

    return read


def test_a_refused_statement_is_there_with_its_faults(lrs, log):
    """PAIN: "my statements do not arrive and nobody tells me why"."""
    lrs.post(make_statement(verb={"id": "no iri"}, actor={}))
    (row,) = log()
    assert (row.method, row.path, row.status) == ("POST", "/xapi/default/statements", 400)
    assert (row.code, row.credential_name) == ("invalid_statements", "A vendor")
    assert {one["path"] for one in row.details} == {"verb.id", "actor"}
    assert '"no iri"' in row.body
    assert row.body_bytes == len(row.body)
    assert row.headers["Content-Type"] == "application/json"
    assert row.headers["X-Experience-API-Version"] == "1.0.3"


def test_what_was_accepted_or_is_only_absent_leaves_nothing(lrs, log):
    """Content looks for its state with a GET that is answered 404."""
    lrs.post(make_statement())
    lrs.get(statementId=str(uuid4()))
    lrs("OPTIONS")
    assert log() == []


def test_a_request_refused_before_its_credential_was_read_is_attributed_to_it(lrs, log):
    """The commonest fault: no version header. XP-02"""
    lrs("GET", headers={"X-Experience-API-Version": None})
    lrs("GET", query_string={"Limit": "1"})
    lrs("DELETE")
    assert [row.status for row in log()] == [405, 400, 400]


def test_a_wrong_secret_is_seen_by_the_owner_of_the_key(lrs, log):
    Lrs(lrs.client, lrs.slug, lrs.key, "wrong-secret-of-mine").get()
    (row,) = log()
    assert (row.status, row.code) == (401, "not_authenticated")
    assert "wrong-secret-of-mine" not in str(vars(row))


def test_an_unknown_key_leaves_no_trace_anywhere(lrs, log):
    Lrs(lrs.client, lrs.slug, "lkunknown", "x").get()
    lrs("GET", headers={"Authorization": None})
    assert log() == []


def test_the_log_is_that_of_the_key_s_store_and_tenant(make_lrs, lrs, log, tenant, other_tenant):
    make_lrs(tenant, "second")
    foreign = make_lrs(other_tenant)
    assert foreign.get(limit="x").status_code == 400
    assert lrs("GET", "/xapi/second/statements").status_code == 403
    assert log("second") == []
    (row,) = log()
    assert row.path == "/xapi/second/statements"


def test_no_secret_is_ever_written_down(lrs, log):
    """Not in header, address, form, JSON or error text."""
    basic = base64.b64encode(f"{lrs.key}:{lrs.secret}".encode()).decode()
    lrs.post({"secret": lrs.secret, "Authorization": f"Basic {basic}"})
    lrs("GET", query_string={"Authorization": f"Basic {basic}", "x": lrs.secret})
    form = f"Authorization=Basic%20{basic.replace('=', '%3D')}&content=%7B%7D"
    lrs(
        "POST",
        "/statements?method=GET&x=1",
        data=form,
        content_type="application/x-www-form-urlencoded",
    )
    lrs.client.post(
        "/xapi/default/oauth/token",
        data=f"grant_type=x&client_id={lrs.key}&client_secret={lrs.secret}",
        headers={"Authorization": f"Basic {basic}"},
        content_type="application/x-www-form-urlencoded",
    )
    rows = log()
    assert len(rows) == 4
    for row in rows:
        kept = str(vars(row))
        assert lrs.secret not in kept
        assert basic[:20] not in kept


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Basic c2VjcmV0LXRleHQ=",
        "authorization=Bearer%20c2VjcmV0LXRleHQ%3D",
        '{"auth-token": "c2VjcmV0LXRleHQ="}',
        '{"client_secret":"c2VjcmV0LXRleHQ="}',
        "a=1&access_token=c2VjcmV0LXRleHQ&b=2",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text):
    assert "c2Vj" not in redact(text)
    assert HIDDEN in redact(text)


def test_a_plain_text_stays_as_it_is():
    text = '{"verb": {"id": "https://example.com/basic/verbs"}, "name": "Basic training"}'
    assert redact(text).startswith('{"verb": {"id": "https://example.com/basic/verbs"}')


def test_bodies_of_any_kind_are_kept_up_to_a_length(lrs, log):
    lrs("POST", data=b'{"a": "' + b"x" * 50_000 + b'"}', content_type="application/json")
    lrs("POST", data=b"\0\xff\xfe" * 10, content_type="application/json")
    binary, long = log()
    assert len(long.body) == 4096
    assert long.body_bytes == 50_009
    assert binary.body.startswith("\ufffd")


def test_only_the_newest_are_kept(lrs, log, lrs_app, monkeypatch):
    with_host(monkeypatch, lrs_app, limits=Limits(rejections=5))
    for number in range(8):
        lrs("GET", query_string={"statementId": f"n{number}"})
    rows = log()
    assert [row.query for row in rows] == [f"statementId=n{n}" for n in (7, 6, 5, 4, 3)]
    assert [row.query for row in log(limit=2, before=rows[1].id)] == [
        "statementId=n5",
        "statementId=n4",
    ]
    assert log(status=403) == []
    assert len(log(credential_id=rows[0].credential_id)) == 5


def test_a_flood_is_counted_and_not_written(lrs, log):
    """A broken client in a loop must not fill the disk; rows say how many were left out."""
    for _ in range(130):
        lrs("DELETE")
    written = log(limit=500)
    assert 100 <= len(written) < 130


def test_people_clear_the_log(lrs, log, tenant):
    lrs("DELETE")
    (row,) = log()
    with transaction(tenant) as session:
        assert find_rejection(session, row.id).status == 405
        clear_rejections(session, ensure_store(session))
    assert log() == []


def test_the_refusal_reaches_the_client_even_when_it_cannot_be_written(lrs, lrs_app, monkeypatch):
    def broken(tenant):
        raise RuntimeError("the disk is full")

    assert lrs.get().status_code == 200
    host = lrs_app.extensions["xapi_lrs"]
    with_host(
        monkeypatch,
        lrs_app,
        transaction=lambda tenant: host.transaction(None) if tenant is None else broken(tenant),
    )
    assert lrs("DELETE").status_code == 405
    assert json.loads(lrs("DELETE").data)["error"]["code"] == "method_not_allowed"
