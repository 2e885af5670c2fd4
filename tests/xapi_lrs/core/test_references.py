"""What a filter finds a statement by."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_statement import ADA, BOB, COURSE, REF
from xapi_lrs.core.actor import identify
from xapi_lrs.core.ids import first_sequence_after, sequence_of, stored_of
from xapi_lrs.core.references import activity_key, agent_key, references

LRS = {"account": {"homePage": "http://localhost:8000", "name": "lrs-key:x"}}
CARL = {"openid": "https://carl.example.com"}


def keys(direct: bool, **changes):
    found = references(make_statement(**changes), LRS)
    return {key for key, is_direct in found.items() if is_direct is direct}


def agent(actor):
    return agent_key(identify(actor))


def test_actor_and_object_are_direct_and_the_authority_is_related():
    assert keys(True) == {agent(ADA), activity_key(COURSE["id"])}
    assert keys(False) == {agent(LRS)}


def test_members_count_for_their_group():
    """XP-39"""
    group = {"objectType": "Group", "member": [ADA, BOB]}
    assert keys(True, actor=group, object=REF) == {agent(ADA), agent(BOB)}
    assert keys(True, actor=group | CARL, object=REF) == {agent(ADA), agent(BOB), agent(CARL)}


def test_the_context_is_related():
    """XP-10"""
    other = {"id": "https://example.com/other"}
    context = {
        "instructor": BOB,
        "contextAgents": [{"objectType": "contextAgent", "agent": CARL}],
        "contextActivities": {"parent": other, "grouping": [{"id": "urn:g"}]},
    }
    found = keys(False, context=context)
    assert found == {
        agent(LRS),
        agent(BOB),
        agent(CARL),
        activity_key(other["id"]),
        activity_key("urn:g"),
    }


def test_a_substatement_is_related_as_a_whole():
    inner = {"objectType": "SubStatement", "actor": BOB, "verb": {"id": "urn:v"}, "object": COURSE}
    inner |= {"context": {"contextActivities": {"category": [{"id": "urn:c"}]}}}
    assert keys(True, object=inner) == {agent(ADA)}
    related = {agent(LRS), agent(BOB), activity_key(COURSE["id"]), activity_key("urn:c")}
    assert keys(False, object=inner) == related


def test_what_is_direct_is_not_listed_again_as_related():
    assert agent(ADA) not in keys(False, context={"instructor": ADA})


def test_an_agent_and_an_activity_of_the_same_iri_have_different_keys():
    assert agent_key("urn:x") != activity_key("urn:x")


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
