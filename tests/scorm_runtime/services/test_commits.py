"""Commits on a real PostgreSQL: applied once, by one writer, validated by the server itself."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

from tests.scorm_runtime.playing import make_attempt, read_attempt, read_log
from tests.scorm_runtime.window import RAW, STATUS, Window


@pytest.fixture
def attempt(tenant):
    return make_attempt(tenant)


@pytest.fixture
def window(tenant, attempt):
    return Window(tenant, attempt).call("initialize")


def test_a_repeated_commit_gets_the_same_answer_and_changes_nothing(tenant, attempt, window):
    """PAIN-03"""
    body = window.set("cmi.comments", "once").body()
    first, second = window.send(body), window.send(body)
    assert (first.answer, second.repeated) == (second.answer, True)
    assert second.outcome is None
    assert Window(tenant, attempt).opening["delivery"]["values"]["cmi.comments"] == "once"
    assert [row.kind for row in read_log(tenant, attempt)] == ["open", "commit", "open"]


def test_a_commit_that_arrives_late_does_not_overwrite_a_newer_one(tenant, attempt, window):
    """The browser may deliver the unload request before an earlier one. PAIN-02"""
    early = window.set(RAW, "10").body()
    late = window.set(RAW, "90").body()
    window.send(late)
    result = window.send(early)
    assert (result.repeated, result.answer["acknowledged"]) == (True, 3)
    assert read_attempt(tenant, attempt).score_raw == 90


def test_entries_sent_twice_in_different_commits_are_applied_once(tenant, attempt, window):
    window.set("cmi.comments", "a")
    entries = list(window.waiting)
    window.send()
    window.waiting = entries
    window.set("cmi.comments", "b").send()
    assert Window(tenant, attempt).opening["delivery"]["values"]["cmi.comments"] == "ab"


def test_a_commit_that_overtakes_the_entries_before_it_is_asked_for_them(tenant, attempt, window):
    window.set(RAW, "10").set(RAW, "20")
    body = window.body()
    result = window.send({**body, "entries": body["entries"][2:]})
    assert (result.repeated, result.answer["acknowledged"]) == (True, 0)
    assert window.send().answer["acknowledged"] == 3


def test_an_older_window_is_fenced_and_its_entries_are_kept_as_stale(tenant, attempt, window):
    """PAIN-11"""
    newer = Window(tenant, attempt).call("initialize").set(RAW, "80")
    newer.send()
    result = window.set(RAW, "20").send()
    window.send()
    assert (result.fenced, result.outcome) == (True, None)
    assert read_attempt(tenant, attempt).score_raw == 80
    stale = [row for row in read_log(tenant, attempt) if row.kind == "stale"]
    assert stale[0].entries[1] == [2, "set", RAW, "20"]


def test_two_writers_in_parallel_leave_one_whole_history(tenant, attempt, app):
    """Only commits of the newest writer are applied, each once. PAIN-11, PAIN-34"""
    windows = [Window(tenant, attempt).call("initialize") for _ in range(2)]

    def play(window):
        results = []
        with app.app_context():
            for step in range(15):
                results.append(window.set("cmi.comments", f"<{window.writer}.{step}>").send())
        return results

    with ThreadPoolExecutor(2) as pool:
        old, new = pool.map(play, windows)
    assert all(result.fenced for result in old)
    assert not any(result.fenced for result in new)
    comments = Window(tenant, attempt).opening["delivery"]["values"]["cmi.comments"]
    assert comments == "".join(f"<2.{step}>" for step in range(15))


def test_the_same_commit_sent_by_many_threads_is_applied_once(tenant, attempt, window, app):
    body = window.set("cmi.comments", "x").body()

    def send(_):
        with app.app_context():
            return window.send(body).repeated

    with ThreadPoolExecutor(6) as pool:
        repeated = list(pool.map(send, range(12)))
    assert repeated.count(False) == 1
    assert Window(tenant, attempt).opening["delivery"]["values"]["cmi.comments"] == "x"


@pytest.mark.parametrize(
    "calls", list(permutations([("set", STATUS, "passed"), ("set", RAW, "80"), ("commit",)]))
)
def test_any_order_of_score_status_and_commit_gives_the_same_outcome(tenant, window, calls):
    """PAIN-05"""
    outcomes = []
    for call in calls:
        outcomes.append(window.call(*call).send().outcome)
    last = [outcome for outcome in outcomes if outcome][-1]
    found = (last.completion, last.success, last.score_raw, last.score_scaled)
    assert found == ("completed", "passed", 80, 0.8)


def test_a_score_that_comes_after_completion_is_told(window):
    """PAIN-05"""
    window.set(STATUS, "completed").send()
    outcome = window.set(RAW, "70").send().outcome
    assert (outcome.score_scaled, outcome.events) == (0.7, ("scored",))


def test_a_commit_that_changes_no_result_tells_the_host_nothing(window):
    window.send()
    assert window.set("cmi.suspend_data", "x").send().outcome is None


def test_a_hostile_browsers_values_are_refused_and_recorded(tenant, attempt, window):
    """The server validates by itself; what it refuses is in the call log, never in the data."""
    window.set("cmi.core.student_id", "root").set(RAW, "NaN").set("cmi.interactions.9.id", "x")
    window.set("cmi.core.total_time", "9999:00:00").call("deliver", "no-such-item").send()
    row = read_log(tenant, attempt)[-1]
    assert [remark[:2] for remark in row.remarks] == [
        [2, "403"],
        [3, "405"],
        [4, "201"],
        [5, "403"],
        [6, "101"],
    ]
    assert Window(tenant, attempt).opening["delivery"]["values"] == {}


def test_lenient_values_are_stored_with_a_remark(tenant, attempt, window):
    """SD-06"""
    window.set("cmi.core.lesson_location", "x" * 300).send()
    assert read_log(tenant, attempt)[-1].remarks[0][1] == "0"


def test_a_megabyte_of_suspend_data_comes_back_unchanged(tenant, attempt, window):
    """PAIN-08"""
    data = "".join(random.Random(1).choices("abc\x00\x1bü😀\ud800", k=1_000_000))
    window.set("cmi.suspend_data", data).send()
    assert Window(tenant, attempt).opening["delivery"]["values"]["cmi.suspend_data"] == data


def test_strict_refuses_what_the_standard_refuses(tenant):
    """PAIN-08"""
    attempt = make_attempt(tenant, settings={"strict": True})
    window = Window(tenant, attempt).call("initialize").set("cmi.suspend_data", "x" * 4097)
    window.send()
    assert read_log(tenant, attempt)[-1].remarks[0][:2] == [2, "405"]


def test_interactions_are_told_with_the_commit_that_recorded_them(window):
    window.set("cmi.interactions.0.id", "Q1").set("cmi.interactions.0.type", "choice")
    window.set("cmi.interactions.0.correct_responses.0.pattern", "a")
    window.set("cmi.interactions.0.student_response", "b")
    window.set("cmi.interactions.0.result", "wrong").set("cmi.interactions.0.latency", "00:00:07")
    (one,) = window.send().outcome.interactions
    assert (one.id, one.type, one.learner_response, one.correct_responses) == (
        "Q1",
        "choice",
        "b",
        ("a",),
    )
    assert (one.result, one.latency_seconds, one.sco) == ("wrong", 7, "I1")
    assert window.set("cmi.core.lesson_location", "2").send().outcome is None
