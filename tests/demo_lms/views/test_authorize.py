"""The OIDC login as a platform must do it."""

import jwt
import pytest

from demo_lms.core.claims import AGS_ENDPOINT, LTI
from demo_lms.core.media_types import LINE_ITEM
from tests.demo_lms.conftest import ISSUER, TOOL, Form, Visitor


def id_token(lms, answer):
    """The claims of the answer's id_token, verified with the platform's published key."""
    token = Form(answer.text).fields["id_token"]
    jwk = lms.test_client().get("/lti/jwks").json["keys"][0]
    assert jwt.get_unverified_header(token) == {"typ": "JWT", "alg": "RS256", "kid": jwk["kid"]}
    return jwt.decode(
        token,
        jwt.PyJWK.from_dict(jwk).key,
        algorithms=["RS256"],
        audience="lectern-demo",
        options={"verify_exp": False, "verify_iat": False},
    )


def test_the_activity_page_posts_the_login_initiation_into_the_frame(stan):
    """MOODLE-3: always a POST from the page around the frame."""
    form = stan.open_activity("2")
    assert (form.action, form.target) == (f"{TOOL}/lti/login", "tool")
    hint = form.fields.pop("lti_message_hint")
    assert hint
    assert form.fields == {
        "iss": ISSUER,
        "target_link_uri": f"{TOOL}/lti/launch",
        "login_hint": "4",
        "client_id": "lectern-demo",
        "lti_deployment_id": "1",
    }


def test_a_good_request_is_answered_with_an_id_token_and_the_state(lms, stan, tool):
    """LTI-L-1 to LTI-L-8 seen from the other side; the cookie is not there in the frame."""
    answer = tool.authorize(stan.open_activity("2").fields)
    form = Form(answer.text)
    assert (answer.status_code, form.action) == (200, f"{TOOL}/lti/launch")
    assert form.fields["state"] == "a-state"
    claims = id_token(lms, answer)
    assert (claims["nonce"], claims["sub"], claims["iss"]) == ("a-nonce", "4", ISSUER)
    assert claims["exp"] - claims["iat"] == 60
    assert claims[LTI + "custom"]["sc_item"] == "demo-quiz"


def test_the_request_may_come_as_a_post(stan, tool):
    """OIDC Core 3.1.2.1: both methods."""
    initiation = stan.open_activity("1").fields
    values = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "client_id": "lectern-demo",
        "redirect_uri": f"{TOOL}/lti/launch",
        "nonce": "n",
        "login_hint": initiation["login_hint"],
        "lti_message_hint": initiation["lti_message_hint"],
    }
    fields = Form(tool.client.post("/lti/authorize", data=values).text).fields
    assert set(fields) == {"id_token"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "somebody"}, "unauthorized_client"),
        ({"scope": "openid profile"}, "invalid_scope"),
        ({"response_type": "code"}, "unsupported_response_type"),
        ({"response_mode": "query"}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"login_hint": None}, "invalid_request"),
        ({"lti_message_hint": None}, "invalid_request"),
        ({"lti_message_hint": "made-up"}, "invalid_request"),
        ({"login_hint": "5"}, "access_denied"),
    ],
)
def test_a_wrong_request_is_told_to_the_tool_by_a_posted_error(stan, tool, changes, error):
    """LTI-A26: error, error_description and state; never an id_token."""
    form = Form(tool.authorize(stan.open_activity("1").fields, **changes).text)
    assert form.action == f"{TOOL}/lti/launch"
    assert form.fields.pop("error_description")
    assert form.fields == {"error": error, "state": "a-state"}


@pytest.mark.parametrize(
    "uri",
    [f"{TOOL}/lti/launch?x=1", f"{TOOL}/lti/launch/", "https://evil.example/lti/launch", None],
)
def test_nothing_is_posted_to_a_redirect_uri_that_is_not_registered(stan, tool, uri):
    """LTI-L-12: byte for byte; the person reads what went wrong."""
    answer = tool.authorize(stan.open_activity("1").fields, redirect_uri=uri)
    assert answer.status_code == 400
    assert "data-submit" not in answer.text
    assert "redirect_uri" in answer.text or "registered" in answer.text


def test_a_hint_is_good_for_one_launch(stan, tool):
    """MOODLE-3: the hint is single use."""
    initiation = stan.open_activity("1").fields
    assert "id_token" in Form(tool.authorize(initiation).text).fields
    assert Form(tool.authorize(initiation).text).fields["error"] == "invalid_request"


def test_a_refused_request_does_not_use_the_hint_up(stan, tool):
    """A refused call changes nothing."""
    initiation = stan.open_activity("1").fields
    tool.authorize(initiation, login_hint="5")
    assert "id_token" in Form(tool.authorize(initiation).text).fields


def test_a_hint_dies_with_the_sign_in_it_was_made_for(lms, stan, tool):
    """The frame brings no cookie: the hint is what says who asks."""
    initiation = stan.open_activity("1").fields
    stan.client.post("/lms/sign-out")
    assert Form(tool.authorize(initiation).text).fields["error"] == "login_required"


def test_a_hint_dies_when_another_person_takes_the_browser(stan, tool):
    """Stan's prepared launch must not open in front of Sara."""
    initiation = stan.open_activity("1").fields
    stan.sign_in("sara")
    assert Form(tool.authorize(initiation).text).fields["error"] == "login_required"


def test_a_hint_expires(stan, tool, clock):
    """A page left open over lunch is loaded again instead."""
    initiation = stan.open_activity("1").fields
    clock.forward(15 * 60 + 1)
    assert Form(tool.authorize(initiation).text).fields["error"] == "invalid_request"


def test_two_people_in_two_browsers_get_their_own_tokens(lms, stan, tool):
    """Nothing is kept as "the current launch"."""
    sara = Visitor(lms.test_client())
    sara.sign_in("sara")
    first, second = stan.open_activity("1").fields, sara.open_activity("1").fields
    assert id_token(lms, tool.authorize(second))["sub"] == "5"
    assert id_token(lms, tool.authorize(first))["sub"] == "4"


def test_a_window_launch_says_so(lms, stan, tool):
    """launch_presentation.document_target tells the tool how it is shown."""
    form = stan.open_activity("3", "/window")
    assert form.target is None
    claims = id_token(lms, tool.authorize(form.fields))
    assert claims[LTI + "launch_presentation"]["document_target"] == "window"


def test_a_link_with_a_second_line_item_gets_no_lineitem_claim(lms, stan, tool):
    """MOODLE-3: the claim goes when the second one comes, and comes back when it goes."""
    body = {"label": "Second", "scoreMaximum": 5, "resourceLinkId": "1"}
    made = tool.call(
        "POST", "/lti/services/1/lineitems?type_id=1", body=body, content_type=LINE_ITEM
    )
    claims = id_token(lms, tool.authorize(stan.open_activity("1").fields))
    assert "lineitem" not in claims[AGS_ENDPOINT]
    assert claims[AGS_ENDPOINT]["lineitems"].endswith("/lineitems?type_id=1")
    tool.call("DELETE", made.json["id"].removeprefix(ISSUER))
    claims = id_token(lms, tool.authorize(stan.open_activity("1").fields))
    assert (
        claims[AGS_ENDPOINT]["lineitem"]
        == f"{ISSUER}/lti/services/1/lineitems/1/lineitem?type_id=1"
    )
