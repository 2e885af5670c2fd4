"""Platforms take turns: ten thousand grades of one do not keep another's single one waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from database.session import transaction
from lti_app import queue
from lti_app.jobs import passback as job
from lti_app.models.grade import Passback, PassbackTry
from lti_app.models.grade_service import GradeService
from lti_app.models.registration import Registration
from lti_app.services import passback, passback_claims, passback_results
from lti_app.services.passback_rows import lock_pair
from tests.lti_app.fake_platform import SCOPE, FakePlatform, running_platform
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Browser, add_platform


def learners(browser: Browser, count: int) -> list[Learner]:
    """People with a finished attempt each, waiting to be sent."""
    made = [Learner(browser, sub=f"u{number}", email=None) for number in range(count)]
    for learner in made:
        learner.finish()
    return made


def deliver(learner: Learner) -> None:
    job.deliver(str(learner.tenant), str(learner.launch.registration_id))


@pytest.fixture(autouse=True)
def short_turns(monkeypatch):
    monkeypatch.setattr(job, "PATIENCE", 0.0)


def test_after_its_turn_a_platform_goes_to_the_end_of_the_queue(
    browser, platform: FakePlatform, doors, monkeypatch
):
    """PAIN-04: the other platform's single grade waits for one turn, not for all grades"""
    crowd = learners(browser, 6)
    with running_platform() as other:
        add_platform(browser.tenant, other)
        claim = {"scope": [SCOPE + "score"], "lineitem": other.line_item_url}
        single = Learner(Browser(browser.app, other, browser.tenant), ags=claim)
        single.finish()
        monkeypatch.setattr(job, "TURN", 0.0001)
        doors.clear()
        waiting = [crowd[0].launch.registration_id, single.launch.registration_id]
        turns = []
        while waiting and len(turns) < 30:  # one worker, first come first served
            registration = waiting.pop(0)
            turns.append(registration)
            job.deliver(str(browser.tenant), str(registration))
            waiting += [asked[2] for asked in doors if asked[0] == queue.DELIVER_SCORES]
            doors.clear()
        assert turns.index(single.launch.registration_id) == 1
        assert len(other.grades) == 1
        assert len(platform.grades) == 6


def test_canvas_gets_one_request_at_a_time(browser, platform, doors):
    """CANVAS-36"""
    first, _second = learners(browser, 2)
    with transaction(first.tenant) as session:
        session.execute(update(Registration).values(platform="canvas"))
        rows = session.scalars(select(Passback.id).order_by(Passback.id)).all()
    with transaction(first.tenant) as session:
        taken = passback_claims.claim(session, rows[0], datetime.now(UTC))
    with transaction(first.tenant) as session:
        later = passback_claims.claim(session, rows[1], datetime.now(UTC))
    assert isinstance(taken, passback_claims.Claim)
    assert isinstance(later, passback_claims.Later)
    assert later.is_platform


def test_several_grades_leave_at_once_and_one_token_serves_them(browser, platform, doors):
    """LTI-OA-9, LTI-AGS-9: each is recorded once"""
    crowd = learners(browser, 6)
    deliver(crowd[0])
    assert [grade["times"] for grade in platform.grades.values()] == [1] * 6
    assert len(platform.token_requests) == 1
    assert [one.verdict for learner in crowd for one in rows_of(learner)] == ["sent"] * 6


def rows_of(learner: Learner) -> list[PassbackTry]:
    with transaction(learner.tenant) as session:
        mine = select(PassbackTry).join(Passback).where(Passback.subject == learner.subject)
        return list(session.scalars(mine))


def test_a_grade_that_somebody_writes_just_now_keeps_no_other_waiting(browser, platform, doors):
    """Who orders one person's grades at one line item orders these alone."""
    crowd = learners(browser, 3)
    with transaction(browser.tenant) as session:
        registration = crowd[0].launch.registration_id
        lock_pair(session, registration, platform.line_item_url, "u0")
        deliver(crowd[0])
        assert set(platform.grades) == {"u1", "u2"}
    deliver(crowd[0])
    assert set(platform.grades) == {"u0", "u1", "u2"}


def test_answers_about_grades_that_somebody_writes_just_now_are_written_down_after_it(
    browser, platform, doors, monkeypatch
):
    """An answer that nobody writes down would be a score sent twice."""
    crowd = learners(browser, 3)
    monkeypatch.setattr(passback_results, "try_lock_pairs", lambda *_: set())
    deliver(crowd[0])
    assert [one.verdict for learner in crowd for one in rows_of(learner)] == ["sent"] * 3
    with transaction(browser.tenant) as session:
        assert set(session.scalars(select(Passback.state))) == {"sent"}


@pytest.mark.parametrize(("product", "lanes"), [("moodle", 4), ("canvas", 1)])
def test_a_platform_that_asks_us_to_slow_down_is_left_alone_as_a_whole(
    browser, platform, doors, product, lanes
):
    """CANVAS-36, BB-14, LTI-SP-7: Retry-After holds for all grades of the platform"""
    made = learners(browser, 6)
    with transaction(browser.tenant) as session:
        session.execute(update(Registration).values(platform=product))
    platform.fail("429", times=lanes)
    platform.retry_after = "60"
    began = datetime.now(UTC)
    deliver(made[0])
    assert len(platform.score_requests) == lanes  # what was under way, and nothing after it
    with transaction(browser.tenant) as session:
        until = session.scalars(select(GradeService.paused_until)).one()
        assert passback.list_due(session, datetime.now(UTC)) == []
        assert passback.list_due(session, until) != []
    assert until >= began + timedelta(seconds=60)
    with transaction(browser.tenant) as session:
        session.execute(update(GradeService).values(paused_until=None))
        session.execute(update(Passback).values(due_at=datetime.now(UTC)))
    deliver(made[0])
    assert len(platform.grades) == 6
