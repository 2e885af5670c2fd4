"""What platforms say of themselves, as recorded, and what we make of it. LTI-DR-*, PAIN-18"""

import json

import pytest

from lti_app.core.lti.dynamic_registration import (
    PLATFORM,
    TOOL,
    choose_registering,
    parse_configuration,
    read_answer,
)
from lti_app.core.lti.registration_reasons import STATUSES, RegistrationProblem
from lti_app.core.platforms.registering import REGISTERING, find_registering

MOODLE = "https://moodle.school.test"
MOODLE_URL = f"{MOODLE}/mod/lti/openid-configuration.php"
CANVAS_URL = "https://sso.canvaslms.com/api/lti/security/openid-configuration"
BLACKBOARD_URL = "https://developer.blackboard.com/api/v1/gateway/openid"
RS256 = {"id_token_signing_alg_values_supported": ["RS256"]}


def moodle(**changes):
    """As Moodle 4.5 answers (moodle.md 9)."""
    return {
        "issuer": MOODLE,
        "token_endpoint": f"{MOODLE}/mod/lti/token.php",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "jwks_uri": f"{MOODLE}/mod/lti/certs.php",
        "authorization_endpoint": f"{MOODLE}/mod/lti/auth.php",
        "registration_endpoint": f"{MOODLE}/mod/lti/openid-registration.php",
        **RS256,
        PLATFORM: {
            "product_family_code": "moodle",
            "version": "4.5",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
        },
        **changes,
    }


def canvas(**changes):
    return {
        "issuer": "https://canvas.instructure.com",
        "authorization_endpoint": "https://canvas.instructure.com/api/lti/authorize_redirect",
        "registration_endpoint": "https://school.instructure.com/api/lti/registrations",
        "jwks_uri": "https://canvas.instructure.com/login/oauth2/jwks",
        "token_endpoint": "https://school.instructure.com/login/oauth2/token",
        "authorization_server": "canvas.instructure.com",
        PLATFORM: {
            "product_family_code": "canvas",
            "https://canvas.instructure.com/lti/account_name": "Test University",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest", "placements": ["course_navigation"]},
                {
                    "type": "LtiDeepLinkingRequest",
                    "placements": ["assignment_selection", "editor_button", "homework_submission"],
                },
            ],
        },
        **changes,
    }


def blackboard(**changes):
    """As its developer portal answers, wrong key set included (BB-12)."""
    portal = "https://developer.blackboard.com"
    return {
        "issuer": "https://blackboard.com",
        "authorization_endpoint": f"{portal}/api/v1/gateway/oidcauth",
        "token_endpoint": f"{portal}/api/v1/gateway/oauth2/jwttoken",
        "jwks_uri": f"{portal}/.well-known/jwks.json",
        "registration_endpoint": f"{portal}/api/v1/gateway/registerLti?registrationToken=757",
        "id_token_signing_alg_values_supported": ["RS256", "RS512"],
        PLATFORM: {"product_family_code": "BlackboardLearn"},
        **changes,
    }


def parse(document, url):
    return parse_configuration(json.dumps(document), url)


def answered(document, url, answer):
    configuration = parse(document, url)
    registering = choose_registering("", configuration)
    return read_answer(json.dumps(answer), configuration, registering)


def refused(document, url):
    with pytest.raises(RegistrationProblem) as problem:
        parse(document, url)
    return problem.value


def test_a_moodle_is_read_as_it_speaks():
    new = answered(moodle(), MOODLE_URL, {"client_id": "abc", TOOL: {"deployment_id": "7"}})
    assert (new.issuer, new.client_id, new.deployments) == (MOODLE, "abc", ("7",))
    assert (new.auth_login_url, new.jwks_url) == (
        f"{MOODLE}/mod/lti/auth.php",
        f"{MOODLE}/mod/lti/certs.php",
    )
    assert (new.platform, new.token_audience) == ("moodle", None)


def test_an_answer_without_deployment_leaves_the_first_launch_to_an_administrator():
    """Canvas and Blackboard make deployments later. PAIN-16"""
    assert answered(canvas(), CANVAS_URL, {"client_id": 10000000000042}).deployments == ()


def test_canvas_is_known_by_heart():
    """One issuer for all schools, on another host than its single sign-on; the token address is
    the school's, and the audience it names is none of its addresses. CANVAS-1 to CANVAS-3"""
    new = answered(canvas(), CANVAS_URL, {"client_id": 10000000000042})
    assert new.issuer == "https://canvas.instructure.com"
    assert new.client_id == "10000000000042"
    assert new.auth_login_url == "https://sso.canvaslms.com/api/lti/authorize_redirect"
    assert new.jwks_url == "https://sso.canvaslms.com/api/lti/security/jwks"
    assert new.token_url == "https://school.instructure.com/login/oauth2/token"
    assert (new.token_audience, new.name) == (None, "Test University")


def test_blackboards_metadata_is_mended_by_what_is_known_of_it():
    """BB-1, BB-2, BB-12: its configuration names a key set that is not ours to use."""
    for wrong in ({}, {"issuer": "https://wrong.test"}, {"jwks_uri": None, "token_endpoint": None}):
        new = answered(blackboard(**wrong), BLACKBOARD_URL, {"client_id": "fe3ebd13-39a4"})
        assert new.issuer == "https://blackboard.com"
        assert new.token_url.endswith("/api/v1/gateway/oauth2/jwttoken")
        assert new.jwks_url == (
            "https://developer.blackboard.com/api/v1/management/applications/"
            "fe3ebd13-39a4/jwks.json"
        )


def test_what_is_known_of_a_worldwide_platform_is_believed_from_its_own_hosts_only():
    """LTI-DR-3: anybody may write that issuer into his own configuration."""
    assert refused(blackboard(), "https://evil.test/configuration").code == "issuer_mismatch"
    assert refused(canvas(), "https://evil.instructure.com.test/x").code == "issuer_mismatch"
    assert refused(canvas(), "https://canvas.school.test/x").code == "issuer_mismatch"


def test_brightspaces_audience_is_another_address_than_its_token_endpoint():
    """D2L-3, PAIN-17: named by the platform, or known."""
    site = "https://school.brightspace.com"
    document = moodle(
        issuer=site,
        token_endpoint="https://auth.brightspace.com/core/connect/token",
        authorization_server="https://api.brightspace.com/auth/token",
        **{PLATFORM: {"product_family_code": "desire2learn"}},
    )
    url = f"{site}/d2l/.well-known/openid-configuration"
    for changes in ({}, {"authorization_server": None}):
        new = answered(document | changes, url, {"client_id": "x"})
        assert new.token_audience == "https://api.brightspace.com/auth/token"
        assert new.platform == "brightspace"


@pytest.mark.parametrize(
    ("product", "code"),
    [
        ("moodle", "moodle"),
        ("canvas", "canvas"),
        ("BlackboardLearn", "blackboard"),
        ("desire2learn", "brightspace"),
        ("sakai", "sakai"),
        ("schoology", "generic"),
        ("", "generic"),
    ],
)
def test_the_product_is_what_the_platform_says(product, code):
    """SAKAI-4, GEN-1: every other platform is registered plainly."""
    assert find_registering("", product).code == code


def test_an_administrator_knows_better_which_product_it_is():
    assert find_registering("canvas", "moodle") is REGISTERING["canvas"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuer": "https://other.test"}, "issuer_mismatch"),
        ({"issuer": None}, "configuration_incomplete"),
        ({"issuer": ["https://moodle.school.test"]}, "configuration_incomplete"),
        ({"token_endpoint": None}, "configuration_incomplete"),
        ({"registration_endpoint": ""}, "configuration_incomplete"),
        ({"jwks_uri": "http://moodle.school.test/certs"}, "address_unsafe"),
        ({"registration_endpoint": "ftp://moodle.school.test/x"}, "address_unsafe"),
        ({"registration_endpoint": "https://a@moodle.school.test/x"}, "address_unsafe"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "address_unsafe"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "algorithm_unsupported"),
        ({"token_endpoint_auth_methods_supported": ["none"]}, "algorithm_unsupported"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_refused_by_name(changes, code):
    """LTI-DR-3, LTI-DR-4, LTI-P3"""
    problem = refused(moodle(**changes), MOODLE_URL)
    assert problem.code == code
    assert problem.status_hint == STATUSES[code]


@pytest.mark.parametrize("text", ["", "<html>", "[]", "null", '"x"', "[" * 100_000])
def test_what_is_no_configuration_is_named_so(text):
    with pytest.raises(RegistrationProblem) as problem:
        parse_configuration(text, MOODLE_URL)
    assert problem.value.code == "configuration_malformed"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("<html>", "registration_malformed"),
        ("{}", "client_id_missing"),
        ('{"client_id": null}', "client_id_missing"),
        ('{"client_id": true}', "client_id_missing"),
        ('{"client_id": " "}', "client_id_missing"),
    ],
)
def test_an_answer_without_a_client_id_is_no_registration(answer, code):
    configuration = parse(moodle(), MOODLE_URL)
    with pytest.raises(RegistrationProblem) as problem:
        read_answer(answer, configuration, REGISTERING["moodle"])
    assert problem.value.code == code
