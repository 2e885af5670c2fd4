"""Platforms of a tenant and their deployments."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from database.routing import RouteTaken
from database.session import transaction
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.registration import NewRegistration, RegistrationInvalid
from lti_app.models.tenant import Tenant
from lti_app.services import keys, registrations
from lti_app.services.tenants import current_tenant_id
from tests.lti_app.lti_fixtures import tool_pem


@pytest.fixture
def new(tenant) -> NewRegistration:
    """A platform that no other test has."""
    issuer = f"https://{tenant.hex}.example"
    return NewRegistration(
        issuer=issuer,
        client_id="abc",
        auth_login_url=f"{issuer}/auth",
        token_url=f"{issuer}/token",
        jwks_url=f"{issuer}/jwks",
        deployments=("1", "2"),
    )


@pytest.fixture
def key(session):
    return keys.ensure_current_key(session, tool_pem)


@pytest.mark.usefixtures("key")
def test_registering_again_brings_the_same_row_up_to_date(session, new):
    first = registrations.register(session, replace(new, name="School"))
    again = registrations.register(session, replace(new, token_audience="https://other/aud"))
    assert first.id == again.id
    assert (again.name, again.token_audience) == ("School", "https://other/aud")
    assert [d.deployment_id for d in registrations.list_deployments(session, first.id)] == [
        "1",
        "2",
    ]


def test_the_first_registration_makes_the_tenants_key(session, new, monkeypatch):
    registrations.register(session, new)
    [jwk] = keys.list_public_keys(session)
    assert jwk["kid"] == keys.find_current_key(session).kid
    registrations.register(session, replace(new, client_id="second"))
    assert len(keys.list_public_keys(session)) == 1


def test_one_client_of_an_issuer_belongs_to_one_tenant(tenant, other_tenant, new):
    """PAIN-16"""
    for owner in (tenant, other_tenant):
        with transaction(owner) as session:
            keys.ensure_current_key(session, tool_pem)
    with transaction(tenant) as session:
        registrations.register(session, new)
    with transaction(other_tenant) as session:
        with pytest.raises(RouteTaken):
            registrations.register(session, new)
        other = registrations.register(session, replace(new, client_id="theirs"))
        assert [row.id for row in registrations.list_registrations(session)] == [other.id]
    with transaction(None) as session:
        assert registrations.enter_tenant(session, new.issuer, "abc").tenant_id == tenant
        assert current_tenant_id(session) == tenant
        assert registrations.enter_tenant(session, new.issuer, "theirs").tenant_id == other_tenant
        assert current_tenant_id(session) == other_tenant
        with pytest.raises(Refusal, match="registration_ambiguous"):
            registrations.enter_tenant(session, new.issuer, None)


@pytest.mark.usefixtures("key")
def test_a_platform_that_cannot_work_is_not_stored(session, new):
    with pytest.raises(RegistrationInvalid):
        registrations.register(session, replace(new, jwks_url="nowhere"))
    assert registrations.list_registrations(session) == []


def test_a_tenant_that_is_switched_off_has_no_logins(tenant, new):
    with transaction(tenant) as session:
        keys.ensure_current_key(session, tool_pem)
        registrations.register(session, new)
    with transaction(None) as session:
        session.execute(update(Tenant).where(Tenant.id == tenant).values(is_active=False))
    with transaction(None) as session, pytest.raises(Refusal, match="registration_disabled"):
        registrations.enter_tenant(session, new.issuer, "abc")


@pytest.mark.usefixtures("key")
def test_a_deployment_waits_is_approved_and_can_be_switched_off(session, new):
    """LTI-A11, LTI-A12"""
    registration = registrations.register(session, replace(new, deployments=()))
    seen = registrations.note_deployment(session, registration.id, "7", "Physics")
    again = registrations.note_deployment(session, registration.id, "7", "Other")
    assert (again.id, again.state, again.name) == (seen.id, "pending", "Physics")
    [(waiting, _)] = registrations.list_pending_deployments(session)
    assert waiting.id == seen.id
    assert registrations.approve_deployment(session, seen.id).state == "approved"
    assert registrations.disable_deployment(session, seen.id).state == "disabled"
    registrations.add_deployment(session, registration.id, "7")
    assert registrations.list_deployments(session, registration.id)[0].state == "disabled"


def test_what_is_not_there_is_named(session, tenant):
    for call in (
        registrations.get_registration,
        registrations.approve_deployment,
        registrations.disable_deployment,
    ):
        with pytest.raises(registrations.RegistrationNotFound):
            call(session, tenant)


@pytest.mark.parametrize(
    "url",
    [
        "https://lms.example;script-src *",
        "https://*",
        "https://a,b",
        "http://lms.example",
        "https://user@lms.example",
        "https://lms.example\\@evil.example",
        "javascript:alert(1)",
        "https://[::1",
    ],
)
def test_an_address_of_a_platform_is_an_address_and_nothing_more(session, new, url):
    """Its origin becomes part of the Content-Security-Policy of the player. PAIN-01"""
    with pytest.raises(RegistrationInvalid):
        registrations.register(session, replace(new, auth_login_url=url))
