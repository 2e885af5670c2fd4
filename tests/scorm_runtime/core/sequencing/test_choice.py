"""Choice (SN 4th Ed. 4.8.6): SB.2.4, SB.2.9, SB.2.9.1, SB.2.9.2."""

from typing import Any

import pytest

from tests.scorm_runtime.core.sequencing.trees import Play, node, rule

STOP = {"pre": [rule("stopForwardTraversal", "always")]}
HIDE = {"pre": [rule("hiddenFromChoice", "always")]}
SKIP = {"pre": [rule("skip", "always")]}
A, B, C, D, X, Y = (node(name) for name in "ABCDXY")
WALKS = [
    # tree, requests, where they lead
    (node("R", A, B, C), "choice:C", "C"),
    (node("R", A, B, C), "start choice:R", "A"),
    (node("R", A, node("B", **HIDE)), "start choice:B", "SB.2.9-3"),
    (node("R", A, node("G", X, **HIDE)), "start choice:X", "SB.2.9-3"),
    # siblings (8)
    (node("R", node("A", **STOP), B, C), "start choice:C", "SB.2.4-1"),
    (node("R", A, node("B", **STOP), C), "start choice:C", "SB.2.4-1"),
    (node("R", A, node("B", **STOP), C), "start choice:B", "B"),
    (node("R", A, node("B", **STOP), C), "choice:C choice:A", "A"),
    (node("R", A, B, forward_only=True), "start choice:B choice:A", "SB.2.4-2"),
    # down from the common ancestor (9)
    (node("R", A, node("G", X, **STOP)), "choice:X", "SB.2.4-1"),
    (node("R", A, node("G", X, prevent_activation=True)), "choice:X", "SB.2.9-6"),
    (node("R", A, node("G", X, prevent_activation=True)), "choice:G", "X"),
    # up to an ancestor (10)
    (node("R", node("G", X, choice_exit=False), B), "start choice:R", "NB.2.1-8"),
    # across (11)
    (node("R", A, node("G", X, prevent_activation=True)), "start choice:X", "SB.2.9-6"),
    (node("R", node("G", X, prevent_activation=True), B), "start continue choice:X", "SB.2.9-6"),
    (node("R", node("G", X, Y), B, node("H", D)), "start choice:D", "D"),
    (node("R", A, node("G", X, node("H", D, **STOP))), "start continue choice:D", "SB.2.4-1"),
    (node("R", node("G", X, Y, constrain_choice=True), B, C), "start choice:B", "B"),
    (node("R", node("G", X, Y, constrain_choice=True), B, C), "start choice:C", "SB.2.9-8"),
    (
        node("R", node("G", X, Y, constrain_choice=True), B, node("H", D)),
        "start choice:D",
        "SB.2.9-8",
    ),
    (node("R", node("G", X, Y, constrain_choice=True), node("H", D)), "start choice:D", "D"),
    # the chosen one's own skip rule does not count, its descendents' do (ST-13, CM-04b, CM-04c)
    (node("R", A, node("B", **SKIP)), "start choice:B", "B"),
    (node("R", A, node("G", node("X", **SKIP), Y, **SKIP)), "start choice:G", "Y"),
    (node("R", A, node("G", X, flow=False)), "start choice:G", "SB.2.9-9"),
    (node("R", A, node("B", pre=[rule("disabled", "always")])), "start choice:B", "DB.1.1-3"),
]


@pytest.mark.parametrize(("tree", "requests", "leads_to"), WALKS)
def test_a_choice_leads_there(tree: Any, requests: str, leads_to: str):
    """SB.2.9"""
    assert Play(tree).walk(*requests.split()) == leads_to


def test_constrained_choice_allows_the_flow_neighbours_and_itself():
    """ST-14; 11.5"""
    g = node("G", X, Y, constrain_choice=True)
    tree = node("R", A, B, g, node("H", C), node("I", D))
    for target, leads_to in {
        "A": "SB.2.9-8",
        "B": "B",
        "Y": "Y",
        "G": "X",
        "H": "C",
        "C": "C",
        "I": "SB.2.9-8",
        "D": "SB.2.9-8",
    }.items():
        play = Play(tree)
        play.go("choice", "X")
        assert play.walk(f"choice:{target}") == leads_to, target


def test_a_stop_is_looked_up_at_the_moment_of_choosing():
    """ST-13: stopForwardTraversal limits choice dynamically"""
    tree = node("R", node("A", pre=[rule("stopForwardTraversal", "not completed")]), B)
    play = Play(tree)
    play.go("start")
    play.say(completion=False)
    assert play.nav()["choice"]["B"] == "disabled"
    play.say(completion=True)
    assert play.nav()["choice"]["B"] == "enabled"
    assert play.walk("choice:B") == "B"


def test_a_failed_choice_of_a_cluster_makes_it_current():
    """SB.2.9 14"""
    play = Play(node("R", A, node("G", X, flow=False)))
    play.walk("start", "choice:G")
    assert (play.at, play.active()) == ("G", [])


def test_a_child_that_was_not_selected_cannot_be_chosen():
    """SB.2.9-2"""
    tree = node("R", A, B, C, selection={"timing": "once", "count": 2})
    play = Play(tree, randbelow=lambda n: n - 1)
    assert play.walk("start", "choice:C") == "SB.2.9-2"
    assert play.walk("jump:C") == "NB.2.1-11"
