"""Assignment and Grade Services as measured on Moodle 4.5."""

import json

import pytest

from demo_lms.core import scopes
from demo_lms.core.media_types import LINE_ITEM, LINE_ITEMS, RESULTS, SCORE
from tests.demo_lms.conftest import ISSUER, ITEM_2

ALL = "/lti/services/1/lineitems?type_id=1"


def new_item(tool, **fields):
    body = {"label": "Extra", "scoreMaximum": 20} | fields
    return tool.call("POST", ALL, body=body, content_type=LINE_ITEM)


def path_of(answer):
    return answer.json["id"].removeprefix(ISSUER)


# -- line items ----------------------------------------------------------------------------------


def test_the_activities_have_line_items_with_a_query_in_their_address(lms, tool):
    """MOODLE-3"""
    answer = tool.call("GET", ALL, accept=LINE_ITEMS)
    assert answer.content_type == LINE_ITEMS
    assert [(item["scoreMaximum"], item["resourceLinkId"]) for item in answer.json] == [
        (100, "1"),
        (10, "2"),
        (100, "3"),
    ]
    assert answer.json[1]["id"] == f"{ISSUER}{ITEM_2}?type_id=1"


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (LINE_ITEMS, 200),
        (None, 200),
        ("*/*", 400),
        ("application/json", 400),
        (f"{LINE_ITEMS}, */*", 400),
        (f"{LINE_ITEMS};q=0.9", 400),
    ],
)
def test_the_list_wants_its_exact_media_type_or_none(lms, tool, accept, status):
    """MOODLE-6: `*/*` finds no handler."""
    headers = {"accept": accept} if accept else {}
    assert tool.call("GET", ALL, **headers).status_code == status


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        (ITEM_2, LINE_ITEM, 200),
        (ITEM_2, "*/*", 200),
        (ITEM_2, "application/json", 400),
        (f"{ITEM_2}/results", RESULTS, 200),
        (f"{ITEM_2}/results", "*/*", 200),
        (f"{ITEM_2}/results", "application/json", 400),
    ],
)
def test_a_line_item_and_results_take_the_exact_type_or_any(lms, tool, path, accept, status):
    """MOODLE-6"""
    assert tool.call("GET", f"{path}?type_id=1", accept=accept).status_code == status


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("&resource_id=r1", ["One"]),
        ("&tag=grade", ["One", "Two"]),
        ("&resource_link_id=3", ["SCORM 2004 lesson", "Two"]),
        ("&tag=grade&resource_link_id=3", ["Two"]),
        ("&tag=none", []),
    ],
)
def test_line_items_are_found_by_resource_id_tag_and_link(lms, tool, query, labels):
    """LTI-AGS-13"""
    new_item(tool, label="One", resourceId="r1", tag="grade")
    new_item(tool, label="Two", tag="grade", resourceLinkId="3")
    answer = tool.call("GET", ALL + query, accept=LINE_ITEMS)
    assert [item["label"] for item in answer.json] == labels


def test_a_new_line_item_is_answered_with_201_and_its_address(lms, tool):
    """MOODLE-6: start and end are echoed, not stored."""
    made = new_item(tool, resourceId="r1", startDateTime="2026-11-21T00:00:00Z")
    assert (made.status_code, made.content_type) == (201, LINE_ITEM)
    assert made.json["startDateTime"] == "2026-11-21T00:00:00Z"
    shown = tool.call("GET", path_of(made), accept=LINE_ITEM).json
    assert shown == {
        "id": made.json["id"],
        "label": "Extra",
        "scoreMaximum": 20,
        "resourceId": "r1",
    }


def test_the_same_resource_id_twice_gives_two_line_items(lms, tool):
    """MOODLE-6: nothing is unique, so look before creating."""
    assert new_item(tool, resourceId="r").json["id"] != new_item(tool, resourceId="r").json["id"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"label": None}, 400),
        ({"label": " "}, 400),
        ({"scoreMaximum": None}, 400),
        ({"scoreMaximum": -1}, 400),
        ({"scoreMaximum": "many"}, 400),
        ({"resourceLinkId": "99"}, 403),
    ],
)
def test_a_wrong_line_item_is_refused(lms, tool, fields, status):
    """MOODLE-6"""
    assert new_item(tool, **fields).status_code == status
    assert len(tool.call("GET", ALL, accept=LINE_ITEMS).json) == 3


@pytest.mark.parametrize("content_type", ["application/json", SCORE, ""])
def test_a_line_item_of_another_content_type_is_refused(lms, tool, content_type):
    """MOODLE-6: No handler found."""
    answer = tool.call("POST", ALL, body={}, content_type=content_type)
    assert answer.status_code == 400
    assert "No handler found" in answer.status


def test_put_replaces_everything(lms, tool):
    """LTI-AGS-11: what is left out is cleared."""
    path = path_of(new_item(tool, resourceId="r1", tag="t", resourceLinkId="1"))
    body = {"label": "Renamed", "scoreMaximum": 50}
    answer = tool.call("PUT", path, body=body, content_type=LINE_ITEM)
    assert answer.status_code == 200
    assert answer.json == {"id": f"{ISSUER}{path}", "label": "Renamed", "scoreMaximum": 50}


def test_a_new_maximum_rescales_the_grades(lms, tool, grades):
    """MOODLE-6: PUT may change the maximum of the activity's own item."""
    tool.post_score()
    body = {"label": "Quiz", "scoreMaximum": 20, "resourceLinkId": "2"}
    tool.call("PUT", f"{ITEM_2}?type_id=1", body=body, content_type=LINE_ITEM)
    assert grades()[0]["score"] == 15


def test_a_tools_own_line_item_can_be_deleted_once(lms, tool):
    """MOODLE-6: 204, the second time 404."""
    path = path_of(new_item(tool))
    assert tool.call("DELETE", path).status_code == 204
    assert tool.call("DELETE", path).status_code == 404


def test_an_activitys_line_item_cannot_be_deleted(lms, tool):
    """It belongs to the course, not to the tool."""
    assert tool.call("DELETE", f"{ITEM_2}?type_id=1").status_code == 403


# -- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "bearer x", "Basic YTpi"])
def test_a_call_without_a_good_bearer_token_is_refused(lms, tool, authorization):
    """LTI-OA-8"""
    answer = tool.call("GET", ALL, authorization=authorization, accept=LINE_ITEMS)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    ("scope", "method", "path", "content_type"),
    [
        (scopes.LINE_ITEM_READONLY, "POST", ALL, LINE_ITEM),
        (scopes.LINE_ITEM, "POST", f"{ITEM_2}/scores?type_id=1", SCORE),
        (scopes.SCORE, "GET", f"{ITEM_2}/results?type_id=1", None),
        (scopes.SCORE, "GET", ALL, None),
    ],
)
def test_a_token_without_the_scope_is_refused(lms, tool, scope, method, path, content_type):
    """MOODLE-6: 401"""
    headers = {"content_type": content_type} if content_type else {}
    authorization = f"Bearer {tool.token(scope)}"
    answer = tool.call(method, path, body="{}", authorization=authorization, **headers)
    assert (answer.status_code, "scope" in answer.status) == (401, True)


@pytest.mark.parametrize("path", [f"{ITEM_2}?type_id=1/scores", f"{ITEM_2}/scores"])
def test_an_address_whose_query_was_mishandled_is_refused(lms, tool, path):
    """LTI-AGS-6: insert /scores before the question mark, keep the query."""
    answer = tool.call("POST", path, body={}, content_type=SCORE)
    assert answer.status_code in (400, 405)


# -- scores ----------------------------------------------------------------------------------------


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


# -- results ---------------------------------------------------------------------------------------


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
