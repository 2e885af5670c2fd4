"""Courses and lessons opened from a platform: in its frame, without cookies, graded there."""

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from content.core.outcome import UnitResult
from content.models.enrolment import Enrolment
from content.services import courses
from content.services.progress import record_unit_result
from database.session import transaction
from lti_app.models.grade import Grade, Passback
from lti_app.services import content_outcomes, items
from tests.content.courses import NOW, document, unit

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


@pytest.fixture
def made(tenant, registration):
    lesson = unit(title="Light")
    quiz = unit("quiz", title="Check", completion={"rule": "passed"})
    with transaction(tenant) as session:
        course = courses.create_course(
            session,
            title="House plants",
            created_by=None,
            now=NOW,
            document=document(lesson, quiz, passing_score=0.5),
        )
        courses.publish(session, course.id, published_by=None, now=NOW)
    return {"lesson": lesson, "quiz": quiz}


def launch(browser, item):
    answer = browser.launch(**{CUSTOM: {"sc_item": item}})
    assert answer.status_code == 303, answer.text
    return answer.location.removeprefix("http://localhost:8000")


def test_a_course_opens_in_a_frame_without_cookies_and_enrols(browser, made, tenant):
    """PAIN-01"""
    address = launch(browser, "course:house-plants")
    browser.client = browser.app.test_client()
    assert browser.open(address).status_code == 303
    page = browser.open(f"{address}units/{made['lesson']['id']}")
    assert page.status_code == 200
    assert "frame-ancestors 'none'" not in page.headers["Content-Security-Policy"]
    assert "csrf_token" not in page.text
    with transaction(tenant) as session:
        enrolment = session.scalars(select(Enrolment)).one()
        assert (enrolment.source, enrolment.context_key[:5]) == ("lti", "link:")
    visit = re.search(r'data-visit="(\w+)"', page.text)[1]
    report = re.search(r'data-report="([^"]+)"', page.text)[1]
    answer = browser.open(report, "POST", json={"visit": visit, "seconds": 1})
    assert answer.json["done"] == 1


def test_the_course_grade_goes_back_when_the_course_is_done(browser, made, tenant):
    address = launch(browser, "course:house-plants")
    browser.open(f"{address}units/{made['lesson']['id']}")
    with transaction(tenant) as session:
        enrolment = session.scalars(select(Enrolment)).one()
        moved = record_unit_result(
            session,
            enrolment.id,
            UUID(made["quiz"]["id"]),
            UnitResult("completed", "passed", 0.75),
            NOW,
        )
        content_outcomes.record_content_outcomes(session, moved, NOW, "http://localhost:8000")
    with transaction(tenant) as session:
        grade = session.scalars(select(Grade)).one()
        assert (grade.item_type, grade.score, grade.is_final) == ("course", 0.75, True)
        assert session.scalars(select(Passback)).one().score == 0.75


def test_a_lesson_alone_is_opened_and_graded(browser, made, tenant):
    unit_id = made["lesson"]["id"]
    address = launch(browser, f"lesson:{unit_id}")
    page = browser.open(address)
    assert page.status_code == 200
    assert "learn-contents" not in page.text
    with transaction(tenant) as session:
        grade = session.scalars(select(Grade)).one()
        assert (grade.item_type, grade.item_id, grade.score) == ("lesson", UUID(unit_id), 1.0)


def test_a_completed_course_is_taken_again_in_the_frame_and_the_grade_stays_until_it_is_done(
    browser, made, tenant
):
    """LTI-SP-2: nothing that is not final takes a grade away; the newer final one counts."""
    address = launch(browser, "course:house-plants")
    assert browser.open(f"{address}again", "POST").status_code == 409

    def finish(score: float) -> None:
        with transaction(tenant) as session:
            now_at = select(Enrolment.id).where(Enrolment.is_past.is_(False))
            enrolment_id = session.scalars(now_at).one()
            for one, result in (
                (made["lesson"], UnitResult("completed")),
                (made["quiz"], UnitResult("completed", "passed", score)),
            ):
                moved = record_unit_result(session, enrolment_id, UUID(one["id"]), result, NOW)
                content_outcomes.record_content_outcomes(session, moved, NOW, "http://x.test")

    def graded() -> float:
        with transaction(tenant) as session:
            return session.scalars(select(Grade)).one().score

    finish(0.75)
    assert "/again" in browser.open(address).text
    begun = browser.open(f"{address}again", "POST")
    assert begun.status_code == 303
    again = begun.location.removeprefix("http://localhost:8000")
    assert browser.open(f"{again}units/{made['lesson']['id']}").status_code == 200
    assert graded() == 0.75
    assert browser.open(f"{address}again", "POST").location == begun.location
    finish(0.6)
    assert graded() == 0.6
    with transaction(tenant) as session:
        assert sorted(session.scalars(select(Enrolment.number))) == [1, 2]


def test_a_changed_address_opens_nothing(browser, made):
    address = launch(browser, "course:house-plants")
    body, _, signature = address.split("/")[2].partition(".")
    assert browser.open(f"/learn/{body}x.{signature}/").status_code == 404


def test_courses_and_lessons_are_offered_by_the_picker(made, tenant):
    with transaction(tenant) as session:
        found = items.search_items(session, "plants", kinds=["course"])
        assert [one.key for one in found] == ["course:house-plants"]
        assert [one.title for one in items.search_items(session, "", kinds=["lesson"])] == ["Light"]
        assert items.find_item(session, "lesson:nonsense") is None
