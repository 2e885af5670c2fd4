"""A grade's way to the platform: exactly one final grade, whatever goes wrong on the way."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from flask import Flask

from lti_app import queue
from lti_app.jobs import passback as job
from lti_app.jobs import sweeps
from tests.lti_app.fake_platform import SCOPE, FakePlatform, running_platform
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Browser, add_platform

pytestmark = pytest.mark.usefixtures("doors")


def test_a_finished_attempt_becomes_a_grade_on_the_line_items_own_scale(
    learner: Learner, platform: FakePlatform, doors
):
    """LTI-AGS-4, 6, 8, 10, LTI-SP-5, MOODLE-3, MOODLE-4, MOODLE-9"""
    row_id = learner.finish()
    assert doors == [(queue.DELIVER_SCORES, learner.tenant, learner.launch.registration_id)]
    row = learner.send(row_id)
    assert (row.state, row.reason, row.tries) == ("sent", "", 1)
    [sent] = platform.score_requests
    assert (sent["scoreGiven"], sent["scoreMaximum"]) == (8.0, 10.0)
    assert (sent["activityProgress"], sent["gradingProgress"]) == ("Completed", "FullyGraded")
    assert sent["userId"] == "stan"
    assert sent["timestamp"].endswith("Z")
    assert len(sent["timestamp"]) == len("2026-11-21T20:32:11.175Z")
    assert learner.grade["comment"] == "Fire safety: passed, 80% (attempt 1)"
    [made] = learner.tries(row.id)
    assert (made.status, made.verdict, made.score_given) == (200, "sent", 8.0)
    assert made.duration_ms is not None


def test_the_token_request_is_as_the_specification_wants_it(learner, platform):
    """LTI-OA-1 to LTI-OA-8; the fake checks signature, kid and audience"""
    learner.send(learner.finish())
    [form] = platform.token_requests
    assert form["grant_type"] == "client_credentials"
    assert set(form["scope"].split()) == {SCOPE + "score", SCOPE + "lineitem.readonly"}
    claims = jwt.decode(form["client_assertion"], options={"verify_signature": False})
    assert claims["iss"] == claims["sub"] == "lectern-test"
    assert claims["exp"] - claims["iat"] <= 300
    assert claims["iat"] <= datetime.now(UTC).timestamp() - 59
    assert claims["jti"]


def test_token_and_maximum_are_asked_for_once(learner, platform):
    """LTI-OA-9"""
    learner.send(learner.finish())
    learner.send(learner.finish(score_scaled=0.9))
    assert len(platform.token_requests) == 1
    assert platform.line_item_requests == 1
    assert learner.grade["given"] == 9.0


def test_a_withdrawn_token_costs_one_fresh_one(learner, platform):
    """LTI-OA-10"""
    learner.send(learner.finish())
    platform.tokens.clear()
    assert learner.send(learner.finish(score_scaled=0.9)).state == "sent"
    assert len(platform.token_requests) == 2


@pytest.mark.parametrize("reason", ["score_given", "not final"])
def test_what_is_not_final_is_not_sent(learner, platform, reason):
    """LTI-SP-2, MOODLE-8: it would erase the grade"""
    assert learner.finish(completion="incomplete", success="unknown") is None
    assert learner.finish(completion="unknown", success="unknown", score_scaled=None) is None


def test_the_same_result_is_sent_once(learner, platform):
    """LTI-SP-1"""
    learner.send(learner.finish())
    assert learner.finish() is None
    assert learner.finish(events=("suspended",)) is None
    assert len(platform.score_requests) == 1


def test_a_final_grade_is_not_taken_back_by_a_new_unfinished_attempt(learner, platform):
    """PAIN-05, MOODLE-8"""
    learner.send(learner.finish())
    unfinished = {"completion": "incomplete", "success": "unknown", "score_scaled": None}
    assert learner.finish(attempt_number=2, score_raw=None, **unfinished) is None
    assert learner.grade["given"] == 8.0


def test_two_results_in_a_row_make_the_older_waiting_one_superseded(learner, platform):
    """PAIN-04: merge of superseded scores"""
    first = learner.finish(score_scaled=0.5)
    second = learner.finish(score_scaled=0.9)
    assert learner.row(first).state == "superseded"
    assert learner.send(first).state == "superseded"
    assert learner.send(second).state == "sent"
    assert learner.grade == learner.grade | {"given": 9.0, "times": 1}


def test_timestamps_rise_by_whole_seconds(learner, platform):
    """LTI-AGS-9, LTI-SP-3, MOODLE-6: the fake answers 409 to a second score in one second"""
    for score in (0.1, 0.2, 0.3):
        assert learner.send(learner.finish(score_scaled=score)).state == "sent"
    seconds = [one["timestamp"][:19] for one in platform.score_requests]
    assert seconds == sorted(set(seconds))


@pytest.mark.parametrize("fault", ["500", "503", "429", "hang", "drop", "token_500", "token_400"])
def test_after_a_failure_the_ledger_shows_it_and_the_retry_delivers_one_grade(
    learner, platform, fault
):
    """PAIN-04, LTI-SP-7"""
    platform.fail(fault, times=2)
    row_id = learner.finish()
    waiting = learner.send(row_id)
    assert waiting.state == "waiting"
    assert waiting.reason
    assert waiting.due_at > datetime.now(UTC) + timedelta(seconds=3)
    for _ in range(2):
        learner.make_due(row_id)
        row = learner.send(row_id)
    assert (row.state, row.reason, row.tries) == ("sent", "", 3)
    assert learner.grade == learner.grade | {"given": 8.0, "times": 1}
    assert [one.verdict for one in learner.tries(row_id)][-1] == "sent"


@pytest.mark.parametrize("fault", ["record_then_drop", "record_then_500"])
def test_a_score_that_was_recorded_without_an_answer_is_not_recorded_twice(
    learner, platform, fault
):
    """Repeats carry the same timestamp; 409 then means that it is there."""
    platform.fail(fault)
    row_id = learner.finish()
    assert learner.send(row_id).state == "waiting"
    learner.make_due(row_id)
    assert learner.send(row_id).state == "sent"
    first, second = platform.score_requests
    assert first["timestamp"] == second["timestamp"]
    assert learner.grade["times"] == 1
    assert [one.verdict for one in learner.tries(row_id)] == ["unknown", "already recorded"]


def test_a_worker_killed_between_network_and_write_leaves_exactly_one_grade(
    learner, platform, app: Flask, doors, monkeypatch
):
    """The row is found by the sweep when its lease is over."""
    row_id = learner.finish()
    monkeypatch.setattr(job, "record", lambda *args: None)  # kill -9 after the answer
    learner.send(row_id)
    monkeypatch.undo()
    monkeypatch.setattr(queue, "enqueue", lambda *args: doors.append(args) or True)
    assert learner.row(row_id).state == "sending"
    assert learner.grade["times"] == 1
    assert learner.send(row_id).state == "sending"  # nobody takes it while the lease runs
    assert sweeps.sweep_grades(learner.tenant, datetime.now(UTC)) == 0
    learner.make_due(row_id)
    doors.clear()
    assert sweeps.sweep_grades(learner.tenant, datetime.now(UTC)) == 1
    assert doors == [(queue.DELIVER_SCORES, learner.tenant, learner.launch.registration_id)]
    assert learner.send(row_id).state == "sent"
    assert learner.grade == learner.grade | {"given": 8.0, "times": 1}
    assert [one.verdict for one in learner.tries(row_id)] == ["unanswered", "already recorded"]


def test_a_worker_killed_before_the_network_sends_it_later(learner, platform, monkeypatch):
    row_id = learner.finish()
    monkeypatch.setattr(job, "transmit", lambda claimed: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        learner.send(row_id)
    monkeypatch.undo()
    learner.make_due(row_id)
    assert learner.send(row_id).state == "sent"
    assert learner.grade["times"] == 1


def test_a_newer_grade_overtakes_a_sender_that_died(learner, platform, monkeypatch):
    dead = learner.finish(score_scaled=0.5)
    monkeypatch.setattr(job, "record", lambda *args: None)
    learner.send(dead)
    monkeypatch.undo()
    newer = learner.finish(score_scaled=0.9)
    assert learner.send(newer).state == "waiting"  # one at a time per person and line item
    learner.make_due(dead)
    assert learner.send(dead).state == "superseded"
    assert learner.send(newer).state == "sent"
    assert learner.grade == learner.grade | {"given": 9.0, "times": 2}


def test_a_first_409_is_answered_with_a_later_timestamp_once(learner, platform):
    """MOODLE-7"""
    platform.fail("409")
    row_id = learner.finish()
    assert learner.send(row_id).state == "waiting"
    assert learner.send(row_id).state == "sent"
    first, second = (one["timestamp"][:19] for one in platform.score_requests)
    assert first < second
    assert learner.grade["times"] == 1


def test_a_second_409_is_final_and_says_why(learner, platform):
    """MOODLE-7: once"""
    platform.fail("409", times=2)
    row_id = learner.finish()
    learner.send(row_id)
    row = learner.send(row_id)
    assert (row.state, row.reason) == ("refused", "newer_score")


def test_another_platform_cannot_settle_or_supersede_a_grade_by_naming_its_line_item(
    learner: Learner, app: Flask, platform: FakePlatform
):
    """A platform says what it likes: URL and subject mean something within a registration only."""
    row_id = learner.finish()
    with running_platform() as other:
        # Its registration leads to the same host: else the address would not be used at all.
        add_platform(learner.tenant, other, auth_login_url=f"{platform.origin}/authorize")
        claim = {"scope": [SCOPE + "score"], "lineitem": platform.line_item_url}
        stranger = Learner(Browser(app, other, learner.tenant), ags=claim)
        assert stranger.launch.registration_id != learner.launch.registration_id
        others_row = stranger.finish()
        assert others_row is not None
        assert learner.row(row_id).state == "waiting"
        assert learner.send(row_id).state == "sent"
        assert learner.grade["given"] == 8.0
        assert stranger.row(others_row).registration_id == stranger.launch.registration_id
