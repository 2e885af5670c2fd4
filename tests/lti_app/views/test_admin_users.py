"""People: made, changed, let in or not."""

import pytest
from sqlalchemy import func, select

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.user import User
from lti_app.services import users
from tests.lti_app.conftest import PASSWORD

NEW = {
    "given_name": "Grace",
    "family_name": "Hopper",
    "email": "grace@school.test",
    "role": "instructor",
    "password": PASSWORD,
}


@pytest.fixture
def admin(portal):
    return portal.sign_in_as(Role.TENANT_ADMINISTRATOR)


@pytest.fixture
def learner(portal, admin):
    return portal.add(Role.LEARNER, name="Leo Learner")


def find(portal, email):
    with transaction(portal.tenant) as session:
        return users.find_user_by_email(session, email)


def test_an_administrator_adds_people_who_can_sign_in(portal, admin):
    answer = portal.post("/admin/people/new", NEW)
    assert answer.status_code == 303
    assert "Grace Hopper" in portal.get("/admin/people/").text
    portal.post("/sign-out")

    assert portal.sign_in("grace@school.test").status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "", "Enter an e-mail address."),
        ("email", "no address", "is no e-mail address"),
        ("email", "tenant_administrator@school.test", "exists already"),
        ("password", "short", "at least 10 characters"),
        ("role", "system_administrator", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(portal, admin, field, value, message):
    """Also: nobody makes somebody with a role above the own."""
    answer = portal.post("/admin/people/new", NEW | {field: value})

    assert answer.status_code == 422
    beside = answer.text.split(f'id="{field}-error"')[1][:900]
    assert message in beside.replace("&#39;", "'")
    with transaction(portal.tenant) as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1


def test_a_system_administrator_makes_another(portal):
    portal.sign_in_as(Role.SYSTEM_ADMINISTRATOR)
    portal.post("/admin/people/new", NEW | {"role": "system_administrator"})

    assert find(portal, "grace@school.test").role == "system_administrator"


def test_a_role_is_changed(portal, learner):
    portal.post(f"/admin/people/{learner}/role", {"role": "content_creator"})

    assert find(portal, "learner@school.test").role == "content_creator"


def test_a_password_is_reset(portal, learner):
    portal.post(f"/admin/people/{learner}/password", {"password": "an entirely new one"})
    portal.post("/sign-out")

    assert portal.sign_in("learner@school.test", "an entirely new one").status_code == 303


def test_people_are_switched_off_and_on(portal, learner):
    portal.post(f"/admin/people/{learner}/active", {"active": "no"})
    assert "Switched off" in portal.get("/admin/people/").text
    assert not find(portal, "learner@school.test").is_active

    portal.post(f"/admin/people/{learner}/active", {"active": "yes"})
    assert find(portal, "learner@school.test").is_active


@pytest.mark.parametrize("change", ["role", "password", "active"])
def test_nobody_locks_himself_out(portal, admin, change):
    data = {"role": "learner", "password": "an entirely new one", "active": "no"}

    assert portal.post(f"/admin/people/{admin}/{change}", data).status_code == 403


@pytest.mark.parametrize("change", ["role", "password", "active"])
def test_a_tenant_administrator_does_not_touch_a_system_administrator(portal, admin, change):
    system = portal.add(Role.SYSTEM_ADMINISTRATOR)
    data = {"role": "learner", "password": "an entirely new one", "active": "no"}

    assert portal.post(f"/admin/people/{system}/{change}", data).status_code == 403


def test_people_of_another_tenant_do_not_exist(portal, admin, other_tenant):
    elsewhere = type(portal)(portal.app, portal.client, other_tenant, portal.origin)
    stranger = elsewhere.add(Role.LEARNER)

    assert portal.get(f"/admin/people/{stranger}").status_code == 404
    path = f"/admin/people/{stranger}/password"
    assert portal.post(path, {"password": "an entirely new one"}).status_code == 404


def test_long_lists_have_pages(portal, admin):
    with transaction(portal.tenant) as session:
        for number in range(55):
            session.add(User(display_name=f"P {number}", family_name=f"P{number:02}"))
    first, second = portal.get("/admin/people/").text, portal.get("/admin/people/?page=2").text

    assert "Page 1 of 2" in first
    assert "P 54" in second
    assert "P 54" not in first
