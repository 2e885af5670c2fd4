"""State, agent profiles and activity profiles as content meets them."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.xapi_lrs.conftest import SMALL

ADA = {"mbox": "mailto:ada@example.com"}
BOB = {"mbox": "mailto:bob@example.com"}
COURSE = "https://example.com/course/1"
JSON = "application/json"
ANY = {"If-None-Match": "*"}

STATE = ("/activities/state", {"activityId": COURSE, "agent": json.dumps(ADA)}, "stateId")
AGENT = ("/agents/profile", {"agent": json.dumps(ADA)}, "profileId")
ACTIVITY = ("/activities/profile", {"activityId": COURSE}, "profileId")
RESOURCES = {"state": STATE, "agent": AGENT, "activity": ACTIVITY}

every_resource = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
every_version = pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])


def send(lrs, method, resource, document_id="one", body=None, kind=JSON, headers=None, **query):
    path, scope, name = resource
    query = scope | ({name: document_id} if document_id else {}) | query
    query = {key: value for key, value in query.items() if value is not None}
    data = json.dumps(body).encode() if isinstance(body, dict | list) else body
    sent = {"data": data, "content_type": kind} if data is not None else {}
    return lrs(method, path, query_string=query, headers=headers or {}, **sent)


def put(lrs, resource, body, document_id="one", **options):
    headers = options.pop("headers", ANY)
    return send(lrs, "PUT", resource, document_id, body, headers=headers, **options)


def error(answer) -> dict:
    return answer.json["error"]


@every_version
@every_resource
def test_a_document_comes_back_octet_for_octet_with_its_content_type(lrs, resource, version):
    """XP-06, XP-08, XP-23"""
    lrs = replace(lrs, version=version)
    for name, octets, kind in (
        ("text", "é\r\n\0".encode("latin-1"), 'text/plain; charset="latin-1"'),
        ("json", b' {"a" : 1.0,\n"a":2}', JSON),
        ("empty", b"", "image/png"),
        ("ünï/cø?dé&", b"\x00\xff" * 1000, "application/octet-stream"),
    ):
        stored = put(lrs, resource, octets, name, kind=kind)
        assert (stored.status_code, stored.data) == (204, b"")
        got = send(lrs, "GET", resource, name)
        assert (got.status_code, got.data, got.headers["Content-Type"]) == (200, octets, kind)
        sha1 = hashlib.sha1(octets, usedforsecurity=False).hexdigest()
        assert got.headers["ETag"] == f'"{sha1}"'
        assert got.last_modified <= datetime.now(UTC)
    assert send(lrs, "GET", resource, None).json == sorted(["text", "json", "empty", "ünï/cø?dé&"])


@every_resource
def test_a_document_without_a_content_type_is_octets(lrs, resource):
    assert put(lrs, resource, b"x", kind=None).status_code == 204
    got = send(lrs, "GET", resource)
    assert got.headers["Content-Type"] == "application/octet-stream"


@every_resource
def test_a_stored_page_is_shown_without_our_origin(lrs, resource):
    """A form with a credential could otherwise open somebody's HTML beside the portal's cookies."""
    put(lrs, resource, b"<script>alert(1)</script>", kind="text/html")
    got = send(lrs, "GET", resource)
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"


@every_resource
def test_head_is_get_without_the_body(lrs, resource):
    """XP-18"""
    put(lrs, resource, {"a": 1})
    for document_id in ("one", None):
        head, get = (send(lrs, method, resource, document_id) for method in ("HEAD", "GET"))
        assert (head.status_code, head.data) == (200, b"")
        for name in ("ETag", "Last-Modified", "Content-Length", "Content-Type"):
            assert head.headers[name] == get.headers[name]


@every_resource
def test_what_is_not_there_is_404_and_its_removal_no_error(lrs, resource):
    missing = send(lrs, "GET", resource)
    assert (missing.status_code, error(missing)["code"]) == (404, "not_found")
    assert send(lrs, "HEAD", resource).status_code == 404
    assert send(lrs, "DELETE", resource).status_code == 204
    assert send(lrs, "GET", resource, None).json == []


@every_version
@every_resource
def test_post_merges_what_is_there(lrs, resource, version):
    """XP-23"""
    lrs = replace(lrs, version=version)
    assert send(lrs, "POST", resource, body={"x": "foo", "y": {"z": 1}}).status_code == 204
    assert send(lrs, "POST", resource, body={"x": "bash", "y": {}}).status_code == 204
    assert send(lrs, "GET", resource).json == {"x": "bash", "y": {}}


@every_resource
@pytest.mark.parametrize(
    ("there", "there_type", "body", "kind"),
    [
        (b'{"a":1}', JSON, b"abc", "not/json"),
        (b"/ asdf /", "application/octet-stream", b"{}", JSON),
        (b'{"a":1}', JSON, b'{"b":1}{', JSON),
        (b'{"a":1}', JSON, b"[]", JSON),
        (b"[]", JSON, b'{"a":1}', JSON),
    ],
)
def test_a_post_that_cannot_be_merged_is_400_and_changes_nothing(
    lrs, resource, there, there_type, body, kind
):
    """XP-23"""
    put(lrs, resource, there, kind=there_type)
    refused = send(lrs, "POST", resource, body=body, kind=kind)
    assert refused.status_code == 400
    assert "PUT" in error(refused)["message"] or "JSON" in error(refused)["message"]
    assert send(lrs, "GET", resource).data == there


@every_version
@every_resource
def test_only_the_present_etag_replaces_merges_or_deletes(lrs, resource, version):
    """XP-07"""
    lrs = replace(lrs, version=version)
    send(lrs, "POST", resource, body={"a": 1})
    old = send(lrs, "GET", resource).headers["ETag"]
    send(lrs, "POST", resource, body={"a": 2})
    new = send(lrs, "GET", resource).headers["ETag"]
    for method, body in (("PUT", {"b": 1}), ("POST", {"b": 1}), ("DELETE", None)):
        for wrong in ({"If-Match": old}, {"If-Match": '"1234"'}):
            refused = send(lrs, method, resource, body=body, headers=wrong)
            assert (refused.status_code, error(refused)["code"]) == (412, "precondition_failed")
            assert send(lrs, "GET", resource).json == {"a": 2}
    assert put(lrs, resource, {"b": 3}, headers={"If-Match": new}).status_code == 204
    assert send(lrs, "GET", resource).json == {"b": 3}
    etag = send(lrs, "GET", resource).headers["ETag"]
    assert send(lrs, "DELETE", resource, headers={"If-Match": etag}).status_code == 204
    assert send(lrs, "GET", resource).status_code == 404


@every_resource
def test_put_with_if_none_match_stores_only_where_nothing_is(lrs, resource):
    """XP-07"""
    assert put(lrs, resource, {"a": 1}).status_code == 204
    assert put(lrs, resource, {"a": 2}).status_code == 412
    assert send(lrs, "GET", resource).json == {"a": 1}


@pytest.mark.parametrize(
    ("version", "name", "missing", "there"),
    [
        ("1.0.3", "state", 204, 204),
        ("1.0.3", "agent", 400, 409),
        ("1.0.3", "activity", 400, 409),
        ("2.0.0", "state", 204, 409),
        ("2.0.0", "agent", 204, 409),
        ("2.0.0", "activity", 204, 409),
    ],
)
def test_a_put_without_precondition(lrs, version, name, missing, there):
    """The contradiction of the two versions, as a table. XP-04, XP-05"""
    lrs, resource = replace(lrs, version=version), RESOURCES[name]
    assert put(lrs, resource, {"a": 1}, headers={}).status_code == missing
    send(lrs, "POST", resource, body={"b": 2})
    before = send(lrs, "GET", resource).data
    answer = put(lrs, resource, {"c": 3}, headers={})
    assert answer.status_code == there
    if there == 409:
        assert "If-Match" in error(answer)["message"]
        assert send(lrs, "GET", resource).data == before
    else:
        assert send(lrs, "GET", resource).json == {"c": 3}


@every_resource
def test_since_is_exclusive_and_last_modified_that_of_the_youngest(lrs, resource, tenant):
    """XP-08, XP-23"""
    for document_id in ("b", "a"):
        put(lrs, resource, {}, document_id)
    listed = send(lrs, "GET", resource, None)
    assert (listed.json, listed.headers["ETag"][0]) == (["a", "b"], '"')
    assert listed.last_modified == send(lrs, "GET", resource, "a").last_modified
    now = datetime.now(UTC)
    early, late = ((now + timedelta(minutes=n)).isoformat() for n in (-5, 5))
    assert send(lrs, "GET", resource, None, since=early).json == ["a", "b"]
    assert send(lrs, "GET", resource, None, since=late).json == []
    assert send(lrs, "GET", resource, None, since="true").status_code == 400


def test_states_of_registrations_are_apart_and_an_absent_one_is_none_of_them(lrs):
    """XP-23"""
    one, other = str(uuid4()), str(uuid4())
    for registration in (None, one, other):
        put(lrs, STATE, {"of": registration}, registration=registration)
    put(lrs, STATE, {}, "two", registration=one)
    assert send(lrs, "GET", STATE, registration=one.upper()).json == {"of": one}
    assert send(lrs, "GET", STATE).json == {"of": None}
    assert send(lrs, "GET", STATE, None).json == ["one"]
    assert send(lrs, "GET", STATE, None, registration=one).json == ["one", "two"]
    assert send(lrs, "DELETE", STATE, None).status_code == 204
    assert send(lrs, "GET", STATE, None).json == []
    assert send(lrs, "DELETE", STATE, None, registration=one).status_code == 204
    assert send(lrs, "GET", STATE, None, registration=one).json == []
    assert send(lrs, "GET", STATE, None, registration=other).json == ["one"]


def test_a_persons_documents_are_found_however_he_is_written(lrs):
    """XP-23, XP-33"""
    put(lrs, AGENT, {"a": 1})
    named = {"objectType": "Agent", "name": "Ada", "mbox": "mailto:ada@EXAMPLE.COM"}
    assert send(lrs, "GET", AGENT, agent=json.dumps(named)).json == {"a": 1}
    assert send(lrs, "GET", AGENT, agent=json.dumps(BOB)).status_code == 404
    assert send(lrs, "GET", AGENT, None, agent=json.dumps(BOB)).json == []


@every_resource
def test_profiles_are_never_deleted_as_a_whole(lrs, resource):
    """1.0.3 Communication 2.6, 2.7 have no multiple DELETE. XP-23"""
    put(lrs, resource, {})
    expected = 204 if resource is STATE else 400
    assert send(lrs, "DELETE", resource, None).status_code == expected


@every_resource
def test_a_document_may_be_as_large_as_the_store_says_also_after_merging(lrs, resource):
    """XP-14: 413 names the limit."""
    most = SMALL.document_bytes
    assert put(lrs, resource, b"x" * most, "exact", kind="text/plain").status_code == 204
    large = put(lrs, resource, b"x" * (most + 1), kind="text/plain")
    assert (large.status_code, error(large)["code"]) == (413, "too_large")
    assert str(most) in error(large)["message"]
    for name in ("a", "b"):
        merged = send(lrs, "POST", resource, body={name: "x" * 60_000})
    assert (merged.status_code, str(most) in error(merged)["message"]) == (413, True)
    assert list(send(lrs, "GET", resource).json) == ["a"]


@every_resource
def test_scopes_say_who_reads_and_who_writes(make_lrs, tenant, resource):
    own = "state" if resource is STATE else "profile"
    put(make_lrs(tenant), resource, {})
    reader, writer = make_lrs(tenant, scopes=("all/read",)), make_lrs(tenant, scopes=(own,))
    stranger = make_lrs(tenant, scopes=("statements/write", "statements/read"))
    for document_id in ("one", None):
        assert send(reader, "GET", resource, document_id).status_code == 200
        assert send(writer, "GET", resource, document_id).status_code == 200
        assert send(stranger, "GET", resource, document_id).status_code == 403
    for lrs, expected in ((reader, 403), (stranger, 403), (writer, 204)):
        assert send(lrs, "POST", resource, body={}).status_code == expected
        assert send(lrs, "DELETE", resource).status_code == expected


@every_resource
def test_stores_and_tenants_do_not_share_documents(make_lrs, tenant, other_tenant, resource):
    put(make_lrs(tenant), resource, {})
    for lrs in (make_lrs(tenant, "second"), make_lrs(other_tenant)):
        assert send(lrs, "GET", resource).status_code == 404
        assert send(lrs, "GET", resource, None).json == []


def test_a_form_of_the_alternate_syntax_carries_documents_and_preconditions(lrs):
    """XP-03"""
    path, scope, name = AGENT
    form = scope | {name: "one", "content": '{"a":1}', "Content-Type": JSON, **ANY}
    for expected in (204, 412):
        answer = lrs("POST", path, query_string={"method": "PUT"}, data=form)
        assert answer.status_code == expected
    got = lrs("POST", path, query_string={"method": "GET"}, data=scope | {name: "one"})
    assert (got.status_code, got.json) == (200, {"a": 1})


def test_an_id_of_a_million_characters_or_with_a_null_is_400(lrs):
    assert send(lrs, "GET", AGENT, "x" * 3000).status_code == 400
    refused = send(lrs, "GET", AGENT, "a\0b")
    assert (refused.status_code, error(refused)["details"][0]["path"]) == (400, "profileId")
