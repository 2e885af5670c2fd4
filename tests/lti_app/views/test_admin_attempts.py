"""Attempts for people: found, explained, their call log, corrected; by whom it is allowed."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.grade import Grade
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package
from scorm_runtime.services.attempts import open_attempt
from scorm_runtime.services.corrections import list_changes
from tests.lti_app.conftest import PASSWORD, Portal
from tests.scorm_runtime.playing import make_item, make_package
from tests.scorm_runtime.window import STATUS, Window
from xapi_lrs.models.statement import Statement

WHY = "The network of the school was down."


@pytest.fixture
def admin(portal):
    return portal.sign_in_as(Role.TENANT_ADMINISTRATOR)


def make(portal, by=None, title="How a grade travels"):
    """A package that nobody has to play in a browser."""
    made = make_package(portal.tenant, make_item())
    with transaction(portal.tenant) as session:
        row = session.get_one(Package, made)
        row.title, row.created_by, row.is_published = title, by, True
    return made


@pytest.fixture
def package(portal):
    return make(portal)


def begin(portal, package, learner):
    """An attempt in which the content has said incomplete, and something wrong."""
    with transaction(portal.tenant) as session:
        attempt = open_attempt(
            session,
            package_id=package,
            user_id=learner,
            context_key="portal",
            now=datetime.now(UTC),
        ).id
    window = Window(portal.tenant, attempt).call("initialize").set(STATUS, "incomplete")
    window.set("cmi.core.score.raw", "<b>many</b>").send()
    return attempt


@pytest.fixture
def attempt(portal, package):
    return begin(portal, package, portal.add(Role.LEARNER, "leo@school.test", "Leo Learner"))


def grade_of(portal):
    with transaction(portal.tenant) as session:
        return session.scalars(select(Grade)).one()


def change(portal, attempt, action, **data):
    page = f"/admin/attempts/{attempt}"
    return portal.post(f"{page}/{action}", {"reason": WHY, **data}, form=page)


def test_the_page_says_why_it_is_not_complete(portal, admin, attempt):
    """PAIN-06"""
    page = portal.get(f"/admin/attempts/{attempt}").text
    assert "says that it is incomplete" in page
    assert "Leo Learner" in page


@pytest.mark.parametrize("sought", ["trace", "id", "Leo", "travels"])
def test_an_attempt_is_found_by_trace_id_or_name(portal, admin, attempt, sought):
    """The trace id stands in the player's help."""
    query = {"trace": f"{attempt.hex[-12:]}-portal", "id": str(attempt)}.get(sought, sought)
    assert f"/admin/attempts/{attempt}" in portal.get(f"/admin/attempts/?q={query}").text


def test_nothing_is_found_by_another_trace(portal, admin, attempt):
    assert "Nothing found" in portal.get("/admin/attempts/?q=0123456789ab-portal").text


def test_the_call_log_shows_values_as_text_and_can_be_filtered(portal, admin, attempt):
    """PAIN-30"""
    page = portal.get(f"/admin/attempts/{attempt}/log").text
    assert "&lt;b&gt;many&lt;/b&gt;" in page
    assert "<b>many" not in page
    errors = portal.get(f"/admin/attempts/{attempt}/log?errors=yes&kind=call").text
    assert "405" in errors
    assert "incomplete" not in errors


@pytest.mark.parametrize(
    "query", ["kind=x&cursor=nonsense", "cursor=a.b", "item=%00", "element=%25"]
)
def test_a_filter_that_makes_no_sense_is_no_error_of_ours(portal, admin, attempt, query):
    assert portal.get(f"/admin/attempts/{attempt}/log?{query}").status_code == 200


def test_the_whole_log_is_downloaded_as_json(portal, admin, attempt):
    answer = portal.get(f"/admin/attempts/{attempt}/log.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.text)
    entries = [entry for batch in found["batches"] for entry in batch["entries"]]
    assert entries[1] == [2, "set", STATUS, "incomplete"]


def test_the_log_is_replayed_to_the_same_result(portal, admin, attempt):
    assert "It came to the same" in portal.get(f"/admin/attempts/{attempt}/replay").text
    with transaction(portal.tenant) as session:
        assert len(session.scalars(select(Attempt)).all()) == 1


def test_a_replay_up_to_a_commit_says_what_was_valid(portal, admin, attempt):
    until = uuid4()
    assert portal.get(f"/admin/attempts/{attempt}/replay?until={until}").status_code == 200


def test_marking_complete_makes_a_grade(portal, admin, attempt):
    assert change(portal, attempt, "complete").status_code == 303
    grade = grade_of(portal)
    assert (grade.is_final, grade.completion, grade.score) == (True, "completed", 1.0)
    page = portal.get(f"/admin/attempts/{attempt}").text
    assert WHY in page
    assert "stands, whatever the learner does" in page


def test_the_statement_of_a_correction_names_who_decided_it(portal, admin, attempt):
    """xAPI 4.1.6: context.instructor; the actor is the learner all the same."""
    change(portal, attempt, "complete")
    with transaction(portal.tenant) as session:
        text = session.scalars(select(Statement.body).order_by(Statement.sequence)).all()[-1]
    body = json.loads(text)
    learner, teacher = body["actor"], body["context"]["instructor"]
    assert teacher["account"]["name"] == str(admin)
    assert learner["account"]["name"] != str(admin)


def test_a_correction_changes_the_grade_and_lifting_it_is_one_more_change(portal, admin, attempt):
    change(portal, attempt, "correct", success="passed", score="87,5")
    assert grade_of(portal).score == 0.875
    change(portal, attempt, "correct", success="failed", score="10")
    assert (grade_of(portal).score, grade_of(portal).success) == (0.1, "failed")
    assert change(portal, attempt, "lift").status_code == 303
    with transaction(portal.tenant) as session:
        kinds = [one.kind for one in list_changes(session, attempt)]
    assert kinds == ["corrected", "corrected", "lifted"]


@pytest.mark.parametrize(
    ("action", "data", "said"),
    [
        ("complete", {"reason": " "}, "Say why"),
        ("correct", {}, "Change at least one"),
        ("correct", {"score": "much"}, "from 0 to 100"),
        ("correct", {"score": "101"}, "from 0 to 100"),
        ("correct", {"score": "nan"}, "from 0 to 100"),
        ("correct", {"completion": "done"}, "completed or incomplete"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_changes(
    portal, admin, attempt, action, data, said
):
    answer = change(portal, attempt, action, **data)
    assert answer.status_code == 422
    assert said in answer.text
    with transaction(portal.tenant) as session:
        assert list_changes(session, attempt) == []


def test_starting_over_leads_to_the_new_attempt(portal, admin, attempt):
    answer = change(portal, attempt, "reset")
    assert answer.status_code == 303
    assert str(attempt) not in answer.location
    assert "counts no more" in portal.get(f"/admin/attempts/{attempt}").text
    assert change(portal, attempt, "complete").status_code == 409


PATHS = ("", "/log", "/log.json", "/replay")


@pytest.mark.parametrize("path", PATHS)
def test_a_content_creator_sees_attempts_on_own_packages_only(portal, attempt, path):
    creator = portal.sign_in_as(Role.CONTENT_CREATOR)
    assert portal.get(f"/admin/attempts/{attempt}{path}").status_code == 404
    assert "Leo" not in portal.get("/admin/attempts/").text
    own = begin(portal, make(portal, by=creator), creator)
    assert portal.get(f"/admin/attempts/{own}{path}").status_code == 200


@pytest.mark.parametrize("action", ["complete", "correct", "lift", "reset"])
@pytest.mark.parametrize("role", [Role.CONTENT_CREATOR, Role.LEARNER])
def test_only_who_manages_grades_changes_them(portal, package, role, action):
    own = portal.sign_in_as(role)
    attempt = begin(portal, package, own)
    answer = portal.post(f"/admin/attempts/{attempt}/{action}", {"reason": WHY})
    assert answer.status_code == 403


def test_an_instructor_may(portal, attempt):
    portal.sign_in_as(Role.INSTRUCTOR)
    assert change(portal, attempt, "complete").status_code == 303


def test_a_learner_and_a_stranger_see_no_attempts(portal, attempt):
    assert portal.get(f"/admin/attempts/{attempt}").status_code == 302
    portal.sign_in_as(Role.LEARNER)
    assert portal.get(f"/admin/attempts/{attempt}").status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_another_organisation_sees_nothing(app, portal, admin, other_tenant, path):
    stranger = Portal(app, app.test_client(), other_tenant, portal.origin)
    foreign = begin(stranger, make(stranger), stranger.add(Role.LEARNER))
    assert portal.get(f"/admin/attempts/{foreign}{path}").status_code == 404
    assert portal.post(f"/admin/attempts/{foreign}/complete", {"reason": WHY}).status_code == 404


def test_the_learner_is_told_what_is_missing(portal, package, attempt):
    """PAIN-06"""
    with transaction(portal.tenant) as session:
        key = session.get_one(Package, package).key
    portal.sign_in("leo@school.test", PASSWORD)
    assert "What is missing?" in portal.get("/learning").text
    assert "says that it is incomplete" in portal.get(f"/packages/{key}").text
