"""A launch token opens what belongs to its launch, and is refused everything else. CMI5-TOK-11"""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from database.session import transaction
from tests.xapi_lrs.conftest import Lrs, make_statement
from tests.xapi_lrs.keys import with_host
from xapi_lrs.core.errors import InvalidRequest, NotFound
from xapi_lrs.services.launch_tokens import (
    extend_launch_token,
    issue_launch_token,
    revoke_launch_token,
)
from xapi_lrs.services.stores import ensure_store

ADA = {"account": {"homePage": "https://lms.example", "name": "ada"}}
BOB = {"account": {"homePage": "https://lms.example", "name": "bob"}}
REGISTRATION, OTHER = str(uuid4()), str(uuid4())
AU = "https://example.com/course/1/au/1"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def issue(session, slug="default", **changes):
    now = datetime.now(UTC)
    options = {
        "actor": ADA,
        "registration": REGISTRATION,
        "activity": AU,
        "now": now,
        "expires_at": now + timedelta(hours=1),
        "random": secrets.token_bytes,
    }
    return issue_launch_token(session, ensure_store(session, slug), **(options | changes))


@dataclass(frozen=True)
class Launch:
    """A client with the token, and its id."""

    lrs: Lrs
    id: object

    def state(self, method="GET", **changes):
        query = {"activityId": AU, "agent": json.dumps(ADA), "registration": REGISTRATION}
        return self.document(method, "/activities/state", query | {"stateId": "s"} | changes)

    def document(self, method, path, query):
        given = {name: value for name, value in query.items() if value is not None}
        body = {"data": b"{}", "content_type": "application/json"} if method == "PUT" else {}
        headers = {"If-None-Match": "*"} if method == "PUT" else {}
        return self.lrs(method, path, query_string=given, headers=headers, **body)


def launch_statement(**changes):
    context = {"registration": REGISTRATION}
    return make_statement(**({"actor": ADA, "object": {"id": AU}, "context": context} | changes))


@pytest.fixture
def launch(lrs, lrs_app, tenant) -> Launch:
    with transaction(tenant) as session:
        token = issue(session)
    return Launch(Lrs(lrs_app.test_client(), lrs.slug, token.key, token.secret), token.id)


def test_the_token_is_used_as_basic_as_it_was_given(lrs, tenant):
    """CMI5-TOK-4"""
    with transaction(tenant) as session:
        token = issue(session)
    headers = {"Authorization": f"Basic {token.basic}"}
    assert lrs.post(launch_statement(), headers=headers).status_code == 200


def test_content_stores_and_reads_what_belongs_to_its_launch(launch):
    statement = launch_statement()
    assert launch.lrs.post(statement).status_code == 200
    assert launch.lrs.ids(activity=AU) == [statement["id"]]
    assert launch.lrs.get(statementId=statement["id"]).status_code == 200
    assert launch.state("PUT").status_code == 204
    assert launch.state().status_code == 200
    profile = {"agent": json.dumps(ADA), "profileId": "cmi5LearnerPreferences"}
    assert launch.document("GET", "/agents/profile", profile).status_code == 404
    assert launch.document("GET", "/agents", {"agent": json.dumps(ADA)}).status_code == 200
    assert launch.document("GET", "/activities", {"activityId": AU}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": BOB}, "actor"),
        ({"actor": {"objectType": "Group", **ADA}}, "actor"),
        ({"context": None}, "registration: is missing"),
        ({"context": {"registration": OTHER}}, "registration: must be"),
        ({"object": {"id": AU + "0"}}, "activity"),
        ({"object": {"objectType": "Agent", **ADA}}, "activity"),
        (
            {"verb": {"id": VOIDED}, "object": {"objectType": "StatementRef", "id": OTHER}},
            "must not void",
        ),
    ],
)
def test_a_statement_of_anything_else_is_403_and_not_stored(launch, lrs, changes, reason):
    """CMI5-TOK-12, CMI5-STM-17, CMI5-STM-18; a batch with one of them stores nothing. XP-22"""
    good, bad = launch_statement(), launch_statement(**changes)
    for sent in ((bad,), (good, bad)):
        answer = launch.lrs.post(*sent)
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "not_allowed")
        assert reason in answer.json["error"]["message"]
    assert launch.lrs.put(bad).status_code == 403
    assert lrs.ids() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"agent": json.dumps(BOB)},
        {"registration": OTHER},
        {"registration": None},
        {"activityId": "https://example.com/other"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_the_state_of_anything_else_is_403(launch, method, changes):
    """CMI5-DOC-2"""
    assert launch.state(method, **changes).status_code == 403
    if method != "PUT":
        assert launch.state(method, stateId=None, **changes).status_code == 403


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/agents/profile", {"agent": json.dumps(BOB), "profileId": "p"}),
        ("/agents/profile", {"agent": json.dumps(BOB)}),
        ("/activities/profile", {"activityId": "https://example.com/other", "profileId": "p"}),
        ("/activities/profile", {"activityId": "https://example.com/other"}),
        ("/agents", {"agent": json.dumps(BOB)}),
        ("/activities", {"activityId": "https://example.com/other"}),
    ],
)
def test_profiles_and_descriptions_of_others_are_403(launch, path, query):
    answer = launch.document("GET", path, query)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "not_allowed")


def test_statements_of_others_are_not_read(launch, lrs):
    others = [
        launch_statement(actor=BOB),
        launch_statement(context={"registration": OTHER}),
        launch_statement(object={"id": "https://example.com/other"}),
    ]
    own = launch_statement()
    assert lrs.post(*others, own).status_code == 200
    assert launch.lrs.ids(activity=AU) == [own["id"]]
    for query in (
        {},
        {"activity": "https://example.com/other"},
        {"activity": AU, "agent": json.dumps(BOB)},
        {"activity": AU, "registration": OTHER},
    ):
        assert launch.lrs.get(**query).status_code == 403
    for one in others:
        assert launch.lrs.get(statementId=one["id"]).status_code == 404


def test_a_token_without_an_activity_touches_all_of_its_registration(lrs, lrs_app, tenant):
    with transaction(tenant) as session:
        token = issue(session, activity=None)
    client = Lrs(lrs_app.test_client(), lrs.slug, token.key, token.secret)
    statement = launch_statement(object={"id": "https://example.com/anything"})
    assert client.post(statement).status_code == 200
    assert client.ids() == [statement["id"]]
    assert client.post(launch_statement(actor=BOB)).status_code == 403


def test_a_revoked_token_opens_nothing(launch, tenant):
    """CMI5-TOK-9, CMI5-TOK-10: State GET too."""
    assert launch.state().status_code == 404
    with transaction(tenant) as session:
        revoke_launch_token(session, launch.id, now=datetime.now(UTC))
        revoke_launch_token(session, launch.id, now=datetime.now(UTC))
    assert launch.lrs.post(launch_statement()).status_code == 401
    assert launch.state().status_code == 401
    with transaction(tenant) as session, pytest.raises(NotFound):
        extend_launch_token(session, launch.id, datetime.now(UTC))


def test_a_token_ends_unless_it_is_extended(launch, lrs_app, tenant, monkeypatch):
    later = datetime.now(UTC) + timedelta(hours=2)
    with_host(monkeypatch, lrs_app, now=lambda: later)
    assert launch.lrs.post(launch_statement()).status_code == 401
    with transaction(tenant) as session:
        extend_launch_token(session, launch.id, later + timedelta(hours=1))
    assert launch.lrs.post(launch_statement()).status_code == 200


def test_a_token_opens_no_other_store_and_gets_no_access_token(launch, make_lrs, tenant):
    make_lrs(tenant, "second")
    assert launch.lrs("GET", "/xapi/second/statements").status_code == 403
    form = f"grant_type=client_credentials&client_id={launch.lrs.key}"
    answer = launch.lrs.client.post(
        f"/xapi/{launch.lrs.slug}/oauth/token",
        data=f"{form}&client_secret={launch.lrs.secret}",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.json["error"] == "unauthorized_client"


def test_a_token_of_one_tenant_names_no_other(launch, other_tenant):
    """The key says which tenant it is of; saying another finds nothing."""
    key = f"lt{other_tenant.hex}{launch.lrs.key[34:]}"
    assert replace(launch.lrs, key=key).get(activity=AU).status_code == 401


def test_all_launches_of_a_store_vouch_as_one_authority(launch, lrs):
    """There is a row for each authority: not one for each launch."""
    launch.lrs.post(statement := launch_statement())
    authority = lrs.get(statementId=statement["id"]).json["authority"]
    assert authority["account"]["name"] == "lrs-launch"


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": {}},
        {"actor": {"objectType": "Group", "member": [ADA]}},
        {"activity": "no iri"},
        {"scopes": ["everything"]},
        {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_token_that_could_not_work_is_not_made(session, changes):
    with pytest.raises(InvalidRequest):
        issue(session, **changes)


def test_tokens_that_ended_long_ago_go_when_others_come(session):
    now = datetime.now(UTC)
    old = issue(session, now=now - timedelta(days=9), expires_at=now - timedelta(days=8))
    young = issue(session, now=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    issue(session)
    extend_launch_token(session, young.id, now + timedelta(hours=1))
    with pytest.raises(NotFound):
        extend_launch_token(session, old.id, now + timedelta(hours=1))
