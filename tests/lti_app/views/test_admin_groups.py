"""Groups have a page: members, courses, progress; a teacher sees their own."""

from uuid import UUID

import pytest

from content.core.outcome import UnitResult
from content.services import courses, enrolments, groups, progress
from database.session import transaction
from lti_app.core.permissions import Role
from tests.content.courses import NOW, document, publish, unit


@pytest.fixture
def group(portal):
    """A group of the signed-in teacher's, with Leo in it, who has completed a course of theirs."""
    teacher = portal.sign_in_as(Role.INSTRUCTOR)
    leo = portal.add(Role.LEARNER, "leo@school.test", "Leo Learner")
    portal.add(Role.LEARNER, "mia@school.test", "Mia Muster")
    one = unit("quiz")
    with transaction(portal.tenant) as session:
        course = publish(session, document(one), by=teacher)
        publish(session, document(unit(), title="Ferns"), by=teacher)
        enrolment = enrolments.enrol(session, course.id, leo, source="csv", now=NOW).enrolment
        result = UnitResult("completed", "passed", 0.8)
        progress.record_unit_result(session, enrolment.id, UUID(one["id"]), result, NOW)
        made = groups.create_group(session, "Class 3b", created_by=teacher)
        groups.add_members(session, made.id, [leo])
        return made.id


def test_the_page_shows_members_and_how_far_they_are_in_which_courses(portal, group):
    page = portal.get(f"/admin/groups/{group}").text
    assert "Leo Learner" in page
    assert f"group={group}" in page
    assert "80 <small>%</small>" in page
    assert "1 of 1" in page


def test_people_come_in_by_address_are_enrolled_together_and_leave(portal, group):
    here = f"/admin/groups/{group}"
    portal.post(f"{here}/members", {"emails": "mia@school.test who@school.test"}, form=here)
    page = portal.get(here).text
    assert "Mia Muster" in page
    assert "Nobody has the address who@school.test" in page
    with transaction(portal.tenant) as session:
        ferns = courses.find_course_by_key(session, "ferns").id
    portal.post(f"{here}/enrol", {"course": str(ferns)}, form=here)
    assert "2 people are enrolled" in portal.get(here).text
    with transaction(portal.tenant) as session:
        mia = groups.list_member_ids(session, group)[1]
    portal.post(f"{here}/members/{mia}/remove", form=here)
    assert "Mia Muster" not in portal.get(here).text.split('id="members"')[1]


def test_a_name_is_needed_and_not_given_twice(portal, group):
    answer = portal.post("/admin/groups/", {"name": "class 3B"})
    assert (answer.status_code, "no other group has" in answer.text) == (422, True)
    made = portal.post("/admin/groups/", {"name": "Class 4a"})
    portal.post(made.location, {"name": "Class 3b"}, form=made.location)
    assert "Class 4a" in portal.get(made.location).text
    portal.post(f"{made.location}/delete", form=made.location)
    assert (
        "Class 4a" not in portal.get("/admin/groups/").text.split("<main")[1].split("deleted")[-1]
    )


def test_another_teacher_sees_nothing_of_it_and_who_manages_grades_all(portal, group):
    portal.post("/sign-out")
    portal.sign_in_as(Role.CONTENT_CREATOR)
    assert portal.get(f"/admin/groups/{group}").status_code == 404
    assert "Class 3b" not in portal.get("/admin/groups/").text
    portal.post("/sign-out")
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    assert portal.get(f"/admin/groups/{group}").status_code == 200
