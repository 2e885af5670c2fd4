"""Looking ahead: what is offered, what is hidden, and why something is not possible."""

from typing import Any

import pytest

from scorm_runtime.core.sequencing.look_ahead import parse_request
from tests.scorm_runtime.core.sequencing.trees import Play, node, rule

A, B, X = node("A"), node("B"), node("X")


def test_before_the_start_only_choices_are_possible():
    """ST-16: the course opens at its contents"""
    nav = Play(node("R", A, B)).nav()
    assert nav["choice"] == {"R": "enabled", "A": "enabled", "B": "enabled"}
    assert (nav["continue"], nav["exitAll"], nav["jump"]) == ("disabled", "disabled", [])
    assert nav["why"]["continue"] == "NB.2.1-2"


def test_continue_from_the_last_activity_ends_the_course_and_is_possible():
    """CM-07e"""
    play = Play(node("R", A, B))
    play.walk("start", "continue")
    assert play.nav()["continue"] == "enabled"


def test_what_is_disabled_says_why():
    play = Play(node("R", A, node("B", pre=[rule("disabled", "always")])))
    play.go("start")
    nav = play.nav()
    assert nav["continue"] == nav["previous"] == nav["choice"]["B"] == "disabled"
    assert nav["why"] == {"continue": "SB.2.2-2", "previous": "SB.2.1-3", "B": "DB.1.1-3"}


def test_hidden_controls_are_hidden_and_still_valid_for_the_content():
    play = Play(node("R", node("A", hide_lms_ui=["continue", "exitAll"]), B))
    play.go("start")
    nav = play.nav()
    assert nav["continue"] == nav["exitAll"] == "hidden"
    assert nav["valid"]["continue"] is True
    assert play.walk("continue") == "B"
    assert play.nav()["exitAll"] == "enabled"


@pytest.mark.parametrize(
    "told", [{"is_visible": False}, {"pre": [rule("hiddenFromChoice", "always")]}]
)
def test_what_is_not_to_be_seen_is_hidden(told: dict[str, Any]):
    play = Play(node("R", A, node("B", **told)))
    play.go("start")
    assert play.nav()["choice"]["B"] == "hidden"


def test_a_course_of_one_item_has_no_contents():
    """ST-16; SX-08a, CM-11: flow is forced on, choice off"""
    play = Play(node("R", A, flow=False))
    assert play.walk("start") == "A"
    assert set(play.nav()["choice"].values()) == {"hidden"}


def test_values_of_now_count():
    play = Play(node("R", A, node("B", pre=[rule("disabled", "satisfied@x")])))
    tree = node("R", node("A", post=[rule("exitAll", "satisfied")]), B)
    play = Play(tree)
    play.go("start")
    play.say(satisfied=True)
    assert play.nav()["valid"]["continue"] is True
    assert play.walk("continue") == "end"


@pytest.mark.parametrize(
    ("written", "parsed"),
    [
        ("continue", ("continue", "")),
        ("_none_", ("", "")),
        ("", ("", "")),
        ("{target=A 2}choice", ("choice", "A 2")),
        ("{target=x}jump", ("jump", "x")),
        ("{target=choice", ("{target=choice", "")),
    ],
)
def test_requests_of_the_content_are_read(written: str, parsed: tuple[str, str]):
    assert parse_request(written) == parsed
