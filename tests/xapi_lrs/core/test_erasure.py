"""What is left of a statement without a person."""

import pytest

from tests.xapi_lrs.conftest import make_statement
from xapi_lrs.core.attachment import SIGNATURE
from xapi_lrs.core.erasure import (
    Mode,
    describe_subject,
    judge,
    make_stand_in,
    mentioned_in_text,
    replace_authority,
)
from xapi_lrs.core.parties import parties
from xapi_lrs.core.statement import validate_statement
from xapi_lrs.core.verb import VOIDED

ADA = {"mbox": "mailto:ada@example.com", "name": "Ada"}
BOB = {"mbox": "mailto:bob@example.com", "name": "Bob"}
ACCOUNT = {"account": {"homePage": "https://lms.example", "name": "ada-4711"}}
SUBJECT = describe_subject([ADA, ACCOUNT])
STAND_IN = make_stand_in("https://lectern.example/pseudonyms", "p-1")
AGENT_ADA = ADA | {"objectType": "Agent"}


def group(*members, **identified):
    return {"objectType": "Group", "member": list(members)} | identified


def inner(**changes):
    kept = ("actor", "verb", "object")
    body = {key: value for key, value in make_statement(actor=BOB).items() if key in kept}
    return body | {"objectType": "SubStatement"} | changes


HIS = [
    make_statement(actor=ADA),
    make_statement(actor=ACCOUNT),
    make_statement(actor=group(ADA)),
    make_statement(actor=group(ADA, ACCOUNT)),
    make_statement(actor=BOB, object=AGENT_ADA),
    make_statement(actor=BOB, object=inner(actor=ADA)),
    make_statement(actor=BOB, object=inner(object=AGENT_ADA)),
]
OTHERS = [
    make_statement(actor=group(ADA, BOB)),
    make_statement(actor=group(ADA, mbox="mailto:team@example.com")),
    make_statement(actor=BOB, context={"instructor": ADA, "platform": "x"}),
    make_statement(actor=BOB, context={"instructor": group(ADA)}),
    make_statement(actor=BOB, context={"team": group(ADA, BOB)}),
    make_statement(
        actor=BOB,
        context={
            "contextAgents": [
                {"objectType": "contextAgent", "agent": one, "relevantTypes": ["urn:a"]}
                for one in (ADA, BOB)
            ],
            "contextGroups": [{"objectType": "contextGroup", "group": group(ADA)}],
        },
    ),
    make_statement(actor=BOB, object=inner(context={"instructor": ADA})),
    make_statement(actor=BOB, authority=ADA),
    make_statement(actor=BOB, authority=group(ADA, BOB)),
]


def verdict(statement, mode=Mode.ERASE):
    return judge(statement, SUBJECT, mode, STAND_IN)


def names_ada(statement):
    return any(map(SUBJECT.is_party, parties(statement)))


@pytest.mark.parametrize("statement", HIS)
def test_erasing_lets_go_of_his_own_statements(statement):
    assert verdict(statement).statement is None


@pytest.mark.parametrize("statement", OTHERS)
def test_erasing_takes_him_out_of_those_of_others(statement):
    left = verdict(statement).statement
    assert not names_ada(left)
    assert not validate_statement(left, version="2.0.0")
    assert left["verb"] == statement["verb"]
    assert not mentioned_in_text(str(left), SUBJECT)


@pytest.mark.parametrize("statement", [*HIS, *OTHERS])
def test_pseudonymising_keeps_the_statement_and_its_shape(statement):
    left = verdict(statement, Mode.PSEUDONYMISE).statement
    assert not names_ada(left)
    assert not validate_statement(left, version="2.0.0")
    before, after = list(parties(statement)), list(parties(left))
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        if SUBJECT.is_party(old):
            assert new["account"] == STAND_IN["account"]
            assert "name" not in new


@pytest.mark.parametrize("mode", Mode)
def test_what_he_voided_stays_void(mode):
    """XP-30"""
    target = {"objectType": "StatementRef", "id": make_statement()["id"]}
    voider = make_statement(actor=ADA, verb={"id": VOIDED}, object=target)
    left = verdict(voider, mode).statement
    assert (left["actor"], left["object"]) == (STAND_IN, target)


@pytest.mark.parametrize("mode", Mode)
def test_who_is_not_named_is_not_touched(mode):
    statement = make_statement(actor=BOB, context={"team": group(BOB)})
    assert verdict(statement, mode).statement is statement


@pytest.mark.parametrize("mode", Mode)
def test_a_signature_does_not_outlive_what_it_signed(mode):
    """XP-32"""
    file = {"usageType": "urn:a", "sha2": "A" * 64}
    signature = {"usageType": SIGNATURE, "sha2": "B" * 64}
    signed = make_statement(actor=BOB, context={"instructor": ADA}, attachments=[file, signature])
    found = verdict(signed, mode)
    assert found.statement["attachments"] == [file]
    assert found.signatures == ("b" * 64,)
    alone = verdict(signed | {"attachments": [signature]}, mode)
    assert "attachments" not in alone.statement


def test_a_person_is_known_by_his_identifiers_and_the_hash_of_his_address():
    sha1 = {"mbox_sha1sum": "CFE6BB84C5FE0BDA0E38C97DA4D3C1BD3F7CB5E1"}
    hashed = describe_subject([{"mbox": "mailto:ada@example.com"}])
    assert hashed.is_party({"mbox": "mailto:ada@EXAMPLE.com", "name": "x"})
    assert not hashed.is_party(sha1)
    assert not hashed.is_party(BOB)
    digest = next(one for one in hashed.identities if one.startswith("sha1 "))[5:]
    assert hashed.is_party({"mbox_sha1sum": digest.upper()})
    with pytest.raises(ValueError, match="anonymous"):
        describe_subject([group(ADA)])


def test_an_authority_is_never_missing():
    assert replace_authority(ADA, SUBJECT, STAND_IN) == STAND_IN
    pair = replace_authority(group(BOB, ADA), SUBJECT, STAND_IN)
    assert pair["member"] == [BOB, STAND_IN]
    assert replace_authority(BOB, SUBJECT, STAND_IN) == BOB


def test_texts_are_looked_through_for_what_identifies_him():
    for text in ("write to ADA@example.com!", '{"x":"ada-4711"}'):
        assert mentioned_in_text(text, SUBJECT)
    assert not mentioned_in_text("Ada was here", SUBJECT)
    quoted = describe_subject([{"account": {"homePage": "urn:a", "name": 'ä"quoted'}}])
    assert mentioned_in_text('{"x":"\\u00e4\\"QUOTED"}', quoted)
    assert mentioned_in_text('{"x":"ä\\"quoted"}', quoted)
