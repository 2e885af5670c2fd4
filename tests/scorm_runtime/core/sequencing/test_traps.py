"""The traps of ST-01 to ST-22 that no other test here plays: each in a small course of our own."""

from typing import Any

import pytest

from tests.scorm_runtime.core.sequencing.trees import Play, node, objective, rule

A, B, X, Y = (node(name) for name in "ABXY")
STATUS = [
    "not attempted",
    "not satisfied",
    "not completed",
    "not objectiveStatusKnown",
    "not objectiveMeasureKnown",
    "not activityProgressKnown",
]


@pytest.mark.parametrize("condition", STATUS)
def test_no_rule_fires_on_the_status_of_what_is_not_tracked(condition: str):
    """ST-06, RU-10; "always" does"""
    quiet = node("A", tracked=False, pre=[rule("skip", condition)])
    assert Play(node("R", quiet, B)).walk("start") == "A"
    loud = node("A", tracked=False, pre=[rule("skip", "always")])
    assert Play(node("R", loud, B)).walk("start") == "B"


@pytest.mark.parametrize(
    ("tree", "walk", "leads_to"),
    [
        # ST-13, CM-03b: backwards into a forward-only cluster whose last child is skipped
        (
            node(
                "R", A, node("G", X, node("Y", pre=[rule("skip", "always")]), forward_only=True), B
            ),
            ("choice:B", "previous"),
            "X",
        ),
        (
            node(
                "R", A, node("G", node("X", pre=[rule("skip", "always")]), Y, forward_only=True), B
            ),
            ("choice:B", "previous"),
            "Y",
        ),
        (
            node("R", A, node("G", node("X", pre=[rule("skip", "always")]), forward_only=True), B),
            ("choice:B", "previous"),
            "A",
        ),
        # ST-13, CM-04b: a chosen cluster's skip rule is ignored, its descendants' are not
        (
            node("R", A, node("G", node("X", pre=[rule("skip", "always")]), Y)),
            ("start", "choice:G"),
            "Y",
        ),
        (
            node("R", A, node("G", X, Y, pre=[rule("skip", "always")])),
            ("start", "choice:G"),
            "X",
        ),
        # ST-13, CM-07f: stopForwardTraversal of the activity in front stops a choice ahead
        (
            node("R", node("A", pre=[rule("stopForwardTraversal", "always")]), B),
            ("start", "choice:B"),
            "SB.2.4-1",
        ),
        # ... as long as its condition holds: here until it has ended
        (
            node("R", node("A", pre=[rule("stopForwardTraversal", "not completed")]), B),
            ("start", "choice:B"),
            "B",
        ),
        # ... but not Continue, which the book does not ask it of
        (
            node("R", node("A", pre=[rule("stopForwardTraversal", "always")]), B),
            ("start", "continue"),
            "B",
        ),
        # ST-14, CM-07d: preventActivation lets in what is under way
        (
            node("R", A, node("G", X, Y, prevent_activation=True)),
            ("start", "choice:X"),
            "SB.2.9-6",
        ),
        (
            node("R", A, node("G", X, Y, prevent_activation=True)),
            ("start", "continue", "choice:Y"),
            "Y",
        ),
        # ST-14, CM-16: neighbours of the constrained cluster, not what lies further off
        (
            node("R", A, node("G", X, Y, constrain_choice=True), B, node("C")),
            ("choice:X", "choice:B"),
            "B",
        ),
        (
            node("R", A, node("G", X, Y, constrain_choice=True), B, node("C")),
            ("choice:X", "choice:C"),
            "SB.2.9-8",
        ),
        # ST-17: the activity in front again
        (node("R", A, B), ("start", "choice:A"), "A"),
        # ST-15: a jump passes hidden and forbidden choice, but not disabled ones
        (
            node("R", A, node("B", pre=[rule("hiddenFromChoice", "always")]), choice=False),
            ("start", "jump:B"),
            "B",
        ),
    ],
)
def test_a_walk_through_a_trap_leads_there(tree: Any, walk: tuple[str, ...], leads_to: str):
    assert Play(tree).walk(*walk) == leads_to


@pytest.mark.parametrize(
    ("combination", "measure", "skips"), [(-0.25, -0.4, False), (-0.15, -0.4, True)]
)
def test_the_measure_of_one_of_two_is_halved(combination: float, measure: float, skips: bool):
    """ST-02, RU-14b/d: −0.4 / 2 = −0.2"""
    below = rule("skip", "objectiveMeasureLessThan", threshold=combination)
    play = Play(node("R", node("G", X, Y, pre=[below]), B))
    play.go("start")
    play.say(measure=measure)
    play.go("exit")
    assert play.s.measure(play["G"]) == measure / 2
    play.go("exitAll")
    assert (play.walk("start") == "B") is skips


def test_none_wants_to_know_that_it_is_false():
    """ST-03, RU-05a"""
    none = {**rule("satisfied", "completed", combination="any"), "child_set": "none"}
    play = Play(
        node("R", node("G", node("X", completion_set_by_content=True), Y, rollup_rules=[none]))
    )
    play.walk("start", "exit")
    assert play.s.satisfied(play["G"]) is None


def test_all_of_no_children_that_count_fires():
    """ST-06, RU-15b"""
    every = {**rule("completed", "completed", combination="any"), "child_set": "all"}
    keeps = {"rollup": {"progress_completion": False}}
    play = Play(node("R", node("G", node("X", **keeps), node("Y", **keeps), rollup_rules=[every])))
    play.walk("start", "exit")
    assert play.s.completed(play["G"]) is True


def test_an_untracked_activity_reads_no_globals():
    """ST-06, CO-05b"""
    writes = objective("o", primary=True, maps=[("g", "", "completion progress")])
    reads = objective("o", primary=True, maps=[("g", "completion progress", "")])
    known = [rule("skip", "activityProgressKnown")]
    for tracked, leads_to in ((False, "X"), (True, "B")):
        group = node("G", X, objectives=[reads], tracked=tracked, pre=known)
        play = Play(node("R", node("A", objectives=[writes]), group, B))
        play.go("start")
        play.say(completion=True, progress=0.5)
        assert play.walk("continue") == leads_to


def test_a_suspended_child_keeps_the_attempt_of_its_cluster():
    """ST-08, RU-12a"""
    play = Play(node("R", node("G", X, Y), B))
    play.go("start")
    play.suspend()
    play.walk("jump:B", "jump:X")
    assert (play.attempts("G"), play.attempts("X")) == (1, 1)


def test_a_cluster_under_way_may_be_at_its_limit():
    """ST-09, RU-07c"""
    play = Play(node("R", node("G", X, Y, limits={"attempts": 1}), B))
    assert play.walk("start", "continue", "previous") == "X"
    assert play.walk("jump:B", "jump:X") == "DB.1.1-3"


@pytest.mark.parametrize("anew", ["start", "choice"])
def test_a_course_wide_objective_is_forgotten_before_the_first_rule_is_asked(anew: str):
    """ST-10; also where the course begins with a choice"""
    shared = [objective("o", primary=True, maps=[("g", "satisfied", "satisfied")])]
    hides = [rule("hiddenFromChoice", "satisfied"), rule("skip", "satisfied")]
    tree = node("R", node("A", objectives=shared, pre=hides), B, objectives_global_to_system=False)
    play = Play(tree)
    play.go("start")
    play.say(satisfied=True)
    play.go("exitAll")
    assert "A" in play.nav()["valid"]["choice"]
    assert play.walk(anew + ":A" if anew == "choice" else anew) == "A"


def test_a_new_attempt_on_the_root_makes_grandchildren_old_too():
    """SM.1: nobody uses in the third attempt what only the first one recorded"""
    skips = [rule("skip", "satisfied")]
    again = [rule("retry", "not completed")]
    play = Play(node("R", node("G", node("X", pre=skips), Y), B, post=again))
    play.go("start")
    play.say(satisfied=True)
    play.walk("exitAll", "jump:B", "choice:B", "exitAll", "choice:B")
    assert play.s.of(play["X"]).old_objectives


def test_what_the_learner_leaves_unknown_in_a_cluster_is_not_rolled_up_as_false():
    """ST-03: one child known, the other not"""
    play = Play(node("R", node("G", node("X", objective_set_by_content=True), Y), B))
    play.walk("start", "continue")
    play.say(satisfied=False)
    play.go("exit")
    assert play.s.satisfied(play["G"]) is None


@pytest.mark.parametrize("written", ["satisfied", "completed"])
def test_the_better_status_reaches_the_global_objective_at_once(written: str):
    """ST-04, ST-22: no reader sees a moment of "not satisfied" in between"""
    kind = "satisfied" if written == "satisfied" else "completion"
    maps = [objective("o", primary=True, maps=[("g", "", kind)])]
    play = Play(node("R", node("G", X, objectives=maps), B))
    play.go("start")
    play.say(**{kind: True})
    play.go("exit")
    assert play.s.globals.objectives["g"] == {kind: True}
