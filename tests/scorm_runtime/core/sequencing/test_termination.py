"""Termination (SN 4th Ed. 4.5): TB.2.1, TB.2.2, TB.2.3, and UP.3, UP.4."""

import pytest

from scorm_runtime.core.sequencing.termination import termination_request
from tests.scorm_runtime.core.sequencing.trees import Play, node, rule

AB = (node("A"), node("B"))


@pytest.mark.parametrize(
    ("before", "request_", "code"),
    [
        ("", "exit", "TB.2.3-1"),
        ("start exit", "exit", "TB.2.3-2"),
        ("start exit", "abandon", "TB.2.3-2"),
        ("start", "dance", "TB.2.3-7"),
    ],
)
def test_a_termination_request_says_why_it_is_not_valid(before: str, request_: str, code: str):
    play = Play(node("R", *AB))
    play.walk(*before.split())
    assert termination_request(play.s, request_).code == code  # type: ignore[arg-type]


def test_exit_ends_the_activity_and_leaves_it_current():
    play = Play(node("R", *AB))
    assert play.walk("start", "exit") == "A"
    assert play.active() == ["R"]


def test_exit_all_ends_everything():
    play = Play(node("R", node("C", *AB)))
    assert play.walk("start", "exitAll") == "end"
    assert (play.active(), play.at) == ([], "")


def test_abandon_leaves_nothing_of_the_attempt():
    """ST-18; UP.4 does not run, so nothing is assumed to be completed."""
    play = Play(node("R", *AB))
    play.walk("start", "abandon")
    assert play.s.completed(play["A"]) is None
    assert play.active() == ["R"]


def test_abandon_all_ends_the_session_without_rolling_up():
    play = Play(node("R", *AB))
    assert play.walk("start", "abandonAll") == "end"
    assert (play.active(), play.s.completed(play["R"])) == ([], None)


def test_suspend_all_suspends_the_path_and_resumes_at_it():
    play = Play(node("R", node("C", *AB), node("D")))
    assert play.walk("start", "suspendAll") == "end"
    assert play.suspended() == ["R", "C", "A"]
    assert play.walk("resumeAll") == "A"
    assert (play.suspended(), play.attempts("R"), play.attempts("A")) == ([], 1, 1)


def test_suspend_all_after_the_activity_ended_suspends_its_parent():
    play = Play(node("R", node("C", *AB)))
    assert play.walk("start", "exit", "suspendAll") == "end"
    assert play.s.state.suspended == "C"


def test_the_root_that_was_never_left_cannot_be_suspended_by_itself():
    play = Play(node("R", *AB))
    play.s.current = play["R"]
    assert termination_request(play.s, "suspendAll").code == "TB.2.3-3"


def test_exit_rules_run_from_the_root_down_and_the_first_one_ends_its_branch():
    """ST-12; TB.2.1"""
    inner = node("D", *AB, exit=[rule("exit", "always")])
    play = Play(node("R", node("C", inner, exit=[rule("exit", "always")]), node("E")))
    play.walk("start", "exit")
    assert (play.at, play.active()) == ("C", ["R"])


POSTS = [
    ("retry", "A", ["R", "A"]),
    ("continue", "B", ["R", "B"]),
    ("previous", "SB.2.1-3", ["R"]),
    ("exitAll", "end", []),
    ("retryAll", "A", ["R", "A"]),
]


@pytest.mark.parametrize(("action", "leads_to", "active"), POSTS)
def test_a_post_condition_takes_the_place_of_what_was_asked(
    action: str, leads_to: str, active: list[str]
):
    """ST-12; TB.2.2 3, OP.1 1.3.3"""
    a = node("A", post=[rule(action, "always")])
    play = Play(node("R", a, node("B"), node("C")))
    play.go("start")
    assert play.walk("choice:C") == leads_to
    assert play.active() == active


def test_exit_parent_climbs_as_long_as_rules_say_so():
    """TB.2.3 3.3.4"""
    up = [rule("exitParent", "always")]
    inner = node("D", node("A", post=up), post=up)
    play = Play(node("R", node("C", inner), node("E")))
    play.walk("start", "exit")
    assert (play.at, play.active()) == ("C", ["R"])


def test_exit_parent_of_the_root_is_refused():
    play = Play(
        node(
            "R", node("A", post=[rule("exitParent", "always")]), post=[rule("exitParent", "always")]
        )
    )
    assert play.walk("start", "exit") == "TB.2.3-4"


def test_a_root_that_is_left_ends_the_session():
    """TB.2.3 3.3.5"""
    play = Play(node("R", node("A", post=[rule("exitParent", "always")]), node("B")))
    assert play.walk("start", "continue") == "end"


def test_a_root_may_be_retried():
    play = Play(
        node(
            "R",
            node("A", post=[rule("exitParent", "always")]),
            node("B"),
            post=[rule("retry", "not attemptLimitExceeded")],
            limits={"attempts": 2},
        )
    )
    assert play.walk("start", "continue") == "A"
    assert play.attempts("R") == 2
    assert play.walk("continue") == "end"


def test_post_conditions_wait_while_the_activity_is_suspended():
    """TB.2.2 1"""
    play = Play(node("R", node("A", post=[rule("retry", "always")]), node("B")))
    play.go("start")
    play.suspend()
    assert play.walk("continue") == "B"


def test_a_suspended_child_suspends_its_ancestors_which_then_go_on():
    """ST-08; UP.4 2.1"""
    play = Play(node("R", node("C", *AB), node("D")))
    play.go("start")
    play.suspend()
    play.go("choice", "D")
    assert play.suspended() == ["C", "A"]
    assert play.walk("choice:B") == "B"
    assert (play.attempts("C"), play.attempts("A")) == (1, 1)


@pytest.mark.parametrize(
    ("told", "completed", "satisfied"),
    [
        ({}, True, True),
        ({"completion_set_by_content": True}, None, True),
        ({"objective_set_by_content": True}, True, None),
        ({"tracked": False}, None, None),
    ],
)
def test_what_the_content_left_open_is_assumed_unless_it_was_to_say_so(
    told: dict[str, bool], completed: bool | None, satisfied: bool | None
):
    """UP.4 1.1.1"""
    play = Play(node("R", node("A", **told), node("B")))
    play.walk("start", "continue")
    assert play.s.completed(play["A"]) is completed
    assert play.s.satisfied(play["A"]) is satisfied


def test_an_unknown_that_the_content_said_itself_stays():
    """ST-07; CM-06, RU-19b"""
    play = Play(node("R", *AB))
    play.go("start")
    play.s.change(play["A"], said_unknown=("satisfied", "completion"))
    play.go("continue")
    assert play.s.completed(play["A"]) is None
    assert play.s.satisfied(play["A"]) is None
