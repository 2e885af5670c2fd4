"""Why is this not complete? Attempts as they really come about, out of their rows. PAIN-06"""

import pytest

from database.session import transaction
from scorm_runtime.core.correction import Correction
from scorm_runtime.services.attempts import get_attempt
from scorm_runtime.services.corrections import By, correct_attempt
from scorm_runtime.services.explanations import explain_attempt
from tests.scorm_runtime.courses import begin, make_course
from tests.scorm_runtime.playing import NOW, make_attempt, make_item, make_user
from tests.scorm_runtime.window import STATUS, Window

SEQ = "<imsss:sequencing>{}</imsss:sequencing>"
MEASURE = SEQ.format(
    '<imsss:objectives><imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true">'
    "<imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure></imsss:primaryObjective>"
    "</imsss:objectives>"
)
DISABLED = SEQ.format(
    "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions>"
    '<imsss:ruleCondition condition="always"/></imsss:ruleConditions>'
    '<imsss:ruleAction action="disabled"/></imsss:preConditionRule></imsss:sequencingRules>'
)
THRESHOLD = '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75"/>'
SHARED = SEQ.format(
    '<imsss:objectives><imsss:primaryObjective objectiveID="P"><imsss:mapInfo '
    'targetObjectiveID="elsewhere" readSatisfiedStatus="true"/></imsss:primaryObjective>'
    "</imsss:objectives>"
)


def explain(tenant, attempt):
    with transaction(tenant) as session:
        return explain_attempt(session, get_attempt(session, attempt), now=NOW)


def told(reasons):
    return [(reason.code, reason.item) for reason in reasons]


def play(tenant, attempt, **values):
    """Open, say what is given, and leave."""
    window = Window(tenant, attempt).call("initialize")
    for name, value in values.items():
        window.set(f"cmi.{name}", value)
    window.call("finish").send()


def test_scorm_1_2_says_which_sco_is_missing(tenant):
    attempt = make_attempt(tenant, make_item("I1"), make_item("I2"))
    Window(tenant, attempt).call("initialize").set(STATUS, "completed").call("finish").send()
    assert told(explain(tenant, attempt).completion) == [("item_not_opened", "Part I2")]


@pytest.mark.parametrize(
    ("inside", "said", "completion", "success"),
    [
        ("", {"completion_status": "incomplete"}, "item_says_incomplete", None),
        ("", {"completion_status": "incomplete", "exit": "suspend"}, "item_suspended", None),
        ("", {"completion_status": "completed", "success_status": "failed"}, None,
         "item_says_failed"),
        (MEASURE, {"completion_status": "completed"}, None, "score_missing"),
        (MEASURE, {"completion_status": "completed", "score.scaled": "0.5"}, None, "score_low"),
        (THRESHOLD, {"progress_measure": "0.5"}, "item_progress_low", None),
        (THRESHOLD, {"exit": "normal"}, "item_progress_missing", None),
        (SHARED, {"completion_status": "completed"}, None, "item_reads_shared"),
    ],
)  # fmt: skip
def test_each_situation_of_a_sequenced_item_is_told_apart(
    tenant, inside, said, completion, success
):
    """ST-02, ST-05"""
    attempt = begin(tenant, make_course(tenant, {"A1": inside}))
    play(tenant, attempt, **said)
    found = explain(tenant, attempt)
    if completion:
        assert (completion, "Part A1") in told(found.completion)
    if success:
        assert (success, "Part A1") in told(found.success)


def test_what_a_rule_disables_is_not_called_merely_unopened(tenant):
    attempt = begin(tenant, make_course(tenant, {"A1": "", "A2": DISABLED}))
    play(tenant, attempt, completion_status="completed")
    assert told(explain(tenant, attempt).completion) == [("item_disabled", "Part A2")]


def test_what_the_sco_in_front_has_said_counts_before_it_ends(tenant):
    """ST-08"""
    attempt = begin(tenant, make_course(tenant, {"A1": "", "A2": ""}))
    window = Window(tenant, attempt).call("initialize")
    window.set("cmi.completion_status", "completed").send()
    assert told(explain(tenant, attempt).completion) == [("item_not_opened", "Part A2")]


def test_explaining_changes_nothing(tenant):
    attempt = begin(tenant, make_course(tenant, {"A1": "", "A2": ""}))
    play(tenant, attempt, completion_status="incomplete")
    assert explain(tenant, attempt) == explain(tenant, attempt)


def test_a_corrected_attempt_says_that_a_teacher_decided(tenant):
    attempt = begin(tenant, make_course(tenant, {"A1": ""}))
    play(tenant, attempt, completion_status="completed")
    with transaction(tenant) as session:
        by = By(make_user(tenant), "Copied.", NOW)
        correct_attempt(session, attempt, Correction(completion="incomplete"), by)
    assert told(explain(tenant, attempt).completion) == [("corrected_incomplete", "")]
