"""A SCORM 2004 attempt from entries to deliveries: sequencing and the run-time together."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import read_contents
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.sco_report import Sco2004State
from scorm_runtime.core.sequenced_run import Learner, SequencedRun
from scorm_runtime.core.sequencing.course import build_course
from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.settings import RuntimeSettings
from tests.scorm_runtime.core.sequencing.trees import Node, manifest, node, rule

A, B, C = node("A"), node("B"), node("C")


def leaves(nodes: list[Node]) -> list[str]:
    found = []
    for one in nodes:
        found += leaves(one["items"]) if one["items"] else [one["identifier"]]
    return found


class Attempt:
    """An attempt whose run is built anew from JSON for every request, as from rows."""

    def __init__(self, root: Node, **switches: bool) -> None:
        self.manifest = manifest(root)
        names = leaves(self.manifest["items"])
        self.manifest["scos"] = [{"identifier": name, "scorm_type": "sco"} for name in names]
        self.settings = RuntimeSettings(**switches)
        self.kept: dict[str, Any] = {}
        self.states: dict[str, Sco2004State] = {}
        self.globals: dict[str, Any] = {}
        self.delivery = self.n = 0
        self.run = self.load()

    def load(self) -> SequencedRun:
        self.run = SequencedRun(
            load_table("2004"),
            build_course(self.manifest),
            read_contents("course", self.manifest),
            self.states,
            self.settings,
            Learner(LearnerGlobals.from_json(self.globals)),
            sequencing=self.kept,
            delivery=self.delivery,
            now=datetime(2026, 1, 1, tzinfo=UTC),
            randbelow=lambda n: 0,
        )
        return self.run

    def save(self) -> None:
        self.kept = json.loads(json.dumps(self.run.state_json()))
        self.globals = json.loads(json.dumps(self.run.globals.to_json()))
        self.delivery = self.run.delivery
        for name, sco in self.run.scos.items():
            self.states[name] = Sco2004State(**json.loads(json.dumps(asdict(sco.state))))

    def open(self, start: bool = True) -> str:
        self.load().open(start)
        self.save()
        return self.run.current

    def send(self, *calls: str) -> str:
        """Entries: "initialize", "finish", "cmi.exit=suspend", ">continue" or ">choice B"."""
        entries = []
        for call in calls:
            self.n += 1
            element, is_set, value = call.partition("=")
            if call.startswith(">"):
                request, _, target = call[1:].partition(" ")
                entries.append(Entry(self.n, "navigate", (request, target)))
            elif is_set:
                entries.append(Entry(self.n, "set", (element, value)))
            else:
                entries.append(Entry(self.n, call))
        self.load().apply(entries)
        self.save()
        return "end" if self.run.ended else self.run.current

    def sco(self, name: str) -> Any:
        return self.run.scos[name]


def begun(*items: Node, **switches: bool) -> Attempt:
    attempt = Attempt(node("R", *items), **switches)
    attempt.open()
    attempt.send("initialize")
    return attempt


def test_terminating_without_a_request_changes_nothing_in_front():
    """SD-04"""
    attempt = begun(A, B)
    assert attempt.send("finish") == "A"
    assert attempt.delivery == 1


def test_the_contents_request_is_worked_on_after_its_session_ended():
    attempt = begun(A, B)
    assert attempt.send("adl.nav.request=continue") == "A"
    assert attempt.send("finish") == "B"
    assert attempt.delivery == 2


def test_a_request_of_the_content_may_name_a_target():
    attempt = begun(A, B, C)
    assert attempt.send("adl.nav.request={target=C}choice", "finish") == "C"


def test_the_learners_event_comes_before_the_contents_request():
    """ST-18; CM-09: what the content says while it is taken away does not count"""
    attempt = begun(A, B, C)
    assert attempt.send("adl.nav.request=exitAll", "finish", ">choice C") == "C"


def test_post_conditions_count_for_the_learners_event():
    """ST-18; CM-09c"""
    attempt = begun(node("A", post=[rule("exitAll", "always")]), B)
    assert attempt.send(">continue") == "end"


def test_a_refused_move_leaves_the_sco_as_it_is():
    attempt = begun(A, B)
    assert attempt.send(">previous") == "A"
    assert attempt.run.last_navigation is not None
    assert attempt.run.last_navigation.code == "SB.2.1-3"
    assert attempt.sco("A").state.session == "running"


def test_a_refused_exit_does_not_touch_the_sco():
    attempt = Attempt(node("R", A, B))
    attempt.open(start=False)
    assert attempt.send(">exit") == ""
    assert attempt.run.last_navigation is not None
    assert attempt.run.last_navigation.code == "NB.2.1-2"


def test_leaving_one_activity_leaves_nothing_in_front():
    attempt = begun(A, B)
    assert attempt.send(">exit") == ""
    assert not attempt.run.ended
    assert attempt.send(">continue") == "B"


@pytest.mark.parametrize("word", ["time-out", "logout"])
@pytest.mark.parametrize("request_", ["", "adl.nav.request=continue"])
def test_time_out_and_logout_end_the_whole_attempt(word: str, request_: str):
    """ST-18"""
    attempt = begun(A, B)
    calls = [one for one in (f"cmi.exit={word}", request_, "finish") if one]
    assert attempt.send(*calls) == "end"


def test_abandoning_keeps_nothing():
    """ST-18"""
    for request, leads_to in (("abandon", ""), ("abandonAll", "end")):
        attempt = begun(A, B)
        said = ("cmi.completion_status=completed", "cmi.location=7")
        assert attempt.send(*said, f">{request}") == leads_to
        assert attempt.run.standing().completion != "completed"
        attempt.open()
        assert attempt.run.current == "A"
        assert "cmi.location" not in attempt.sco("A").state.values


def test_suspend_all_by_the_learner_brings_everything_back():
    """ST-18: it forces cmi.exit = suspend"""
    attempt = begun(A, B)
    assert attempt.send("cmi.location=7", ">suspendAll") == "end"
    assert attempt.open() == "A"
    assert attempt.sco("A").state.values["cmi.location"] == "7"
    assert attempt.sco("A").launch_values()["cmi.entry"] == "resume"


def test_a_new_attempt_gets_a_fresh_data_model():
    """ST-20"""
    attempt = begun(A, B)
    attempt.send("cmi.location=7", "cmi.exit=normal", "finish", ">exitAll")
    assert attempt.open() == "A"
    assert "cmi.location" not in attempt.sco("A").state.values
    assert attempt.sco("A").launch_values()["cmi.entry"] == "ab-initio"


def test_a_suspended_activity_is_resumed_when_it_is_chosen_again():
    """ST-08"""
    attempt = begun(A, B)
    attempt.send("cmi.location=7", "cmi.exit=suspend", "finish", ">continue")
    assert attempt.send(">previous") == "A"
    assert attempt.sco("A").state.values["cmi.location"] == "7"


def test_a_window_that_died_can_be_resumed():
    """SD-05: a current and no suspended activity is what a crash leaves"""
    attempt = begun(A, B)
    attempt.send("cmi.location=7")
    assert attempt.open() == "A"
    assert attempt.sco("A").state.values["cmi.location"] == "7"
    assert attempt.delivery == 2


def test_by_the_letter_only_what_asked_for_it_is_kept_when_the_window_dies():
    for word, kept in (("suspend", True), ("normal", False)):
        attempt = begun(A, B, keep_without_suspend=False)
        attempt.send("cmi.location=7", f"cmi.exit={word}")
        attempt.open()
        assert ("cmi.location" in attempt.sco("A").state.values) is kept


def test_every_delivery_has_a_number_of_its_own():
    """ST-17"""
    attempt = begun(A, B)
    assert attempt.send(">choice A") == "A"
    assert attempt.delivery == 2


def test_the_course_can_open_at_its_contents():
    """ST-16"""
    attempt = Attempt(node("R", A, B, flow=False))
    assert attempt.open(start=False) == ""
    assert attempt.run.nav()["choice"]["B"] == "enabled"
    assert attempt.send(">choice B") == "B"


def test_a_course_that_cannot_start_by_itself_shows_its_contents():
    attempt = Attempt(node("R", A, B, flow=False))
    assert attempt.open() == ""
    assert not attempt.run.ended


def test_what_is_valid_counts_values_that_are_not_committed():
    locked = node("B", pre=[rule("disabled", "not attempted")])
    leaves_when_passed = [rule("exitAll", "satisfied")]
    attempt = begun(node("A", post=leaves_when_passed, objective_set_by_content=True), locked)
    assert attempt.run.nav()["continue"] == "disabled"
    attempt.send("cmi.success_status=passed")
    assert attempt.run.nav()["continue"] == "enabled"
    attempt.send("cmi.success_status=failed")
    assert attempt.run.nav()["continue"] == "disabled"


def test_the_standing_is_the_roots_and_completion_is_never_taken_back():
    attempt = begun(A)
    attempt.send("cmi.completion_status=completed", "cmi.success_status=passed")
    attempt.send("cmi.score.scaled=0.8", "cmi.exit=normal", "finish", ">exitAll")
    standing = attempt.run.standing()
    assert (standing.completion, standing.success, standing.score.scaled) == (
        "completed",
        "passed",
        0.8,
    )
    attempt.open()
    again = attempt.run.standing()
    assert (again.completion, again.success, again.score.scaled) == ("completed", "passed", 0.8)


def test_a_commit_that_changes_no_status_leaves_navigation_alone():
    attempt = begun(A, B)
    attempt.send("cmi.location=7", "commit")
    assert attempt.run.nav_changed is False
    attempt.send("cmi.completion_status=incomplete")
    assert attempt.run.nav_changed is True


def test_decisions_tell_the_call_log_what_happened():
    attempt = begun(A, B)
    attempt.send(">previous")
    assert attempt.run.decisions[0][:2] == ["previous", "SB.2.1-3"]
    attempt.send(">continue")
    assert ["DB.2", "ab-initio", "B", ""] in attempt.run.decisions


def test_data_stores_pass_from_one_item_to_the_next():
    a = node("A", data=[{"target_id": "s", "read": True, "write": True}])
    b = node("B", data=[{"target_id": "s", "read": True, "write": False}])
    attempt = begun(a, b)
    attempt.send("adl.data.0.store=hello", ">continue")
    assert attempt.sco("B").state.values["adl.data.0.store"] == "hello"
