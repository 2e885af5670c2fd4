"""Who is let in, and to what."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from database.session import transaction
from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.keys import change_credential, with_host
from xapi_lrs.core.scopes import NEEDS, SCOPES
from xapi_lrs.services.credentials import find_credential_by_key, revoke_credential


def test_without_a_good_credential_nobody_comes_in(lrs):
    """XP-19"""
    headers = (None, "", "Basic:xxx", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer x")
    for header in headers:
        answer = lrs("GET", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert answer.json["error"]["code"] == "not_authenticated"


def test_a_wrong_secret_and_an_unknown_key_look_the_same(lrs):
    wrong = type(lrs)(lrs.client, lrs.slug, lrs.key, "wrong")
    unknown = type(lrs)(lrs.client, lrs.slug, "lkunknown", lrs.secret)
    answers = [one.get() for one in (wrong, unknown)]
    assert [one.status_code for one in answers] == [401, 401]
    assert answers[0].json == answers[1].json
    assert wrong.post(make_statement()).status_code == 401
    assert lrs.ids() == []


@pytest.mark.parametrize("version", [None, "", "0.8", "0.95", "BAD", "1.1"])
def test_a_request_says_a_version_that_is_spoken_here(lrs, version):
    """XP-02"""
    answer = lrs("GET", headers={"X-Experience-API-Version": version})
    assert answer.status_code == 400
    assert "X-Experience-API-Version" in answer.json["error"]["message"]
    assert answer.headers["X-Experience-API-Version"] == (
        "2.0.0" if version is not None else "0.95"
    )


def test_a_2_0_client_is_answered_in_2_0(make_lrs, tenant):
    """XP-01"""
    lrs = make_lrs(tenant, version="2.0.0")
    statement = make_statement()
    assert lrs.post(statement).headers["X-Experience-API-Version"] == "2.0.0"
    assert lrs.get(statementId=statement["id"]).json["version"] == "2.0.0"


def test_scopes_bound_what_a_credential_may_do(make_lrs, tenant):
    writer = make_lrs(tenant, scopes=("statements/write",))
    reader = make_lrs(tenant, scopes=("statements/read",))
    own = make_lrs(tenant, scopes=("statements/write", "statements/read/mine"))
    nothing = make_lrs(tenant, scopes=("profile",))
    theirs, mine = make_statement(), make_statement()
    assert writer.post(theirs).status_code == 200
    assert own.post(mine).status_code == 200
    assert [one.get().status_code for one in (writer, nothing)] == [403, 403]
    assert [one.post(make_statement()).status_code for one in (reader, nothing)] == [403, 403]
    assert reader.ids() == [mine["id"], theirs["id"]]
    assert own.ids() == [mine["id"]]
    assert own.ids(agent=json.dumps(mine["actor"]), related_agents="true") == [mine["id"]]
    assert own.get(statementId=theirs["id"]).status_code == 404
    assert reader.get(statementId=theirs["id"]).status_code == 200
    assert "statements/read" not in writer.get().json["error"]["details"]


def test_a_credential_opens_its_own_store_only(make_lrs, tenant, other_tenant):
    """The answer is the same whether the other store exists or not."""
    lrs = make_lrs(tenant)
    make_lrs(tenant, "second")
    make_lrs(other_tenant, "third")
    answers = [
        lrs("GET", f"/xapi/{slug}/statements") for slug in ("second", "third", "nowhere", "a%00b")
    ]
    assert {one.status_code for one in answers} == {403}
    assert len({one.data for one in answers}) == 1


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/statements/", "/activities/nothing"])
def test_an_address_that_does_not_exist_is_404_in_json(lrs, path):
    """XP-14"""
    for method in ("GET", "POST", "DELETE"):
        answer = lrs(method, path)
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")


def test_a_method_that_does_not_exist_is_refused_in_json(lrs):
    for method in ("DELETE", "PATCH"):
        answer = lrs(method)
        assert (answer.status_code, answer.json["error"]["code"]) == (405, "method_not_allowed")


def test_about_needs_neither_version_nor_credential(lrs):
    """XP-24"""
    headers = {"Authorization": None, "X-Experience-API-Version": None}
    answer = lrs("GET", "/about", headers=headers)
    assert (answer.status_code, answer.json["version"]) == (200, ["1.0.3", "2.0.0"])
    assert lrs("HEAD", "/about", headers=headers).status_code == 200


def test_the_last_use_of_a_key_is_written_down_once_in_a_while(lrs, tenant, lrs_app, monkeypatch):
    """Not with every request."""

    def last_used():
        with transaction(tenant) as session:
            return find_credential_by_key(session, lrs.key).last_used_at

    assert last_used() is None
    lrs.get()
    first = last_used()
    assert first is not None
    lrs.get()
    assert last_used() == first
    later = first + timedelta(minutes=6)
    with_host(monkeypatch, lrs_app, now=lambda: later)
    lrs.get()
    assert last_used() == later


def test_a_key_that_was_revoked_opens_nothing_from_the_next_request_on(lrs, tenant):
    """Also where it was good a moment ago."""
    assert lrs.post(make_statement()).status_code == 200
    change_credential(tenant, lrs.key, revoke_credential)
    answers = [lrs.post(make_statement()), lrs.get(), lrs.get()]
    assert [one.status_code for one in answers] == [401, 401, 401]
    assert "revoked" in answers[0].json["error"]["message"]


def test_the_keys_of_a_switched_off_organisation_stop_at_once(lrs, tenant):
    for active, expected in ((True, 200), (False, 403), (True, 200)):
        with transaction(None) as session:
            switch = text("UPDATE tenant SET is_active = :on WHERE id = :id")
            session.execute(switch, {"on": active, "id": tenant})
        assert lrs.get().status_code == expected


def test_nothing_is_read_of_a_stranger_s_body(lrs):
    """A wrong secret is refused before megabytes are parsed."""
    wrong = type(lrs)(lrs.client, lrs.slug, lrs.key, "wrong")
    answer = wrong("POST", data=b"x" * 300_000, content_type="application/json")
    assert answer.status_code == 401


def test_every_resource_and_method_needs_what_the_table_says(make_lrs, tenant):
    """core/scopes.py NEEDS: with all other acts and without this one it is 403."""
    every = {act for needs in NEEDS.values() for act in needs.values()}
    assert every <= set().union(*SCOPES.values())
    for scope in ("statements/write", "statements/read", "state", "profile", "define"):
        lrs = make_lrs(tenant, scopes=(scope,))
        for resource, needs in NEEDS.items():
            for method, act in needs.items():
                answer = lrs(method, f"/{resource}", **_request_for(resource, method))
                assert (answer.status_code == 403) is (act not in SCOPES[scope]), (
                    scope,
                    method,
                    resource,
                )


def _request_for(resource: str, method: str) -> dict:
    """One that is good but for the scope."""
    agent, activity = json.dumps({"mbox": "mailto:ada@example.com"}), "https://example.com/1"
    query = {
        "statements": {},
        "activities": {"activityId": activity},
        "agents": {"agent": agent},
        "activities/state": {"activityId": activity, "agent": agent, "stateId": "s"},
        "activities/profile": {"activityId": activity, "profileId": "p"},
        "agents/profile": {"agent": agent, "profileId": "p"},
    }[resource]
    if method not in ("PUT", "POST"):
        return {"query_string": query}
    statement = make_statement()
    if resource == "statements" and method == "PUT":
        query = {"statementId": statement["id"]}
    return {
        "query_string": query,
        "data": json.dumps(statement),
        "content_type": "application/json",
        "headers": {"If-None-Match": "*"} if method == "PUT" else {},
    }
