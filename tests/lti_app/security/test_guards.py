"""Who may open what: each page with each role, and with none."""

import pytest

from lti_app.core.permissions import Role

EVERYBODY = set(Role)
CREATORS = EVERYBODY - {Role.LEARNER}
ADMINISTRATORS = {Role.SYSTEM_ADMINISTRATOR, Role.TENANT_ADMINISTRATOR}
PAGES = {
    "/learning": EVERYBODY,
    "/catalogue": EVERYBODY,
    "/account": EVERYBODY,
    "/admin/": CREATORS,
    "/admin/packages/": CREATORS,
    "/admin/packages/upload": CREATORS,
    "/admin/grades/": CREATORS,
    "/admin/platforms/": ADMINISTRATORS,
    "/admin/platforms/new": ADMINISTRATORS,
    "/admin/launches/": ADMINISTRATORS,
    "/admin/people/": ADMINISTRATORS,
    "/admin/people/new": ADMINISTRATORS,
}


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_each_role_opens_its_pages_and_no_others(portal, role):
    portal.sign_in_as(role)
    opened = {path: portal.get(path).status_code for path in PAGES}

    assert opened == {path: 200 if role in allowed else 403 for path, allowed in PAGES.items()}


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_navigation_offers_only_what_the_role_may_open(portal, role):
    portal.sign_in_as(role)
    for path, allowed in PAGES.items():
        if path.startswith("/admin") and path.count("/") <= 3 and path.endswith("/"):
            start = portal.get("/admin/" if role in CREATORS else "/learning").text
            assert (f'href="{path}"' in start) == (role in allowed), path


def test_strangers_are_asked_to_sign_in(portal):
    assert {portal.get(path).status_code for path in PAGES} == {302}


def test_programs_get_401_and_no_redirect(portal):
    answer = portal.get("/learning", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "unauthorized"
