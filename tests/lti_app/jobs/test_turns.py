"""Platforms take turns: ten thousand grades of one do not keep another's single one waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from database.session import transaction
from lti_app import queue
from lti_app.jobs import passback as job
from lti_app.models.grade import Passback
from lti_app.models.grade_service import GradeService
from lti_app.models.registration import Registration
from lti_app.services import passback, passback_claims
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


@pytest.mark.parametrize(
    ("product", "status", "wait"), [("moodle", "429", 7.0), ("canvas", "429", 7.0)]
)
def test_a_platform_that_asks_us_to_slow_down_is_left_alone_as_a_whole(
    browser, platform, doors, product, status, wait
):
    """CANVAS-36, BB-14, LTI-SP-7: Retry-After holds for all grades of the platform"""
    made = learners(browser, 3)
    with transaction(browser.tenant) as session:
        session.execute(update(Registration).values(platform=product))
    platform.fail(status)
    began = datetime.now(UTC)
    deliver(made[0])
    assert len(platform.score_requests) == 1
    with transaction(browser.tenant) as session:
        until = session.scalars(select(GradeService.paused_until)).one()
        assert passback.list_due(session, datetime.now(UTC)) == []
        assert passback.list_due(session, datetime.now(UTC) + timedelta(seconds=9)) != []
    assert wait - 1 < (until - began).total_seconds() < wait + 5
    with transaction(browser.tenant) as session:
        session.execute(update(GradeService).values(paused_until=None))
        session.execute(update(Passback).values(due_at=datetime.now(UTC)))
    deliver(made[0])
    assert len(platform.grades) == 3
