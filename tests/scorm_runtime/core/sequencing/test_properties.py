"""What holds for every tree and every sequence of requests (hypothesis)."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scorm_runtime.core.sequencing.look_ahead import look_ahead
from scorm_runtime.core.sequencing.overall import overall_sequencing
from scorm_runtime.core.sequencing.state import SequencingState
from tests.scorm_runtime.core.sequencing.trees import Play, node, objective, rule

CONDITIONS = ["always", "satisfied", "not satisfied", "completed", "not completed", "attempted"]
PRE = ["skip", "disabled", "hiddenFromChoice", "stopForwardTraversal"]
POST = ["exitParent", "exitAll", "continue", "previous"]
"""Retry is left out: a rule "always retry" never lets go."""
MOVES = ["continue", "previous", "choice", "jump"]
LEAVES = ["exit", "exitAll", "abandon", "abandonAll", "suspendAll"]

few_rules = st.lists(st.builds(rule, st.sampled_from(PRE), st.sampled_from(CONDITIONS)), max_size=1)
few_posts = st.lists(
    st.builds(rule, st.sampled_from(POST), st.sampled_from(CONDITIONS)), max_size=1
)
switches = st.fixed_dictionaries(
    {},
    optional={
        "flow": st.booleans(),
        "choice": st.booleans(),
        "choice_exit": st.booleans(),
        "forward_only": st.booleans(),
        "constrain_choice": st.booleans(),
        "prevent_activation": st.booleans(),
        "tracked": st.booleans(),
        "limits": st.fixed_dictionaries({"attempts": st.integers(1, 2)}),
        "objectives": st.sampled_from(
            [
                [objective("", primary=True, by=0.5)],
                [objective("o", primary=True, maps=[("g", "satisfied", "satisfied")])],
            ]
        ),
    },
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> Any:
    count = iter(range(1000))

    def build(left: int) -> Any:
        kids = [build(left - 1) for _ in range(draw(st.integers(0, 3)))] if left else []
        return node(
            f"n{next(count)}", *kids, pre=draw(few_rules), post=draw(few_posts), **draw(switches)
        )

    return node("R", *[build(depth - 2) for _ in range(draw(st.integers(1, 4)))])


requests = st.lists(
    st.tuples(
        st.sampled_from(["start", "resumeAll", *MOVES, *LEAVES]),
        st.integers(0, 14),
        st.sampled_from([{}, {"satisfied": True}, {"completion": True}, {"measure": 0.4}]),
        st.booleans(),
    ),
    max_size=12,
)


def drive(play: Play, steps: Any) -> Any:
    """Take each step on a copy first and keep it unless a move is refused, as a run does."""
    names = list(play.course.activities)
    for request, at, said, suspends in steps:
        if play.s.current is not None and play.s.of(play.s.current).is_active:
            play.say(**said)
            if suspends:
                play.suspend()
        target = play.course.find(names[at % len(names)])
        ahead = look_ahead(play.s)
        trial = play.s.trial()
        outcome = overall_sequencing(trial, request, target)
        yield request, target, ahead, outcome
        if not outcome.code or request in LEAVES:
            play.s = trial


@settings(max_examples=80, deadline=None)
@given(trees(), requests)
def test_the_state_always_makes_sense(tree: Any, steps: Any):
    play = Play(tree)
    for _ in drive(play, steps):
        s, course = play.s, play.course
        active = [a for a in course.activities.values() if s.of(a).is_active]
        assert all(s.of(one).is_active for a in active for one in a.path)
        assert sum(a.is_leaf for a in active) <= 1
        assert not any(s.of(a).is_suspended for a in active if not a.is_leaf)
        current = s.current
        if active:
            assert current is not None
        for activity in course.activities.values():
            for known in s.of(activity).objectives.values():
                assert -1 <= known.get("measure", 0) <= 1


@settings(max_examples=80, deadline=None)
@given(trees(), requests)
def test_looking_ahead_says_what_will_happen(tree: Any, steps: Any):
    for request, target, ahead, outcome in drive(Play(tree), steps):
        done = outcome.code == ""
        name = target.identifier if target is not None else ""
        if request in ("continue", "previous"):
            assert (ahead[request] == "enabled") is done
        elif request == "choice":
            assert (name in ahead["valid"]["choice"]) is done
        elif request == "jump" and target is not None and target.is_leaf:
            assert (name in ahead["jump"]) is done  # a cluster is never offered
        elif request in LEAVES:
            assert (ahead[request] == "enabled") is done


@settings(max_examples=40, deadline=None)
@given(trees(), requests)
def test_looking_ahead_says_of_every_target_what_asking_for_it_alone_would(tree: Any, steps: Any):
    """Siblings share their checks in it; the pseudo-code asks for one target (SB.2.9, ST-15)."""
    play = Play(tree)
    for _ in drive(play, steps):
        ahead = look_ahead(play.s)
        for name, target in play.course.activities.items():
            chosen = overall_sequencing(play.s.fork(), "choice", target)
            assert (name in ahead["valid"]["choice"]) is (chosen.code == "")
            if target.is_leaf:
                jumped = overall_sequencing(play.s.fork(), "jump", target)
                assert (name in ahead["jump"]) is (jumped.code == "")


@settings(max_examples=60, deadline=None)
@given(trees(), requests)
def test_looking_ahead_changes_nothing(tree: Any, steps: Any):
    play = Play(tree)
    for _ in drive(play, steps):
        before = copy.deepcopy(play.s.state.to_json()), play.s.globals.to_json()
        look_ahead(play.s)
        assert (play.s.state.to_json(), play.s.globals.to_json()) == before


@settings(max_examples=60, deadline=None)
@given(trees(), requests)
def test_a_state_that_was_saved_goes_on_as_one_that_was_not(tree: Any, steps: Any):
    one, other = Play(tree), Play(tree)
    pairs = zip(drive(one, steps), drive(other, steps), strict=True)
    for (_, _, ahead, outcome), (_, _, again, same) in pairs:
        assert (ahead, outcome.code) == (again, same.code)
        document = json.loads(json.dumps(other.s.state.to_json()))
        other.s.state = SequencingState.from_json(document)
        assert other.s.state.to_json() == one.s.state.to_json()
