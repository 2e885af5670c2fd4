"""What exceeds the bounds of a credential is refused, with the reason."""

from uuid import UUID

import pytest

from tests.xapi_lrs.conftest import make_statement
from xapi_lrs.core.bounds import (
    Bounds,
    check_activity_profile,
    check_agent_profile,
    check_origin,
    check_state,
    check_statement,
    lies_below,
    may_see,
    narrow,
)
from xapi_lrs.core.errors import NotAllowed
from xapi_lrs.core.query import StatementQuery

ADA = {"mbox": "mailto:ada@example.com"}
BOB = {"mbox": "mailto:bob@example.com"}
REGISTRATION = UUID("11111111-2222-4333-8444-555555555555")
OTHER = UUID("99999999-2222-4333-8444-555555555555")
COURSE = "https://example.com/course/1"
LAUNCH = Bounds(actor="mailto:ada@example.com", registration=REGISTRATION, activity=COURSE)
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def bound_statement(**changes):
    context = {"registration": str(REGISTRATION)}
    return make_statement(**({"actor": ADA, "context": context} | changes))


def test_what_lies_within_is_let_through():
    check_statement(LAUNCH, bound_statement())
    check_statement(LAUNCH, bound_statement(actor={"mbox": "mailto:ada@EXAMPLE.com", "name": "A"}))
    check_statement(LAUNCH, bound_statement(context={"registration": str(REGISTRATION).upper()}))
    check_state(LAUNCH, COURSE, ADA, REGISTRATION)
    check_agent_profile(LAUNCH, ADA)
    check_activity_profile(LAUNCH, COURSE)


def test_without_bounds_everything_is_let_through():
    check_statement(Bounds(), make_statement(actor=BOB))
    check_state(Bounds(), COURSE, BOB, None)
    assert narrow(Bounds(), StatementQuery(agent="x")) == StatementQuery(agent="x")
    assert may_see(Bounds(), make_statement())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": BOB}, "actor"),
        ({"actor": {"objectType": "Group", **ADA, "member": [BOB]}}, "actor"),
        ({"actor": {"objectType": "Group", "member": [ADA]}}, "actor"),
        ({"actor": {"account": {"homePage": "https://a.example", "name": "ada"}}}, "actor"),
        ({"actor": "ada"}, "actor"),
        ({"actor": {"account": 1}}, "actor"),
        ({"context": None}, "registration: is missing"),
        ({"context": {}}, "registration: is missing"),
        ({"context": {"registration": 5}}, "registration: is missing"),
        ({"context": {"registration": str(OTHER)}}, "registration: must be 1111"),
        ({"object": {"id": COURSE + "0"}}, "activity: must be"),
        ({"object": {"id": COURSE + "/unit"}}, "activity: must be"),
        ({"object": {"objectType": "Agent", **ADA}}, "activity: must be"),
        ({"object": {"objectType": "StatementRef", "id": str(OTHER)}}, "activity: must be"),
        (
            {
                "object": {
                    "objectType": "SubStatement",
                    "actor": ADA,
                    "verb": {"id": "https://v"},
                    "object": {"id": "https://other"},
                }
            },
            "activity: must be",
        ),
        (
            {
                "verb": {"id": VOIDED},
                "object": {"objectType": "StatementRef", "id": str(OTHER)},
            },
            "must not void",
        ),
        ({"object": 7}, "activity: must be"),
    ],
)
def test_a_statement_beyond_the_bounds_is_refused_with_the_reason(changes, reason):
    """One row per refusal. CMI5-TOK-11, CMI5-TOK-12, CMI5-STM-17, CMI5-STM-18"""
    with pytest.raises(NotAllowed, match=reason):
        check_statement(LAUNCH, bound_statement(**changes))


def test_a_sub_statement_is_judged_by_what_it_is_about():
    target = {"objectType": "SubStatement", "actor": BOB, "object": {"id": COURSE}}
    check_statement(LAUNCH, bound_statement(object=target))


@pytest.mark.parametrize(
    ("activity", "agent", "registration", "reason"),
    [
        (COURSE, BOB, REGISTRATION, "agent"),
        (COURSE, ADA, OTHER, "registration: must be"),
        (COURSE, ADA, None, "registration: is missing"),
        ("https://example.com/other", ADA, REGISTRATION, "activity"),
    ],
)
def test_state_beyond_the_bounds_is_refused_with_the_reason(activity, agent, registration, reason):
    """CMI5-TOK-11, CMI5-DOC-2"""
    with pytest.raises(NotAllowed, match=reason):
        check_state(LAUNCH, activity, agent, registration)


def test_profiles_beyond_the_bounds_are_refused():
    with pytest.raises(NotAllowed, match="agent"):
        check_agent_profile(LAUNCH, BOB)
    with pytest.raises(NotAllowed, match="activity"):
        check_activity_profile(LAUNCH, "https://example.com/other")


def test_a_query_is_narrowed_to_the_learner_and_the_registration():
    bounds = Bounds(actor="mailto:ada@example.com", registration=REGISTRATION)
    narrowed = narrow(bounds, StatementQuery())
    assert (narrowed.agent, narrowed.registration) == ("mailto:ada@example.com", REGISTRATION)
    assert narrow(bounds, narrowed) == narrowed


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (StatementQuery(agent="mailto:bob@example.com", activity=COURSE), "agent"),
        (StatementQuery(registration=OTHER, activity=COURSE), "registration"),
        (StatementQuery(activity="https://example.com/other"), "activity"),
        (StatementQuery(), "activity: must be .* not any"),
    ],
)
def test_a_query_beyond_the_bounds_is_refused(query, reason):
    with pytest.raises(NotAllowed, match=reason):
        narrow(LAUNCH, query)


def test_a_statement_asked_for_by_its_id_must_lie_within():
    assert may_see(LAUNCH, bound_statement())
    assert not may_see(LAUNCH, bound_statement(actor=BOB))
    assert not may_see(LAUNCH, bound_statement(context=None))
    assert not may_see(LAUNCH, bound_statement(object={"id": "https://example.com/other"}))


@pytest.mark.parametrize(
    ("iri", "prefix", "below"),
    [
        ("https://a.example/c/1", "https://a.example/c/1", True),
        ("https://a.example/c/1/quiz", "https://a.example/c/1", True),
        ("https://a.example/c/1#q2", "https://a.example/c/1", True),
        ("https://a.example/c/10", "https://a.example/c/1", False),
        ("https://a.example/c/10", "https://a.example/c/", True),
        ("https://a.example.evil/", "https://a.example", False),
        ("https://a.exampl", "https://a.example", False),
        ("urn:acme:course:7", "urn:acme:course", True),
        ("urn:acme:courses", "urn:acme:course", False),
    ],
)
def test_a_prefix_ends_at_a_delimiter(iri, prefix, below):
    """course/1 is not course/10."""
    assert lies_below(iri, prefix) is below


def test_a_prefix_bounds_statements_and_documents():
    bounds = Bounds(activity_prefix=COURSE)
    check_statement(bounds, make_statement(object={"id": f"{COURSE}/unit/1"}))
    check_activity_profile(bounds, f"{COURSE}/unit/1")
    with pytest.raises(NotAllowed, match="or below"):
        check_statement(bounds, make_statement(object={"id": f"{COURSE}0"}))


def test_origins_bound_every_request():
    """RFC 6454 7"""
    bounds = Bounds(origins=("https://content.example",))
    check_origin(bounds, "https://content.example")
    check_origin(Bounds(), None)
    for origin in (None, "null", "https://content.example.evil", "http://content.example"):
        with pytest.raises(NotAllowed, match=r"Origin|comes from"):
            check_origin(bounds, origin)
