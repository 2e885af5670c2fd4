"""Administrators see what was mailed; without a server, what would have been."""

from datetime import UTC, datetime

from sqlalchemy import select

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.jobs import mail as job
from lti_app.models.notification import Mail
from lti_app.services import notifications

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_a_trial_installation_shows_its_mails(portal):
    """Nobody is written to before a mail server is named. PAIN-29"""
    user_id = portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    with transaction(portal.tenant) as session:
        notifications.notify(session, user_id, "enrolled", {"course": "<Fire>"}, NOW)
        mail_id = session.scalars(select(Mail.id)).one()
    job.send(str(portal.tenant), str(mail_id))
    assert "No mail server is configured" in portal.get("/admin/mails/").text
    assert "“&lt;Fire&gt;”" in portal.get(f"/admin/mails/{mail_id}").text


def test_the_overview_has_the_figures_of_learning(portal):
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    page = portal.get("/admin/").text
    assert "People active" in page
    assert "Courses completed" in page


def test_a_language_that_a_person_chose_is_kept(portal):
    """Whatever the browser asks for."""
    portal.sign_in_as(Role.LEARNER)
    assert portal.post("/account/language", {"language": "ar"}).status_code == 303
    page = portal.get("/account", headers={"Accept-Language": "en"}).text
    assert '<html lang="ar" dir="rtl">' in page
    portal.post("/account/language", {"language": "xx"})
    assert '<html lang="de"' in portal.get("/account", headers={"Accept-Language": "de"}).text


def test_pages_that_are_not_there_speak_it_too(portal):
    """And a quiz of the portal, whose address names its learner."""
    portal.sign_in_as(Role.LEARNER)
    portal.post("/account/language", {"language": "fr"})
    page = portal.get("/nowhere", headers={"Accept-Language": "en"})
    assert page.status_code == 404
    assert '<html lang="fr"' in page.text
    assert (
        '<html lang="fr"' in portal.get("/quizzes/nothing", headers={"Accept-Language": "en"}).text
    )
