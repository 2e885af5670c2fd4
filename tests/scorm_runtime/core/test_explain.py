"""Why is this not complete? SCORM 1.2 and what a package's own policy adds. PAIN-06"""

import re

import pytest

from scorm_runtime.core.contents import Contents, Item
from scorm_runtime.core.correction import Correction
from scorm_runtime.core.explain import MOST, Facts, explain_1_2
from scorm_runtime.core.outcome import ScoResult, roll_up, scale_score
from scorm_runtime.core.package_settings import PackageSettings
from scorm_runtime.core.sco import STATUS, ScoState
from scorm_runtime.core.situations import SITUATIONS

DONE = {"completion": "completed"}


def said(status="", **more):
    """A SCO that was opened once and said `status`."""
    values = {STATUS: status} if status else {}
    raw = more.pop("raw", None)
    if raw is not None:
        values["cmi.core.score.raw"] = str(raw)
    usual = {"session": "finished", "sessions": 1, "completion": "incomplete"}
    return ScoState(values=values, status_set=bool(status), **{**usual, **more})


def explain(*states, mastery="", policy="as_reported", **facts):
    names = [f"I{n}" for n in range(1, len(states) + 1)]
    items = tuple(Item(name, f"Part {name}", "sco", 0, mastery_score=mastery) for name in names)
    by_name = dict(zip(names, states, strict=True))
    raws = [state.values.get("cmi.core.score.raw") for state in states]
    scores = [scale_score(float(raw), 0, 100) if raw else None for raw in raws]
    standing = roll_up(
        ScoResult(state.completion, state.success, score=roll_score(score))
        for state, score in zip(states, scores, strict=True)
    )
    opened = frozenset(name for name, state in by_name.items() if state.sessions)
    settings = PackageSettings(completion_policy=policy)
    usual = {"standing": standing, "settings": settings, "opened": opened}
    return explain_1_2(Facts(Contents("The package", items), **{**usual, **facts}), by_name)


def roll_score(scaled):
    return ScoResult().score if scaled is None else type(ScoResult().score)(scaled=scaled)


def codes(reasons):
    return [(reason.code, reason.item) for reason in reasons]


TABLE = [
    ("item_not_opened", ScoState()),
    ("item_running", said(session="running")),
    ("item_never_finished", said(last_exit="cut off")),
    ("item_suspended", said(last_exit="suspend")),
    ("item_status_never_set", said()),
    ("item_says_incomplete", said("incomplete")),
    ("item_only_browsed", said("browsed")),
]


@pytest.mark.parametrize(("code", "state"), TABLE, ids=[code for code, _ in TABLE])
def test_each_situation_of_a_sco_is_told_apart(code, state):
    """PAIN-06"""
    found = explain(said("completed", **DONE), state)
    assert codes(found.completion) == [(code, "Part I2")]


def test_what_nobody_has_opened_needs_one_sentence_only():
    assert codes(explain(ScoState(), ScoState()).completion) == [("not_opened", "")]


def test_a_complete_attempt_needs_no_explanation():
    assert explain(said("passed", **DONE, success="passed")).is_empty


def test_a_score_below_mastery_says_both_numbers():
    found = explain(said("failed", **DONE, success="failed", raw=60), mastery="80")
    (reason,) = found.success
    assert reason.code == "score_below_mastery"
    assert reason.values == {"needed": "80", "score": "60"}


def test_a_mastery_score_without_a_score_is_told():
    assert codes(explain(said("completed", **DONE), mastery="80").success) == [
        ("score_missing", "Part I1")
    ]


def test_passed_waits_for_the_other_parts():
    found = explain(said("passed", **DONE, success="passed"), said("incomplete"))
    assert codes(found.success) == [("waits_for_completion", "")]


@pytest.mark.parametrize(
    ("policy", "states", "code"),
    [
        ("all_visited", [said("incomplete"), ScoState()], "policy_not_visited"),
        ("score_at_least", [said("incomplete")], "policy_no_score"),
        ("score_at_least", [said("incomplete", raw=50)], "policy_score_low"),
        ("on_exit", [said("incomplete", session="running")], "policy_not_left"),
    ],
)
def test_the_packages_own_policy_is_what_is_explained(policy, states, code):
    """SD-06"""
    assert [reason.code for reason in explain(*states, policy=policy).completion] == [code]


def test_a_teachers_word_comes_before_all_else():
    decided = Correction(completion="incomplete", success="failed")
    found = explain(said("incomplete"), correction=decided)
    assert codes(found.completion) == [("corrected_incomplete", "")]
    assert codes(found.success) == [("corrected_success", "")]
    assert codes(explain(said("incomplete"), is_set_aside=True).completion) == [("set_aside", "")]


def test_many_reasons_are_cut_and_counted():
    found = explain(said("incomplete"), *[ScoState()] * (MOST + 4))
    assert (len(found.completion), found.more) == (MOST, 5)


def test_every_situation_has_a_sentence_whose_values_are_known():
    for code, situation in SITUATIONS.items():
        names = set(re.findall(r"%\((\w+)\)s", situation.sentence + situation.advice))
        assert names <= {"item", "score", "needed", "found", "conditions"}, code
        assert situation.sentence.endswith((".", "."))
