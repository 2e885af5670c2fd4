"""NB.2.1 Navigation Request Process (SN 4th Ed. 4.4), one row for each branch."""

import pytest

from scorm_runtime.core.sequencing.navigation import navigation_request
from tests.scorm_runtime.core.sequencing.trees import Play, node

TWO = node("R", node("A"), node("B"))
CASES = [
    # requests before, request, code, termination, sequencing request
    ("", "start", "", None, "start"),
    ("start", "start", "NB.2.1-1", None, None),
    ("", "resumeAll", "NB.2.1-3", None, None),
    ("start suspendAll", "resumeAll", "", None, "resumeAll"),
    ("start", "resumeAll", "NB.2.1-1", None, None),
    ("", "continue", "NB.2.1-2", None, None),
    ("start", "continue", "", "exit", "continue"),
    ("start exit", "continue", "", None, "continue"),
    ("", "previous", "NB.2.1-2", None, None),
    ("start", "previous", "", "exit", "previous"),
    ("start exit", "previous", "", None, "previous"),
    ("start", "forward", "NB.2.1-7", None, None),
    ("start", "backward", "NB.2.1-7", None, None),
    ("start", "choice:?", "NB.2.1-11", None, None),
    ("", "choice:B", "", None, "choice"),
    ("start", "choice:B", "", "exit", "choice"),
    ("start exit", "choice:B", "", None, "choice"),
    ("start", "jump:?", "NB.2.1-11", None, None),
    ("start", "jump:B", "", "exit", "jump"),
    ("", "exit", "NB.2.1-2", None, None),
    ("start", "exit", "", "exit", "exit"),
    ("start exit", "exit", "NB.2.1-12", None, None),
    ("", "exitAll", "NB.2.1-2", None, None),
    ("start", "exitAll", "", "exitAll", "exit"),
    ("", "abandon", "NB.2.1-2", None, None),
    ("start", "abandon", "", "abandon", "exit"),
    ("start exit", "abandon", "NB.2.1-12", None, None),
    ("", "abandonAll", "NB.2.1-2", None, None),
    ("start", "abandonAll", "", "abandonAll", "exit"),
    ("", "suspendAll", "NB.2.1-2", None, None),
    ("start", "suspendAll", "", "suspendAll", "exit"),
    ("start", "dance", "NB.2.1-13", None, None),
]


@pytest.mark.parametrize(("before", "asked", "code", "termination", "request_"), CASES)
def test_a_navigation_request_is_valid_or_says_why_not(
    before: str, asked: str, code: str, termination: str | None, request_: str | None
):
    play = Play(TWO)
    play.walk(*before.split())
    request, _, target = asked.partition(":")
    answer = navigation_request(play.s, request, play.course.find(target))
    assert (answer.code, answer.termination, answer.request) == (code, termination, request_)


def test_flow_is_asked_of_the_parent():
    play = Play(node("R", node("A"), node("B"), flow=False))
    play.go("choice", "A")
    assert play.walk("continue") == "NB.2.1-4"
    assert play.walk("previous") == "NB.2.1-5"


def test_nothing_goes_back_in_a_forward_only_cluster():
    play = Play(node("R", node("A"), node("B"), forward_only=True))
    assert play.walk("start", "continue", "previous") == "NB.2.1-5"


def test_choice_is_asked_of_the_targets_parent():
    play = Play(node("R", node("A"), node("C", node("C1"), choice=False)))
    play.walk("start")
    assert play.walk("choice:C1") == "NB.2.1-10"
    assert play.walk("choice:C") == "C1"


def test_the_root_can_always_be_chosen():
    play = Play(node("R", node("A"), node("B"), choice=False))
    assert play.walk("start", "continue", "choice:R") == "A"


def test_choice_exit_counts_for_what_is_active_below_the_common_ancestor():
    """ST-14"""
    tree = node("R", node("C", node("C1"), node("C2"), choice_exit=False), node("B"))
    play = Play(tree)
    play.walk("start")
    assert play.walk("choice:B") == "NB.2.1-8"
    assert play.walk("choice:C2") == "C2"
    assert play.walk("continue") == "B"
    assert play.walk("choice:C1") == "C1"


def test_choice_exit_of_the_activity_in_front_counts_while_it_is_active():
    """ST-14"""
    play = Play(node("R", node("A", choice_exit=False), node("B")))
    assert play.walk("start", "choice:B") == "NB.2.1-8"
    play.go("exit")
    play.s.note("", "")
    assert play.walk("choice:B") == "B"


def test_the_activity_in_front_can_be_chosen_again():
    """ST-17"""
    play = Play(node("R", node("A"), node("B")))
    assert play.walk("start", "choice:A") == "A"
    assert play.attempts("A") == 2


def test_a_jump_does_not_ask_for_choice():
    """ST-15: only delivery checks; targets are case-sensitive and may contain spaces."""
    play = Play(node("R", node("A"), node("the target"), choice=False, flow=False))
    play.s.current = play["A"]
    assert play.walk("jump:the target") == "the target"
    assert play.walk("jump:The Target") == "NB.2.1-11"
