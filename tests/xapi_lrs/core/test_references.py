"""What a filter finds a statement by."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_statement import ADA, BOB, COURSE, REF
from xapi_lrs.core.actor import identify
from xapi_lrs.core.ids import digest_of, first_sequence_after, key_of, sequence_of, stored_of
from xapi_lrs.core.references import (
    Role,
    activity_digest,
    activity_key,
    actor_digest,
    agent_key,
    mentions,
)

DORA = {"mbox": "mailto:dora@example.com"}
CARL = {"openid": "https://carl.example.com"}


def keys(role: Role, **changes):
    found = mentions(make_statement(**changes))
    return {UUID(key) for key, found_role in found.items() if found_role is role}


def agent(actor):
    return agent_key(identify(actor))


def test_actor_and_activity_are_found_by_columns_and_not_listed_again():
    statement = make_statement(context={"instructor": ADA})
    assert UUID(actor_digest(statement)) == agent(ADA)
    assert UUID(activity_digest(statement)) == activity_key(COURSE["id"])
    assert mentions(statement) == {}


def test_members_count_for_their_group():
    """XP-39"""
    group = {"objectType": "Group", "member": [ADA, BOB]}
    assert actor_digest(make_statement(actor=group)) is None
    assert keys(Role.DIRECT, actor=group, object=REF) == {agent(ADA), agent(BOB)}
    assert UUID(actor_digest(make_statement(actor=group | CARL))) == agent(CARL)
    assert keys(Role.DIRECT, actor=group | CARL, object=REF) == {agent(ADA), agent(BOB)}


def test_an_agent_as_object_is_a_direct_mention():
    found = make_statement(object={"objectType": "Agent"} | BOB)
    assert keys(Role.DIRECT, object={"objectType": "Agent"} | BOB) == {agent(BOB)}
    assert activity_digest(found) is None


def test_the_context_is_related():
    """XP-10"""
    other = {"id": "https://example.com/other"}
    context = {
        "instructor": BOB,
        "contextAgents": [{"objectType": "contextAgent", "agent": CARL}],
        "contextGroups": [
            {"objectType": "contextGroup", "group": {"objectType": "Group", "member": [DORA]}}
        ],
        "contextActivities": {"parent": other, "grouping": [{"id": "urn:g"}]},
    }
    people = {agent(BOB), agent(CARL), agent(DORA)}
    activities = {activity_key(other["id"]), activity_key("urn:g")}
    assert keys(Role.RELATED, context=context) == people | activities


def test_a_substatement_is_related_as_a_whole():
    inner = {"objectType": "SubStatement", "actor": BOB, "verb": {"id": "urn:v"}, "object": COURSE}
    inner |= {"context": {"contextActivities": {"category": [{"id": "urn:c"}]}}}
    assert keys(Role.DIRECT, object=inner) == set()
    related = {agent(BOB), activity_key(COURSE["id"]), activity_key("urn:c")}
    assert keys(Role.RELATED, object=inner) == related


def test_what_is_direct_is_not_listed_again_as_related():
    group = {"objectType": "Group", "member": [BOB]}
    found = mentions(make_statement(actor=group, context={"instructor": BOB}))
    assert list(found.values()) == [Role.DIRECT]


def test_a_context_statement_is_no_reference():
    """XP-29"""
    assert mentions(make_statement(context={"statement": REF})) == {}


def test_an_agent_and_an_activity_of_the_same_iri_have_different_keys():
    assert agent_key("urn:x") != activity_key("urn:x")


@given(st.text(max_size=600))
def test_a_key_is_the_same_whether_it_was_remembered_or_not(text):
    assert key_of("verb", text) == key_of("verb", text)
    assert key_of("verb", text).hex == digest_of("verb", text)


def test_an_mbox_and_its_sha1sum_are_two_identities():
    assert identify({"mbox": "mailto:a@b"}) != identify({"mbox_sha1sum": "0" * 40})


INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2240, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS, INSTANTS, st.integers(0, 2**40), st.integers(0, 2**40))
def test_sequence_orders_by_stored_and_fits_a_bigint(one, other, number, number_of_other):
    """XP-43"""
    first, second = sequence_of(one, number), sequence_of(other, number_of_other)
    assert first < 2**63
    assert stored_of(first) == one - timedelta(microseconds=one.microsecond % 1000)
    if stored_of(first) < stored_of(second):
        assert first < second


@given(INSTANTS, INSTANTS, st.integers(0, 2**20))
def test_since_is_exclusive_and_until_inclusive_on_stored(stored, limit, number):
    """XP-43"""
    sequence = sequence_of(stored, number)
    assert (sequence >= first_sequence_after(limit)) == (stored_of(sequence) > limit)


def test_the_beginning_and_the_end_of_time_do_not_overflow():
    assert first_sequence_after(datetime(1, 1, 1, tzinfo=UTC)) == 0
    assert first_sequence_after(datetime(9999, 12, 31, tzinfo=UTC)) == 2**63 - 1
