"""A course taken again on the portal, dates for one person, and whose grade a link gets."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from content.models.certificate import Certificate
from content.models.enrolment import Enrolment
from content.services import enrolments, personal_dates
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.grade import Grade, Passback
from lti_app.services import content_outcomes, outcomes, teaching
from scorm_runtime.models.attempt import Attempt
from tests.content.courses import document, unit
from tests.content.courses import publish as publish_course
from tests.lti_app.conftest import Portal, publish, stock
from tests.lti_app.course_pages import enrolled, go_in
from tests.lti_app.views.test_course_launches import launch
from tests.lti_app.views.test_courses import report_of

NOW = datetime.now(UTC)
APP_URL = "http://localhost:8000"


@pytest.fixture
def learner(portal: Portal) -> Portal:
    portal.sign_in_as(Role.LEARNER)
    return portal


def test_whose_certificate_has_expired_takes_the_course_again_and_gets_a_new_one(learner):
    """Re-certification: the old one stays as it was, expired; the history is shown."""
    lesson = unit(title="Light")
    made = document(lesson, certificate=True, certificate_valid_days=365)
    base = go_in(learner, made)
    assert learner.get(f"{base}/units/{lesson['id']}").status_code == 200
    past = NOW - timedelta(days=400)
    with transaction(learner.tenant) as session:
        session.execute(update(Certificate).values(expires_at=NOW - timedelta(days=1)))
        session.execute(update(Enrolment).values(completed_at=past))
    assert "Your certificate has expired" in learner.get("/courses/house-plants").text

    begun = learner.post("/courses/house-plants/again", form="/courses/house-plants")
    assert begun.status_code == 303
    again = begun.location.removesuffix("/")
    assert again != base
    assert "Begin" in learner.get("/courses/house-plants").text
    assert "Taken before" in learner.get("/courses/house-plants").text
    assert "nothing changes here" in learner.get(f"{base}/units/{lesson['id']}").text

    learner.get(f"{again}/units/{lesson['id']}")
    with transaction(learner.tenant) as session:
        found = list(session.scalars(select(Certificate).order_by(Certificate.issued_at)))
        times = list(session.scalars(select(Enrolment).order_by(Enrolment.number)))
    assert [one.expires_at > NOW for one in found] == [False, True]
    assert [(one.status, one.is_past) for one in times] == [
        ("completed", True),
        ("completed", False),
    ]

    learner.post("/sign-out")
    learner.sign_in_as(Role.TENANT_ADMINISTRATOR)
    people = f"/admin/courses/{times[0].course_id}/report"
    assert "Round 2" in learner.get(f"{people}/").text
    assert learner.get(f"{people}/table.csv").text.count("completed,completed") == 1
    page = learner.get(f"{people}/people/{times[1].id}").text
    assert f"people/{times[0].id}" in page
    assert "begun anew since" in learner.get(f"{people}/people/{times[0].id}").text


def test_a_newer_certificate_leaves_the_older_one_as_it_is(learner):
    """A certificate says what was true; whoever was given it finds it valid until it ends."""
    lesson = unit(title="Light")
    base = go_in(learner, document(lesson, certificate=True, certificate_valid_days=365))
    learner.get(f"{base}/units/{lesson['id']}")
    begun = learner.post("/courses/house-plants/again", form="/courses/house-plants")
    learner.get(f"{begun.location}units/{lesson['id']}")
    with transaction(learner.tenant) as session:
        older, newer = session.scalars(select(Certificate).order_by(Certificate.id))
        assert (older.state(NOW), newer.state(NOW)) == ("valid", "valid")
        assert older.enrolment_id != newer.enrolment_id
    for one in (older, newer):
        assert "is valid" in learner.get(f"/verify/{one.number}").text


def test_a_course_that_was_not_completed_is_not_begun_anew(learner):
    go_in(learner, document(unit()))
    learner.post("/courses/house-plants/again", form="/courses/house-plants")
    assert "when you have completed it" in learner.get("/courses/house-plants").text
    assert enrolled(learner).number == 1


def test_the_dates_of_one_person_are_set_and_shown_to_them(portal):
    admin = portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    task = unit("assignment", title="A diary", due={"days": 3})
    with transaction(portal.tenant) as session:
        course = publish_course(session, document(task), by=admin)
        enrolment = enrolments.enrol(session, course.id, admin, source="self", now=NOW).enrolment
    person = f"/admin/courses/{course.id}/report/people/{enrolment.id}"
    dates = f"/admin/courses/{course.id}/people/{enrolment.id}/dates"
    last = (NOW + timedelta(days=30)).date()
    portal.post(dates, {"due_on": str(last), "extra_days": "4"}, form=person)
    page = portal.get(f"/learn/{enrolment.id}/units/{task['id']}").text
    assert "Your last day:" in page
    assert "with 4 days more for you" in page
    portal.post(dates, {"due_on": "soon", "extra_days": "4"}, form=person)
    assert "Enter a date" in portal.get(person).text
    with transaction(portal.tenant) as session:
        assert session.get_one(Enrolment, enrolment.id).due_at.date() == last


def test_who_is_late_with_a_unit_is_at_risk_but_not_with_more_days(portal):
    ids = [portal.add(Role.LEARNER, f"{name}@school.test", name) for name in ("late", "more")]
    begun = NOW - timedelta(days=5)
    with transaction(portal.tenant) as session:
        made = document(unit("assignment", due={"days": 3}), unit("link", required=False))
        course = publish_course(session, made)
        for user_id, days in zip(ids, (0, 7), strict=True):
            one = enrolments.enrol(session, course.id, user_id, source="csv", now=begun).enrolment
            personal_dates.set_dates(session, one.id, due_at=None, extra_days=days)
        found = teaching.list_at_risk(session, [course.id], NOW)
        assert [(one.user.id, one.risks) for one in found] == [(ids[0], ("overdue",))]


def test_a_package_in_a_course_never_takes_the_grade_of_the_courses_link(
    browser, registration, tenant
):
    """LTI-SP-5: the link's one grade is the course's; the package's own stands in its unit."""
    portal = Portal(browser.app, browser.app.test_client(), tenant, "http://localhost:8000")
    package = stock(portal)
    publish(portal, package)
    played = unit("package", package=str(package))
    task = unit("assignment", completion={"rule": "graded"})
    with transaction(tenant) as session:
        publish_course(session, document(played, task, passing_score=0.5))
    address = launch(browser, "course:house-plants")
    assert browser.open(f"{address}units/{played['id']}/open", "POST").status_code == 303
    with transaction(tenant) as session:
        attempt = session.scalars(select(Attempt)).one()
        told = report_of(attempt)
        outcomes.record_outcome(session, told, now=NOW, app_url=APP_URL)
        content_outcomes.record_attempt(session, told, now=NOW, app_url=APP_URL)
    with transaction(tenant) as session:
        grades = {one.item_type: one for one in session.scalars(select(Grade))}
        assert grades["package"].resource_link_id is None
        assert grades["package"].context_key == attempt.context_key
        assert grades["course"].resource_link_id is not None
        assert (grades["course"].item_id, grades["course"].is_final) == (
            session.scalars(select(Enrolment.course_id)).one(),
            False,
        )
        sent = session.scalars(select(Passback.grade_id)).all()
        assert UUID(str(grades["package"].id)) not in sent
