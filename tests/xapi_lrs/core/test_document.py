"""Where documents lie, and what requests for them may say."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from xapi_lrs.core.document import (
    ACTIVITY_PROFILE,
    AGENT_PROFILE,
    RESOURCES,
    STATE,
    Place,
    parse_document_request,
)
from xapi_lrs.core.errors import InvalidRequest

ADA = {"mbox": "mailto:ada@example.com"}
TEAM = {"objectType": "Group", "account": {"homePage": "https://a.example", "name": "t"}}
ACTIVITY = "https://example.com/course/1"
REGISTRATION = uuid4()

COMPLETE = {
    STATE: {"activityId": ACTIVITY, "agent": json.dumps(ADA), "stateId": "bookmark"},
    AGENT_PROFILE: {"agent": json.dumps(ADA), "profileId": "p"},
    ACTIVITY_PROFILE: {"activityId": ACTIVITY, "profileId": "p"},
}
METHODS = ("GET", "PUT", "POST", "DELETE")


def parse(resource, method="GET", version="1.0.3", **changes):
    values = {key: value for key, value in (COMPLETE[resource] | changes).items() if value}
    return parse_document_request(resource, method, values.items(), version)


def refused(resource, method="GET", version="1.0.3", **changes):
    with pytest.raises(InvalidRequest) as error:
        parse(resource, method, version, **changes)
    return [problem.path for problem in error.value.problems]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_a_request_names_what_the_document_hangs_on(resource, method):
    """XP-23"""
    asked = parse(resource, method)
    assert asked.document_id == COMPLETE[resource][resource.id_parameter]
    for name in resource.scope:
        assert refused(resource, method, **{name: None}) == [name]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_only_lists_and_the_removal_of_states_do_without_an_id(resource):
    """XP-23"""
    name = resource.id_parameter
    assert parse(resource, "GET", **{name: None}).document_id is None
    for method in ("PUT", "POST"):
        assert refused(resource, method, **{name: None}) == [name]
    if resource is STATE:
        assert parse(resource, "DELETE", **{name: None}).document_id is None
    else:
        assert refused(resource, "DELETE", **{name: None}) == [name]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_since_belongs_to_lists(resource):
    """XP-15, XP-23"""
    asked = parse(resource, since="2026-11-21T10:00:00Z", **{resource.id_parameter: None})
    assert asked.since == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert refused(resource, since="2026-11-21T10:00:00Z") == ["since"]
    assert refused(resource, "DELETE", since="2026-11-21T10:00:00Z") == ["since"]
    assert refused(resource, since="yesterday", **{resource.id_parameter: None}) == ["since"]


def test_registration_belongs_to_state():
    """XP-23, XP-38"""
    assert parse(STATE, registration=str(REGISTRATION)).place.registration == REGISTRATION
    assert refused(STATE, registration=f"{{{REGISTRATION}}}") == ["registration"]
    assert refused(AGENT_PROFILE, registration=str(REGISTRATION)) == ["registration"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "changes",
    [
        *({"foo": "bar"}, {"StateId": "x"}, {"activityId": "course/1"}, {"activityId": "true"}),
        *({"agent": "true"}, {"agent": "not JSON"}, {"agent": "{}"}, {"agent": '{"mbox":1}'}),
        *({"agent": '{"mbox":"mailto:a@b.c","dummy":1}'}, {"stateId": "a\0b"}),
        *({"stateId": "x" * 2001}, {"registration": "true"}),
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_what_is_unknown_or_wrong_is_refused_by_its_name(method, changes):
    """XP-15, XP-23, XP-44"""
    assert refused(STATE, method, **changes) == list(changes)


def test_all_faults_are_told_at_once():
    """XP-15"""
    paths = refused(STATE, agent="x", activityId="y", registration="z")
    assert sorted(paths) == ["activityId", "agent", "registration"]


def test_a_group_owns_documents_in_2_0_only_and_never_an_anonymous_one():
    """1.0.3 Communication 2.6: "not a Group"; 2.0 4.1.6.2: Agent or Identified Group. XP-39"""
    nobody = {"objectType": "Group", "member": [ADA]}
    for resource in (STATE, AGENT_PROFILE):
        assert refused(resource, agent=json.dumps(TEAM)) == ["agent"]
        assert parse(resource, version="2.0.0", agent=json.dumps(TEAM)).place.agent == TEAM
        assert refused(resource, version="2.0.0", agent=json.dumps(nobody)) == ["agent"]


def test_a_place_is_the_agents_identifier_whatever_else_it_says():
    """XP-23, XP-33"""
    named = {"objectType": "Agent", "name": "Ada", "mbox": "mailto:ada@EXAMPLE.com"}
    assert Place(STATE, ACTIVITY, ADA).key == Place(STATE, ACTIVITY, named).key


def test_places_differ_in_everything_they_hang_on():
    """An absent registration is a place of its own. XP-23"""
    other = {"mbox": "mailto:bob@example.com"}
    places = [
        Place(STATE, ACTIVITY, ADA),
        Place(STATE, ACTIVITY, ADA, REGISTRATION),
        Place(STATE, ACTIVITY, ADA, uuid4()),
        Place(STATE, ACTIVITY, other),
        Place(STATE, f"{ACTIVITY}0", ADA),
        Place(AGENT_PROFILE, agent=ADA),
        Place(ACTIVITY_PROFILE, ACTIVITY),
    ]
    assert len({place.key for place in places}) == len(places)
