"""The worker and the ticker against a real Valkey."""

from uuid import uuid4

import pytest
import redis

from database.embedded import embedded_valkey
from lti_app import queue as hints
from lti_app.cli.announcement import announcement
from lti_app.cli.demo import PASSWORD, PEOPLE
from lti_app.cli.ticker import tick


@pytest.fixture(scope="module")
def queue(tmp_path_factory):
    with embedded_valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield redis.Redis.from_url(url)


def test_each_slot_is_asked_for_once_however_many_tickers_run(queue):
    asked = []
    for moment in (1000.0, 1003.0, 1009.9, 1010.0, 1010.1):
        for _ in range(3):
            tick(queue, moment, 10, asked.append)
    assert len(asked) == 2


def test_a_silent_queue_is_waited_out():
    """The ticker goes on; the next slot asks again."""
    nobody = redis.Redis(unix_socket_path="/nonexistent/valkey.sock")
    assert tick(nobody, 1000.0, 10, lambda job: pytest.fail("asked")) is False


def test_the_accounts_that_are_announced_are_those_that_are_loaded(tmp_path):
    """The box is printed without loading the application, so it keeps its own list."""
    environment = {"APP_URL": "http://localhost:1", "DEMO_LMS_URL": "http://127.0.0.1:2"}
    box = announcement(environment, tmp_path, 1.0)
    assert PASSWORD in box
    for email, *_ in PEOPLE:
        assert email in box


def test_what_stands_in_the_queue_is_asked_for_once_and_what_was_lost_again(
    queue, app, monkeypatch
):
    """A hint that died with the queue or with its worker holds nobody up. DESIGN decision 3"""
    monkeypatch.setattr(hints, "connection", lambda: queue)
    whom = (uuid4(), uuid4())
    name = f"rq:queue:{hints.DELIVER_SCORES.queue}"
    for _ in range(3):
        assert hints.enqueue_once(hints.DELIVER_SCORES, *whom)
    assert queue.llen(name) == 1
    queue.delete(name)  # lost on the way, before it had begun
    assert hints.enqueue_once(hints.DELIVER_SCORES, *whom)
    assert queue.llen(name) == 1
    hints.begun(hints.DELIVER_SCORES, *whom)
    assert hints.enqueue_once(hints.DELIVER_SCORES, *whom)
    assert queue.llen(name) == 2
