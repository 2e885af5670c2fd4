"""Which statements are valid, and what is said about the others."""

import pytest

from tests.xapi_lrs.conftest import make_statement
from xapi_lrs.core.errors import StatementsRefused
from xapi_lrs.core.statement import validate_statement, validate_statements

ADA = {"mbox": "mailto:ada@example.com"}
BOB = {"account": {"homePage": "https://lms.example.com", "name": "bob"}}
COURSE = {"id": "https://example.com/course/1"}
QUIZ = "http://adlnet.gov/expapi/activities/cmi.interaction"
REF = {"objectType": "StatementRef", "id": "0e0a5d0c-5c2a-4b0e-9a6e-111111111111"}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}


def faults(version: str = "1.0.3", **changes) -> list[tuple[str, str]]:
    found = validate_statement(make_statement(**changes), version=version)
    return [(one.path, one.rule) for one in found]


def definition(**properties):
    return COURSE | {"definition": properties}


FULL = make_statement(
    actor={"objectType": "Group", "name": "Crew", "member": [ADA, BOB]},
    verb={"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}},
    object=definition(
        type=QUIZ,
        name={"de": "Frage", "zh-Hant-TW": "問題"},
        interactionType="choice",
        correctResponsesPattern=["a[,]b"],
        choices=[{"id": "a", "description": {"en": "A"}}, {"id": "b"}],
        extensions={"https://example.com/é": None},
    ),
    result={
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "completion": False,
        "response": "",
        "duration": "PT16559.14S",
        "extensions": {},
    },
    context={
        "registration": "0E0A5D0C-5C2A-4B0E-9A6E-222222222222",
        "instructor": BOB,
        "team": {"objectType": "Group", "mbox": "mailto:team@example.com"},
        "contextActivities": {"parent": COURSE, "category": [COURSE]},
        "revision": "1",
        "platform": "Lectern",
        "language": "de-CH-1996",
        "statement": REF,
    },
    timestamp="2026-11-21T10:00:00.123456789+01:00",
    version="1.0.3",
    attachments=[
        {
            "usageType": "https://example.com/certificate",
            "display": {"en": "Certificate"},
            "contentType": "application/pdf",
            "length": 10,
            "sha2": "0" * 64,
            "fileUrl": "https://example.com/c.pdf",
        }
    ],
)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_statement_with_every_property_is_valid(version):
    assert validate_statement(FULL, version=version) == []


def test_all_faults_are_told_at_once_each_with_path_and_rule():
    """A vendor should not have to send again to learn the second fault. XP-21"""
    assert faults(
        actor={"name": "Nobody"}, verb={"id": "completed"}, result={"success": "yes"}
    ) == [
        ("actor", "XP-39"),
        ("verb.id", "XP-37"),
        ("result.success", "XP-20"),
    ]


def test_the_path_names_odd_keys_in_quotes():
    found = faults(object=definition(name={"en US": "x"}))
    assert found == [('object.definition.name["en US"]', "XP-36")]


def test_a_batch_is_refused_as_a_whole_and_paths_say_which_statement():
    """XP-22"""
    with pytest.raises(StatementsRefused) as refused:
        validate_statements([make_statement(), make_statement(verb=None)])
    assert [(one.path, one.rule) for one in refused.value.problems] == [("[1].verb", "XP-21")]
    assert "[1].verb: is missing (XAPI-00004)" in refused.value.message


def test_an_id_twice_in_a_batch_is_refused_whatever_its_case():
    """XP-09"""
    one = make_statement(id="0e0a5d0c-5c2a-4b0e-9a6e-aaaaaaaaaaaa")
    with pytest.raises(StatementsRefused, match="twice"):
        validate_statements([one, one | {"id": one["id"].upper()}])


@pytest.mark.parametrize("value", [[], "statement", 1, None, True])
def test_only_an_object_is_a_statement(value):
    assert [one.rule for one in validate_statement(value)] == ["XP-21"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"dummy": 1}, "dummy"),
        ({"Actor": ADA}, "Actor"),
        ({"actor": ADA | {"Name": "x"}}, "actor.Name"),
        ({"result": {"score": {"Raw": 1}}}, "result.score.Raw"),
        (
            {"context": {"contextActivities": {"Parent": [COURSE]}}},
            "context.contextActivities.Parent",
        ),
    ],
)
def test_unknown_properties_and_wrong_case_are_refused_at_every_level(changes, path):
    """XP-21"""
    assert faults(**changes) == [(path, "XP-21")]


@pytest.mark.parametrize(
    "changes",
    [
        {"result": {"score": {"raw": None}}},
        {"result": {"extensions": None}},
        {"context": {"registration": None}},
        {"context": {"contextActivities": None}},
        {"object": definition(name=None)},
        {"object": COURSE | {"definition": None}},
        {"actor": ADA | {"name": None}},
    ],
)
def test_null_is_refused_outside_extensions(changes):
    """XP-21"""
    assert [rule for _, rule in faults(**changes)] == ["XP-21"]


@pytest.mark.parametrize("value", [None, "", {}, [], 0, {"deep": [None]}])
def test_an_extension_may_hold_anything(value):
    """XP-21"""
    assert faults(result={"extensions": {"https://example.com/x": value}}) == []


@pytest.mark.parametrize(
    "actor",
    [
        ADA | BOB,
        {"mbox": "ada@example.com"},
        {"mbox": "mailto:ada"},
        {"mbox": ""},
        {"mbox_sha1sum": "123"},
        {"openid": "ada"},
        {"account": {"homePage": "lms", "name": "x"}},
        {"account": {"homePage": "https://lms.example.com"}},
        {"objectType": "agent"} | ADA,
        {"objectType": "Person"} | ADA,
        ADA | {"member": [ADA]},
        {"objectType": "Group"},
        {"objectType": "Group", "member": ADA},
        {"objectType": "Group", "member": [{"objectType": "Group", "member": [ADA]}]},
        {"objectType": "Group", "member": [{}]},
    ],
)
@pytest.mark.parametrize("place", ["actor", "instructor", "object"])
def test_actors_are_held_to_the_same_rules_wherever_they_stand(actor, place):
    """XP-39"""
    if place == "instructor":
        found = faults(context={"instructor": actor})
    elif place == "object":
        found = faults(object={"objectType": "Agent"} | actor)
    else:
        found = faults(actor=actor)
    assert found


def test_a_group_with_an_identifier_needs_no_members_and_an_empty_one_may_have_none():
    """XP-39"""
    assert faults(actor={"objectType": "Group"} | BOB) == []
    assert faults(actor={"objectType": "Group", "member": []} | BOB) == []


@pytest.mark.parametrize(
    ("score", "path"),
    [
        ({"scaled": 1.01}, "scaled"),
        ({"scaled": "1"}, "scaled"),
        ({"scaled": True}, "scaled"),
        ({"raw": 11, "max": 10}, "raw"),
        ({"raw": -1, "min": 0}, "raw"),
        ({"min": 5, "max": 5}, "min"),
    ],
)
def test_scores_stay_in_their_ranges(score, path):
    """XP-35"""
    assert [where for where, _ in faults(result={"score": score})] == [f"result.score.{path}"]


def test_a_substatement_has_no_id_and_no_substatement_inside():
    """XP-41"""
    inner = {"objectType": "SubStatement", "actor": ADA, "verb": VOIDED, "object": COURSE}
    assert faults(object=inner) == []
    for key, value in (("id", REF["id"]), ("stored", "2026-01-01T00:00:00Z"), ("authority", ADA)):
        assert faults(object=inner | {key: value}) == [(f"object.{key}", "XP-21")]
    assert faults(object=inner | {"object": inner}) == [("object.object", "XP-41")]


def test_revision_and_platform_need_an_activity():
    """XP-41"""
    context = {"revision": "1", "platform": "x"}
    assert faults(context=context) == []
    assert faults(context=context, object={"objectType": "Agent"} | ADA) == [
        ("context.revision", "XP-41"),
        ("context.platform", "XP-41"),
    ]


def test_component_lists_need_their_interaction_type():
    """XP-41"""
    scale = [{"id": "1"}]
    assert faults(object=definition(interactionType="likert", scale=scale)) == []
    assert faults(object=definition(scale=scale)) == [
        ("object.definition.interactionType", "XP-41")
    ]
    assert faults(object=definition(interactionType="choice", scale=scale)) == [
        ("object.definition.scale", "XP-41")
    ]
    assert faults(object=definition(interactionType="True-False")) == [
        ("object.definition.interactionType", "XP-41")
    ]


def test_voiding_needs_a_reference():
    """XP-30"""
    assert faults(verb=VOIDED, object=REF) == []
    assert faults(verb=VOIDED) == [("object", "XP-30")]


def test_an_authority_group_is_anonymous_with_two_members():
    """XP-40"""
    two = {"objectType": "Group", "member": [ADA, BOB]}
    assert faults(authority=two) == []
    assert faults(authority=two | {"member": [ADA]}) == [("authority", "XP-40")]
    assert faults(authority=two | ADA) == [("authority", "XP-40")]


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.0.9"])
def test_a_statement_may_say_any_version_1_0(version):
    """XP-12"""
    assert faults(version="1.0.3") == []
    assert validate_statement(make_statement(version=version)) == []
    assert validate_statement(make_statement(version=version), version="2.0.0") == []


@pytest.mark.parametrize("version", ["0.9.9", "1.1.0", "1", "", "2.0.0", "1.0.0\n"])
def test_other_versions_are_refused(version):
    """XP-12"""
    assert [one.path for one in validate_statement(make_statement(version=version))] == ["version"]


def test_context_agents_belong_to_2_0_only():
    """XP-10"""
    party = {"objectType": "contextAgent", "agent": ADA, "relevantTypes": [QUIZ]}
    assert faults("2.0.0", context={"contextAgents": [party]}) == []
    assert faults("1.0.3", context={"contextAgents": [party]}) == [
        ("context.contextAgents", "XP-21")
    ]
    wrong = [party | {"objectType": "contextagent"}, party | {"relevantTypes": []}, {}]
    assert [path for path, _ in faults("2.0.0", context={"contextAgents": wrong})] == [
        "context.contextAgents[0].objectType",
        "context.contextAgents[1].relevantTypes",
        "context.contextAgents[2].objectType",
        "context.contextAgents[2].agent",
    ]


@pytest.mark.parametrize("missing", ["usageType", "display", "contentType", "length", "sha2"])
def test_attachments_are_described_completely(missing):
    """XP-31"""
    attachment = {k: v for k, v in FULL["attachments"][0].items() if k != missing}
    assert [p for p, _ in faults(attachments=[attachment])] == [f"attachments[0].{missing}"]
