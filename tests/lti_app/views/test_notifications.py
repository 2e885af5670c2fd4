"""The bell, the list, the switches, the link in the mail."""

from datetime import UTC, datetime

import pytest

from database.session import transaction
from lti_app.core.mail_link import MailOff, sign_mail_off
from lti_app.core.permissions import Role
from lti_app.services import notifications

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def told(portal):
    user_id = portal.sign_in_as(Role.LEARNER)
    with transaction(portal.tenant) as session:
        row = notifications.notify(
            session, user_id, "enrolled", {"course": "<Fire>"}, NOW, path="/catalogue"
        )
        return user_id, row.id


def test_the_bell_counts_and_the_list_leads_there(portal, told):
    assert "Notifications: 1 unread" in portal.get("/account").text
    page = portal.get("/notifications").text
    assert "You are enrolled in “&lt;Fire&gt;”" in page
    assert portal.get(f"/notifications/{told[1]}").headers["Location"] == "/catalogue"
    assert "Notifications: 0 unread" in portal.get("/account").text


def test_all_are_marked_as_read_at_once(portal, told):
    assert portal.post("/notifications/read").status_code == 303
    assert "You have read everything" in portal.get("/notifications").text


def test_nobody_follows_a_notice_of_somebody_else(portal, told):
    portal.post("/sign-out", form="/account")
    portal.sign_in_as(Role.INSTRUCTOR)
    assert portal.get(f"/notifications/{told[1]}").status_code == 404


def test_switches_are_kept(portal, told):
    """Each kind for each channel, on the account page."""
    portal.post("/account/notifications", {"enrolled:portal": "on"})
    with transaction(portal.tenant) as session:
        chosen = notifications.list_choices(session, told[0])
    assert chosen["enrolled", "portal"] is True
    assert chosen["enrolled", "mail"] is False
    assert chosen["graded", "mail"] is False
    assert "needs_grading" not in {kind for kind, _ in chosen}


def test_one_request_of_a_mail_program_ends_a_kind_of_mail(app, portal, told):
    """Without a cookie or a token of a form; a GET alone changes nothing. RFC 8058 3.1"""
    off = MailOff(portal.tenant, told[0], "enrolled")
    path = f"/mail/off/{sign_mail_off(app.config['SECRET_KEY'], off)}"
    stranger, here = app.test_client(), {"base_url": "http://localhost:8000"}
    assert stranger.get(path, **here).status_code == 200
    with transaction(portal.tenant) as session:
        assert notifications.list_choices(session, told[0]) == {}
    assert stranger.post(path, data={"List-Unsubscribe": "One-Click"}, **here).status_code == 200
    with transaction(portal.tenant) as session:
        assert notifications.list_choices(session, told[0]) == {("enrolled", "mail"): False}
    assert stranger.get(path + "x", **here).status_code == 404
