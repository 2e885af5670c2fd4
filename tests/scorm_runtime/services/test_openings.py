"""Openings on a real PostgreSQL: what was left behind arrives, the next session resumes."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from database.session import transaction
from scorm_runtime.core.journal import Journal, parse_commit
from scorm_runtime.services.commits import commit
from scorm_runtime.services.openings import Visit, open_player
from tests.scorm_runtime.playing import NOW, make_attempt, make_item, read_attempt, read_log
from tests.scorm_runtime.window import RAW, STATUS, Window

VISIT = Visit("u1", "Sample, Sara", "launch-1")


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


def test_a_journal_left_behind_is_delivered_at_the_next_visit(tenant, attempt, window):
    """PAIN-02"""
    window.send()
    window.set("cmi.core.lesson_location", "9")
    left = {"writer": window.writer, "entries": window.waiting}
    again = Window(tenant, attempt, [left])
    assert again.opening["replayed"] == 1
    assert again.opening["delivery"]["values"]["cmi.core.lesson_location"] == "9"


def test_a_journal_whose_delivery_was_answered_into_the_void_alarms_nobody(tenant, attempt, window):
    """The browser brings it again, because it never heard that it had arrived."""
    left = {"writer": window.writer, "entries": window.set("cmi.core.lesson_location", "9").waiting}
    Window(tenant, attempt, [left])
    again = Window(tenant, attempt, [left])
    assert (again.opening["stale"], again.opening["replayed"]) == (0, 0)
    assert "stale" not in [row.kind for row in read_log(tenant, attempt)]


def test_a_request_to_open_that_arrives_twice_or_late_takes_nothing_over(tenant, attempt, window):
    """The network repeats it, or delivers it after its window has gone: nobody sits there who could
    write, and the window that does would be refused. PAIN-11"""
    window.set(RAW, "10").send()
    visit = replace(VISIT, after=window.writer)
    with transaction(tenant) as session:
        first = open_player(session, attempt, [], visit, now=NOW)
    with transaction(tenant) as session:
        again = open_player(session, attempt, [], visit, now=NOW)
    assert (first.overtaken, again.overtaken, again.answer) == (False, True, {"writer": 2})
    assert read_attempt(tenant, attempt).writer == 2


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
