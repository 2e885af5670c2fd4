"""Line items, and who may call the services, as measured on Moodle 4.5."""

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
