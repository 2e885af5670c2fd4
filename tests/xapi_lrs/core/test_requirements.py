"""A refusal names ADL's requirement. XP-21"""

import pytest

from tests.xapi_lrs.conftest import make_statement
from xapi_lrs.core.requirements import find_requirement
from xapi_lrs.core.statement import validate_statement

DEFINED = {"id": "https://example.com/a", "definition": {"interactionType": "quiz"}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"object": DEFINED},
            "object.definition.interactionType: must be one of choice, fill-in, likert, "
            "long-fill-in, matching, numeric, other, performance, sequencing, true-false "
            "(XAPI-00049)",
        ),
        ({"actor": None}, "actor: is missing (XAPI-00003)"),
        (
            {"actor": {"mbox": "ada@example.com"}},
            "actor.mbox: must be an e-mail address as mailto:name@domain (XAPI-00038)",
        ),
        ({"verb": {"id": None}}, "verb.id: must not be null (XAPI-00001)"),
        (
            {"Actor": 1},
            "Actor: is not a property of a statement (case matters) (XAPI-00010)",
        ),
        (
            {"result": {"score": {"scaled": 2}}},
            "result.score.scaled: must be from -1 to 1 (XAPI-00083)",
        ),
        (
            {"verb": {"id": "urn:v", "display": {"en us": "x"}}},
            'verb.display["en us"]: is not an RFC 5646 language tag (XAPI-00121)',
        ),
        (
            {"context": {"contextActivities": {"parent": [{"id": "x"}]}}},
            "context.contextActivities.parent[0].id: must be an absolute IRI (with a scheme) "
            "(XAPI-00011)",
        ),
    ],
)
def test_a_fault_is_a_sentence_with_path_and_requirement(change, said):
    """XP-21"""
    assert [str(one) for one in validate_statement(make_statement(**change))] == [said]


def test_all_faults_of_a_statement_are_told_at_once():
    """XP-21"""
    statement = make_statement(id="x", actor={}, verb={}, timestamp="now", result={"success": "no"})
    problems = validate_statement(statement)
    assert [(one.path, one.requirement) for one in problems] == [
        ("id", "XAPI-00027"),
        ("actor", "XAPI-00034"),
        ("verb.id", "XAPI-00044"),
        ("result.success", "XAPI-00074"),
        ("timestamp", "XAPI-00022"),
    ]


def test_the_property_decides_wherever_it_stands():
    assert find_requirement("[3].object.context.team.member[2].mbox", "XP-39") == "XAPI-00038"
    assert find_requirement('result.extensions["a.b"]', "XP-37") == "XAPI-00078"
    assert find_requirement("nothing.we.know", "no rule") == ""
