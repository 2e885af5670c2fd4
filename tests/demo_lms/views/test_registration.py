"""Dynamic Registration 1.0 and course copies, from the platform's side."""

from urllib.parse import urlsplit

import pytest

from demo_lms.core.claims import AGS_ENDPOINT, LTI
from demo_lms.core.registration import PLATFORM
from demo_lms.core.registration import TOOL as TOOL_CONFIGURATION
from tests.demo_lms.conftest import ISSUER, TOOL, Form, Visitor
from tests.demo_lms.platform import claims_of, launched, play


def body(**changes):
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{TOOL}/lti/login",
        "redirect_uris": [f"{TOOL}/lti/launch"],
        "client_name": "A tool",
        "jwks_uri": f"{TOOL}/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        TOOL_CONFIGURATION: {
            "domain": "localhost:8000",
            "target_link_uri": f"{TOOL}/lti/launch",
            "custom_parameters": {"link_history": "$ResourceLink.id.history"},
            "claims": ["iss", "sub", "name"],
            "messages": [{"type": "LtiDeepLinkingRequest", "target_link_uri": f"{TOOL}/deep"}],
        },
    } | changes


def invited(lms):
    return lms.test_client().post("/lms/api/registration").json


def register(lms, token, sent=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return lms.test_client().post("/lti/registration", json=sent or body(), headers=headers)


def configuration(lms, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return lms.test_client().get("/lti/openid-configuration", headers=headers)


@pytest.fixture
def tina(lms):
    visitor = Visitor(lms.test_client())
    visitor.sign_in("tina")
    return visitor


def test_the_configuration_names_every_address_on_the_issuers_host(lms):
    """LTI-DR-3"""
    found = configuration(lms).json
    assert found["issuer"] == ISSUER
    assert {urlsplit(found[name]).netloc for name in found if name.endswith("_endpoint")} == {
        urlsplit(ISSUER).netloc
    }
    assert found[PLATFORM]["product_family_code"] == "moodle"
    assert len(found[PLATFORM]["messages_supported"]) == 3


def test_a_tool_registers_itself_and_is_launched_after_activation(lms, tina, tool):
    """MOODLE 9, MOODLE-13, MOODLE-14"""
    token = invited(lms)["registration_token"]
    answer = register(lms, token).json
    client_id = answer["client_id"]
    deployment = answer[TOOL_CONFIGURATION]["deployment_id"]
    assert (deployment, answer["scope"]) == ("2", body()["scope"])
    assert register(lms, token).text == "token_already_used"
    page = tina.client.get("/lms/register-tool").text
    assert client_id in page
    assert "Pending" in page
    tina.client.post(f"/lms/register-tool/{client_id}/activate")
    assert "Pending" not in tina.client.get("/lms/register-tool").text
    form = Form(tina.client.get(f"/lms/courses/1/add/{client_id}").text)
    claims = claims_of(form, tool, client_id=client_id)
    assert (claims["aud"], claims[LTI + "deployment_id"]) == (client_id, "2")
    assert claims[LTI + "target_link_uri"] == f"{TOOL}/deep"
    assert claims[AGS_ENDPOINT]["scope"] == [body()["scope"]]
    own = tool.assertion(iss=client_id, sub=client_id)
    assert tool.ask_token(own).json["scope"] == body()["scope"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_name": ""}, "missing required attribute client_name"),
        ({"redirect_uris": []}, "missing required attribute redirect_uris"),
        ({"response_types": ["code"]}, "missing response_type id_token"),
        ({TOOL_CONFIGURATION: {}}, "missing_domain"),
        (
            {TOOL_CONFIGURATION: {"domain": "localhost", "target_link_uri": f"{TOOL}/lti/launch"}},
            "domain_targetlinkuri_mismatch",
        ),
    ],
)
def test_a_wrong_registration_is_told_by_a_bare_code_and_may_be_repeated(lms, changes, code):
    """MOODLE 9: a failed try does not use the token up."""
    token = invited(lms)["registration_token"]
    answer = register(lms, token, body(**changes))
    assert (answer.status_code, answer.text) == (400, code)
    assert register(lms, token).status_code == 200


def test_without_a_token_nothing_is_registered(lms):
    answer = register(lms, "")
    assert (answer.status_code, answer.text) == (401, "missing_registration_token")


def test_canvas_wants_the_token_for_the_configuration_and_members_of_its_own(lms):
    """CANVAS-15 to CANVAS-17"""
    play(lms, "canvas")
    token = invited(lms)["registration_token"]
    assert configuration(lms).status_code == 401
    known = configuration(lms, token).json[PLATFORM]
    assert "https://canvas.instructure.com/lti/account_name" in known
    assert register(lms, token).status_code == 422
    tool = body()[TOOL_CONFIGURATION] | {
        "https://canvas.instructure.com/lti/privacy_level": "public",
        "https://canvas.instructure.com/lti/tool_id": "a-tool",
    }
    answer = register(lms, token, body(**{TOOL_CONFIGURATION: tool}))
    assert answer.json[TOOL_CONFIGURATION]["deployment_id"].startswith("2:")


def test_brightspace_sends_no_token_and_names_its_audience(lms):
    """D2L-3, D2L-5"""
    play(lms, "brightspace")
    assert set(invited(lms)) == {"openid_configuration"}
    audience = configuration(lms).json["authorization_server"]
    assert audience == "https://api.brightspace.com/auth/token"
    assert register(lms, "").status_code == 200


def test_the_tools_page_is_opened_in_a_frame_with_its_own_query_kept(lms, tina):
    """LTI-DR-1"""
    address = f"{TOOL}/lti/register/abc?x=1"
    page = tina.client.post("/lms/register-tool", data={"address": address}).text
    assert f'src="{address}&amp;openid_configuration=' in page
    assert "registration_token=" in page
    assert tina.client.post("/lms/register-tool", data={"address": "ftp://x"}).status_code == 400


@pytest.mark.parametrize(
    ("name", "history"),
    [("canvas", "4,1"), ("blackboard", "4,1"), ("moodle", "$ResourceLink.id.history")],
)
def test_a_copy_of_a_copy_has_new_links_and_says_from_where(lms, tina, tool, name, history):
    """PAIN-07, MOODLE-15: custom parameters are kept; the history where the product has it."""
    play(lms, name)
    for number in ("1", "2"):
        assert tina.client.post(f"/lms/courses/{number}/copy").status_code == 303
    course = lms.test_client().get("/lms/api/courses").json["courses"][2]
    assert course["history"] == ["2", "1"]
    first = course["activities"][0]
    assert (first["number"], first["custom"]) == ("7", {"sc_item": "demo-page-turner"})
    tool.client.post("/lms/api/personality", json={"name": name})
    with_history = {**first, "custom": {**first["custom"], "old": "$ResourceLink.id.history"}}
    store = lms.extensions["demo_lms"].store
    with store.changing() as state:
        state["activities"][6] = with_history
    page = tina.client.get("/lms/courses/3/activities/7").text
    claims = claims_of(Form(page), tool)
    assert claims[LTI + "context"]["id"] == "3"
    assert claims[LTI + "custom"]["sc_item"] == "demo-page-turner"
    assert claims[LTI + "custom"]["old"] == history
    assert claims[AGS_ENDPOINT]["lineitem"] != launched(tina, tool, "1")[AGS_ENDPOINT]["lineitem"]
