"""What sets each product apart: what may be sent, in which form, and how its answers are judged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lti_app.core.ags import Answer, Verdict
from lti_app.core.platforms.canvas import SUBMISSION, SUBMISSION_TYPE
from lti_app.core.platforms.families import FAMILIES, get_family, judge
from lti_app.core.score import ScoreFacts, build_score

NOW = datetime(2026, 11, 22, 5, 0, 0, 123000, tzinfo=UTC)
FACTS = ScoreFacts(
    subject="7",
    score_given=8.0,
    score_maximum=10.0,
    timestamp=NOW,
    comment="Quiz: passed",
    is_new_attempt=True,
    submitted_at=NOW - timedelta(minutes=3),
    review_url="https://tool.test/lti/launch?sc_attempt=1",
)
WAITING = replace(FACTS, score_given=None, is_pending_manual=True)


def submission(**changes):
    facts = replace(FACTS, **changes)
    return build_score(facts, FAMILIES["canvas"].extend_score(facts))[SUBMISSION]


def test_all_six_families_are_there_and_an_unknown_one_is_generic():
    """GEN-1"""
    assert list(FAMILIES) == ["moodle", "canvas", "blackboard", "brightspace", "sakai", "generic"]
    assert get_family("Schoology") is FAMILIES["generic"]


@pytest.mark.parametrize("code", FAMILIES)
def test_every_score_has_what_all_platforms_require(code):
    """CANVAS-18, LTI-AGS-8, LTI-AGS-10, LTI-SP-5, MOODLE-9"""
    body = build_score(FACTS, FAMILIES[code].extend_score(FACTS))
    assert body["userId"] == "7"
    assert body["timestamp"] == "2026-11-22T05:00:00.123Z"
    assert (body["activityProgress"], body["gradingProgress"]) == ("Completed", "FullyGraded")
    assert (body["scoreGiven"], body["scoreMaximum"]) == (8.0, 10.0)
    assert body["comment"] == "Quiz: passed"


@pytest.mark.parametrize("code", FAMILIES)
def test_work_that_waits_for_a_person_says_so_and_gives_no_points(code):
    """LTI-SP-6"""
    body = build_score(WAITING, FAMILIES[code].extend_score(WAITING))
    assert body["gradingProgress"] == "PendingManual"
    assert "scoreGiven" not in body
    assert "scoreMaximum" not in body


def test_moodle_is_never_told_that_something_waits_since_it_would_erase_the_grade():
    """MOODLE-8"""
    assert not FAMILIES["moodle"].takes_pending_manual
    assert all(one.takes_pending_manual for code, one in FAMILIES.items() if code != "moodle")


def test_canvas_keeps_the_score_while_something_waits():
    """CANVAS-19, CANVAS-29"""
    assert submission(score_given=None, is_pending_manual=True)["preserve_score"] is True
    assert "preserve_score" not in submission()


def test_canvas_counts_a_submission_once_per_attempt():
    """CANVAS-25, CANVAS-30"""
    assert submission()["new_submission"] is True
    assert submission()["submitted_at"] == "2026-11-22T04:57:00.123Z"
    again = submission(is_new_attempt=False)
    assert again["new_submission"] is False
    assert "submitted_at" not in again


def test_canvas_gets_no_submission_from_the_future():
    """CANVAS-24"""
    said = submission(submitted_at=NOW + timedelta(hours=1))["submitted_at"]
    assert said < "2026-11-22T05:00:00.123Z"


def test_canvas_opens_our_page_in_speedgrader():
    """CANVAS-26, CANVAS-27"""
    said = submission()
    assert said["submission_type"] == "basic_lti_launch"
    assert said["submission_data"] == "https://tool.test/lti/launch?sc_attempt=1"
    assert "submission_type" not in submission(review_url=None)


def test_canvas_keeps_a_persons_grade_unless_ours_is_meant_to_replace_it():
    """CANVAS-28"""
    assert submission()["prioritize_non_tool_grade"] is True
    assert submission(is_overwriting=True)["prioritize_non_tool_grade"] is False


def test_only_canvas_gets_canvas_members():
    for code, family in FAMILIES.items():
        assert bool(family.extend_score(FACTS)) == (code == "canvas")


def test_a_line_item_for_canvas_names_where_it_launches():
    """CANVAS-31"""
    made = FAMILIES["canvas"].extend_line_item("https://tool.test/lti/launch")
    assert made == {
        SUBMISSION_TYPE: {
            "type": "external_tool",
            "external_tool_url": "https://tool.test/lti/launch",
        }
    }


@pytest.mark.parametrize(
    ("code", "status", "body", "verdict", "reason"),
    [
        ("canvas", 422, "scoreMaximum is missing", "refused", "not_gradable"),  # CANVAS-20
        ("canvas", 400, "timestamp older than", "conflict", "newer_score"),  # CANVAS-21
        ("canvas", 422, "User not a student", "refused", "not_gradable"),  # CANVAS-22, CANVAS-37
        ("canvas", 422, "maximum number of allowed attempts", "refused", "no_attempts_left"),
        ("canvas", 400, "submitted_at in the future", "refused", "score_rejected"),  # CANVAS-24
        ("canvas", 401, "coupled line item", "refused", "forbidden"),  # CANVAS-33
        ("canvas", 412, "no active line item", "refused", "line_item_gone"),  # CANVAS-34
        ("canvas", 404, "", "refused", "line_item_gone"),  # CANVAS-34
        ("canvas", 403, "Rate Limit Exceeded", "retry", "rate_limited"),  # CANVAS-36
        ("canvas", 403, "", "refused", "forbidden"),
        ("moodle", 400, "[]", "refused", "not_gradable"),  # MOODLE-5
        ("moodle", 409, "", "conflict", "newer_score"),  # MOODLE-6
        ("moodle", 405, "", "refused", "score_rejected"),  # MOODLE-10
        ("moodle", 500, "[]", "unknown", "locked"),  # moodle.md 6
        ("moodle", 404, "", "refused", "line_item_gone"),
        ("blackboard", 429, "", "retry", "rate_limited"),  # BB-14
        ("blackboard", 403, "Quota exceeded", "retry", "rate_limited"),  # BB-14
        ("blackboard", 404, "", "refused", "line_item_gone"),  # BB-9
        ("brightspace", 400, "", "refused", "not_gradable"),  # D2L-7
        ("brightspace", 403, "", "refused", "not_gradable"),  # D2L-7
        ("brightspace", 400, "Can Exceed is off", "refused", "above_maximum"),  # D2L-8
        ("sakai", 403, "", "refused", "forbidden"),  # SAKAI-5
        ("generic", 429, "", "retry", "rate_limited"),  # LTI-SP-7
        ("generic", 422, "", "refused", "not_gradable"),  # LTI-SP-8
        ("generic", 503, "", "unknown", "server_error"),  # LTI-SP-7
    ],
)
def test_an_answer_is_judged_as_its_product_means_it(code, status, body, verdict, reason):
    """CANVAS-20, CANVAS-21, CANVAS-22, CANVAS-23, CANVAS-24, CANVAS-33, CANVAS-34, CANVAS-36,
    CANVAS-37, MOODLE-5, MOODLE-6, MOODLE-10, BB-9, BB-14, D2L-7, D2L-8, SAKAI-5, LTI-SP-8"""
    judged = judge(FAMILIES[code], Answer(status, body=body))
    assert judged == (Verdict(verdict), reason)


def test_canvas_has_one_request_at_a_time():
    """CANVAS-36"""
    assert FAMILIES["canvas"].lanes == 1
    assert all(one.lanes >= 1 for one in FAMILIES.values())


def test_reads_carry_a_content_type_at_blackboard_alone():
    """BB-8"""
    assert [code for code, one in FAMILIES.items() if one.sends_type_with_reads] == ["blackboard"]


def test_comments_go_with_every_score_since_a_score_without_one_wipes_it():
    """BB-10, MOODLE-9"""
    assert build_score(replace(FACTS, comment="kept"), {})["comment"] == "kept"


def test_pages_of_a_roster_are_as_each_product_wants_them():
    """CANVAS-35, OEDX-1"""
    asked = {code: one.roster_page for code, one in FAMILIES.items() if one.roster_page}
    assert asked == {"canvas": 50}


def test_moodle_gets_no_column_that_nobody_asked_for():
    """MOODLE-11"""
    assert not FAMILIES["moodle"].creates_line_items
    assert not FAMILIES["canvas"].creates_line_items
