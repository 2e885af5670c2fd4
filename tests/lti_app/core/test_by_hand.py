"""The addresses of a platform out of the little that an administrator types."""

import pytest

from lti_app.core.lti.registration import RegistrationInvalid, check_registration
from lti_app.core.platforms.by_hand import BY_HAND, build_by_hand, find_preset
from lti_app.core.platforms.registering import REGISTERING

TYPED = {"client_id": "c1", "deployment_id": "1", "name": "Ours"}


def test_there_are_steps_for_every_product():
    assert BY_HAND.keys() == REGISTERING.keys()


def test_a_moodle_by_its_address():
    new = build_by_hand("moodle", TYPED | {"site": "https://moodle.test/school/ "[:-1]})
    assert new.issuer == "https://moodle.test/school"
    assert new.token_url == "https://moodle.test/school/mod/lti/token.php"
    assert (new.client_id, new.deployments, new.name) == ("c1", ("1",), "Ours")


@pytest.mark.parametrize(
    ("site", "environment"),
    [
        ("https://school.instructure.com", ""),
        ("school.instructure.com/login", ""),
        ("https://school.beta.instructure.com/", "beta."),
        ("https://school.test.instructure.com", "test."),
    ],
)
def test_a_canvas_by_its_school(site, environment):
    """CANVAS-1, CANVAS-2, CANVAS-3"""
    new = build_by_hand("canvas", TYPED | {"site": site})
    assert new.issuer == f"https://canvas.{environment}instructure.com"
    sso = f"https://sso.{environment}canvaslms.com"
    assert new.auth_login_url == f"{sso}/api/lti/authorize_redirect"
    assert new.jwks_url == f"{sso}/api/lti/security/jwks"
    assert new.token_url == f"https://school.{environment}instructure.com/login/oauth2/token"


def test_blackboard_needs_two_ids_only():
    """BB-1, BB-2, BB-3"""
    assert BY_HAND["blackboard"].asks == ("client_id", "deployment_id")
    new = build_by_hand("blackboard", TYPED)
    assert new.issuer == "https://blackboard.com"
    assert new.jwks_url.endswith("/management/applications/c1/jwks.json")


def test_a_brightspace_by_its_address():
    """D2L-1, D2L-2, D2L-3"""
    new = build_by_hand("brightspace", TYPED | {"site": "https://school.brightspace.com/"})
    assert new.issuer == "https://school.brightspace.com"
    assert new.auth_login_url == "https://school.brightspace.com/d2l/lti/authenticate"
    assert new.jwks_url == "https://school.brightspace.com/d2l/.well-known/jwks"
    assert new.token_url == "https://auth.brightspace.com/core/connect/token"
    assert new.token_audience == "https://api.brightspace.com/auth/token"


def test_a_sakai_by_its_address_and_the_tokens():
    """SAKAI-1: the issuer has no slash at its end."""
    assert BY_HAND["sakai"].asks == ("site", "token_url", "client_id", "deployment_id")
    token_url = "https://sakai.test/imsblis/lti13/token/1"
    new = build_by_hand("sakai", TYPED | {"site": "https://sakai.test/", "token_url": token_url})
    assert (new.issuer, new.token_url) == ("https://sakai.test", token_url)


@pytest.mark.parametrize("family", sorted(BY_HAND))
def test_what_comes_out_can_be_registered(family):
    asks = BY_HAND[family].asks
    typed = {name: f"https://lms.test/{name}" for name in asks} | TYPED
    check_registration(build_by_hand(family, typed), {family: None})


@pytest.mark.parametrize(
    "typed", [{}, {"site": "", "client_id": "c"}, {"site": "//", "client_id": "c"}]
)
def test_a_field_that_is_missing_is_named(typed):
    with pytest.raises(RegistrationInvalid) as problem:
        build_by_hand("moodle", typed)
    assert problem.value.field == "site"


@pytest.mark.parametrize(
    ("family", "site", "client_id", "expected"),
    [
        ("moodle", "moodle.town.example", "c", "https://moodle.town.example/mod/lti/certs.php"),
        ("moodle", "", "c", None),
        ("canvas", "school.instructure.com", "", "https://sso.canvaslms.com/api/lti/security/jwks"),
        ("blackboard", "", "", None),
        ("brightspace", "https://d.example", "", "https://d.example/d2l/.well-known/jwks"),
        ("generic", "https://x.example", "", None),
    ],
)
def test_a_form_is_filled_with_what_is_known_so_far(family, site, client_id, expected):
    """CANVAS-2, BB-2, D2L-2, D2L-3: what takes something that is missing stays empty"""
    preset = find_preset(family, site, client_id)
    assert preset.get("jwks_url") == expected
    assert preset["platform"] == family
    assert ("token_audience" in preset) == (family == "brightspace")
