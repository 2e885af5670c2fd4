"""Navigation on a real PostgreSQL: one request, run once, answered with what comes next."""

import pytest

from database.session import transaction
from scorm_runtime.core.journal import JournalInvalid, parse_commit
from scorm_runtime.services.attempts import AttemptsUsedUp, get_attempt, open_attempt, start_again
from scorm_runtime.services.commits import OtherAttempt, commit
from tests.scorm_runtime.courses import GLOBAL, begin, make_course
from tests.scorm_runtime.playing import (
    NOW,
    make_attempt,
    make_item,
    make_user,
    read_attempt,
    read_log,
)
from tests.scorm_runtime.window import RAW, STATUS, Window

PARTS = {"A1": "", "A2": "", "A3": ""}


@pytest.fixture
def attempt(tenant):
    return begin(tenant, make_course(tenant, PARTS))


def ask(window, request, target=""):
    """The learner's event with everything unsent, from a window that shows the last delivery."""
    window.call("navigate", request, target)
    return {**window.body(), "delivery": window.shown}


def open_window(tenant, attempt, **options):
    window = Window(tenant, attempt, **options)
    window.shown = (window.opening["delivery"] or {"number": 0})["number"]
    return window


def test_one_request_carries_the_unsent_calls_and_the_event(tenant, attempt):
    """SD-01"""
    window = open_window(tenant, attempt).call("initialize")
    window.set("cmi.completion_status", "completed").call("finish")
    answer = window.send(ask(window, "continue")).answer
    assert answer["delivery"]["item"] == "A2"
    assert answer["items"]["A1"]["completion"] == "completed"
    assert answer["nav"]["previous"] == "enabled"
    assert answer["navigation"]["delivered"] == "A2"


def test_sequencing_runs_once_for_one_request_and_a_repeat_gets_its_delivery(tenant, attempt):
    """SD-01, PAIN-03"""
    window = open_window(tenant, attempt).call("initialize")
    body = ask(window, "continue")
    first, second = window.send(body), window.send(body)
    assert second.repeated
    assert second.answer == first.answer
    assert read_attempt(tenant, attempt).delivery == first.answer["delivery"]["number"] == 2


def test_a_request_whose_answer_was_lost_runs_once_under_a_new_number_too(tenant, attempt):
    window = open_window(tenant, attempt).call("initialize")
    body = ask(window, "continue")
    window.send(body)
    answer = window.send({**body, "number": body["number"] + 1}).answer
    assert (answer["delivery"]["item"], answer["delivery"]["number"]) == ("A2", 2)


def test_a_window_that_shows_the_delivery_is_not_sent_it_again(tenant, attempt):
    window = open_window(tenant, attempt).call("initialize")
    answer = window.send({**window.body(), "delivery": window.shown}).answer
    assert "delivery" not in answer


def test_a_request_that_cannot_be_carried_out_changes_nothing_and_says_why(tenant, attempt):
    window = open_window(tenant, attempt).call("initialize")
    answer = window.send(ask(window, "previous")).answer
    assert answer["navigation"]["code"]
    assert answer["front"] == 1
    assert answer["nav"]["why"]["previous"]


def test_decisions_of_sequencing_stand_in_the_call_log(tenant, attempt):
    window = open_window(tenant, attempt).call("initialize")
    window.send(ask(window, "continue"))
    opened, committed = read_log(tenant, attempt)
    assert opened.decisions[0][:2] == ["start", ""]
    assert committed.decisions[0][:2] == ["continue", ""]


def test_suspend_all_waits_for_the_next_visit_where_it_was(tenant, attempt):
    window = open_window(tenant, attempt)
    window.send(ask(window, "choice", "A2"))
    window.shown = 2
    window.call("initialize").set("cmi.location", "page 7")
    answer = window.send(ask(window, "suspendAll")).answer
    assert (answer["ended"], answer["state"]) == (True, "suspended")
    again = open_window(tenant, attempt).opening["delivery"]
    assert (again["item"], again["values"]["cmi.location"]) == ("A2", "page 7")
    assert again["launch"]["cmi.entry"] == "resume"


def test_a_window_that_died_is_resumed_where_it_was(tenant, attempt):
    """scorm.md: a tab closed without suspendAll stays resumable."""
    window = open_window(tenant, attempt)
    window.send(ask(window, "continue"))
    window.call("initialize").set("cmi.location", "page 7").send()
    again = open_window(tenant, attempt).opening["delivery"]
    assert (again["item"], again["values"]["cmi.location"]) == ("A2", "page 7")


def test_with_nothing_started_the_learner_may_choose(tenant, attempt):
    """ST-16"""
    window = open_window(tenant, attempt, start=False)
    assert (window.opening["delivery"], window.opening["front"]) == (None, 0)
    assert window.opening["nav"]["choice"]["A3"] == "enabled"
    assert window.send(ask(window, "choice", "A3")).answer["delivery"]["item"] == "A3"


def test_what_a_learner_carries_is_known_in_the_next_course(tenant):
    user = make_user(tenant)
    course = {"A1": GLOBAL, "A2": ""}
    first, second = (begin(tenant, make_course(tenant, course), user) for _ in range(2))
    window = open_window(tenant, first).call("initialize")
    window.set("cmi.success_status", "passed").call("finish")
    window.send(ask(window, "exitAll"))
    delivered = open_window(tenant, second).opening["delivery"]
    assert delivered["values"]["cmi.success_status"] == "passed"


def test_a_commit_for_another_attempt_is_refused_by_name(tenant, attempt):
    window = open_window(tenant, attempt).call("initialize")
    body = parse_commit({**window.body(), "attempt": str(tenant)})
    with transaction(tenant) as session, pytest.raises(OtherAttempt):
        commit(session, attempt, body, now=NOW)


def test_unknown_elements_and_calls_after_the_end_are_refused_by_name(tenant, attempt):
    window = open_window(tenant, attempt).call("initialize").set("cmi.no_such", "1")
    window.call("finish").set("cmi.location", "late")
    remarks = {n: code for n, code, _ in window.send().answer["remarks"]}
    assert remarks == {2: "401", 4: "133"}


def test_a_request_that_does_not_exist_is_no_commit():
    with pytest.raises(JournalInvalid, match="is no request"):
        parse_commit({"writer": 1, "number": 1, "entries": [[1, "navigate", "hack", ""]]})


def test_next_and_previous_follow_the_order_in_scorm_1_2(tenant):
    attempt = make_attempt(tenant, make_item("I1"), make_item("I2"))
    window = open_window(tenant, attempt).call("initialize")
    assert window.opening["nav"]["why"]["previous"] == "first_item"
    assert window.send(ask(window, "continue")).answer["delivery"]["item"] == "I2"


@pytest.mark.parametrize(
    ("settings", "calls", "completion"),
    [
        ({"completion_policy": "score_at_least", "completion_score": 0.7}, (RAW, "75"), True),
        ({"completion_policy": "score_at_least", "completion_score": 0.8}, (RAW, "75"), False),
        ({"completion_policy": "all_visited"}, (RAW, "1"), True),
        ({"completion_policy": "on_exit"}, (RAW, "1"), False),
    ],
)
def test_the_package_says_what_completes_it(tenant, settings, calls, completion):
    attempt = make_attempt(tenant)
    with transaction(tenant) as session:
        row = get_attempt(session, attempt)
        package(session, row).settings = settings
    window = open_window(tenant, attempt).call("initialize").set(*calls)
    window.send()
    assert (read_attempt(tenant, attempt).completion == "completed") is completion
    window.send(ask(window, "exitAll"))
    wanted = completion or settings["completion_policy"] == "on_exit"
    assert (read_attempt(tenant, attempt).completion == "completed") is wanted


def test_another_attempt_begins_by_policy_when_one_is_finished(tenant):
    attempt = finished(tenant, {"attempt_policy": "new_when_finished", "max_attempts": 2})
    row = read_attempt(tenant, attempt)
    place = {"package_id": row.package_id, "user_id": row.user_id, "context_key": "portal"}
    with transaction(tenant) as session:
        second = open_attempt(session, **place, now=NOW)
        assert second.number == 2
        assert open_attempt(session, **place, now=NOW).id == second.id


def test_a_learner_starts_again_until_the_attempts_are_used_up(tenant):
    attempt = finished(tenant, {"max_attempts": 2})
    with transaction(tenant) as session:
        second = start_again(session, get_attempt(session, attempt), now=NOW)
        assert second.number == 2
        assert start_again(session, get_attempt(session, attempt), now=NOW).id == second.id
        second.state, second.completion = "ended", "completed"
        session.flush()
        with pytest.raises(AttemptsUsedUp) as refused:
            start_again(session, second, now=NOW)
    assert refused.value.obstacle == "used_up"


def test_an_attempt_in_progress_is_not_started_again(tenant):
    attempt = make_attempt(tenant)
    with transaction(tenant) as session, pytest.raises(AttemptsUsedUp) as refused:
        start_again(session, get_attempt(session, attempt), now=NOW)
    assert refused.value.obstacle == "unfinished"


def finished(tenant, settings):
    attempt = make_attempt(tenant)
    with transaction(tenant) as session:
        row = get_attempt(session, attempt)
        package(session, row).settings = settings
    Window(tenant, attempt).call("initialize").set(STATUS, "passed").call("finish").send()
    return attempt


def package(session, row):
    from scorm_runtime.models.package import Package

    return session.get_one(Package, row.package_id)
