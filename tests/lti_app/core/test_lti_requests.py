"""What leaves us: the authentication request, row by row; and what we say of ourselves."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from lti_app.core.lti.login import authentication_request
from lti_app.core.lti.registration import (
    NewRegistration,
    RegistrationInvalid,
    check_registration,
)
from lti_app.core.platforms.by_hand import build_by_hand
from lti_app.core.platforms.families import FAMILIES

ROOT = Path(__file__).parents[3]
SENT = {
    "client_id": "client-7",
    "redirect_uri": "https://lectern.example/lti/launch",
    "state": "S" * 64,
    "nonce": "n" * 43,
    "login_hint": "4",
}


def request(**changes) -> dict[str, list[str]]:
    values = {**SENT, "lti_message_hint": None, **changes}
    return parse_qs(urlsplit(authentication_request("https://p.example/auth", **values)).query)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("scope", "openid", id="LTI-L-1"),
        pytest.param("response_type", "id_token", id="LTI-L-2"),
        pytest.param("response_mode", "form_post", id="LTI-L-3"),
        pytest.param("prompt", "none", id="LTI-L-4"),
        pytest.param("client_id", "client-7", id="LTI-L-5"),
        pytest.param("redirect_uri", "https://lectern.example/lti/launch", id="LTI-L-6"),
        pytest.param("login_hint", "4", id="LTI-L-7"),
    ],
)
def test_each_parameter_is_sent_once_with_exactly_this_value(name, value):
    """LTI-L-1, LTI-L-2, LTI-L-3, LTI-L-4, LTI-L-5, LTI-L-6, LTI-L-7; moodle.md 3"""
    assert request()[name] == [value]


def test_a_message_hint_is_sent_when_there_was_one_and_only_then():
    """LTI-L-8"""
    assert "lti_message_hint" not in request()
    assert request(lti_message_hint='{"cmid":3}')["lti_message_hint"] == ['{"cmid":3}']


def test_nothing_is_asked_for_that_platforms_refuse():
    """moodle.md 3: `openid profile` fails; LTI-L-13: the deployment is never sent back."""
    assert set(request(lti_message_hint="h")) == {
        *("scope", "response_type", "response_mode", "prompt", "lti_message_hint"),
        *SENT,
    }


@pytest.mark.parametrize(
    ("family", "typed", "issuer", "deployment"),
    [
        pytest.param(
            "moodle",
            {"site": "https://moodle.example.org/"},
            "https://moodle.example.org",
            "3",
            id="MOODLE-1, MOODLE-2",
        ),
        pytest.param(
            "brightspace",
            {"site": "https://d2l.example.org/"},
            "https://d2l.example.org",
            "b5d1f8c0-0000-4000-8000-000000000001",
            id="D2L-1",
        ),
        pytest.param(
            "sakai",
            {"site": "https://sakai.example.org/", "token_url": "https://sakai.example.org/t/1"},
            "https://sakai.example.org",
            "1",
            id="SAKAI-1, SAKAI-2",
        ),
        pytest.param("blackboard", {}, "https://blackboard.com", "school-1", id="BB-1, BB-3"),
        pytest.param(
            "canvas",
            {"site": "https://school.instructure.com"},
            "https://canvas.instructure.com",
            "1:8865aa05b4b79b64",
            id="CANVAS-1",
        ),
    ],
)
def test_issuer_and_deployment_of_each_product(family, typed, issuer, deployment):
    """MOODLE-1, MOODLE-2, D2L-1, SAKAI-1, SAKAI-2, BB-1, BB-3, CANVAS-1: without a slash at the
    end, and the deployment is a text, whatever it looks like."""
    made = build_by_hand(family, {"client_id": "c", "deployment_id": deployment, **typed})
    assert (made.issuer, made.deployments) == (issuer, (deployment,))
    check_registration(made, FAMILIES)


@pytest.mark.parametrize("field", ["issuer", "auth_login_url", "token_url", "jwks_url"])
def test_a_platform_without_tls_is_not_registered(field):
    """LTI-P2: nothing of LTI goes unencrypted, but on this machine."""
    urls = ("issuer", "auth_login_url", "token_url", "jwks_url")
    good = dict.fromkeys(urls, "https://p.example/x") | {"client_id": "c"}
    check_registration(NewRegistration(**good), FAMILIES)
    with pytest.raises(RegistrationInvalid) as refused:
        check_registration(NewRegistration(**{**good, field: "http://p.example/x"}), FAMILIES)
    assert refused.value.field == field


def test_nobody_is_told_that_we_are_certified():
    """LTI-P5: certification is a benefit of 1EdTech's members."""
    texts = [ROOT / "README.md", ROOT / "lti_app" / "README.md"]
    texts += (ROOT / "lti_app" / "templates").rglob("*.html")
    claims = [path for path in texts if "lti certified" in path.read_text().lower()]
    assert claims == []
    assert not any("is certified" in path.read_text().lower() for path in texts)
