"""Roll-up (SN 4th Ed. 4.6): RB.1.1 to RB.1.5."""

from typing import Any

import pytest

from scorm_runtime.core.sequencing.rollup import overall_rollup
from tests.scorm_runtime.core.sequencing.trees import Play, node, objective, rule


def rolled(root: Any, **said: dict[str, Any]) -> Play:
    """A tree where some activities have tracking, rolled up from the first leaf."""
    play = Play(root)
    for name, known in said.items():
        play.s.change(play[name], attempts=1)
        play.say(name, **known)
    overall_rollup(play.s, list(play.course.activities.values())[-1])
    return play


def kids(**told: Any) -> list[Any]:
    return [node(name, **told) for name in "ABC"]


def weighted(name: str, weight: float) -> Any:
    return node(name, rollup={"objective_measure_weight": weight})


def test_every_tracked_child_counts_in_the_divisor_of_the_measure():
    """ST-02; RU-14c: -0.4 / 2 = -0.2"""
    play = rolled(node("R", node("A"), node("B")), A={"measure": -0.4})
    assert play.s.measure(play["R"]) == pytest.approx(-0.2)


def test_weights_are_honoured():
    tree = node("R", weighted("A", 1.0), weighted("B", 0.5))
    play = rolled(tree, A={"measure": 0.3}, B={"measure": 0.9})
    assert play.s.measure(play["R"]) == pytest.approx((0.3 + 0.45) / 1.5)


@pytest.mark.parametrize("tree", [node("R", weighted("A", 0.0)), node("R", node("A"))])
def test_without_weight_or_without_measure_the_measure_is_unknown(tree: Any):
    play = rolled(node("R", weighted("A", 0.0), node("X", tracked=False)), A={"measure": 1.0})
    assert play.s.measure(play["R"]) is None


def test_completion_amounts_are_rolled_up_by_their_own_weights():
    """RB.1.1 b"""
    light = {"completion_threshold": {"progress_weight": 0.5}}
    play = rolled(node("R", node("A"), node("B", **light)), A={"progress": 1.0})
    assert play.s.amount(play["R"]) == pytest.approx(1 / 1.5)


@pytest.mark.parametrize(("amount", "completed"), [(0.4, True), (0.39, False), (None, None)])
def test_completion_by_measure_beats_the_rules(amount: float | None, completed: bool | None):
    """ST-05; RB.1.3 a"""
    tree = node(
        "R",
        node("A"),
        completion_threshold={"completed_by_measure": True, "min_progress_measure": 0.4},
    )
    play = rolled(tree, A={"completion": True, "progress": amount})
    assert play.s.completed(play["R"]) is completed


@pytest.mark.parametrize(("measure", "satisfied"), [(0.5, True), (0.49, False), (None, None)])
def test_satisfaction_by_measure_beats_the_rules(measure: float | None, satisfied: bool | None):
    """ST-05; RB.1.2 a"""
    tree = node("R", node("A"), objectives=[objective("", primary=True, by=0.5)])
    play = rolled(tree, A={"satisfied": True, "measure": measure})
    assert play.s.satisfied(play["R"]) is satisfied


def test_satisfaction_by_measure_can_wait_until_the_activity_ends():
    """measureSatisfactionIfActive (RB.1.2 a 3.1.2)"""
    tree = node(
        "R",
        node("A"),
        node("B"),
        objectives=[objective("", primary=True, by=0.1)],
        rollup_considerations={"measure_satisfaction_if_active": False},
    )
    play = Play(tree)
    play.go("start")
    play.say(measure=1.0)
    play.go("exit")
    assert play.s.satisfied(play["R"]) is None
    play.go("exitAll")
    assert play.s.satisfied(play["R"]) is True


DEFAULTS = [
    # A, B: satisfied / completed of the children, and what becomes of the parent
    (True, True, True),
    (True, False, False),
    (False, False, False),
    (True, None, None),
    (False, None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("a", "b", "parent"), DEFAULTS)
@pytest.mark.parametrize("kind", ["satisfied", "completion"])
def test_the_default_rules_want_all_children(
    a: bool | None, b: bool | None, parent: bool | None, kind: str
):
    """RB.1.2 b, RB.1.3 b, step 1"""
    play = rolled(node("R", node("A"), node("B")), A={kind: a}, B={kind: b})
    assert play.s.read(play["R"], play["R"].primary, kind) is parent


def test_a_rule_for_one_action_disables_both_defaults_of_its_pair():
    """ST-04"""
    only = [rule("notSatisfied", "never")]
    play = rolled(node("R", node("A"), rollup_rules=only), A={"satisfied": True})
    assert play.s.satisfied(play["R"]) is None


@pytest.mark.parametrize(
    ("rules", "kind"),
    [
        ([rule("satisfied", "attempted"), rule("notSatisfied", "attempted")], "satisfied"),
        ([rule("completed", "attempted"), rule("incomplete", "attempted")], "completion"),
    ],
)
def test_the_better_action_wins_whatever_the_order(rules: list[Any], kind: str):
    """ST-04"""
    play = rolled(node("R", node("A"), rollup_rules=rules), A={kind: None})
    assert play.s.read(play["R"], play["R"].primary, kind) is True


SETS = [
    # child set, satisfied of A, B, C, applies
    ({"child_set": "all"}, (True, True, True), True),
    ({"child_set": "all"}, (True, True, None), False),
    ({"child_set": "any"}, (False, None, True), True),
    ({"child_set": "any"}, (False, None, None), False),
    ({"child_set": "none"}, (False, False, False), True),
    ({"child_set": "none"}, (False, False, None), False),
    ({"child_set": "none"}, (False, False, True), False),
    ({"child_set": "atLeastCount", "minimum_count": 2}, (True, True, None), True),
    ({"child_set": "atLeastCount", "minimum_count": 2}, (True, False, None), False),
    ({"child_set": "atLeastPercent", "minimum_percent": 0.6}, (True, True, None), True),
    ({"child_set": "atLeastPercent", "minimum_percent": 0.7}, (True, True, None), False),
]


@pytest.mark.parametrize(("chosen", "statuses", "applies"), SETS)
def test_child_sets_count_three_valued_answers(
    chosen: dict[str, Any], statuses: tuple[bool | None, ...], applies: bool
):
    """ST-03; RB.1.4 1.2.4 to 1.2.9. "None" needs known-false."""
    tree = node("R", *kids(), rollup_rules=[rule("completed", "satisfied", **chosen)])
    said = {name: {"satisfied": value} for name, value in zip("ABC", statuses, strict=True)}
    play = rolled(tree, **said)
    assert (play.s.completed(play["R"]) is True) is applies


def test_conditions_of_a_roll_up_rule_combine_by_any_unless_told_otherwise():
    """ST-03; RB.1.4.1"""
    either = rule("completed", "satisfied", "attempted", combination="any")
    both = rule("completed", "satisfied", "attempted", combination="all")
    for one, expected in ((either, True), (both, None)):
        play = rolled(node("R", node("A"), rollup_rules=[one]), A={"satisfied": False})
        assert play.s.completed(play["R"]) is expected


def test_all_of_no_children_is_true():
    """ST-06, SD-07; RU-11 (the book would leave the status alone)"""
    tree = node("R", *kids(tracked=False), rollup_rules=[rule("completed", "satisfied")])
    play = rolled(tree)
    assert play.s.completed(play["R"]) is True


CONSIDERATIONS = [
    # required for, attempts, suspended, counts
    ("always", 0, False, True),
    ("ifAttempted", 0, False, False),
    ("ifAttempted", 1, False, True),
    ("ifNotSuspended", 0, False, False),
    ("ifNotSuspended", 1, True, False),
    ("ifNotSuspended", 1, False, True),
    ("ifNotSkipped", 1, False, False),
]


@pytest.mark.parametrize(("when", "attempts", "suspended", "counts"), CONSIDERATIONS)
def test_a_child_counts_when_its_considerations_say_so(
    when: str, attempts: int, suspended: bool, counts: bool
):
    """ST-11; RB.1.4.2, asked at the moment of roll-up"""
    b = node(
        "B",
        rollup_considerations={"required_for_completed": when},
        pre=[rule("skip", "always")],
    )
    play = Play(node("R", node("A"), b))
    play.say("A", completion=True)
    play.s.change(play["B"], attempts=attempts, is_suspended=suspended)
    overall_rollup(play.s, play["A"])
    assert play.s.completed(play["R"]) is (None if counts else True)


@pytest.mark.parametrize(
    ("switch", "kind"),
    [("objective_satisfied", "satisfied"), ("progress_completion", "completion")],
)
def test_a_child_can_keep_its_status_to_itself(switch: str, kind: str):
    """SM.8"""
    play = rolled(node("R", node("A"), node("B", rollup={switch: False})), A={kind: True})
    assert play.s.read(play["R"], play["R"].primary, kind) is True


def test_what_an_activity_writes_reaches_the_ancestors_of_those_that_read_it():
    """ST-22; RB.1.5, extended roll-up"""
    reads = objective("o", primary=True, maps=[("g", "satisfied completion", "")])
    writes = objective("o", primary=True, maps=[("g", "", "satisfied completion")])
    tree = node(
        "R", node("A", objectives=[writes]), node("C", node("C1", objectives=[reads])), node("D")
    )
    play = Play(tree)
    play.go("start")
    play.say(satisfied=False, completion=True)
    play.go("exit")
    assert play.s.satisfied(play["C"]) is False
    assert play.s.completed(play["C"]) is True
    assert play.attempts("C") == 0


def test_maps_in_a_circle_end():
    a = objective("o", primary=True, maps=[("g1", "satisfied", ""), ("g2", "", "satisfied")])
    b = objective("o", primary=True, maps=[("g2", "satisfied", ""), ("g1", "", "satisfied")])
    tree = node("R", node("C", node("A"), objectives=[a]), node("D", node("B"), objectives=[b]))
    assert Play(tree).walk("start", "continue", "continue") == "end"


def test_roll_up_passes_over_what_an_earlier_attempt_on_the_parent_left():
    """SM.1 use current attempt …; rules still see it (SX-07d, SD-07)"""
    for current, expected in ((True, None), (False, True)):
        cluster = node("C", node("A"), node("B"), use_current_attempt_progress_info=current)
        play = Play(node("R", cluster, node("D")))
        play.walk("start", "continue", "continue")
        assert play.s.completed(play["C"]) is True
        play.walk("choice:A", "exit")
        overall_rollup(play.s, play["A"])
        assert play.s.completed(play["B"]) is True
        assert play.s.completed(play["C"]) is expected
