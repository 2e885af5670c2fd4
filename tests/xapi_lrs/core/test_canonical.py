"""format=canonical, and which language of a map a client gets."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.xapi_lrs.conftest import make_statement
from xapi_lrs.core.canonical import canonical, mentioned_activities
from xapi_lrs.core.definitions import defined_activities, merge_definitions
from xapi_lrs.core.formats import StoredStatement
from xapi_lrs.core.languages import choose_language, parse_accept_language

STORED = datetime(2026, 11, 21, tzinfo=UTC)


def stored(**changes) -> StoredStatement:
    statement = make_statement(**changes)
    text = json.dumps(statement)
    return StoredStatement(UUID(statement["id"]), 1, STORED, "1.0.3", text, '{"mbox":"mailto:a@b"}')


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        (None, ()),
        ("", ()),
        ("en", ("en",)),
        ("da, en-GB;q=0.8, en;q=0.7", ("da", "en-gb", "en")),
        ("en;q=0.7,fr", ("fr", "en")),
        ("*;q=0.1, de;q=0", ("*",)),
        ("en;q=2, e n, ,;q=1, sr-Latn-RS ; Q = 1.000", ("sr-latn-rs",)),
    ],
)
def test_a_header_is_read_best_quality_first(header, ranges):
    """XP-42"""
    assert parse_accept_language(header) == ranges


@pytest.mark.parametrize(
    ("tags", "header", "chosen"),
    [
        (["en-US", "fr-FR"], "fr-FR", "fr-FR"),
        (["en-US", "fr-FR"], "fr", "fr-FR"),
        (["en-US", "fr-FR"], "fr-CA, en;q=0.1", "fr-FR"),
        (["en-US", "fr-FR", "fr"], "fr-CA", "fr"),
        (["en-US", "EN-us-x"], "EN-US", "en-US"),
        (["en-US", "fr-FR"], "de", "en-US"),
        (["en-US", "fr-FR"], None, "en-US"),
        (["en-US", "fr-FR"], "de, *;q=0.5, fr;q=0.1", "en-US"),
        (["eng", "fr"], "en", "eng"),
    ],
)
def test_one_language_is_chosen(tags, header, chosen):
    """XP-42"""
    assert choose_language(tags, parse_accept_language(header)) == chosen


def test_activities_get_the_stores_definition_in_one_language_wherever_they_stand():
    """XP-42"""
    course = {"id": "urn:c", "definition": {"name": {"en": "Course"}}}
    inner = {
        "objectType": "SubStatement",
        "actor": {"mbox": "mailto:a@b"},
        "verb": {"id": "urn:v", "display": {"en": "did", "fr": "fit"}},
        "object": course,
        "context": {"contextActivities": {"parent": course}},
    }
    statement = stored(
        verb={"id": "urn:v", "display": {"en": "did", "fr": "fit"}},
        object=inner,
        context={"contextActivities": {"other": [course, {"id": "urn:unknown"}]}},
    )
    known = {"urn:c": {"name": {"en": "Course", "fr": "Cours"}, "type": "urn:t"}}
    assert mentioned_activities(statement) == {"urn:c", "urn:unknown"}
    given = json.loads(canonical(statement, known, ("fr",)))
    french = {"id": "urn:c", "definition": {"name": {"fr": "Cours"}, "type": "urn:t"}}
    assert given["verb"]["display"] == given["object"]["verb"]["display"] == {"fr": "fit"}
    assert given["object"]["object"] == french
    assert given["object"]["context"]["contextActivities"]["parent"] == [french]
    assert given["context"]["contextActivities"]["other"] == [french, {"id": "urn:unknown"}]


def test_interaction_components_are_cut_too_and_the_own_definition_stays_where_none_is_known():
    """XP-42"""
    steps = [{"id": "1", "description": {"en": "One", "de": "Eins"}}, {"id": "2"}]
    definition = {"interactionType": "performance", "steps": steps, "description": {}}
    statement = stored(object={"id": "urn:q", "definition": definition})
    cut = json.loads(canonical(statement, {}, ("de",)))["object"]["definition"]
    assert cut["steps"] == [{"id": "1", "description": {"de": "Eins"}}, {"id": "2"}]
    assert cut["description"] == {}


def test_agents_and_extensions_are_left_as_they_are():
    extensions = {"urn:x": {"en": "kept", "fr": "gardé"}}
    statement = stored(
        actor={"mbox": "mailto:a@b", "name": "Ada"},
        object={"id": "urn:c", "definition": {"extensions": extensions}},
    )
    given = json.loads(canonical(statement, {}, ("fr",)))
    assert given["actor"]["name"] == "Ada"
    assert given["object"]["definition"]["extensions"] == extensions


def test_definitions_merge_language_by_language_and_the_later_statement_wins():
    """XP-25"""
    known = {"name": {"en": "Old", "fr": "Vieux"}, "type": "urn:a", "extensions": {"urn:x": 1}}
    said = {"name": {"en": "New"}, "moreInfo": "urn:m", "extensions": {"urn:y": None}}
    assert merge_definitions(known, said) == {
        "name": {"en": "New", "fr": "Vieux"},
        "type": "urn:a",
        "moreInfo": "urn:m",
        "extensions": {"urn:x": 1, "urn:y": None},
    }


def test_an_interaction_is_replaced_as_a_whole_and_its_descriptions_merge():
    known = {
        "interactionType": "choice",
        "correctResponsesPattern": ["a"],
        "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}],
        "description": {"en": "Which?"},
    }
    said = {"interactionType": "choice", "choices": [{"id": "a", "description": {"fr": "À"}}]}
    merged = merge_definitions(known, said)
    assert merged["choices"] == [{"id": "a", "description": {"en": "A", "fr": "À"}}]
    assert merged["description"] == {"en": "Which?"}
    assert "correctResponsesPattern" not in merged
    numeric = merge_definitions(known, {"interactionType": "numeric"})
    assert set(numeric) == {"interactionType", "description"}


MAPS = st.dictionaries(st.sampled_from(["en", "fr", "de"]), st.text(max_size=3), min_size=1)
DEFINITIONS = st.fixed_dictionaries(
    {}, optional={"name": MAPS, "description": MAPS, "type": st.sampled_from(["urn:a", "urn:b"])}
)


@given(DEFINITIONS, DEFINITIONS)
def test_merging_the_same_again_changes_nothing(known, said):
    """So a definition is written only when it says something new."""
    once = merge_definitions(known, said)
    assert merge_definitions(once, said) == once


def test_only_activities_with_a_definition_define_anything():
    one = {"id": "urn:a", "definition": {"type": "urn:t"}}
    statement = make_statement(
        object={"id": "urn:b", "definition": {}}, context={"contextActivities": {"parent": one}}
    )
    assert list(defined_activities(statement)) == [("urn:a", {"type": "urn:t"})]
