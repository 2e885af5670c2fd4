"""One SCO: what its calls make of it (SCORM 1.2 RTE 3.4.3.1, Conformance Requirements 2.1)."""

from itertools import permutations

import pytest

from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import Item
from scorm_runtime.core.sco import ScoRun, ScoState
from scorm_runtime.core.settings import RuntimeSettings

STATUS = ("set", "cmi.core.lesson_status")
RAW = ("set", "cmi.core.score.raw")
BEGIN, END, SAVE = ("initialize",), ("finish",), ("commit",)
ITEM = Item("I1", "Part", "sco", 0, "sco.html")


def run(*calls, state=None, mastery="", kind="sco", **settings):
    item = Item("I1", "Part", kind, 0, "sco.html", mastery_score=mastery)
    sco = ScoRun(load_table("1_2"), item, state or ScoState(), RuntimeSettings(**settings))
    for op, *arguments in calls:
        sco.apply(op, tuple(arguments))
    return sco


def standing(sco):
    result = sco.result()
    return result.completion, result.success, result.score.scaled


def next_session(sco, **settings):
    """The same SCO launched again."""
    again = run(state=sco.state, **settings)
    again.deliver()
    return again


@pytest.mark.parametrize(
    ("status", "completion", "success"),
    [
        ("passed", "completed", "passed"),
        ("failed", "completed", "failed"),
        ("completed", "completed", "unknown"),
        ("incomplete", "incomplete", "unknown"),
        ("browsed", "incomplete", "unknown"),
    ],
)
def test_a_status_means_completion_and_success(status, completion, success):
    assert standing(run(BEGIN, (*STATUS, status))) == (completion, success, None)


def test_content_that_only_opens_is_not_completed():
    assert standing(run(BEGIN)) == ("incomplete", "unknown", None)
    sco = run(BEGIN)
    sco.cut_off()
    assert standing(sco) == ("incomplete", "unknown", None)


def test_finishing_without_a_status_completes():
    assert standing(run(BEGIN, END)) == ("completed", "unknown", None)
    assert standing(run(BEGIN, END, complete_at_finish=False))[0] == "incomplete"


def test_finishing_with_incomplete_stays_incomplete():
    assert standing(run(BEGIN, (*STATUS, "incomplete"), END))[0] == "incomplete"


@pytest.mark.parametrize(("raw", "success"), [("80", "passed"), ("79.9", "failed")])
def test_the_mastery_score_decides_at_the_end(raw, success):
    assert standing(run(BEGIN, (*RAW, raw), END, mastery="80"))[:2] == ("completed", success)
    reported = run(BEGIN, (*RAW, raw), (*STATUS, "completed"), END, mastery="80")
    assert standing(reported)[1] == success


def test_the_mastery_score_leaves_incomplete_alone():
    sco = run(BEGIN, (*RAW, "0"), (*STATUS, "incomplete"), END, mastery="80")
    assert standing(sco)[:2] == ("incomplete", "unknown")


def test_no_mastery_without_a_score_and_none_when_switched_off():
    assert standing(run(BEGIN, (*STATUS, "completed"), END, mastery="80"))[1] == "unknown"
    sco = run(BEGIN, (*RAW, "10"), (*STATUS, "passed"), END, mastery="80", mastery_override=False)
    assert standing(sco)[1] == "passed"


def test_a_tab_that_died_is_judged_by_mastery_too():
    sco = run(BEGIN, (*RAW, "90"), (*STATUS, "completed"), mastery="80")
    sco.cut_off()
    assert standing(sco)[1] == "passed"


@pytest.mark.parametrize(
    "calls", list(permutations([(*STATUS, "completed"), (*RAW, "85"), SAVE, SAVE]))
)
def test_the_order_of_score_status_and_commits_does_not_matter(calls):
    """PAIN-05"""
    sco = run(BEGIN, *calls, END, mastery="80")
    assert standing(sco) == ("completed", "passed", 0.85)


def test_completion_is_never_taken_back_but_success_follows_the_content():
    sco = run(BEGIN, (*STATUS, "passed"), (*STATUS, "incomplete"))
    assert standing(sco)[:2] == ("completed", "passed")
    assert standing(run(BEGIN, (*STATUS, "failed"), (*STATUS, "passed")))[1] == "passed"


@pytest.mark.parametrize(
    ("raw", "low", "high", "scaled"),
    [
        ("8", "", "10", 0.8),
        ("8", "0", "10", 0.8),
        ("15", "10", "20", 0.5),
        ("80", "", "", 0.8),
        ("120", "", "", 1.0),
        ("-5", "", "", 0.0),
        ("50", "0", "0", 0.5),
        ("", "", "", None),
        ("7,5", "0", "10", 0.75),
    ],
)
def test_a_score_is_scaled_by_what_the_content_says_is_possible(raw, low, high, scaled):
    part = "cmi.core.score"
    sco = run(
        BEGIN,
        ("set", f"{part}.raw", raw),
        ("set", f"{part}.min", low),
        ("set", f"{part}.max", high),
    )
    assert sco.result().score.scaled == scaled


def test_the_entry_follows_how_the_last_session_ended():
    assert run().entry == "ab-initio"
    suspended = run(BEGIN, ("set", "cmi.core.exit", "suspend"), END)
    assert next_session(suspended).entry == "resume"
    assert next_session(run(BEGIN, (*STATUS, "incomplete"), END)).entry == "resume"
    assert next_session(run(BEGIN, (*STATUS, "passed"), END)).entry == ""
    assert next_session(run(BEGIN)).entry == "resume"


def test_data_is_kept_without_suspend_unless_the_letter_is_wanted():
    ended = run(BEGIN, ("set", "cmi.suspend_data", "x"), (*STATUS, "incomplete"), END)
    assert next_session(ended).state.values["cmi.suspend_data"] == "x"
    assert next_session(ended, keep_without_suspend=False).state.values == {}
    died = run(BEGIN, ("set", "cmi.suspend_data", "x"))
    assert next_session(died, keep_without_suspend=False).state.values["cmi.suspend_data"] == "x"


def test_exit_and_session_time_do_not_outlive_their_session():
    sco = run(
        BEGIN,
        ("set", "cmi.core.exit", "suspend"),
        ("set", "cmi.core.session_time", "00:01:00"),
        END,
    )
    again = next_session(sco)
    again.apply("initialize", ())
    again.apply("finish", ())
    assert (again.state.total_seconds, again.state.last_exit) == (60, "")


def test_events_tell_how_sessions_begin_and_end():
    assert run(BEGIN, ("set", "cmi.core.exit", "suspend"), END).events == [
        "initialized",
        "suspended",
    ]
    assert run(BEGIN, END).events == ["initialized", "terminated"]
    again = next_session(run(BEGIN))
    again.apply("initialize", ())
    assert again.events == ["suspended", "resumed"]


def test_calls_outside_a_session_change_nothing():
    assert run((*STATUS, "passed"), END).state == ScoState()
    late = run(BEGIN, (*STATUS, "completed"), END, (*RAW, "3"), (*STATUS, "failed"))
    assert standing(late) == ("completed", "unknown", None)


def test_an_asset_is_completed_by_its_delivery():
    sco = run(kind="asset")
    sco.deliver()
    assert standing(sco)[0] == "completed"
