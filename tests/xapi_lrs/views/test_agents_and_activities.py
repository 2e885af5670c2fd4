"""GET agents and GET activities: what the store knows of a person and of an activity."""

import json

import pytest

from tests.xapi_lrs.conftest import make_statement

COURSE = "https://example.com/course/1"
ACCOUNT = {"homePage": "https://lms.example", "name": "ada"}
AGENTS = [
    {"mbox": "mailto:ada@example.com"},
    {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
    {"openid": "https://ada.example/"},
    {"account": ACCOUNT},
]
ADA = AGENTS[0]


def person(lrs, agent):
    return lrs("GET", "/agents", query_string={"agent": json.dumps(agent)}).json


def activity(lrs, iri=COURSE):
    return lrs("GET", "/activities", query_string={"activityId": iri}).json


def about(name, language="en", **definition):
    return {"id": COURSE, "definition": {"name": {language: name}} | definition}


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: next(iter(agent)))
def test_a_person_is_an_agent_in_arrays_also_one_never_seen(lrs, agent):
    """XP-24"""
    (key, value) = next(iter(agent.items()))
    assert person(lrs, agent | {"name": "Ada"}) == {
        "objectType": "Person",
        "name": ["Ada"],
        key: [value],
    }
    assert person(lrs, agent) == {"objectType": "Person", key: [value]}


def test_a_person_has_the_names_that_statements_and_documents_gave_him(lrs):
    """Wherever in them, newest first; nobody else's. XP-24"""
    bob = {"mbox": "mailto:bob@example.com", "name": "Bob"}
    named = [ADA | {"name": name} for name in ("Actor", "Object", "Member", "Teacher", "Inside")]
    group = {"objectType": "Group", "name": "Team", "member": [named[2], bob]}
    lrs.post(make_statement(actor=named[0]))
    lrs.post(make_statement(actor=bob, object=named[1] | {"objectType": "Agent"}))
    lrs.post(make_statement(actor=group))
    lrs.post(make_statement(actor=bob, context={"instructor": named[3]}))
    inner = {"objectType": "SubStatement", "actor": named[4]}
    inner |= {key: make_statement()[key] for key in ("verb", "object")}
    lrs.post(make_statement(actor=bob, object=inner))
    profile = {"agent": json.dumps(ADA | {"name": "Profile"}), "profileId": "p"}
    lrs("POST", "/agents/profile", query_string=profile, json={})
    called = person(lrs, ADA | {"name": "Asked"})["name"]
    assert called[0] == "Asked"
    assert set(called) == {"Asked", "Profile", *(one["name"] for one in named)}
    assert person(lrs, {"mbox": bob["mbox"]})["name"] == ["Bob"]


def test_identifiers_are_not_joined(lrs):
    """That two of them are one person is more than the store can know. XP-24"""
    lrs.post(make_statement(actor=AGENTS[3] | {"name": "Ada"}))
    assert set(person(lrs, ADA | {"name": "Ada"})) == {"objectType", "name", "mbox"}


@pytest.mark.parametrize(
    "agent",
    [
        *("", "true", "{}", "[]", '{"mbox":"ada@example.com"}', '{"account":{"name":"x"}}'),
        '{"objectType":"Group","mbox":"mailto:team@example.com"}',
    ],
)
def test_what_is_no_agent_is_400(lrs, agent):
    """A Group is none: 1.0.3 Communication 2.4. XP-44"""
    answer = lrs("GET", "/agents", query_string={"agent": agent})
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] == "agent"


@pytest.mark.parametrize("path", ["/agents", "/activities"])
def test_parameters_are_required_and_known(lrs, path):
    """XP-15"""
    assert lrs("GET", path).status_code == 400
    known = {"agent": json.dumps(ADA)} if path == "/agents" else {"activityId": COURSE}
    assert lrs("GET", path, query_string=known).status_code == 200
    assert lrs("GET", path, query_string=known | {"foo": "bar"}).status_code == 400
    assert lrs("PUT", path, query_string=known).status_code == 405


@pytest.mark.parametrize("path", ["/agents", "/activities"])
def test_head_is_get_without_the_body(lrs, path):
    """XP-18"""
    known = {"agent": json.dumps(ADA)} if path == "/agents" else {"activityId": COURSE}
    head, get = (lrs(method, path, query_string=known) for method in ("HEAD", "GET"))
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_an_activity_that_nobody_described_is_its_id(lrs):
    """XP-09"""
    lrs.post(make_statement())
    for iri in (COURSE, "urn:unknown:ünï"):
        assert activity(lrs, iri) == {"objectType": "Activity", "id": iri}


def test_an_activity_is_what_all_statements_say_of_it(lrs):
    """Also of one batch. XP-25"""
    kind = "http://adlnet.gov/expapi/activities/course"
    lrs.post(
        make_statement(object=about("Meeting", type=kind)),
        make_statement(object=about("réunion", "fr-FR")),
    )
    assert activity(lrs) == {
        "objectType": "Activity",
        "id": COURSE,
        "definition": {"name": {"en": "Meeting", "fr-FR": "réunion"}, "type": kind},
    }


def test_what_is_no_iri_is_400(lrs):
    """XP-37"""
    for iri in ("", "course/1", "true"):
        answer = lrs("GET", "/activities", query_string={"activityId": iri})
        assert (answer.status_code, answer.json["error"]["details"][0]["path"]) == (
            400,
            "activityId",
        )


def test_who_may_not_read_is_refused(make_lrs, tenant):
    writer = make_lrs(tenant, scopes=("statements/write",))
    assert writer("GET", "/agents", query_string={"agent": json.dumps(ADA)}).status_code == 403
    assert writer("GET", "/activities", query_string={"activityId": COURSE}).status_code == 403


def test_stores_and_tenants_know_their_own_people_and_activities_only(
    make_lrs, tenant, other_tenant
):
    lrs = make_lrs(tenant)
    lrs.post(make_statement(actor=ADA | {"name": "Ada"}, object=about("Course")))
    for other in (make_lrs(tenant, "second"), make_lrs(other_tenant)):
        assert "name" not in person(other, ADA)
        assert "definition" not in activity(other)
