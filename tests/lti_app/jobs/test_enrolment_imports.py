"""Lists of people to enrol: looked at first, done as a whole or not at all, twice without harm."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from content.core.enrolment_list import read_list
from content.models.enrolment import Enrolment
from content.models.group import EnrolmentImport, GroupMember
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.jobs import enrolments as job
from lti_app.models.user import User
from lti_app.services import enrolment_imports, users
from tests.content.courses import document, publish, unit

HEAD = "email,given_name,family_name,group\n"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 0, ""),
        ("name\nAda", 1, "email"),
        ("email,shoe size\na@b.test,42", 1, "shoe size"),
        ("email\nnobody", 2, "email"),
        ("email\na@b.test\nA@B.test", 3, "email"),
        ("email\na@b.test,x", 2, ""),
    ],
)
def test_a_fault_is_named_by_its_line(text, line, column):
    _rows, faults = read_list(text, needs_course=False)
    assert [(one.line, one.column) for one in faults] == [(line, column)]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_lists_of_spreadsheets_are_read(mark):
    text = (
        f"\ufeffE-Mail{mark}First name{mark}Surname\r\nAda@School.test{mark}Ada{mark}Lovelace\r\n"
    )
    rows, faults = read_list(text, needs_course=False)
    assert (rows[0].email, rows[0].family_name, faults) == ("ada@school.test", "Lovelace", [])


@pytest.fixture
def course_id(tenant):
    with transaction(tenant) as session:
        return publish(session, document(unit())).id


def load(tenant, text, *, course_id=None, dry=False, creates=True):
    with transaction(tenant) as session:
        row_id = enrolment_imports.schedule(
            session,
            text,
            file_name="people.csv",
            course_id=course_id,
            is_dry_run=dry,
            creates_people=creates,
            created_by=None,
        ).id
    job.run(str(tenant), str(row_id))
    with transaction(tenant) as session:
        return session.get_one(EnrolmentImport, row_id)


def count(tenant, model):
    with transaction(tenant) as session:
        return session.scalar(select(func.count(model.id)))


def test_a_dry_run_reports_and_changes_nothing(tenant, course_id):
    done = load(tenant, HEAD + "ada@school.test,Ada,L,\n", course_id=course_id, dry=True)
    assert (done.state, done.report["enrolled"], done.report["people"]) == ("checked", 1, 1)
    assert (count(tenant, Enrolment), count(tenant, User)) == (0, 0)


def test_one_fault_keeps_the_whole_list_out(tenant, course_id):
    text = HEAD + "ada@school.test,Ada,L,\nnobody,,,\n"
    done = load(tenant, text, course_id=course_id)
    assert (done.state, done.report["errors"][0]["line"]) == ("failed", 3)
    assert count(tenant, Enrolment) == 0


def test_unknown_people_are_made_only_where_that_is_wanted(tenant, course_id):
    text = HEAD + "ada@school.test,Ada,L,\n"
    refused = load(tenant, text, course_id=course_id, creates=False)
    assert "nobody here" in refused.report["errors"][0]["problem"]
    assert load(tenant, text, course_id=course_id).state == "done"
    with transaction(tenant) as session:
        made = users.find_user_by_email(session, "ada@school.test")
        assert (made.role, made.password_hash) == (Role.LEARNER.value, None)


def test_loading_a_list_twice_enrols_once_and_fills_the_groups(tenant, course_id):
    text = HEAD + "".join(f"p{n}@school.test,P,{n},Morning\n" for n in range(1200))
    first = load(tenant, text, course_id=course_id)
    assert (first.state, first.done, first.text) == ("done", 1200, "")
    again = load(tenant, text, course_id=course_id)
    assert (again.report["already"], again.report["enrolled"]) == (1200, 0)
    assert (count(tenant, Enrolment), count(tenant, GroupMember)) == (1200, 1200)


def test_a_list_may_name_courses_and_unknown_ones_are_told(tenant, course_id):
    text = "email;course\nada@school.test;house-plants\nbob@school.test;nothing\n"
    done = load(tenant, text)
    assert (done.state, [one["line"] for one in done.report["errors"]]) == ("failed", [3])
    done = load(tenant, text.replace("nothing", "house-plants"))
    assert (done.state, count(tenant, Enrolment)) == ("done", 2)


def test_people_of_another_tenant_are_not_found(tenant, other_tenant, course_id):
    with transaction(other_tenant) as session:
        users.create_user(
            session, email="ada@school.test", password=None, given_name="A", family_name="L"
        )
    text = HEAD + "ada@school.test,Ada,L,\n"
    assert load(tenant, text, course_id=course_id, creates=False).state == "failed"


def test_a_list_that_is_being_done_is_not_taken_up_again(tenant, course_id):
    with transaction(tenant) as session:
        row = enrolment_imports.schedule(
            session,
            HEAD,
            file_name="x",
            course_id=course_id,
            is_dry_run=True,
            creates_people=False,
            created_by=None,
        )
        now = datetime.now(UTC)
        assert enrolment_imports.claim(session, row.id, now=now) is not None
        assert enrolment_imports.claim(session, row.id, now=now) is None
