"""Deep Linking 2.0 from the platform's side."""

import pytest

from demo_lms.core.claims import AGS_ENDPOINT, DEEP_LINKING, LTI
from tests.demo_lms.conftest import Visitor
from tests.demo_lms.platform import DL, answer_of, asked, choose, launched, path_of, play

QUIZ = {
    "type": "ltiResourceLink",
    "title": "A quiz",
    "text": "Ten questions",
    "url": "http://localhost:8000/lti/launch?item=7",
    "custom": {"sc_item": "demo-quiz", "sc_version": 3},
    "lineItem": {"label": "Other name", "scoreMaximum": 12.5, "resourceId": "r7", "tag": "quiz"},
    "iframe": {"width": 800, "height": 600},
}
PAGE = {"type": "ltiResourceLink", "title": "A page", "custom": {"sc_item": "demo-page-turner"}}


@pytest.fixture
def tina(lms):
    visitor = Visitor(lms.test_client())
    visitor.sign_in("tina")
    return visitor


def activities(lms, course=0):
    return lms.test_client().get("/lms/api/courses").json["courses"][course]["activities"]


def test_the_request_says_what_may_be_chosen(lms, tina, tool):
    """LTI-DL-1 to LTI-DL-5, seen from the other side."""
    play(lms, "generic")
    claims = asked(tina, tool)
    settings = claims[DEEP_LINKING]
    assert claims[LTI + "message_type"] == "LtiDeepLinkingRequest"
    assert LTI + "resource_link" not in claims
    assert settings["accept_types"] == ["ltiResourceLink"]
    assert settings["accept_multiple"] is True
    assert settings["data"]


def test_moodle_and_canvas_send_no_data(lms, tina, tool):
    """LTI-DL-14: what was not sent must not come back. MOODLE 8"""
    for name in ("moodle", "canvas"):
        play(lms, name)
        request = asked(tina, tool)
        assert "data" not in request[DEEP_LINKING]
        assert choose(tool, request, [], **{DL + "data": "made up"}).status_code == 400


def test_what_was_chosen_becomes_an_activity_with_a_column(lms, tina, tool):
    """Custom parameters, address and line item are kept. LTI-DL-20 to LTI-DL-22"""
    play(lms, "generic")
    answer = choose(tool, asked(tina, tool), [QUIZ, PAGE])
    assert "2 activities added" in answer.text
    quiz, page = activities(lms)[-2:]
    assert quiz["custom"] == {"sc_item": "demo-quiz", "sc_version": "3"}
    assert quiz["item"]["iframe"] == {"width": 800, "height": 600}
    claims = launched(tina, tool, quiz["number"])
    assert claims[LTI + "target_link_uri"] == QUIZ["url"]
    assert claims[LTI + "custom"]["sc_version"] == "3"
    items = lms.test_client().get("/lms/api/gradebook").json["line_items"]
    assert items[-1] == {
        "id": "4",
        "course": "1",
        "label": "A quiz",
        "score_maximum": 12.5,
        "activity": quiz["number"],
        "resource_id": "r7",
        "tag": "quiz",
    }
    assert claims[AGS_ENDPOINT]["lineitem"].endswith("/lineitems/4")
    assert "lineitem" not in launched(tina, tool, page["number"])[AGS_ENDPOINT]
    assert "Not graded" in tina.client.get("/lms/courses/1").text


def test_choosing_nothing_changes_nothing_and_shows_the_tools_words(lms, tina, tool):
    """LTI-DL-15, LTI-DL-16"""
    play(lms, "generic")
    before = activities(lms)
    answer = choose(tool, asked(tina, tool), [], **{DL + "msg": "Never mind"})
    assert answer.status_code == 200
    assert "lti_msg=Never+mind" in answer.text
    assert activities(lms) == before


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"iss": "somebody"}, "iss"),
        ({"aud": "https://else.example"}, "aud"),
        ({"nonce": None}, "nonce"),
        ({"exp": 1}, "exp"),
        ({"iat": None}, "iat"),
        ({LTI + "message_type": "LtiResourceLinkRequest"}, "message_type"),
        ({LTI + "version": "1.2"}, "version"),
        ({LTI + "deployment_id": "9"}, "deployment_id"),
        ({DL + "data": "changed"}, "data"),
        ({DL + "content_items": {}}, "content_items"),
        ({DL + "content_items": [{"type": "link", "url": "x"}]}, "type"),
        ({DL + "content_items": [{**PAGE, "lineItem": {"scoreMaximum": 0}}]}, "scoreMaximum"),
    ],
)
def test_a_wrong_response_is_refused_by_name_and_may_be_repeated(lms, tina, tool, changes, names):
    """LTI-DL-6 to LTI-DL-15: a refused choice does not use the request up."""
    play(lms, "generic")
    request = asked(tina, tool)
    answer = choose(tool, request, [PAGE], **changes)
    assert answer.status_code == 400
    assert names in answer.text
    assert choose(tool, request, [PAGE]).status_code == 200


def test_a_response_of_another_key_is_refused_and_a_new_key_works_at_once(
    lms, tina, tool, tool_key, other_key
):
    """LTI-DL-17"""
    request = asked(tina, tool)
    tool.key = other_key
    forged = answer_of(tool, request, [PAGE])
    tool.key = tool_key
    address = path_of(request[DEEP_LINKING]["deep_link_return_url"])
    assert tool.client.post(address, data={"JWT": forged}).status_code == 400
    tool.kid = "tool-key-2"
    assert choose(tool, request, [PAGE]).status_code == 200


def test_the_response_is_a_form_field_of_this_name(tina, tool):
    """LTI-DL-18, LTI-DL-19: the query of the address stays."""
    request = asked(tina, tool)
    address = path_of(request[DEEP_LINKING]["deep_link_return_url"])
    sent = answer_of(tool, request, [PAGE])
    assert tool.client.post(address, data={"jwt": sent}).status_code == 400
    without = address.replace("course=1&", "")
    assert tool.client.post(without, data={"JWT": sent}).status_code == 400


def test_a_request_is_answered_once(lms, tina, tool):
    """The address is no key to the course for ever."""
    request = asked(tina, tool)
    assert choose(tool, request, [PAGE]).status_code == 200
    assert choose(tool, request, [PAGE]).status_code == 400


def test_only_a_teacher_adds_content(stan):
    assert stan.client.get("/lms/courses/1/add").status_code == 403
