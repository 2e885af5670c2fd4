"""Delivery, limits, selection and randomization: DB.1.1, DB.2, DB.2.1, UP.1, SR.1, SR.2."""

from datetime import timedelta
from typing import Any

import pytest

from scorm_runtime.core.sequencing.definition import KINDS
from scorm_runtime.core.sequencing.state import LearnerGlobals
from tests.scorm_runtime.core.sequencing.trees import NOW, Play, node, objective, rule

A, B, C, D, X, Y = (node(name) for name in "ABCDXY")


def test_only_leaves_are_delivered():
    play = Play(node("R", A, node("G", X)))
    assert play.walk("start", "jump:G") == "DB.1.1-1"


def test_a_disabled_ancestor_keeps_a_jump_out():
    play = Play(node("R", A, node("G", X, pre=[rule("disabled", "always")])))
    assert play.walk("start", "jump:X") == "DB.1.1-3"


def test_attempts_begin_at_delivery():
    """ST-01; rules at the start see the attempt of before (RU-14a)"""
    play = Play(node("R", node("A", pre=[rule("skip", "attempted")]), B))
    play.walk("start", "exitAll")
    assert play.walk("start") == "B"
    assert (play.attempts("R"), play.attempts("A")) == (2, 1)


def test_an_activity_that_is_not_tracked_has_no_attempts():
    """ST-06"""
    play = Play(node("R", node("A", tracked=False), B))
    play.go("start")
    play.say(satisfied=True)
    play.go("continue")
    assert play.attempts("A") == 0
    assert play.s.satisfied(play["A"]) is None


def test_going_elsewhere_clears_the_suspended_activity():
    """DB.2.1"""
    play = Play(node("R", node("G", X), B))
    play.walk("start", "suspendAll", "choice:B")
    assert (play.s.state.suspended, play.suspended()) == ("", [])
    assert play.attempts("R") == 2


def test_clearing_leaves_clusters_suspended_that_hold_another_suspended_child():
    """DB.2.1 1.3.2"""
    play = Play(node("R", node("G", X, Y), B))
    play.go("start")
    play.suspend()
    play.walk("continue", "suspendAll", "choice:B")
    assert play.suspended() == ["G", "X"]


LIMITS = [
    ({"attempts": 1}, "SB.2.2-2"),
    ({"attempts": 2}, "A"),
    ({"begin_time": (NOW + timedelta(hours=1)).isoformat()}, "SB.2.2-2"),
    ({"begin_time": (NOW - timedelta(hours=1)).isoformat()}, "A"),
    ({"end_time": (NOW - timedelta(hours=1)).isoformat()}, "SB.2.2-2"),
    ({"end_time": (NOW + timedelta(hours=1)).isoformat()}, "A"),
    ({"activity_absolute_duration": 60}, "SB.2.2-2"),
    ({"attempt_absolute_duration": 60}, "SB.2.2-2"),
    ({"activity_experienced_duration": 30}, "SB.2.2-2"),
    ({"attempt_experienced_duration": 30}, "SB.2.2-2"),
    ({"activity_absolute_duration": 61}, "A"),
    ({"attempt_experienced_duration": 31}, "A"),
]


@pytest.mark.parametrize(("limits", "leads_to"), LIMITS)
def test_limits_keep_a_further_attempt_out(limits: dict[str, Any], leads_to: str):
    """UP.1; SD-08: ADL's cases exercise attempts only"""
    play = Play(node("R", node("A", limits=limits), B))
    play.s.state.activities.clear()
    play.go("jump")
    play.s.change(
        play["A"],
        attempts=1,
        attempt_absolute=60.0,
        activity_absolute=60.0,
        attempt_experienced=30.0,
        activity_experienced=30.0,
    )
    assert play.walk("start") == leads_to


def test_time_while_active_counts_and_time_between_does_not():
    play = Play(node("R", A, B))
    play.go("start")
    play.s.now += timedelta(minutes=5)
    play.go("suspendAll")
    play.s.now += timedelta(days=3)
    play.go("resumeAll")
    play.s.now += timedelta(minutes=1)
    play.go("exit")
    assert play.s.of(play["A"]).attempt_absolute == 360.0


def test_limits_are_not_asked_of_what_is_under_way():
    """ST-09; T-01, RU-07c"""
    tree = node("R", node("G", X, Y, limits={"attempts": 1}), B, limits={"attempts": 1})
    play = Play(tree)
    assert play.walk("start", "continue") == "Y"
    assert play.walk("suspendAll", "resumeAll") == "Y"


def test_selection_keeps_the_order_and_is_made_once():
    """SR.1"""
    tree = node("R", A, B, C, D, selection={"timing": "once", "count": 2})
    play = Play(tree, randbelow=lambda n: 0)
    assert play.s.state.children == {"R": ("C", "D")}
    assert play.walk("start", "continue", "continue") == "end"
    assert play.walk("start") == "C"


def test_never_and_on_each_new_attempt_select_nothing():
    for timing in ("never", "onEachNewAttempt"):
        play = Play(node("R", A, B, selection={"timing": timing, "count": 1}))
        assert play.s.state.children == {}


def test_randomization_once_and_on_each_new_attempt():
    """SR.2"""
    for timing, second in (("once", ("B", "A")), ("onEachNewAttempt", ("A", "B"))):
        tree = node("R", A, B, randomization={"timing": timing, "reorder": True})
        play = Play(tree, randbelow=lambda n: 0)
        assert play.walk("start") == "B"
        assert play.walk("continue", "continue") == "end"
        assert play.s.state.children["R"] == second
        assert play.walk("start") == second[0]


def test_previous_and_choice_follow_the_new_order():
    tree = node("R", A, B, C, randomization={"timing": "once", "reorder": True})
    play = Play(tree, randbelow=lambda n: 0)
    order = play.s.state.children["R"]
    assert play.walk("start") == order[0]
    assert play.walk("continue") == order[1]
    assert play.walk("previous") == order[0]
    assert play.s.is_after(play[order[2]], play[order[1]])


def test_looking_ahead_does_not_throw_dice():
    tree = node("R", node("G", X, Y, randomization={"timing": "onEachNewAttempt", "reorder": True}))
    play = Play(tree, randbelow=lambda n: 0)
    play.go("start")
    before = dict(play.s.state.children)
    play.nav()
    assert play.s.state.children == before


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_data_passes_a_map_by_itself(kind: str):
    """SM.7 and the 4th Edition's extension"""
    value = True if kind in ("satisfied", "completion") else 0.5
    writes = objective("o", maps=[("g", "", kind)])
    reads = objective("o", maps=[("g", kind, "")])
    deaf = objective("o", maps=[("g", " ".join(set(KINDS) - {kind}), "")])
    primary = objective("", primary=True)
    tree = node(
        "R",
        node("A", objectives=[primary, writes]),
        node("B", objectives=[primary, reads]),
        node("C", objectives=[primary, deaf]),
    )
    play = Play(tree)
    play.go("start")
    play.say("A", "o", **{kind: value})
    assert play.s.read(play["B"], play["B"].objectives["o"], kind) == value
    assert play.s.read(play["C"], play["C"].objectives["o"], kind) is None


def mapped(**organization: Any) -> Any:
    shared = objective("o", primary=True, maps=[("g", "satisfied", "satisfied")])
    return node("R", node("A", objectives=[shared]), B, **organization)


def test_global_objectives_pass_from_course_to_course():
    shared = LearnerGlobals()
    one = Play(mapped(), shared=shared)
    one.go("start")
    one.say(satisfied=True)
    other = Play(mapped(), shared=shared)
    assert other.s.satisfied(other["A"]) is True


def test_or_live_as_long_as_one_attempt_on_the_course():
    """ST-10; OB-03b, RU-13d"""
    play = Play(mapped(objectives_global_to_system=False))
    play.go("start")
    play.say(satisfied=True)
    assert play.s.globals.objectives == {}
    assert play.s.satisfied(play["A"]) is True
    play.walk("exitAll", "start")
    assert play.s.satisfied(play["A"]) is None


def test_an_unknown_that_the_content_says_takes_a_shared_status_back():
    """OB-17b"""
    play = Play(mapped())
    play.go("start")
    play.say(satisfied=True)
    play.say(satisfied=None)
    assert play.s.globals.objectives["g"] == {}
