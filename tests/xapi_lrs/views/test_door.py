"""Who is let in, and to what."""

import json
import random

import pytest

from tests.xapi_lrs.conftest import make_statement


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


def test_what_goes_into_one_store_never_comes_out_of_another(make_lrs, tenant, other_tenant):
    """Random writers, ids shared on purpose, every way of asking."""
    dice = random.Random(7)
    doors = [
        *(make_lrs(tenant, "one"), make_lrs(tenant, "two")),
        *(make_lrs(other_tenant, "one"), make_lrs(other_tenant, "two")),
    ]
    shared = [make_statement(id=None)["actor"] for _ in range(1)]
    sent = [set() for _ in doors]
    ids = [make_statement()["id"] for _ in range(15)]
    for _ in range(40):
        place = dice.randrange(len(doors))
        name = f"store {place} {dice.choice(ids)}"
        statement = make_statement(
            id=name[-36:], actor=shared[0], result={"response": f"store {place}"}
        )
        assert doors[place].post(statement).status_code == 200
        sent[place].add(statement["id"])
    for place, door in enumerate(doors):
        questions = (
            {},
            {"agent": json.dumps(shared[0])},
            {"activity": "https://example.com/course/1"},
        )
        for query in questions:
            found = door.get(**query).json["statements"]
            assert {one["id"] for one in found} == sent[place]
            assert {one["result"]["response"] for one in found} <= {f"store {place}"}
        for one in ids:
            expected = 200 if one in sent[place] else 404
            assert door.get(statementId=one).status_code == expected


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


@pytest.mark.parametrize("path", ["/statements", "/about", "/activities/state"])
def test_content_of_another_origin_may_ask_before_it_knocks(lrs, path):
    """A preflight carries no credential; answers can be read by scripts. XP-28"""
    asks = {"Authorization": None, "X-Experience-API-Version": None, "Origin": "https://content"}
    answer = lrs("OPTIONS", path, headers=asks)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    allowed = answer.headers["Access-Control-Allow-Headers"]
    assert {"Authorization", "If-Match", "X-Experience-API-Version"} <= set(allowed.split(", "))
    exposed = lrs("GET").headers["Access-Control-Expose-Headers"]
    assert {"ETag", "X-Experience-API-Consistent-Through"} <= set(exposed.split(", "))
