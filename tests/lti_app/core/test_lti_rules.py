"""Small rules of login, state, redaction and registration."""

from dataclasses import replace
from uuid import uuid4

import pytest

from lti_app.core.lti import claims as c
from lti_app.core.lti.login import authentication_request, check_target, parse_initiation
from lti_app.core.lti.reasons import STATUSES, Refusal
from lti_app.core.lti.redaction import HIDDEN, redact
from lti_app.core.lti.registration import (
    NewRegistration,
    RegistrationInvalid,
    check_registration,
)
from lti_app.core.lti.state import build_state, cookie_name, read_tenant
from lti_app.views.lti_pages import TEXTS

REGISTRATION = NewRegistration(
    issuer="https://lms.example",
    client_id="abc",
    auth_login_url="https://lms.example/auth",
    token_url="https://lms.example/token",
    jwks_url="https://lms.example/jwks",
)


def test_a_state_carries_its_tenant_and_is_url_safe():
    """LTI-L-9, moodle.md 3"""
    tenant = uuid4()
    state = build_state(tenant, bytes(range(224, 256)))
    assert read_tenant(state) == tenant
    assert len(state) == 64
    assert set(state) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert cookie_name(state).startswith("lectern_lti_")
    assert state not in cookie_name(state)


def test_the_query_of_the_authentication_address_is_kept_and_hints_are_echoed():
    """LTI-L-7, LTI-L-8"""
    url = authentication_request(
        "https://p/auth?tenant=1",
        client_id="c",
        redirect_uri="https://t/launch",
        state="s",
        nonce="n",
        login_hint='{"a":"ü&="}',
        lti_message_hint="",
    )
    assert url.startswith("https://p/auth?tenant=1&scope=openid&")
    assert "login_hint=%7B%22a%22%3A%22%C3%BC%26%3D%22%7D" in url
    assert url.endswith("lti_message_hint=")


@pytest.mark.parametrize("name", ["lti_deployment_id", "deployment_id"])
def test_the_deployment_hint_has_two_names(name):
    """LTI-L-13"""
    made = parse_initiation({"iss": "i", "login_hint": "h", name: "7"})
    assert made.lti_deployment_id == "7"


@pytest.mark.parametrize(
    "target",
    [
        "https://t.example.evil.example/",
        "http://t.example/",
        "https://t.example:444/",
        "//t.example/",
        "javascript:alert(1)",
        "https://t.example@evil.example/",
        "/lti/launch",
    ],
)
def test_a_target_elsewhere_is_foreign(target):
    """LTI-A22"""
    with pytest.raises(Refusal, match="target_link_foreign"):
        check_target(target, "https://t.example")
    check_target("https://T.example/lti/launch?x=1", "https://t.example")


def test_redaction_finds_a_value_wherever_it_stands():
    """LTI-P4"""
    claims = {
        "sub": "4",
        "name": "Stan Student",
        "email": "stan@example.com",
        "address": {"street": "x"},
        c.LIS: {"person_sourcedid": "S-0001", "course_section_sourcedid": "SIS"},
        c.EXT: {"user_username": "student1", "lms": "moodle-2"},
        c.CUSTOM: {"who": "student1", "mail": "stan@example.com", "sc_item": "demo"},
        c.TOOL_PLATFORM: {"name": "Test Moodle"},
        c.LAUNCH_PRESENTATION: {"return_url": "https://p/return.php?sesskey=1"},
        c.BASIC_OUTCOME: {"lis_result_sourcedid": '{"hash":"x"}'},
    }
    made = redact(claims)
    assert made["name"] == made["email"] == made["address"] == HIDDEN
    assert made[c.CUSTOM] == {"who": HIDDEN, "mail": HIDDEN, "sc_item": "demo"}
    assert made[c.LIS] == {"person_sourcedid": HIDDEN, "course_section_sourcedid": "SIS"}
    assert made[c.EXT] == {"user_username": HIDDEN, "lms": "moodle-2"}
    assert made[c.TOOL_PLATFORM] == {"name": "Test Moodle"}
    assert made[c.LAUNCH_PRESENTATION] == {"return_url": "https://p/return.php"}
    assert made[c.BASIC_OUTCOME] == {"lis_result_sourcedid": HIDDEN}
    assert made["sub"] == "4"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", ""),
        ("issuer", "http://lms.example"),
        ("issuer", "https://lms.example/ x"),
        ("client_id", ""),
        ("client_id", "a b"),
        ("auth_login_url", "ftp://lms.example"),
        ("token_url", "https://user:pass@lms.example/token"),
        ("jwks_url", "/jwks"),
        ("jwks_url", "http://169.254.169.254/jwks"),
        ("platform", "unheard-of"),
        ("leeway_seconds", 301),
        ("deployments", ("",)),
    ],
)
def test_a_registration_that_cannot_work_names_the_field(field, value):
    with pytest.raises(RegistrationInvalid) as refused:
        check_registration(replace(REGISTRATION, **{field: value}), {"generic": None})
    assert refused.value.field == field


def test_a_registration_on_this_machine_may_be_http():
    check_registration(replace(REGISTRATION, issuer="http://localhost:8090"), {"generic": None})


def test_every_text_belongs_to_a_reason_and_every_status_is_a_refusal():
    """guide 6.1.1: 400 or 401; 404 only for launches that are right but have nothing to open"""
    assert set(TEXTS) <= set(STATUSES)
    odd = {code for code, status in STATUSES.items() if status not in (400, 401)}
    opens_nothing = {"content_missing", "content_unknown", "content_unplayable", "review_nothing"}
    assert odd == opens_nothing


@pytest.mark.parametrize(
    ("host", "is_accepted"),
    [
        ("moodle", True),
        ("10.1.2.3", True),
        ("[fd12::1]", True),
        ("lms.town.local", True),
        ("lms.example", False),
        ("169.254.169.254", False),
        ("8.8.8.8", False),
    ],
)
def test_an_intranet_may_do_without_https_where_the_operator_allows_it(host, is_accepted):
    """Setting PRIVATE_PLATFORMS; a host of the internet never may"""
    made = replace(REGISTRATION, token_url=f"http://{host}/token")
    for allows in (True, False):
        if allows and is_accepted:
            check_registration(made, {"generic": None}, allows_intranet=True)
        else:
            with pytest.raises(RegistrationInvalid):
                check_registration(made, {"generic": None}, allows_intranet=allows)
