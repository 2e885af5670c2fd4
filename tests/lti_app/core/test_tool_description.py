"""What we say of ourselves: the same facts in every form in which they are asked for."""

import json

import pytest

from lti_app.core import ags, rosters
from lti_app.core.lti.dynamic_registration import TOOL, PlatformConfiguration
from lti_app.core.lti.tool_description import (
    SCOPES,
    Tool,
    build_canvas_config,
    build_registration,
    offered_messages,
)
from lti_app.core.platforms.registering import REGISTERING

APP = "https://lectern.school.test"
CANVAS_KEY = "https://canvas.instructure.com/lti/"


def tool(**changes):
    values = {
        "name": "Lectern",
        "description": "Plays courses.",
        "app_url": APP,
        "jwks_url": f"{APP}/lti/jwks/1",
        "tool_id": "lectern-school",
    }
    return Tool(**values | changes)


def configuration(**messages):
    address = "https://lms.test/x"
    return PlatformConfiguration(
        "https://lms.test", address, address, address, address, messages=messages
    )


def registration(family="generic", *, messages=None, **changes):
    return build_registration(
        tool(**changes), configuration(**(messages or {})), REGISTERING[family]
    )


def test_everything_that_canvas_requires_is_there():
    """CANVAS-16: another library got 422 for one missing member."""
    body = registration("canvas")
    assert body["application_type"] == "web"
    assert body["grant_types"] == ["client_credentials", "implicit"]
    assert body["response_types"] == ["id_token"]
    assert body["token_endpoint_auth_method"] == "private_key_jwt"
    assert body["redirect_uris"] == [f"{APP}/lti/launch"]
    for name in ("initiate_login_uri", "client_name", "jwks_uri", "scope"):
        assert body[name]
    inner = body[TOOL]
    assert {"domain", "target_link_uri", "messages", "claims"} <= inner.keys()
    assert inner[f"{CANVAS_KEY}tool_id"] == "lectern-school"
    assert json.dumps(body)


@pytest.mark.parametrize(
    ("level", "claims"),
    [
        ("public", ["name", "given_name", "family_name", "email"]),
        ("name_only", ["name", "given_name", "family_name"]),
        ("email_only", ["email"]),
        ("anonymous", []),
    ],
)
def test_all_four_levels_of_privacy(level, claims):
    """CANVAS-11, CANVAS-17; Moodle switches names and e-mail on by the claims (moodle.md 9)."""
    inner = registration("canvas", privacy=level)[TOOL]
    assert inner[f"{CANVAS_KEY}privacy_level"] == level
    assert inner["claims"] == ["iss", "sub", *claims]
    config = build_canvas_config(tool(privacy=level))
    assert config["extensions"][0]["privacy_level"] == level


def test_only_canvas_gets_what_is_canvas_own():
    """LTI-DR-6"""
    for family in ("moodle", "blackboard", "brightspace", "sakai", "generic"):
        assert "canvas" not in json.dumps(registration(family)).lower()


def test_the_scopes_are_those_that_are_used_and_no_other():
    """LTI-DR-7, D2L-10, LTI-AGS-1, LTI-NRPS-2"""
    assert set(SCOPES) == {*ags.SCOPES, rosters.SCOPE}  # whence tokens are asked for
    assert registration()["scope"].split() == list(SCOPES)
    assert build_canvas_config(tool())["scopes"] == list(SCOPES)
    assert {scope.rsplit("/", 1)[1] for scope in SCOPES} == {
        *("lineitem", "lineitem.readonly", "result.readonly", "score"),
        "contextmembership.readonly",
    }


def test_a_platform_is_offered_the_messages_that_it_has():
    launch, choice, review = (
        "LtiResourceLinkRequest",
        "LtiDeepLinkingRequest",
        "LtiSubmissionReviewRequest",
    )
    assert offered_messages(configuration()) == (launch, choice)
    assert offered_messages(configuration(**{launch: (), review: ()})) == (launch, review)
    assert offered_messages(configuration(Unheard=())) == (launch,)


def test_only_placements_that_the_platform_has():
    """CANVAS-13"""
    messages = {"LtiDeepLinkingRequest": ("assignment_selection", "homework_submission")}
    found = registration("canvas", messages=messages)[TOOL]["messages"]
    assert found[1]["placements"] == ["assignment_selection"]
    assert "placements" not in found[0]
    assert registration("moodle")[TOOL]["messages"][1]["placements"] == ["ContentArea"]


@pytest.mark.parametrize(
    ("app_url", "domain"),
    [
        (APP, "lectern.school.test"),
        (f"{APP}:443", "lectern.school.test"),
        ("http://localhost:8000", "localhost:8000"),
        (f"{APP}:8443", "lectern.school.test:8443"),
    ],
)
def test_the_domain_has_a_port_only_where_it_is_not_the_usual_one(app_url, domain):
    """Moodle compares it with the target link (moodle.md 9)."""
    assert tool(app_url=app_url).domain == domain


def test_the_variables_that_we_need_are_asked_for():
    """CANVAS-8, CANVAS-14, BB-13, D2L-9"""
    everywhere = registration("sakai")[TOOL]["custom_parameters"]
    assert {"$ResourceLink.id.history", "$Context.id.history"} == set(everywhere.values())
    at_canvas = registration("canvas")[TOOL]["custom_parameters"]
    assert {
        *everywhere.values(),
        *("$Canvas.user.id", "$Canvas.course.id", "$Canvas.assignment.id"),
        *("$Canvas.api.domain", "$com.instructure.PostMessageToken"),
        *("$Canvas.user.sisSourceId", "$Canvas.assignment.allowedAttempts"),
    } == set(at_canvas.values())


def test_the_configuration_for_canvas_has_what_canvas_reads():
    """CANVAS-10, CANVAS-13"""
    config = build_canvas_config(tool(), ("us-east-1",))
    assert config["title"] == "Lectern"
    assert config["oidc_initiation_url"] == f"{APP}/lti/login"
    assert config["oidc_initiation_urls"] == {"us-east-1": f"{APP}/lti/login"}
    assert config["target_link_uri"] == f"{APP}/lti/launch"
    assert config["public_jwk_url"] == f"{APP}/lti/jwks/1"
    (extension,) = config["extensions"]
    assert extension["platform"] == "canvas.instructure.com"
    assert (extension["domain"], extension["tool_id"]) == ("lectern.school.test", "lectern-school")
    placements = extension["settings"]["placements"]
    assert [one["placement"] for one in placements] == [
        *("assignment_selection", "link_selection"),
        *("submission_type_selection", "editor_button"),
    ]
    assert {one["message_type"] for one in placements} == {"LtiDeepLinkingRequest"}


def test_a_scope_that_canvas_grants_besides_breaks_nothing():
    """CANVAS-12: we neither ask for it nor mind it; a platform's list of scopes is not read."""
    assert "public_jwk" not in registration("canvas")["scope"]
