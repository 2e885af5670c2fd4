"""Commits and openings on a real PostgreSQL: applied once, by one writer, nothing lost."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest

from database.session import transaction
from scorm_runtime.core.journal import Journal, parse_commit, parse_journal
from scorm_runtime.services.commits import commit
from scorm_runtime.services.openings import Visit, open_player
from tests.scorm_runtime.playing import (
    NOW,
    make_attempt,
    make_item,
    read_attempt,
    read_log,
)

VISIT = Visit("u1", "Sample, Sara", "launch-1")
STATUS = "cmi.core.lesson_status"
RAW = "cmi.core.score.raw"


class Window:
    """A window of the player as the server sees it."""

    def __init__(self, tenant, attempt, journals=(), *, start=True):
        self.tenant, self.attempt = tenant, attempt
        journals = [parse_journal(one) for one in journals]
        visit = Visit("u1", "Sample, Sara", "launch-1", start)
        with transaction(tenant) as session:
            opening = open_player(session, attempt, journals, visit, now=NOW)
        self.opening, self.outcome = opening.answer, opening.outcome
        self.writer, self.n, self.number = opening.answer["writer"], 0, 0
        self.waiting = []

    def call(self, op, *arguments):
        self.n += 1
        self.waiting.append([self.n, op, *arguments])
        return self

    def set(self, name, value):
        return self.call("set", name, value)

    def body(self, number=None):
        self.number = number or self.number + 1
        return {"writer": self.writer, "number": self.number, "entries": list(self.waiting)}

    def send(self, body=None):
        with transaction(self.tenant) as session:
            result = commit(
                session, self.attempt, parse_commit(body or self.body()), now=NOW, launch_ref="l"
            )
        if not result.fenced:
            done = result.answer["acknowledged"]
            self.waiting = [entry for entry in self.waiting if entry[0] > done]
        return result


@pytest.fixture
def attempt(tenant):
    return make_attempt(tenant)


@pytest.fixture
def window(tenant, attempt):
    return Window(tenant, attempt).call("initialize")


def test_a_value_comes_back_at_the_next_opening(tenant, attempt, window):
    window.set("cmi.core.lesson_location", "7").set("cmi.suspend_data", "abc").send()
    values = Window(tenant, attempt).opening["delivery"]["values"]
    assert (values["cmi.core.lesson_location"], values["cmi.suspend_data"]) == ("7", "abc")


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


def test_a_journal_left_behind_is_delivered_at_the_next_visit(tenant, attempt, window):
    """PAIN-02"""
    window.send()
    window.set("cmi.core.lesson_location", "9")
    left = {"writer": window.writer, "entries": window.waiting}
    again = Window(tenant, attempt, [left])
    assert again.opening["replayed"] == 1
    assert again.opening["delivery"]["values"]["cmi.core.lesson_location"] == "9"
    assert Window(tenant, attempt, [left]).opening["stale"] == 1


def test_a_journal_of_an_older_writer_is_kept_but_not_applied(tenant, attempt, window):
    left = {"writer": window.writer, "entries": window.set(RAW, "20").waiting}
    Window(tenant, attempt)
    again = Window(tenant, attempt, [left])
    assert (again.opening["stale"], again.opening["replayed"]) == (2, 0)
    assert read_attempt(tenant, attempt).score_raw is None


def test_any_cut_into_commits_gives_the_same_attempt(tenant):
    """However the entries are batched, repeated and replayed, the values are the same. PAIN-02"""
    chance = random.Random(7)
    for _ in range(12):
        attempt = make_attempt(tenant)
        window = Window(tenant, attempt).call("initialize")
        for step in range(12):
            window.set("cmi.comments", f"{step},")
            if chance.random() < 0.4:
                body = window.body()
                for _ in range(chance.randint(1, 3)):
                    if chance.random() < 0.8:
                        window.send(body)
        left = {"writer": window.writer, "entries": window.waiting}
        values = Window(tenant, attempt, [left]).opening["delivery"]["values"]
        assert values["cmi.comments"] == "".join(f"{step}," for step in range(12))


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


def test_time_is_added_once_per_session(tenant, attempt, window):
    window.set("cmi.core.session_time", "00:10:00").set("cmi.core.session_time", "00:20:00")
    window.call("finish").send()
    window.call("initialize").set("cmi.core.session_time", "00:00:30").send()
    again = Window(tenant, attempt)
    assert again.opening["delivery"]["launch"]["cmi.core.total_time"] == "0000:20:30.00"
    assert read_attempt(tenant, attempt).total_seconds == 1230


def test_opening_ends_a_session_whose_tab_died(tenant, attempt, window):
    window.set("cmi.core.session_time", "00:00:05").set(STATUS, "incomplete").send()
    again = Window(tenant, attempt)
    assert again.outcome.events == ("suspended",)
    assert again.opening["delivery"]["launch"]["cmi.core.entry"] == "resume"
    assert read_attempt(tenant, attempt).state == "suspended"


def test_each_outcome_has_a_name_of_its_own(tenant, attempt, window):
    outcomes = [window.send().outcome, window.set(STATUS, "completed").send().outcome]
    again = Window(tenant, attempt)
    outcomes += [again.outcome, again.call("initialize").send().outcome]
    names = {(outcome.writer, outcome.commit_number) for outcome in outcomes}
    assert len(names) == 4


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


def test_opening_at_the_contents_starts_nothing(tenant, attempt):
    """ST-16"""
    opening = Window(tenant, attempt, start=False).opening
    assert (opening["delivery"], opening["contents"][0]["item"]) == (None, "I1")


def test_another_item_is_delivered_by_the_commit_that_asks_for_it(tenant):
    attempt = make_attempt(tenant, make_item("A"), make_item("B"))
    window = Window(tenant, attempt).call("initialize").set(STATUS, "completed").call("finish")
    body = window.call("deliver", "B").body()
    first, again = window.send(body), window.send(body)
    assert first.answer["delivery"] == again.answer["delivery"]
    assert (first.answer["delivery"]["item"], first.answer["delivery"]["number"]) == ("B", 2)
    assert first.outcome.completion == "incomplete"
    last = window.call("initialize").set(STATUS, "completed").send()
    assert last.outcome.completion == "completed"
    assert Window(tenant, attempt).opening["delivery"]["item"] == "B"


def test_a_delivery_whose_answer_was_lost_is_answered_again(tenant):
    attempt = make_attempt(tenant, make_item("A"), make_item("B"))
    window = Window(tenant, attempt).call("deliver", "B")
    entries = list(window.waiting)
    window.send()
    window.waiting = entries
    assert window.send().answer["delivery"]["item"] == "B"


def test_an_asset_is_completed_by_starting_it(tenant):
    attempt = make_attempt(tenant, make_item(scorm_type="asset"))
    window = Window(tenant, attempt)
    assert (window.outcome.completion, window.outcome.events) == ("completed", ("completed",))


def test_completed_at_is_the_first_time(tenant, attempt, window):
    window.set(STATUS, "completed").send()
    with transaction(tenant) as session:
        body = parse_commit(window.set(STATUS, "passed").body())
        commit(session, attempt, body, now=NOW + timedelta(days=1))
    assert read_attempt(tenant, attempt).completed_at == NOW


def test_a_relaunch_after_completion_does_not_fall_back(tenant, attempt, window):
    window.set(STATUS, "passed").set(RAW, "90").call("finish").send()
    again = Window(tenant, attempt).call("initialize").set(STATUS, "incomplete")
    again.send()
    row = read_attempt(tenant, attempt)
    assert (row.completion, row.success, row.score_raw) == ("completed", "passed", 90)


def test_an_empty_journal_is_no_replay(tenant, attempt):
    with transaction(tenant) as session:
        opening = open_player(session, attempt, [Journal(0, ())], VISIT, now=NOW)
    assert (opening.answer["replayed"], opening.answer["stale"]) == (0, 0)
