"""Addresses of another organisation's things lead nowhere, and change nothing there."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.lti.registration import NewRegistration
from lti_app.core.permissions import Role
from lti_app.models.registration import Deployment
from lti_app.services import registrations


@pytest.fixture
def admin(portal):
    return portal.sign_in_as(Role.TENANT_ADMINISTRATOR)


@pytest.fixture
def foreign(other_tenant):
    """A platform of the other organisation."""
    host = f"https://{uuid4().hex}.test"
    new = NewRegistration(
        issuer=host,
        client_id="lectern",
        auth_login_url=f"{host}/auth",
        token_url=f"{host}/token",
        jwks_url=f"{host}/jwks",
        name="Theirs",
    )
    with transaction(other_tenant) as session:
        return registrations.register(session, new).id


def test_a_deployment_is_not_added_to_a_platform_of_others(portal, admin, foreign, other_tenant):
    """It would be kept here under their key, and their own deployment of that id be refused."""
    answer = portal.post(f"/admin/platforms/{foreign}/deployments", {"deployment_id": "7"})
    assert answer.status_code == 404
    for tenant in (portal.tenant, other_tenant):
        with transaction(tenant) as session:
            found = select(Deployment).where(Deployment.registration_id == foreign)
            assert session.scalars(found).all() == []


@pytest.mark.parametrize("path", ["/admin/platforms/jobs/{}", "/admin/rosters/{}"])
def test_what_is_not_here_is_not_found(portal, admin, path):
    assert portal.get(path.format(uuid4())).status_code == 404
