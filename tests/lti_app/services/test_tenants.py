"""Which tenant a host name leads to."""

import secrets

import pytest

from database.session import transaction
from lti_app.services import tenants


@pytest.fixture
def slug():
    return f"s-{secrets.token_hex(6)}"


def test_the_domain_leads_to_its_tenant_whatever_case_and_port(app, slug):
    with transaction(None) as session:
        made = tenants.ensure_tenant(session, slug, "School", domain=f"{slug}.Example.org")
        found = tenants.find_tenant_for_host(session, f"{slug}.EXAMPLE.org:8000", "nothing")

    assert found is made


def test_other_host_names_lead_to_the_default_tenant(app, slug):
    with transaction(None) as session:
        made = tenants.ensure_tenant(session, slug, "School")

        assert tenants.find_tenant_for_host(session, "localhost:8000", slug) is made


def test_a_tenant_that_is_switched_off_is_not_found(app, slug):
    with transaction(None) as session:
        tenants.ensure_tenant(session, slug, "School").is_active = False

        assert tenants.find_tenant_for_host(session, "localhost", slug) is None


def test_making_a_tenant_twice_makes_one(app, slug):
    with transaction(None) as session:
        first = tenants.ensure_tenant(session, slug, "School")

        assert tenants.ensure_tenant(session, slug, "Other name") is first


@pytest.mark.parametrize("bad", ["", "Upper", "-x", "x-", "a b", "a" * 64, "a/b"])
def test_a_tenant_name_is_safe_in_addresses(app, bad):
    with transaction(None) as session, pytest.raises(tenants.TenantInvalid):
        tenants.ensure_tenant(session, bad, "School")
