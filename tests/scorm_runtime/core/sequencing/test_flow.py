"""Flow, start, continue, previous, retry (SN 4th Ed. 4.8): SB.2.1 to SB.2.3, SB.2.5 to SB.2.8,
SB.2.10, SB.2.11, SB.2.13."""

from typing import Any

import pytest

from scorm_runtime.core.sequencing.sequencing import sequencing_request
from tests.scorm_runtime.core.sequencing.trees import Play, node, rule

SKIP = {"pre": [rule("skip", "always")]}
OFF = {"pre": [rule("disabled", "always")]}
EMPTY = {"selection": {"timing": "once", "count": 0}}


def c(*items: Any, **told: Any) -> Any:
    return node("C", *items, **told)


A, B, D, X, Y = (node(name) for name in "ABDXY")
WALKS = [
    # tree, requests, where they lead
    (node("R"), "start", "R"),
    (node("R"), "start exitAll", "end"),
    (node("R", A, B), "start", "A"),
    (node("R", A, B, flow=False), "start", "SB.2.2-1"),
    (node("R", c(A, B), D), "start continue continue", "D"),
    (node("R", c(A, B), D), "start continue continue continue", "end"),
    (node("R", c(A, B), D), "start continue continue previous", "B"),
    (node("R", A, B), "start previous", "SB.2.1-3"),
    (node("R", A, c(X, flow=False)), "start continue", "SB.2.2-1"),
    (node("R", node("A", **SKIP), B), "start", "B"),
    (node("R", c(A, B, **SKIP), D), "start", "D"),
    (node("R", node("A", **SKIP)), "start", "end"),
    (node("R", node("A", **OFF), B), "start", "SB.2.2-2"),
    (node("R", A, node("B", **OFF)), "start continue", "SB.2.2-2"),
    (node("R", A, c(X, **OFF)), "start continue", "SB.2.2-2"),
    (node("R", A, c(X, **EMPTY)), "start continue", "SB.2.1-2"),
    (node("R", A, node("B", **SKIP), D), "start continue", "D"),
    (node("R", A, node("B", **SKIP), D), "start continue previous", "A"),
    (node("R", A, c(X, Y, forward_only=True), D), "start choice:D previous", "X"),
    (node("R", A, c(X, Y, forward_only=True), D), "start continue previous", "NB.2.1-5"),
    (
        node("R", A, c(node("X", **SKIP), Y, forward_only=True), D),
        "start choice:D previous",
        "Y",
    ),
    (
        node("R", A, c(node("X", **SKIP), node("Y", **SKIP), forward_only=True), D),
        "start choice:D previous",
        "A",
    ),
    (
        node("R", A, node("F", c(X), D, forward_only=True)),
        "start choice:D previous",
        "NB.2.1-5",
    ),
    (node("R", A, node("F", B, c(X), forward_only=True)), "start choice:X previous", "SB.2.1-4"),
]


@pytest.mark.parametrize(("tree", "requests", "leads_to"), WALKS)
def test_a_walk_leads_there(tree: Any, requests: str, leads_to: str):
    """SB.2.1, SB.2.2; forward-only clusters entered backwards start at their first child (ST-13)"""
    assert Play(tree).walk(*requests.split()) == leads_to


def test_a_thousand_skipped_activities_are_no_thousand_frames():
    items = [node(f"a{at}", **SKIP) for at in range(1500)]
    assert Play(node("R", *items, node("Z"))).walk("start") == "Z"


REFUSED = [
    ("", "continue", "SB.2.7-1"),
    ("", "previous", "SB.2.8-1"),
    ("", "retry", "SB.2.10-1"),
    ("", "exit", "SB.2.11-1"),
    ("", "jump", "SB.2.13-1"),
    ("", "resumeAll", "SB.2.6-2"),
    ("", "choice", "SB.2.9-1"),
    ("start", "start", "SB.2.5-1"),
    ("start", "resumeAll", "SB.2.6-1"),
    ("start", "retry", "SB.2.10-2"),
    ("start", "exit", "SB.2.11-2"),
    ("start", "dance", "SB.2.12-1"),
]


@pytest.mark.parametrize(("before", "request_", "code"), REFUSED)
def test_a_sequencing_request_says_why_it_is_refused(before: str, request_: str, code: str):
    play = Play(node("R", A, B))
    play.walk(*before.split())
    assert sequencing_request(play.s, request_, None).code == code  # type: ignore[arg-type]


def test_continue_and_previous_ask_the_parent_for_flow_again():
    play = Play(node("R", A, B, flow=False))
    play.walk("choice:A", "exit")
    assert sequencing_request(play.s, "continue", None).code == "SB.2.7-2"
    assert sequencing_request(play.s, "previous", None).code == "SB.2.8-2"


def test_a_cluster_in_which_nothing_can_be_delivered_cannot_be_retried():
    exits = [rule("exit", "always")]
    tree = node(
        "R",
        c(
            node("A", pre=[rule("disabled", "attempted")]),
            exit=exits,
            post=[rule("retry", "always")],
        ),
        D,
    )
    assert Play(tree).walk("start", "continue") == "SB.2.10-3"


def test_a_retry_keeps_what_other_attempts_recorded():
    tree = node(
        "R", node("A", post=[rule("retry", "not attemptLimitExceeded")], limits={"attempts": 2}), B
    )
    play = Play(tree)
    assert play.walk("start", "continue") == "A"
    assert play.walk("continue") == "B"
    assert play.attempts("A") == 2


def test_a_second_retry_gives_back_what_the_first_one_skipped():
    """SM.1: roll-up passes over its old status, so it has to be possible to earn it again"""
    passed = {"pre": [rule("skip", "satisfied")], "objective_set_by_content": True}
    again = rule("retry", "not satisfied", "not objectiveStatusKnown", combination="any")
    end = [rule("exitParent", "always")]
    cluster = node("C", node("X", **passed), node("Y", post=end, **passed), post=[again])
    play = Play(node("R", cluster, D))
    play.go("start")
    play.say(satisfied=True)
    play.go("continue")
    play.say(satisfied=False)
    assert play.walk("continue") == "Y"
    play.say(satisfied=False)
    assert play.walk("continue") == "X"
