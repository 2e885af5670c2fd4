"""What the platform's gradebook holds beside what we sent: a teacher has the last word."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from database.session import transaction
from lti_app.jobs import passback as sending
from lti_app.jobs import platform_jobs as job
from lti_app.models.grade import Passback
from lti_app.models.grade_service import PlatformJob
from lti_app.services import grade_services, grades, platform_jobs, reconciliation
from tests.lti_app.fake_platform import SCOPE, FakePlatform
from tests.lti_app.learner import Learner

pytestmark = pytest.mark.usefixtures("doors")


@pytest.fixture
def learner(browser) -> Learner:
    scopes = ("score", "lineitem.readonly", "result.readonly")
    claim = {
        "scope": [SCOPE + one for one in scopes],
        "lineitems": f"{browser.platform.issuer}/course/2/lineitems?type_id=1",
        "lineitem": browser.platform.line_item_url,
    }
    return Learner(browser, ags=claim)


def run(learner: Learner, kind: str = "results") -> PlatformJob:
    with transaction(learner.tenant) as session:
        row = platform_jobs.schedule(session, kind, learner.launch.registration_id)
        session.execute(update(Passback).values(sent_at=datetime.now(UTC) - timedelta(hours=1)))
    job.run(str(learner.tenant), str(row.id))
    with transaction(learner.tenant) as session:
        return session.get_one(PlatformJob, row.id)


def sent(learner: Learner) -> Passback:
    return learner.send(learner.finish())


def test_the_same_grade_there_changes_nothing(learner, platform):
    """LTI-AGS-5, LTI-AGS-7; moodle.md 6: results are read without a limit"""
    row = sent(learner)
    done = run(learner)
    assert (done.state, done.report["same"], done.report["links"]) == ("done", 1, 1)
    row = learner.row(row.id)
    assert (row.state, row.result_score, row.result_maximum) == ("sent", 8.0, 10.0)
    assert platform.services.queries == [{"type_id": ["1"]}]


def test_a_teachers_grade_is_a_conflict_and_ours_is_not_sent_any_more(learner, platform):
    """LTI-SP-9, PAIN-20"""
    row = sent(learner)
    platform.services.overrides["stan"] = 9.5
    assert run(learner).report["conflict"] == 1
    row = learner.row(row.id)
    assert (row.state, row.reason, row.result_score) == ("conflict", "changed_there", 9.5)
    assert learner.finish(score_scaled=0.9) is None
    assert len(platform.score_requests) == 1


def test_a_teacher_keeps_theirs(learner, platform):
    """LTI-SP-9"""
    row = sent(learner)
    platform.services.overrides["stan"] = 9.5
    run(learner)
    with transaction(learner.tenant) as session:
        reconciliation.keep_theirs(session, row.grade_id)
    assert learner.row(row.id).state == "kept"
    assert run(learner).report.get("conflict") is None
    assert learner.finish(score_scaled=0.9) is None
    with transaction(learner.tenant) as session, pytest.raises(grades.NotSendable):
        reconciliation.keep_theirs(session, row.grade_id)


def test_a_teacher_sends_ours(learner, platform):
    """LTI-SP-9"""
    row = sent(learner)
    platform.services.overrides["stan"] = 9.5
    run(learner)
    with transaction(learner.tenant) as session:
        again = grades.send_again(
            session,
            row.grade_id,
            requested_by=learner.token.user_id,
            now=datetime.now(UTC),
            is_overwriting=True,
        )
        assert again.is_overwriting
    assert learner.send(again.id).state == "sent"
    assert len(platform.score_requests) == 2


def test_a_tenant_that_overwrites_sends_ours_once_and_does_not_fight_for_ever(learner, platform):
    """LTI-SP-9; moodle.md 6: an overridden grade stays the teacher's"""
    sent(learner)
    with transaction(learner.tenant) as session:
        service = grade_services.ensure_service(session, learner.launch.registration_id)
        service.overwrites = True
    platform.services.overrides["stan"] = 9.5
    assert run(learner).report["overwritten"] == 1
    sending.deliver(str(learner.tenant), str(learner.launch.registration_id))
    assert len(platform.score_requests) == 2
    assert run(learner).report["conflict"] == 1
    assert len(platform.score_requests) == 2


def test_a_grade_that_is_gone_there_is_told(learner, platform):
    row = sent(learner)
    platform.services.overrides["stan"] = None
    assert run(learner).report["missing"] == 1
    assert learner.row(row.id).reason == "missing_there"


def test_a_conflict_that_was_taken_back_there_is_none(learner, platform):
    row = sent(learner)
    platform.services.overrides["stan"] = 9.5
    run(learner)
    del platform.services.overrides["stan"]
    run(learner)
    assert learner.row(row.id).state == "sent"


def test_a_changed_maximum_is_no_teachers_grade_and_ours_is_sent_on_the_new_one(learner, platform):
    """moodle.md 6: a maximum changed from 100 to 20 rescales no grade that is there"""
    sent(learner)
    platform.maximum = 20.0
    platform.grades["stan"]["maximum"] = 20.0
    assert run(learner).report["rescaled"] == 1
    sending.deliver(str(learner.tenant), str(learner.launch.registration_id))
    assert (learner.grade["given"], learner.grade["maximum"]) == (16.0, 20.0)


def test_without_the_scope_the_job_says_so(browser, platform):
    """LTI-AGS-1"""
    learner = Learner(browser)
    sent(learner)
    report = run(learner).report
    assert report["unread"] == {str(learner.launch.resource_link_id): "scope_result"}


def test_all_grades_are_sent_again_with_progress(browser, learner, platform):
    """Issue: "send all again" """
    sent(learner)
    sara = Learner(browser, sub="sara", email=None)
    sara.send(sara.finish())
    done = run(learner, "resend")
    assert (done.state, done.done, done.total, done.report["scheduled"]) == ("done", 2, 2, 2)
    sending.deliver(str(learner.tenant), str(learner.launch.registration_id))
    assert {name: grade["times"] for name, grade in platform.grades.items()} == {
        "stan": 2,
        "sara": 2,
    }


def test_a_test_of_the_connection_names_each_step(learner: Learner, platform: FakePlatform):
    """PAIN-04, PAIN-17"""
    steps = {one["key"]: one for one in run(learner, "test").report["steps"]}
    assert [steps[key]["state"] for key in ("token", "key_set", "scopes")] == ["ok"] * 3
    assert (steps["line_item"]["state"], steps["results"]["state"]) == ("ok", "ok")
    assert (steps["roster"]["state"], steps["roster"]["reason"]) == ("skipped", "no_roster")


def test_a_test_of_a_connection_that_fails_says_what_the_platform_said(learner, platform):
    """PAIN-17: the token's audience is not what the platform wants, or it cannot read our keys"""
    platform.fail("token_400", times=9)
    steps = {one["key"]: one for one in run(learner, "test").report["steps"]}
    assert (steps["token"]["state"], steps["token"]["reason"]) == ("failed", "token_refused")
    assert "invalid" in steps["token"]["said"]


def test_a_job_that_breaks_off_goes_on_later(learner, platform):
    """PAIN-04"""
    sent(learner)
    platform.fail("token_500", times=1)
    from lti_app.platform_client import connector

    connector.TOKENS._tokens.clear()
    broken = run(learner)
    assert (broken.state, broken.error) == ("waiting", "server_error")
    with transaction(learner.tenant) as session:
        session.execute(update(PlatformJob).values(due_at=None))
    job.run(str(learner.tenant), str(broken.id))
    with transaction(learner.tenant) as session:
        assert session.get_one(PlatformJob, UUID(str(broken.id))).state == "done"


def test_results_are_compared_daily_without_anybody_asking(learner):
    """PAIN-20: nobody has opened the platform's settings."""
    now = datetime.now(UTC)
    with transaction(learner.tenant) as session:
        assert platform_jobs.schedule_regular(session, now) == 0
        assert platform_jobs.schedule_regular(session, now + timedelta(hours=25)) == 1
        assert platform_jobs.schedule_regular(session, now + timedelta(hours=26)) == 0
