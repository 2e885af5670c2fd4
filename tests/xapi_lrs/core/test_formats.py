"""How a statement comes back."""

import json
from datetime import UTC, datetime
from uuid import UUID

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_statement import ADA, BOB, COURSE, FULL
from xapi_lrs.core.formats import StoredStatement, exact, ids

ID = "0e0a5d0c-5c2a-4b0e-9a6e-111111111111"
STORED = datetime(2026, 11, 21, 9, 0, 0, 120_000, tzinfo=UTC)
ADDED = {
    "id": ID,
    "timestamp": "2026-11-21T09:00:00.120Z",
    "stored": "2026-11-21T09:00:00.120Z",
    "version": "1.0.0",
    "authority": ADA,
}


def kept(text: str) -> StoredStatement:
    authority = orjson.dumps(ADA).decode()
    return StoredStatement(UUID(ID), 1, STORED, "1.0.3", text, authority)


def test_what_was_sent_comes_back_character_by_character_with_what_the_store_adds():
    """XP-42"""
    text = '{ "actor": {"mbox":"mailto:a@b"},"verb":{"id":"urn:v"},\n"object":{"id":"urn:\\u00e9"},'
    text += (
        '"result":{"score":{"raw":1.0,"max":1e2},"extensions":{"urn:n":12345678901234567890123}}}'
    )
    answer = exact(kept(text))
    assert answer.startswith(text[:-1])
    assert json.loads(answer) == json.loads(text) | ADDED


def test_stored_and_authority_of_the_sender_are_replaced():
    """XP-40"""
    sent = make_statement(id=None) | {"stored": "1999-01-01T00:00:00Z", "authority": BOB}
    assert json.loads(exact(kept(json.dumps(sent)))) == sent | ADDED


def test_id_timestamp_and_version_of_the_sender_stay():
    """XP-12"""
    own = {"id": ID.upper(), "timestamp": "2026-11-21T10:00:00+01:00", "version": "1.0.2"}
    sent = make_statement() | own
    assert json.loads(exact(kept(json.dumps(sent)))) == sent | ADDED | own


def test_context_activities_always_come_back_as_arrays():
    """XP-33"""
    inner = {"objectType": "SubStatement", "actor": BOB, "verb": {"id": "urn:v"}, "object": COURSE}
    context = {"contextActivities": {"parent": COURSE, "other": [COURSE]}}
    sent = make_statement(context=context, object=inner | {"context": context})
    answer = json.loads(exact(kept(json.dumps(sent))))
    arrays = {"contextActivities": {"parent": [COURSE], "other": [COURSE]}}
    assert answer["context"] == answer["object"]["context"] == arrays


def test_ids_are_what_identifies_and_nothing_more():
    """XP-42"""
    answer = json.loads(ids(kept(json.dumps(FULL))))
    assert answer["actor"] == {"objectType": "Group", "member": [ADA, BOB]}
    assert answer["verb"] == {"id": FULL["verb"]["id"]}
    assert answer["object"] == COURSE
    assert answer["context"]["contextActivities"] == {"parent": [COURSE], "category": [COURSE]}
    assert answer["result"] == FULL["result"]


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.sampled_from([None, 2]))
def test_whatever_the_sender_gave_the_answer_is_one_object_with_every_key_once(
    with_id, with_timestamp, with_stored, with_authority, indent
):
    sent = make_statement() | {
        "timestamp": "2026-01-01T00:00:00Z",
        "stored": "2026-01-01T00:00:00Z",
        "authority": BOB,
    }
    given_keys = {
        "id": with_id,
        "timestamp": with_timestamp,
        "stored": with_stored,
        "authority": with_authority,
    }
    sent = {key: value for key, value in sent.items() if given_keys.get(key, True)}
    pairs = json.loads(exact(kept(json.dumps(sent, indent=indent))), object_pairs_hook=list)
    names = [name for name, _ in pairs]
    assert sorted(names) == sorted({*sent, *ADDED})
