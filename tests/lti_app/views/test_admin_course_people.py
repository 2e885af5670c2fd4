"""People of a course: enrolled, invited, taken out; the report; work that waits for a grade."""

import csv
import io
import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from content.models.enrolment import Enrolment
from content.services import courses, enrolments, invitations, submissions
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.jobs import enrolments as jobs
from tests.lti_app.views.test_admin_courses import become

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_document():
    """Ids of units are those of one course for ever."""
    lesson = {"kind": "lesson", "title": "Light", "body": "Light."}
    essay = {"kind": "assignment", "title": "A diary", "completion": {"rule": "graded"}}
    units = [lesson, {**essay, "assignment": {"points": 20}}]
    units = [{"id": str(uuid4()), **unit} for unit in units]
    module = {"id": str(uuid4()), "title": "One", "units": units}
    return {"title": "House plants", "modules": [module]}


@pytest.fixture
def course(portal):
    """A published course; its author is signed in; Leo and Mia have accounts."""
    teacher = portal.sign_in_as(Role.INSTRUCTOR)
    for email, name in (("leo@school.test", "Leo Learner"), ("mia@school.test", "Mia Muster")):
        portal.add(Role.LEARNER, email, name)
    with transaction(portal.tenant) as session:
        made = courses.create_course(
            session, title="House plants", created_by=teacher, now=NOW, document=make_document()
        )
        courses.publish(session, made.id, published_by=teacher, now=NOW)
        return made.id


def enrol(portal, course_id, emails="leo@school.test"):
    page = portal.post(f"/admin/courses/{course_id}/people/enrol", {"emails": emails})
    assert page.status_code == 303
    with transaction(portal.tenant) as session:
        return [one.id for one in enrolments.list_enrolments(session, course_id)]


def hand_in(portal, enrolment_id, text="My diary."):
    with transaction(portal.tenant) as session:
        course = session.get(Enrolment, enrolment_id).course
        essay = UUID(course.draft["modules"][0]["units"][1]["id"])
        return submissions.hand_in(session, enrolment_id, essay, text=text, now=NOW).submission.id


def test_people_are_enrolled_by_their_addresses_and_who_is_unknown_is_said(portal, course):
    enrol(portal, course, "LEO@school.test, mia@school.test\nnobody@school.test")
    page = portal.get(f"/admin/courses/{course}/people/").text
    assert "2 people are enrolled." in page
    assert "nobody@school.test" in page
    assert "Learner" in page
    assert "Muster" in page


def test_who_is_taken_out_is_kept_and_comes_back(portal, course):
    [enrolment] = enrol(portal, course)
    path = f"/admin/courses/{course}/people"
    portal.post(f"{path}/{enrolment}/drop")
    assert "leo@school.test" not in portal.get(f"{path}/").text
    assert "leo@school.test" in portal.get(f"{path}/?status=dropped").text
    portal.post(f"{path}/{enrolment}/again")
    with transaction(portal.tenant) as session:
        assert session.get(Enrolment, enrolment).status == "enrolled"


def test_who_asks_is_let_in_or_refused(portal, course):
    with transaction(portal.tenant) as session:
        leo = enrolments.enrol(
            session, course, portal.add(Role.LEARNER, "pia@school.test"),
            source="self", status="requested", now=NOW,
        ).enrolment.id  # fmt: skip
    assert "One person asks to come in." in portal.get(f"/admin/courses/{course}/people/").text
    portal.post(f"/admin/courses/{course}/people/{leo}/accept")
    with transaction(portal.tenant) as session:
        assert session.get(Enrolment, leo).status == "enrolled"


def test_an_invitation_is_made_copied_and_withdrawn(portal, course):
    path = f"/admin/courses/{course}/people/invitations"
    portal.post(path, {"note": "Class 3b", "days": "7", "max_uses": "30"})
    page = portal.get(path).text
    assert "Class 3b" in page
    [token] = re.findall(r"/courses/invitations/([\w-]{43})", page)
    with transaction(portal.tenant) as session:
        made = invitations.find_invitation(session, token)
        assert made.max_uses == 30
        made_id = made.id
    portal.post(f"{path}/{made_id}/revoke")
    assert token not in portal.get(path).text


def test_people_of_a_filter_become_a_group_by_which_all_are_found(portal, course):
    enrol(portal, course, "leo@school.test mia@school.test")
    portal.post(f"/admin/courses/{course}/people/groups", {"name": "Class 3b", "q": "Mia"})
    page = portal.get(f"/admin/courses/{course}/people/").text
    [group] = re.findall(r'<option value="([0-9a-f-]{36})"[^>]*>Class 3b</option>', page)
    page = portal.get(f"/admin/courses/{course}/people/?group={group}").text
    assert "mia@school.test" in page
    assert "leo@school.test" not in page


def test_the_report_shows_everybody_and_one_learner_with_the_reasons(portal, course):
    """PAIN-06: why is it not complete?"""
    [enrolment] = enrol(portal, course)
    page = portal.get(f"/admin/courses/{course}/report/").text
    assert "Light" in page
    assert f"/report/people/{enrolment}" in page
    page = portal.get(f"/admin/courses/{course}/report/people/{enrolment}").text
    assert "“A diary” is not complete yet." in page
    assert "Hand something in." in page


def test_the_table_has_a_line_for_each_learner_and_columns_for_each_unit(portal, course):
    enrol(portal, course, "leo@school.test mia@school.test")
    answer = portal.get(f"/admin/courses/{course}/report/table.csv")
    lines = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [line["email"] for line in lines] == ["leo@school.test", "mia@school.test"]
    assert lines[0]["A diary status"] == "not begun"


def test_work_is_graded_with_points_and_a_comment_and_the_next_comes_up(portal, course):
    ids = enrol(portal, course, "leo@school.test mia@school.test")
    first, second = (hand_in(portal, one) for one in ids)
    path = f"/admin/courses/{course}/grading"
    assert "2 pieces of work wait" in portal.get(f"{path}/").text
    answer = portal.post(f"{path}/{first}", {"points": "15", "comment": "Good.", "do": "grade"})
    assert str(second) in answer.location
    with transaction(portal.tenant) as session:
        graded = submissions.get_submission(session, first)
        assert (graded.score_scaled, graded.comment) == (0.75, "Good.")
        assert graded.enrolment.done == 1


def test_points_out_of_range_and_a_return_without_a_word_are_refused(portal, course):
    [enrolment] = enrol(portal, course)
    work = hand_in(portal, enrolment)
    path = f"/admin/courses/{course}/grading/{work}"
    for data in ({"points": "21"}, {"points": "many"}, {"points": ""}, {"do": "return"}):
        answer = portal.post(path, data)
        assert answer.status_code == 422
        assert "field-error" in answer.text
    portal.post(path, {"do": "return", "comment": "Write more."})
    with transaction(portal.tenant) as session:
        assert submissions.get_submission(session, work).state == "returned"


def test_graded_without_names_no_page_tells_whose_work_it_is(portal, course):
    [enrolment] = enrol(portal, course)
    work = hand_in(portal, enrolment)
    path = f"/admin/courses/{course}/grading"
    for page in (f"{path}/?anonymous=yes", f"{path}/{work}?anonymous=yes"):
        assert "Learner, Leo" not in portal.get(page).text
        assert "Leo Learner" not in portal.get(page).text


def test_the_teachers_page_says_what_waits_and_who_is_quiet(portal, course):
    [enrolment] = enrol(portal, course)
    work = hand_in(portal, enrolment)
    with transaction(portal.tenant) as session:
        quiet = session.get(Enrolment, enrolment)
        quiet.last_active_at = datetime(2026, 1, 1, tzinfo=UTC)
    page = portal.get("/admin/teaching/").text
    assert f"/grading/{work}" in page
    assert "Quiet" in page


def test_things_of_another_course_are_not_reached_through_this_one(portal, course):
    [enrolment] = enrol(portal, course)
    work = hand_in(portal, enrolment)
    made = portal.post("/admin/courses/new", {"title": "Another"}).location
    other = re.search(r"courses/([0-9a-f-]{36})", made)[1]
    for path in (f"grading/{work}", f"report/people/{enrolment}", f"grading/{work}/file"):
        assert portal.get(f"/admin/courses/{other}/{path}").status_code == 404
    assert portal.post(f"/admin/courses/{other}/people/{enrolment}/drop").status_code == 404


def test_a_creator_of_other_content_and_a_learner_see_none_of_it(portal, course):
    [enrolment] = enrol(portal, course)
    portal.add(Role.CONTENT_CREATOR)
    paths = ("people/", "report/", f"report/people/{enrolment}", "report/table.csv")
    become(portal, "content_creator@school.test")
    assert {portal.get(f"/admin/courses/{course}/{path}").status_code for path in paths} == {404}
    become(portal, "leo@school.test")
    assert {portal.get(f"/admin/courses/{course}/{path}").status_code for path in paths} == {403}


def upload(portal, course_id, text, **fields):
    data = {**fields, "file": (io.BytesIO(text.encode()), "class.csv")}
    path = f"/admin/courses/{course_id}/people/list"
    answer = portal.post(path, data, content_type="multipart/form-data")
    assert answer.status_code == 303
    return answer.location


def work(portal, address):
    """As a worker would a moment later."""
    jobs.run(str(portal.tenant), address.rsplit("/", 1)[-1])
    return portal.get(address).text


def test_a_list_is_looked_at_first_and_then_carried_out(portal, course):
    address = upload(portal, course, "email,group\nleo@school.test,3b\nmia@school.test,3b\n")
    assert "is being looked at" in portal.get(address).text
    page = work(portal, address)
    assert "Enrol them" in page
    assert "leo@school.test" not in portal.get(f"/admin/courses/{course}/people/").text
    done = portal.post(address)
    assert "2 people are enrolled." in work(portal, done.location)
    assert "leo@school.test" in portal.get(f"/admin/courses/{course}/people/").text


def test_a_list_with_a_fault_changes_nothing_and_names_the_line(portal, course):
    address = upload(portal, course, "email\nleo@school.test\nnobody@school.test\n")
    page = work(portal, address)
    assert "Line 3" in page
    assert "nobody@school.test" in page
    assert portal.post(address).location == address
