"""One SCO of SCORM 2004: what it begins with, keeps and reports (RTE 4th Ed. 4.2)."""

import json
from dataclasses import asdict

import pytest

from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.sco_2004 import Sco2004Run
from scorm_runtime.core.sco_report import (
    ItemLaunch,
    ObjectiveForSco,
    Sco2004State,
    StoreForSco,
    TrackingForSco,
)
from scorm_runtime.core.settings import RuntimeSettings

BEGIN, END, SAVE = ("initialize",), ("finish",), ("commit",)
SUSPEND = ("set", "cmi.exit", "suspend")
PRIMARY = ObjectiveForSco(id="P", primary=True)
OTHER = ObjectiveForSco(id="O")


def start(*calls, tracking=None, state=None, settings=None, **item):
    launch = ItemLaunch("I1", "Part", **item)
    sco = Sco2004Run(
        load_table("2004"), launch, state or Sco2004State(), settings or RuntimeSettings()
    )
    sco.deliver(tracking or TrackingForSco())
    return play(sco, *calls)


def play(sco, *calls):
    for op, *arguments in calls:
        sco.apply(op, tuple(arguments))
    return sco


def store(sco):
    """The same SCO in the next request, out of JSON."""
    state = Sco2004State(**json.loads(json.dumps(asdict(sco.state))))
    return Sco2004Run(load_table("2004"), sco.item, state, sco.settings)


def read(sco, name):
    answer = sco.call("GetValue", name)
    return answer if sco.api.last.code == "0" else sco.api.last.code


def test_what_the_manifest_says_is_read():
    sco = start(
        BEGIN,
        launch_data="a=1",
        max_time_allowed="PT1H",
        time_limit_action="exit,message",
        completion_threshold=0.8,
        scaled_passing_score=0.5,
    )
    names = ("launch_data", "max_time_allowed", "time_limit_action", "completion_threshold")
    assert [read(sco, f"cmi.{name}") for name in names] == ["a=1", "PT1H", "exit,message", "0.8"]
    assert read(sco, "cmi.scaled_passing_score") == "0.5"


def test_what_the_manifest_leaves_out_has_no_value():
    sco = start(BEGIN)
    names = ("launch_data", "max_time_allowed", "completion_threshold", "scaled_passing_score")
    assert [read(sco, f"cmi.{name}") for name in names] == ["403"] * 4


def test_the_objectives_of_the_manifest_come_first():
    """ST-21"""
    sco = start(BEGIN, tracking=TrackingForSco(objectives=(OTHER, PRIMARY)))
    ids = [read(sco, f"cmi.objectives.{at}.id") for at in range(2)]
    assert (read(sco, "cmi.objectives._count"), ids) == ("2", ["O", "P"])


def test_ids_of_the_manifest_are_write_once():
    """ST-21"""
    sco = start(BEGIN, tracking=TrackingForSco(objectives=(OTHER,)))
    assert sco.apply("set", ("cmi.objectives.0.id", "X")).code == "351"
    assert sco.apply("set", ("cmi.objectives.0.id", "O")).code == "0"


def test_what_is_known_of_objectives_is_read():
    known = ObjectiveForSco(
        success_status="failed", completion_status="completed", scaled=-0.4, raw=3, id="O"
    )
    sco = start(BEGIN, tracking=TrackingForSco(objectives=(known,)))
    names = ("success_status", "completion_status", "score.scaled", "score.raw", "score.max")
    found = [read(sco, f"cmi.objectives.0.{name}") for name in names]
    assert found == ["failed", "completed", "-0.4", "3", "403"]


@pytest.mark.parametrize("name", ["success_status", "completion_status"])
def test_the_primary_objective_is_the_sco(name):
    """OB-17: what is written at its index is the SCO's own. ST-21"""
    tracking = TrackingForSco(objectives=(OTHER, PRIMARY))
    value = "passed" if name == "success_status" else "completed"
    sco = start(BEGIN, ("set", f"cmi.objectives.1.{name}", value), tracking=tracking)
    assert getattr(sco.report(), name) == value
    assert sco.report().touched == {name, f"objectives.P.{name}"}
    sco = start(BEGIN, ("set", f"cmi.{name}", value), tracking=tracking)
    assert getattr(sco.report().objectives["P"], name) == value
    assert sco.report().touched == {name, f"objectives.P.{name}"}


def test_a_primary_objective_without_an_id_is_only_the_sco():
    sco = start(BEGIN, ("set", "cmi.success_status", "passed"))
    report = sco.report()
    assert (report.primary_objective_id, report.objectives) == ("", {})
    assert report.touched == {"success_status"}


def test_only_what_the_sco_set_is_touched():
    """ST-07"""
    tracking = TrackingForSco(objectives=(OTHER,), completion_status="completed", score_scaled=0.5)
    report = start(BEGIN, END, tracking=tracking).report()
    assert (report.completion_status, report.score_scaled) == ("completed", 0.5)
    assert report.touched == frozenset()


def test_unknown_set_by_the_sco_is_touched():
    """ST-07"""
    report = start(BEGIN, ("set", "cmi.completion_status", "unknown")).report()
    assert (report.completion_status, report.touched) == ("unknown", {"completion_status"})


def test_a_refused_value_is_not_touched():
    assert start(BEGIN, ("set", "cmi.score.scaled", "7")).report().touched == frozenset()


def test_thresholds_judge_what_is_reported():
    sco = start(BEGIN, completion_threshold=0.5, scaled_passing_score=0.6)
    play(sco, ("set", "cmi.progress_measure", "0.5"), ("set", "cmi.score.scaled", "0.59"))
    report = sco.report()
    assert (report.completion_status, report.success_status) == ("completed", "failed")
    assert report.touched == {"progress_measure", "scaled"}


def test_a_new_attempt_begins_with_a_fresh_data_model():
    """ST-20"""
    sco = start(
        BEGIN,
        ("set", "cmi.location", "7"),
        ("set", "cmi.suspend_data", "x"),
        ("set", "cmi.objectives.0.id", "MINE"),
        ("set", "cmi.session_time", "PT1M"),
        END,
    )
    sco.deliver(TrackingForSco(entry="ab-initio", objectives=(OTHER,)))
    play(sco, BEGIN)
    names = ("cmi.location", "cmi.suspend_data", "cmi.total_time", "cmi.objectives._count")
    assert [read(sco, name) for name in names] == ["403", "403", "PT0H0M0S", "1"]
    assert (read(sco, "cmi.entry"), sco.report().touched) == ("ab-initio", frozenset())
    assert sco.result().total_seconds == 60


def test_a_suspended_attempt_goes_on():
    sco = start(
        BEGIN,
        ("set", "cmi.location", "7"),
        ("set", "cmi.interactions.0.id", "Q"),
        ("set", "cmi.completion_status", "incomplete"),
        ("set", "cmi.session_time", "PT1M30.5S"),
        SUSPEND,
        END,
    )
    sco = store(sco)
    sco.deliver(TrackingForSco(entry="resume"))
    play(sco, BEGIN)
    names = ("cmi.entry", "cmi.location", "cmi.interactions.0.id", "cmi.total_time")
    assert [read(sco, name) for name in names] == ["resume", "7", "Q", "PT0H1M30.5S"]
    assert sco.report().touched == {"completion_status"}
    assert (sco.report().exit, sco.events) == ("", ["resumed"])


def test_what_is_known_now_wins_over_what_a_suspended_sco_said():
    """Another activity may have changed the objective through its map meanwhile."""
    calls = (("set", "cmi.objectives.0.success_status", "failed"), ("set", "cmi.score.raw", "3"))
    sco = start(BEGIN, *calls, SUSPEND, END, tracking=TrackingForSco(objectives=(OTHER,)))
    now = ObjectiveForSco(id="O", success_status="passed")
    sco.deliver(TrackingForSco(entry="resume", objectives=(now, PRIMARY)))
    play(sco, BEGIN)
    assert read(sco, "cmi.objectives.0.success_status") == "passed"
    assert [read(sco, "cmi.score.raw"), read(sco, "cmi.objectives.1.id")] == ["3", "P"]


def test_total_time_stands_still_during_a_session():
    sco = start(BEGIN, ("set", "cmi.session_time", "PT10S"))
    assert read(sco, "cmi.total_time") == "PT0H0M0S"
    play(sco, ("set", "cmi.session_time", "PT20S"), END)
    assert (sco.report().session_seconds, sco.result().total_seconds) == (20, 20)


def test_data_stores_are_read_and_reported_when_written():
    stores = (StoreForSco("s1"), StoreForSco("s2", "old", write=False), StoreForSco("s3", "kept"))
    sco = start(BEGIN, tracking=TrackingForSco(stores=stores))
    play(sco, ("set", "adl.data.0.store", "new"), ("set", "adl.data.1.store", "x"))
    assert [read(sco, f"adl.data.{at}.store") for at in range(3)] == ["new", "old", "kept"]
    assert sco.report().stores == {"s1": "new"}
    sco = store(sco)
    assert sco.report().stores == {"s1": "new"}


def test_stores_are_the_systems_at_each_delivery():
    sco = start(BEGIN, tracking=TrackingForSco(stores=(StoreForSco("s1"),)))
    play(sco, ("set", "adl.data.0.store", "mine"), SUSPEND, END)
    sco.deliver(TrackingForSco(entry="resume", stores=(StoreForSco("s1", "theirs"),)))
    play(sco, BEGIN)
    assert (read(sco, "adl.data.0.store"), sco.report().stores) == ("theirs", {})


@pytest.mark.parametrize("request_", ["continue", "{target=A 2}choice", "suspendAll"])
def test_a_navigation_request_is_reported(request_):
    report = start(BEGIN, ("set", "adl.nav.request", request_), END).report()
    assert (report.nav_request, report.ended) == (request_, True)


def test_no_request_and_a_request_taken_back_are_none():
    assert start(BEGIN, END).report().nav_request == ""
    calls = (("set", "adl.nav.request", "continue"), ("set", "adl.nav.request", "_none_"))
    assert start(BEGIN, *calls).report().nav_request == ""


def test_a_request_does_not_outlive_its_delivery():
    sco = start(BEGIN, ("set", "adl.nav.request", "continue"), SUSPEND, END)
    sco.deliver(TrackingForSco(entry="resume"))
    assert sco.report().nav_request == ""


@pytest.mark.parametrize("leaving", ["suspend", "logout", "time-out", "normal", ""])
def test_the_exit_is_reported(leaving):
    sco = start(BEGIN, ("set", "cmi.exit", leaving), END)
    assert store(sco).report().exit == leaving
    assert sco.events[-1] == ("suspended" if leaving == "suspend" else "terminated")


def test_a_tab_that_died_is_cut_off_with_its_time_and_data():
    """PAIN-02"""
    sco = start(BEGIN, ("set", "cmi.session_time", "PT5S"), ("set", "cmi.location", "3"))
    sco = store(sco)
    sco.cut_off()
    assert (sco.report().ended, sco.report().exit, sco.state.last_exit) == (True, "", "cut off")
    assert (sco.state.total_seconds, sco.state.values["cmi.location"]) == (5, "3")


def test_suspending_the_course_suspends_its_sco():
    """ST-18"""
    ended = start(BEGIN, ("set", "cmi.exit", "normal"), END)
    ended.cut_off("suspend")
    running = start(BEGIN)
    running.cut_off("suspend")
    assert (ended.report().exit, running.report().exit) == ("suspend", "suspend")


def test_of_an_abandoned_attempt_nothing_is_kept():
    """ST-18"""
    calls = (("set", "cmi.score.scaled", "1"), ("set", "adl.data.0.store", "x"))
    sco = start(BEGIN, *calls, tracking=TrackingForSco(stores=(StoreForSco("s1"),)))
    sco.abandon()
    report = sco.report()
    assert (report.score_scaled, report.touched, report.stores) == (None, frozenset(), {})
    assert (report.ended, dict(sco.state.values)) == (True, {})


def test_interactions_written_to_are_told():
    calls = [
        ("set", "cmi.interactions.0.id", "Q1"),
        ("set", "cmi.interactions.0.type", "choice"),
        ("set", "cmi.interactions.0.learner_response", "a[,]b"),
        ("set", "cmi.interactions.0.correct_responses.0.pattern", "a"),
        ("set", "cmi.interactions.0.result", "incorrect"),
        ("set", "cmi.interactions.0.latency", "PT1M1S"),
        ("set", "cmi.interactions.0.weighting", "2"),
        ("set", "cmi.interactions.0.timestamp", "2024-01-02T03:04:05"),
        ("set", "cmi.interactions.0.description", "{lang=en}Which?"),
    ]
    one = start(BEGIN, *calls).interactions()[0]
    assert (one.id, one.type) == ("Q1", "choice")
    assert (one.learner_response, one.correct_responses) == ("a[,]b", ("a",))
    assert (one.result, one.latency_seconds, one.weighting) == ("incorrect", 61, 2)
    assert (one.description, one.timestamp, one.sco) == ("Which?", "2024-01-02T03:04:05", "I1")
    assert store(start(BEGIN, *calls)).interactions() == ()


def test_an_asset_is_completed_by_its_delivery():
    assert start(kind="asset").result().completion == "completed"


def test_suspend_data_is_limited_by_the_packages_setting():
    sco = start(BEGIN, settings=RuntimeSettings(suspend_data_limit=100_000))
    assert sco.apply("set", ("cmi.suspend_data", "x" * 100_000)).remark
    assert sco.apply("set", ("cmi.suspend_data", "x" * 100_001)).code == "406"


def test_calls_outside_a_session_change_nothing():
    before = start(("set", "cmi.location", "1"))
    assert before.state.values == {}
    after = start(BEGIN, END, ("set", "cmi.score.scaled", "1"))
    assert (after.api.last.code, after.report().score_scaled) == ("133", None)


def test_a_session_cannot_begin_again_in_one_delivery():
    sco = start(BEGIN, END, BEGIN)
    assert (sco.api.last.code, sco.state.sessions) == ("104", 1)


@pytest.mark.parametrize("value", ["x" * 2_000_000, "\u0000", "\ud800", "1" * 400, "{" * 100_000])
def test_whatever_content_sends_has_an_error_code_and_leaves_the_attempt_usable(value):
    table = load_table("2004")
    sco = start(BEGIN)
    for template in table.elements:
        answer = sco.apply("set", (template.replace(".n.", ".0."), value))
        assert answer.code in table.errors
    sco.apply("set", ("cmi.location", "here"))
    assert store(sco).report() == sco.report()
    assert read(sco, "cmi.location") == "here"


def test_ten_thousand_interactions_are_kept_and_come_back():
    sco = start(BEGIN)
    for n in range(10_000):
        assert sco.apply("set", (f"cmi.interactions.{n}.id", f"q{n}")).code == "0"
    sco = store(sco)
    assert read(sco, "cmi.interactions._count") == "10000"
    assert sco.apply("set", ("cmi.interactions.10000.id", "last")).code == "0"
