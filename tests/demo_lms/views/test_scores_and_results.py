"""Scores and results as measured on Moodle 4.5."""

import json

import pytest

from demo_lms.core.media_types import RESULTS, SCORE
from tests.demo_lms.conftest import ISSUER, ITEM_2


def test_a_score_reaches_the_gradebook_on_the_items_own_maximum(lms, tool, grades):
    """MOODLE-6: 200, empty body, the score's media type."""
    answer = tool.post_score(scoreGiven=30, scoreMaximum=40, comment="fine")
    assert (answer.status_code, answer.data, answer.content_type) == (200, b"", SCORE)
    (grade,) = grades()
    assert (grade["user"], grade["line_item"], grade["score"]) == ("stan", "2", 7.5)
    assert (grade["comment"], grade["timestamp"]) == ("fine", "2026-11-21T20:00:00+00:00")


@pytest.mark.parametrize(
    "fields",
    [
        {"userId": None},
        {"timestamp": None},
        {"activityProgress": None},
        {"gradingProgress": None},
        {"scoreMaximum": None},
        {"scoreGiven": "high"},
        {"scoreGiven": float("nan")},
        {"scoreMaximum": -10},
        {"timestamp": "soon"},
        {"userId": "3"},
        {"userId": "77"},
        {"userId": "stan"},
    ],
    ids=str,
)
def test_a_wrong_score_is_refused_with_the_reason_in_the_reason_phrase(lms, tool, grades, fields):
    """MOODLE-5 (teacher, unknown user), MOODLE-6; the body is only `[]`."""
    answer = tool.post_score(**fields)
    assert (answer.status_code, answer.text) == (400, "[]")
    assert "Incorrect score received" in answer.status
    assert grades() == []


def test_a_score_that_is_no_json_is_refused(lms, tool):
    """A refused call changes nothing."""
    answer = tool.call("POST", f"{ITEM_2}/scores?type_id=1", body="{", content_type=SCORE)
    assert answer.status_code == 400


@pytest.mark.parametrize("content_type", [SCORE, f"{SCORE}; charset=utf-8"])
def test_a_parameter_after_the_content_type_is_fine(lms, tool, content_type):
    """MOODLE-6; an empty object then fails for its fields, not for its type."""
    path = f"{ITEM_2}/scores?type_id=1"
    answer = tool.call("POST", path, body={}, content_type=content_type)
    assert "Incorrect score received" in answer.status


@pytest.mark.parametrize("seconds", [0, 0.9, -1, -3600])
def test_a_score_must_be_later_than_the_stored_one_in_whole_seconds(
    lms, tool, clock, grades, seconds
):
    """MOODLE-6 (409): fractions are ignored."""
    tool.post_score()
    clock.forward(seconds)
    answer = tool.post_score(scoreGiven=9)
    assert (answer.status_code, answer.text) == (409, "[]")
    assert "earlier timestamp" in answer.status
    assert grades()[0]["score"] == 7.5


def test_a_score_one_second_later_replaces_the_grade_and_its_comment(lms, tool, clock, grades):
    """MOODLE-6: a score without comment erases the earlier one."""
    tool.post_score()
    clock.forward(1)
    assert tool.post_score(scoreGiven=9, comment=None).status_code == 200
    assert (grades()[0]["score"], grades()[0]["comment"]) == (9, "")


@pytest.mark.parametrize(
    "fields",
    [
        {"scoreGiven": None, "scoreMaximum": None},
        {"gradingProgress": "Pending"},
        {"gradingProgress": "PendingManual"},
        {"gradingProgress": "NotReady"},
        {"gradingProgress": "Failed"},
        {"gradingProgress": "Whatever"},
    ],
    ids=str,
)
def test_a_score_that_is_not_final_erases_the_grade(lms, tool, clock, grades, fields):
    """MOODLE-8: answered with 200 all the same."""
    tool.post_score()
    clock.forward(1)
    assert tool.post_score(**fields).status_code == 200
    assert (grades()[0]["score"], grades()[0]["comment"]) == (None, "")
    results = tool.call("GET", f"{ITEM_2}/results?type_id=1", accept=RESULTS)
    assert results.json == []


@pytest.mark.parametrize(("given", "final"), [(12, 10), (-1, 0), ("7.5", 7.5)])
def test_a_grade_stays_between_zero_and_the_maximum(lms, tool, grades, given, final):
    """MOODLE-6: the raw value is kept; numbers may be strings."""
    tool.post_score(scoreGiven=given)
    assert (grades()[0]["score"], grades()[0]["raw"]) == (final, float(given))


def test_a_maximum_of_zero_means_points(lms, tool, grades):
    """MOODLE-6"""
    tool.post_score(scoreGiven=6, scoreMaximum=0)
    assert grades()[0]["score"] == 6


def test_a_user_id_may_be_a_number(lms, tool, grades):
    """MOODLE-6"""
    tool.post_score(userId=4)
    assert grades()[0]["user"] == "stan"


def test_scores_cannot_be_read(lms, tool):
    """MOODLE-10"""
    assert tool.call("GET", f"{ITEM_2}/scores?type_id=1").status_code == 405


def test_a_score_for_an_unknown_line_item_is_not_found(lms, tool):
    """MOODLE-6: 404"""
    assert tool.post_score("/lti/services/1/lineitems/99/lineitem").status_code == 404


def test_every_accepted_score_stays_in_the_history_as_it_was_sent(lms, tool, clock):
    """Exactly-once can be counted here."""
    tool.post_score()
    tool.post_score()
    clock.forward(1)
    tool.post_score(gradingProgress="Pending")
    history = lms.test_client().get("/lms/api/gradebook").json["history"]
    assert [(entry["number"], entry["user"], entry["score"]) for entry in history] == [
        (1, "stan", 7.5),
        (2, "stan", None),
    ]
    assert history[0]["sent"]["comment"] == "well done"


def test_results_show_grades_with_a_zero_and_leave_the_ungraded_out(lms, tool):
    """MOODLE-12"""
    tool.post_score(scoreGiven=0, comment=None)
    answer = tool.call("GET", f"{ITEM_2}/results?type_id=1", accept=RESULTS)
    assert answer.content_type == RESULTS
    assert answer.json == [
        {
            "id": f"{ISSUER}{ITEM_2}/results?type_id=1&user_id=4",
            "userId": "4",
            "resultScore": 0,
            "resultMaximum": 10,
            "scoreOf": f"{ISSUER}{ITEM_2}?type_id=1",
            "timestamp": "2026-11-21T20:00:00+00:00",
        }
    ]


def test_results_can_be_asked_for_one_user(lms, tool):
    """MOODLE-6"""
    tool.post_score()
    tool.post_score(userId="5")
    answer = tool.call("GET", f"{ITEM_2}/results?type_id=1&user_id=5", accept=RESULTS)
    assert [result["userId"] for result in answer.json] == ["5"]


def test_results_know_no_limit(lms, tool):
    """MOODLE-6: `results?limit=` is a 404 page."""
    answer = tool.call("GET", f"{ITEM_2}/results?type_id=1&limit=10", accept=RESULTS)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        '{"extra": NaN}',
        '{"extra": 1e999}',
        '{"extra": "\\ud800"}',
        "[" * 100_000,
        "\xff",
        "9" * 5000,
    ],
    ids=["NaN", "infinite", "half a surrogate", "deep", "not UTF-8", "long number"],
)
def test_hostile_json_is_refused_and_leaves_the_log_readable(lms, tool, settings, text):
    """The state file is JSON that anything can read, a browser included."""
    answer = tool.call("POST", f"{ITEM_2}/scores?type_id=1", body=text, content_type=SCORE)
    assert answer.status_code == 400
    for found in (
        (settings.data / "state.json").read_text(),
        lms.test_client().get("/lms/api/messages").text,
    ):
        json.loads(found, parse_constant=pytest.fail)
    assert lms.test_client().get("/lms/messages").status_code == 200


def test_a_ratio_that_is_no_number_is_refused(lms, tool, grades):
    """1e308 of 1e-300 is no grade."""
    assert tool.post_score(scoreGiven=1e308, scoreMaximum=1e-300).status_code == 400
    assert grades() == []
