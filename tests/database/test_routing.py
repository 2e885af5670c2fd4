"""A stranger's key leads to one tenant."""

import secrets

import pytest

from database.routing import RouteTaken, find_keys, find_tenant, record_route
from database.session import transaction


def test_a_key_leads_to_its_tenant_also_when_recorded_twice(tenant):
    key = secrets.token_hex(8)
    with transaction(None) as session:
        record_route(session, "lti", key, tenant)
        record_route(session, "lti", key, tenant)
        assert find_tenant(session, "lti", key) == tenant
        assert find_tenant(session, "lrs_key", key) is None


def test_another_tenant_cannot_take_a_key_over(tenant, other_tenant):
    """Two schools behind one issuer and client must not be confused. PAIN-16"""
    key = secrets.token_hex(8)
    with transaction(None) as session:
        record_route(session, "lti", key, tenant)
    with pytest.raises(RouteTaken), transaction(None) as session:
        record_route(session, "lti", key, other_tenant)


def test_the_keys_of_an_issuer_are_found_by_their_beginning(tenant):
    issuer = f"https://{secrets.token_hex(4)}.example/100%_"
    with transaction(None) as session:
        record_route(session, "lti", f"{issuer} b", tenant)
        record_route(session, "lti", f"{issuer} a", tenant)
        record_route(session, "lti", f"{issuer.replace('%', 'x')} c", tenant)
        assert find_keys(session, "lti", f"{issuer} ") == [f"{issuer} a", f"{issuer} b"]
