"""What each product does in its own way."""

import pytest

from demo_lms.core.claims import AGS_ENDPOINT, LTI, NRPS
from demo_lms.core.media_types import LINE_ITEM, LINE_ITEMS, RESULTS
from tests.demo_lms.conftest import BRIGHTSPACE, ISSUER, Form
from tests.demo_lms.platform import claims_of, item_of, launched, path_of, play, send, with_ending

NAMES = ("moodle", "canvas", "blackboard", "brightspace", "sakai", "generic")


@pytest.mark.parametrize("name", NAMES)
def test_every_product_names_itself_and_takes_a_grade_at_its_own_address(
    lms, stan, tool, grades, name
):
    play(lms, name)
    claims = launched(stan, tool)
    assert claims[LTI + "tool_platform"]["product_family_code"] != ""
    endpoint = claims[AGS_ENDPOINT]
    assert ("?" in endpoint["lineitem"]) == (name == "moodle")
    item = path_of(endpoint["lineitem"])
    assert send(tool, item).status_code == 200
    assert grades()[0]["score"] == 7.5
    results = tool.call(
        "GET", with_ending(item, "/results"), accept=RESULTS, content_type=RESULTS
    ).json
    assert results[0]["resultScore"] == 7.5
    assert results[0]["scoreOf"] == endpoint["lineitem"]
    listed = tool.call(
        "GET", path_of(endpoint["lineitems"]), accept=LINE_ITEMS, content_type=LINE_ITEMS
    )
    assert endpoint["lineitem"] in [one["id"] for one in listed.json]


def test_another_products_address_is_not_found(lms, stan, tool):
    moodle = item_of(stan, tool)
    play(lms, "canvas")
    assert tool.call("GET", moodle, accept=LINE_ITEM).status_code == 404


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("moodle", {}),
        ("blackboard", {}),  # BB-5: lti.capabilities tells the frame
        ("brightspace", {}),
        ("sakai", {"lti_storage_target": "_parent"}),  # SAKAI-3
        ("generic", {"lti_storage_target": "lti_storage"}),
        (
            "canvas",  # CANVAS-4, CANVAS-5
            {
                "canvas_region": "us-east-1",
                "canvas_environment": "prod",
                "deployment_id": "1",
                "lti_storage_target": "post_message_forwarding",
            },
        ),
    ],
)
def test_the_login_initiation_has_what_the_product_adds(lms, stan, name, sent):
    play(lms, name)
    usual = {
        "iss",
        "target_link_uri",
        "login_hint",
        "lti_message_hint",
        "client_id",
        "lti_deployment_id",
    }
    fields = stan.open_activity("1").fields
    assert {field: fields[field] for field in fields if field not in usual} == sent


@pytest.mark.parametrize(
    ("switch", "aud", "azp"),
    [
        ("text", "lectern-demo", None),
        ("array", ["lectern-demo"], None),
        ("several", ["another-client", "lectern-demo"], "lectern-demo"),
    ],
)
def test_the_audience_has_three_forms(lms, stan, tool, switch, aud, azp):
    """LTI-A06 to LTI-A09"""
    play(lms, "generic", audience=switch)
    claims = launched(stan, tool)
    assert (claims["aud"], claims.get("azp")) == (aud, azp)


@pytest.mark.parametrize(
    ("privacy", "known"),
    [
        ("public", {"name", "given_name", "family_name", "email"}),
        ("name_only", {"name", "given_name", "family_name"}),
        ("email_only", {"email"}),
        ("anonymous", set()),
    ],
)
def test_privacy_takes_names_and_addresses_away(lms, stan, tool, privacy, known):
    """LTI-G06 to LTI-G08, CANVAS-11"""
    play(lms, "canvas", privacy=privacy)
    claims = launched(stan, tool)
    assert {"name", "given_name", "family_name", "email"} & set(claims) == known
    assert claims["sub"] == "4"


def test_a_launch_without_a_course_has_no_services(lms, stan, tool):
    """LTI-G09, D2L-4"""
    play(lms, "brightspace", context=False)
    claims = launched(stan, tool)
    assert not {LTI + "context", AGS_ENDPOINT, NRPS} & set(claims)


def test_brightspace_begins_now_and_a_clock_may_be_ahead(lms, stan, tool, clock):
    """D2L-6, PAIN-14"""
    play(lms, "brightspace", clock_skew=30)
    claims = launched(stan, tool)
    assert claims["nbf"] == claims["iat"] == int(clock.now().timestamp()) + 30


def test_brightspace_wants_an_audience_of_its_own(lms, tool):
    """D2L-3, PAIN-17"""
    play(lms, "brightspace")
    assert tool.ask_token(tool.assertion(aud=f"{ISSUER}/lti/token")).status_code == 400
    assert tool.ask_token(tool.assertion(aud=BRIGHTSPACE)).status_code == 200


def test_a_tool_that_may_not_make_line_items_is_told_so_by_its_scopes(lms, stan, tool):
    play(lms, "generic", grades="read")
    endpoint = launched(stan, tool)[AGS_ENDPOINT]
    assert not [scope for scope in endpoint["scope"] if scope.endswith("/lineitem")]
    body = {"label": "Mine", "scoreMaximum": 1}
    made = tool.call("POST", path_of(endpoint["lineitems"]), body=body, content_type=LINE_ITEM)
    assert made.status_code == 403
    play(lms, "generic", grades="none")
    assert AGS_ENDPOINT not in launched(stan, tool)


@pytest.mark.parametrize(
    ("name", "link"),
    [("generic", 'rel="next"'), ("moodle", "rel=“next”".encode().decode("latin-1"))],
)
def test_line_items_come_in_pages(lms, stan, tool, name, link):
    """MOODLE 6: its Link header cannot be used."""
    play(lms, name)
    container = path_of(launched(stan, tool)[AGS_ENDPOINT]["lineitems"])
    separator = "&" if "?" in container else "?"
    answer = tool.call(
        "GET", f"{container}{separator}limit=2", accept=LINE_ITEMS, content_type=LINE_ITEMS
    )
    assert len(answer.json) == 2
    assert link in answer.headers["Link"]


def test_a_switch_that_does_not_exist_is_refused_by_name(lms):
    for body, name in (({"name": "webct"}, "name"), ({"members": 5001}, "members")):
        answer = lms.test_client().post("/lms/api/personality", json=body)
        assert answer.status_code == 400
        assert name in answer.json["error"]["message"]


def test_the_page_changes_the_personality_too(lms, visitor):
    form = {"name": "sakai", "privacy": "anonymous", "context": "false", "members": "12"}
    assert visitor.client.post("/lms/personality", data=form).status_code == 303
    kept = visitor.client.get("/lms/api/personality").json
    assert (kept["name"], kept["privacy"], kept["context"]) == ("sakai", "anonymous", False)
    assert "Sakai" in visitor.client.get("/lms/personality").text


def test_a_review_names_the_student_whose_work_is_looked_at(lms, visitor, tool):
    """LtiSubmissionReviewRequest from the gradebook. MOODLE 3"""
    visitor.sign_in("tina")
    page = visitor.client.get("/lms/courses/1/activities/2/review/4").text
    claims = claims_of(Form(page), tool)
    assert claims[LTI + "message_type"] == "LtiSubmissionReviewRequest"
    assert claims[LTI + "for_user"]["user_id"] == "4"
    assert claims[LTI + "for_user"]["name"] == "Stan Student"
    assert claims["sub"] == "3"
    assert claims[LTI + "resource_link"]["id"] == "2"
    visitor.sign_in("stan")
    assert visitor.client.get("/lms/courses/1/activities/2/review/4").status_code == 403
