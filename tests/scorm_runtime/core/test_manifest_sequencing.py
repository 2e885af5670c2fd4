"""`<imsss:sequencing>` as JSON (CAM 4th Ed. 5; ST-19)."""

from typing import Any

import pytest
from lxml import etree

from scorm_runtime.core.manifest.report import Report
from scorm_runtime.core.manifest.sequencing import parse_sequencing, read_collection

HEAD = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"'
    ' xmlns:imsss="http://www.imsglobal.org/xsd/imsss"'
    ' xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"'
    ' xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"'
    ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3">'
)


def parse(inside: str, collection: str = "", tag: str = "item") -> tuple[dict[str, Any], Report]:
    """The definition of one item, and what was reported."""
    xml = f"{HEAD}<{tag} {inside}</{tag}>{collection}</manifest>"
    root = etree.fromstring(xml.encode())
    report = Report(100)
    return parse_sequencing(root[0], read_collection(root), report), report


def sequencing(inside: str, **others: str) -> dict[str, Any]:
    definition, report = parse(f"><imsss:sequencing>{inside}</imsss:sequencing>", **others)
    assert report.findings == ()
    return definition


def test_an_item_without_sequencing_has_all_defaults():
    definition, report = parse(">")
    assert definition["control_mode"]["choice"] is True
    assert definition["control_mode"]["flow"] is False
    assert definition["delivery_controls"]["tracked"] is True
    assert definition["rollup_considerations"]["measure_satisfaction_if_active"] is True
    assert [one["primary"] for one in definition["objectives"]] == [True]
    assert report.findings == ()


def test_an_idref_is_merged_per_child_element():
    """ST-19"""
    collection = (
        "<imsss:sequencingCollection><imsss:sequencing ID=' shared '>"
        "<imsss:controlMode flow='true' choice='false'/>"
        "<imsss:deliveryControls tracked='false'/>"
        "</imsss:sequencing></imsss:sequencingCollection>"
    )
    own = "><imsss:sequencing IDRef='shared'><imsss:controlMode forwardOnly=' true '/>"
    definition, _ = parse(own + "</imsss:sequencing>", collection)
    assert definition["delivery_controls"]["tracked"] is False
    assert definition["control_mode"]["forward_only"] is True
    assert definition["control_mode"]["flow"] is False


def test_ids_are_percent_decoded_and_collapsed():
    """ST-19; OB-02a, OB-12a"""
    definition = sequencing(
        "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions>"
        "<imsss:ruleCondition condition='satisfied'"
        " referencedObjective='  %20ob%20%20j%20%201 '/></imsss:ruleConditions>"
        "<imsss:ruleAction action='skip'/></imsss:preConditionRule></imsss:sequencingRules>"
        "<imsss:objectives><imsss:primaryObjective/>"
        "<imsss:objective objectiveID=' ob%20j%201  '/></imsss:objectives>"
    )
    named = definition["rules"]["pre"][0]["conditions"][0]["objective"]
    assert named == definition["objectives"][1]["id"] == "ob j 1"


def test_maps_of_both_namespaces_become_one():
    definition = sequencing(
        "<imsss:objectives><imsss:primaryObjective objectiveID='p' satisfiedByMeasure='true'>"
        "<imsss:minNormalizedMeasure> -0.5 </imsss:minNormalizedMeasure>"
        "<imsss:mapInfo targetObjectiveID='g' readNormalizedMeasure='false'"
        " writeSatisfiedStatus='true'/></imsss:primaryObjective></imsss:objectives>"
        "<adlseq:objectives><adlseq:objective objectiveID='p'>"
        "<adlseq:mapInfo targetObjectiveID='g' readRawScore='false' writeProgressMeasure='1'/>"
        "</adlseq:objective></adlseq:objectives>"
    )
    [primary] = definition["objectives"]
    assert (primary["satisfied_by_measure"], primary["min_measure"]) == (True, -0.5)
    [one] = primary["maps"]
    assert set(one["read"]) == {"satisfied", "min", "max", "completion", "progress"}
    assert set(one["write"]) == {"satisfied", "progress"}


def test_rules_combine_by_all_and_roll_up_rules_by_any():
    """ST-03"""
    definition = sequencing(
        "<imsss:sequencingRules><imsss:postConditionRule><imsss:ruleConditions>"
        "<imsss:ruleCondition condition='objectiveMeasureGreaterThan' measureThreshold='0.7'"
        " operator='not'/></imsss:ruleConditions><imsss:ruleAction action='retryAll'/>"
        "</imsss:postConditionRule></imsss:sequencingRules>"
        "<imsss:rollupRules objectiveMeasureWeight='0.5' rollupProgressCompletion='false'>"
        "<imsss:rollupRule childActivitySet='atLeastPercent' minimumPercent='0.4'>"
        "<imsss:rollupConditions><imsss:rollupCondition condition='attempted'/>"
        "</imsss:rollupConditions><imsss:rollupAction action='completed'/></imsss:rollupRule>"
        "</imsss:rollupRules>"
    )
    [post], [rollup] = definition["rules"]["post"], definition["rollup_rules"]
    assert (post["action"], post["combination"]) == ("retryAll", "all")
    assert post["conditions"][0] == {
        "condition": "objectiveMeasureGreaterThan",
        "negated": True,
        "objective": "",
        "threshold": 0.7,
    }
    assert (rollup["combination"], rollup["minimum_percent"]) == ("any", 0.4)
    assert definition["rollup"] == {
        "objective_satisfied": True,
        "progress_completion": False,
        "objective_measure_weight": 0.5,
    }


def test_limits_selection_and_extensions_are_read():
    definition = sequencing(
        "<imsss:limitConditions attemptLimit='2' attemptAbsoluteDurationLimit='PT1H30M'"
        " beginTimeLimit='2026-01-01T00:00:00+01:00'/>"
        "<imsss:auxiliaryResources><imsss:auxiliaryResource auxiliaryResourceID='a' purpose='x'/>"
        "</imsss:auxiliaryResources>"
        "<imsss:randomizationControls selectionTiming='once' selectCount='3'"
        " randomizationTiming='onEachNewAttempt' reorderChildren='true'/>"
        "<adlseq:constrainedChoiceConsiderations constrainChoice='true'/>"
        "<adlseq:rollupConsiderations requiredForCompleted='ifNotSkipped'/>"
    )
    limits = definition["limits"]
    assert (limits["attempts"], limits["attempt_absolute_duration"]) == (2, 5400.0)
    assert limits["begin_time"] == "2025-12-31T23:00:00+00:00"
    assert definition["auxiliary_resources"] == [{"id": "a", "purpose": "x"}]
    assert definition["selection"] == {"timing": "once", "count": 3}
    assert definition["randomization"] == {"timing": "onEachNewAttempt", "reorder": True}
    assert definition["constrained_choice"]["constrain_choice"] is True
    assert definition["rollup_considerations"]["required_for_completed"] == "ifNotSkipped"


def test_what_adl_puts_beside_sequencing_is_read():
    definition, _ = parse(
        "><adlcp:timeLimitAction>exit, no message</adlcp:timeLimitAction>"
        "<adlcp:dataFromLMS> a  b </adlcp:dataFromLMS>"
        "<adlcp:completionThreshold completedByMeasure='true' minProgressMeasure='0.6'"
        " progressWeight='0.2'/>"
        "<adlcp:data><adlcp:map targetID='s' writeSharedData='false'/></adlcp:data>"
        "<adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>suspendAll"
        "</adlnav:hideLMSUI></adlnav:navigationInterface></adlnav:presentation>"
    )
    assert definition["time_limit_action"] == "exit,no message"
    assert definition["data_from_lms"] == "a  b"
    assert definition["completion_threshold"] == {
        "completed_by_measure": True,
        "min_progress_measure": 0.6,
        "progress_weight": 0.2,
    }
    assert definition["data"] == [{"target_id": "s", "read": True, "write": False}]
    assert definition["hide_lms_ui"] == ["suspendAll"]


def test_the_threshold_of_the_3rd_edition_is_a_number_alone():
    definition, _ = parse("><adlcp:completionThreshold>0.6</adlcp:completionThreshold>")
    assert definition["completion_threshold"]["completed_by_measure"] is True
    assert definition["completion_threshold"]["min_progress_measure"] == 0.6


def test_an_organization_says_how_far_its_objectives_reach():
    inside = 'adlseq:objectivesGlobalToSystem="false" identifier="o">'
    definition, _ = parse(inside, tag="organization")
    assert definition["objectives_global_to_system"] is False
    assert definition["shared_data_global_to_system"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        "<imsss:controlMode flow='maybe'/>",
        "<imsss:limitConditions attemptLimit='many'/>",
        "<imsss:limitConditions beginTimeLimit='soon'/>",
        "<imsss:limitConditions attemptAbsoluteDurationLimit='long'/>",
        "<imsss:rollupRules objectiveMeasureWeight='2'/>",
        "<imsss:objectives><imsss:objective/></imsss:objectives>",
        "<imsss:sequencingRules><imsss:exitConditionRule/></imsss:sequencingRules>",
        "<adlseq:rollupConsiderations requiredForCompleted='sometimes'/>",
    ],
)
def test_a_wrong_value_is_reported_and_takes_its_default(wrong: str):
    definition, report = parse(f"><imsss:sequencing>{wrong}</imsss:sequencing>")
    usual, _ = parse(">")
    assert definition == usual
    assert report.findings
    assert {one.code for one in report.findings} == {"sequencing_value"}
