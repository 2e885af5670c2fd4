"""An address with a token in it ends when an administrator switches something off."""

import json
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.registration import Deployment, Registration
from lti_app.models.tenant import Tenant
from lti_app.models.user import User
from lti_app.views.player_host import PlayerDoors
from tests.lti_app.conftest import publish, stock
from tests.lti_app.fake_platform import INSTRUCTOR
from tests.lti_app.learner import Learner

CONTENT_URL = "http://127.0.0.1:8000"
SWITCHES = {
    "the person": (User, {"is_active": False}),
    "the registration": (Registration, {"is_active": False}),
    "the deployment": (Deployment, {"state": "disabled"}),
}


def switch_off(tenant, model, values):
    with transaction(tenant) as session:
        session.execute(update(model).values(values))


def switch_tenant_off(tenant):
    with transaction(None) as session:
        session.execute(update(Tenant).where(Tenant.id == tenant).values(is_active=False))


def open_player(app, path):
    with app.app_context():
        return app.test_client().post(f"{path}open", base_url=CONTENT_URL, data=json.dumps({}))


@pytest.mark.parametrize("what", SWITCHES)
def test_a_launched_player_stops_when_it_is_switched_off(browser, app, what):
    """PAIN-13: until then a token is renewed for as long as it is used."""
    path = urlsplit(browser.launch().location).path
    assert open_player(app, path).status_code == 200
    switch_off(browser.tenant, *SWITCHES[what])
    assert open_player(app, path).status_code == 401


def test_a_player_of_the_portal_stops_with_the_person_and_with_the_tenant(portal):
    package = stock(portal)
    publish(portal, package)
    portal.sign_in_as(Role.LEARNER)
    path = urlsplit(portal.post(f"/play/{package}").location).path
    assert open_player(portal.app, path).status_code == 200
    switch_tenant_off(portal.tenant)
    assert open_player(portal.app, path).status_code == 401
    with transaction(None) as session:
        session.execute(update(Tenant).where(Tenant.id == portal.tenant).values(is_active=True))
    switch_off(portal.tenant, *SWITCHES["the person"])
    assert open_player(portal.app, path).status_code == 401


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize("what", SWITCHES)
def test_a_teachers_page_of_grades_ends_when_it_is_switched_off(browser, app, what):
    teacher = Learner(browser, roles=[INSTRUCTOR])
    doors = PlayerDoors("http://localhost:8000", app.config["SECRET_KEY"])
    with transaction(browser.tenant) as session:
        path = urlsplit(doors.grades_url(session, teacher.token)).path
    assert browser.open(path).status_code == 200
    switch_off(browser.tenant, *SWITCHES[what])
    assert browser.open(path).status_code == 401
