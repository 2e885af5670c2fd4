"""Grades that a platform will not take, that are not sent, or that wait; and sending again."""

from datetime import UTC, datetime, timedelta

import pytest

from database.session import transaction
from lti_app import queue
from lti_app.jobs import sweeps
from lti_app.models.grade import Passback
from lti_app.services import grade_ledger, grades, passback_claims, registrations
from lti_app.services.passback_claims import Claim
from tests.lti_app.fake_platform import INSTRUCTOR, SCOPE
from tests.lti_app.learner import Learner

pytestmark = pytest.mark.usefixtures("doors")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("400", "not_gradable"),
        ("404", "line_item_gone"),
        ("403", "forbidden"),
        ("412", "score_rejected"),
        ("422", "not_gradable"),
    ],
)
def test_a_permanent_refusal_costs_one_request_and_says_why(learner, platform, fault, reason):
    """PAIN-19, LTI-SP-8, MOODLE-5, CANVAS-22"""
    platform.fail(fault)
    row_id = learner.finish()
    row = learner.send(row_id)
    assert (row.state, row.reason) == ("refused", reason)
    learner.make_due(row_id)
    assert learner.send(row_id).tries == 1
    assert len(platform.score_requests) == 1
    assert learner.finish(events=("terminated",)) is None  # the same again would be a storm
    assert learner.finish(score_scaled=0.9) is not None  # a change is a new chance


def test_the_platforms_wish_to_wait_is_respected(learner, platform):
    """LTI-SP-7"""
    platform.fail("429")
    row = learner.send(learner.finish())
    assert row.reason == "rate_limited"
    assert row.due_at > datetime.now(UTC) + timedelta(seconds=5)


def test_after_48_hours_it_is_given_up(learner, platform):
    """LTI-SP-7"""
    platform.fail("500")
    row_id = learner.finish()
    with transaction(learner.tenant) as session:
        session.get_one(Passback, row_id).give_up_at = datetime.now(UTC)
    row = learner.send(row_id)
    assert (row.state, row.reason) == ("refused", "gave_up")
    assert learner.finish(events=("initialized",)) is not None  # at the next visit


def test_a_teachers_launch_sends_no_grade(browser, platform):
    """PAIN-19, MOODLE-5"""
    assert Learner(browser, roles=[INSTRUCTOR]).finish() is None
    assert Learner(browser, roles=[]).finish() is None
    tester = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
    learner = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
    assert Learner(browser, roles=[learner, tester]).finish() is None


def test_a_second_student_is_separate(browser, platform):
    stan, sara = Learner(browser), Learner(browser, sub="sara", email="s@example.com")
    rows = [stan.finish(score_scaled=0.4), sara.finish(score_scaled=0.6)]
    for row_id in rows:
        stan.send(row_id)
    assert {user: grade["given"] for user, grade in platform.grades.items()} == {
        "stan": 4.0,
        "sara": 6.0,
    }


@pytest.mark.parametrize("ags", [None, {"scope": [SCOPE + "score"]}])
def test_without_a_line_item_the_grade_stays_here(browser, ags):
    """LTI-G09"""
    learner = Learner(browser, ags=ags)
    assert learner.finish() is None
    with transaction(learner.tenant) as session:
        [entry] = grade_ledger.list_recent(session)
    assert (entry.grade.score, entry.passback) == (0.8, None)


def test_without_the_score_scope_nothing_is_tried(browser, platform):
    """LTI-OA-7"""
    ags = {"scope": [SCOPE + "lineitem.readonly"], "lineitem": platform.line_item_url}
    learner = Learner(browser, ags=ags)
    row = learner.send(learner.finish())
    assert (row.state, row.reason) == ("refused", "scope_missing")
    assert platform.score_requests == []


def test_without_a_readable_maximum_100_is_used(browser, platform):
    """LTI-SP-5"""
    ags = {"scope": [SCOPE + "score"], "lineitem": platform.line_item_url}
    learner = Learner(browser, ags=ags)
    assert learner.send(learner.finish()).state == "sent"
    assert platform.score_requests[0]["scoreMaximum"] == 100.0


def test_a_platform_that_is_down_is_waited_for(learner, platform, tenant, registration):
    """PAIN-04"""
    with transaction(tenant) as session:
        registrations.get_registration(session, registration).token_url = "http://127.0.0.1:9/x"
    row = learner.send(learner.finish())
    assert (row.state, row.reason) == ("waiting", "unreachable")


def test_a_platform_switched_off_gets_nothing(learner, platform, tenant, registration):
    row_id = learner.finish()
    with transaction(tenant) as session:
        registrations.disable_registration(session, registration)
    row = learner.send(row_id)
    assert (row.state, row.reason) == ("waiting", "platform_disabled")
    assert platform.token_requests == []


def test_sending_again_sends_an_unchanged_grade(learner, platform):
    learner.send(learner.finish())
    with transaction(learner.tenant) as session:
        [entry] = grade_ledger.list_recent(session)
        row = grades.send_again(
            session, entry.grade.id, requested_by=learner.token.user_id, now=datetime.now(UTC)
        )
    assert learner.send(row.id).state == "sent"
    assert learner.grade["times"] == 2


def test_two_workers_with_the_same_row_send_it_once(learner, platform):
    row_id = learner.finish()
    with transaction(learner.tenant) as session:
        first = passback_claims.claim(session, row_id, datetime.now(UTC))
    with transaction(learner.tenant) as session:
        second = passback_claims.claim(session, row_id, datetime.now(UTC))
    assert isinstance(first, Claim)
    assert second is None


def test_the_queue_being_away_loses_nothing(learner, platform, monkeypatch, doors):
    """DESIGN decision 3"""
    monkeypatch.setattr(queue, "enqueue", lambda *args: (_ for _ in ()).throw(ConnectionError))
    row_id = learner.finish()
    assert learner.row(row_id).state == "waiting"
    monkeypatch.setattr(queue, "enqueue", lambda *args: doors.append(args) or True)
    assert sweeps.sweep_grades(learner.tenant, datetime.now(UTC)) == 1


def test_a_long_comment_or_odd_name_does_not_break_the_sending(learner, platform):
    row = learner.send(learner.finish(title="Brände & <b>Löschen</b> " * 20))
    assert row.state == "sent"
    assert "Brände" in learner.grade["comment"]
