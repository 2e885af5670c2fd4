"""Floods of logins, and launches that name nobody."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.context import LinkMember
from lti_app.models.login import LtiLogin
from lti_app.services import registrations
from lti_app.views import lti_rates
from tests.lti_app.fake_platform import INSTRUCTOR
from xapi_lrs.services.rates import MemoryRates


@pytest.fixture
def limits(app, monkeypatch):
    """limits(lti_logins=3): so many in a minute, counted from now on."""

    def set_limits(**values):
        monkeypatch.setitem(app.config, "LECTERN", replace(app.config["LECTERN"], **values))
        counting = MemoryRates(lambda: 0.0)
        monkeypatch.setattr(lti_rates, "_rates", lambda: counting)

    return set_limits


def logins(tenant) -> int:
    with transaction(tenant) as session:
        return session.scalar(select(func.count()).select_from(LtiLogin)) or 0


def test_too_many_logins_of_one_address_wait_and_leave_no_row(browser, limits, tenant):
    limits(lti_logins=3)
    assert [browser.login().status_code for _ in range(5)] == [302, 302, 302, 429, 429]
    assert logins(tenant) == 3
    answer = browser.login()
    assert int(answer.headers["Retry-After"]) >= 1
    assert "open the activity again" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


def test_another_address_is_not_kept_waiting(browser, limits):
    limits(lti_logins=1)
    assert browser.login().status_code == 302
    assert browser.login().status_code == 429
    other = {"REMOTE_ADDR": "203.0.113.9"}
    values = {"iss": browser.platform.issuer, "login_hint": "4", "client_id": "lectern-test"}
    answer = browser.open("/lti/login", "POST", data=values, environ_base=other)
    assert answer.status_code == 302


def test_an_address_that_is_refused_again_and_again_fills_no_log(browser, limits):
    """Whoever begins logins to post rubbish is stopped; launches that work are not counted."""
    limits(lti_refusals=2)
    assert browser.launch().status_code == 303
    for _ in range(2):
        begun = browser.begin()
        assert browser.post(begun, "rubbish").status_code == 400
    rows = len(browser.log())
    assert browser.login().status_code == 429
    assert browser.post(begun, "rubbish").status_code == 429
    assert len(browser.log()) == rows


def test_no_limit_is_a_limit_of_zero(browser, limits):
    limits(lti_logins=0, lti_refusals=0)
    assert {browser.login().status_code for _ in range(20)} == {302}


def allow(tenant, wanted=True):
    with transaction(tenant) as session:
        registrations.allow_anonymous(session, allow=wanted)


@pytest.mark.parametrize("subject", [None, ""])
def test_a_launch_without_a_person_is_refused_unless_the_tenant_wants_it(browser, tenant, subject):
    """LTI-B12"""
    browser.refused(browser.launch(sub=subject), "sub_missing")
    allow(tenant)
    assert browser.launch(sub=subject).status_code == 303
    allow(tenant, wanted=False)
    browser.refused(browser.launch(sub=subject), "sub_missing")


def test_somebody_anonymous_is_new_at_each_launch_and_never_graded(browser, tenant):
    """LTI-B12, LTI-G05: no role, so neither a teacher's page nor a grade."""
    allow(tenant)
    people = {
        browser.token_of(browser.launch(sub=None, roles=[INSTRUCTOR])).user_id for _ in range(2)
    }
    assert len(people) == 2
    with transaction(tenant) as session:
        assert set(session.scalars(select(LinkMember.role))) == {"none"}


def test_somebody_who_is_named_is_himself_where_anonymous_launches_are_allowed(browser, tenant):
    allow(tenant)
    people = {browser.token_of(browser.launch()).user_id for _ in range(2)}
    assert len(people) == 1


def test_anonymous_launches_are_switched_on_and_off_on_the_page_of_platforms(portal):
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    assert "Let them in" in portal.get("/admin/platforms/").text
    portal.post("/admin/platforms/anonymous", {"allow": "yes"})
    assert "Refuse them" in portal.get("/admin/platforms/").text
    portal.post("/admin/platforms/anonymous", {"allow": "no"})
    with transaction(portal.tenant) as session:
        assert not registrations.allows_anonymous(session)
