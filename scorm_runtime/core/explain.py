"""Why is this not complete, and why not passed? Answers out of the tracking model, as reasons.

SCORM 1.2 and what both standards share; `explain_sequenced.py` has the roll-up of SCORM 2004.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scorm_runtime.core.cmi.scalars import parse_decimal
from scorm_runtime.core.contents import Contents, Item
from scorm_runtime.core.correction import Correction
from scorm_runtime.core.outcome import Standing
from scorm_runtime.core.package_settings import PackageSettings
from scorm_runtime.core.sco import STATUS, ScoState
from scorm_runtime.core.situations import Reason

MOST = 12
"""Reasons that are told; `Explanation.more` counts the others."""


@dataclass(frozen=True)
class Facts:
    """What is known of an attempt beside its SCOs."""

    contents: Contents
    standing: Standing
    """The result that counts."""
    settings: PackageSettings
    correction: Correction = field(default_factory=Correction)
    is_set_aside: bool = False
    opened: frozenset[str] = frozenset()
    """Identifiers of the items that were opened at least once."""


@dataclass(frozen=True)
class Explanation:
    """The answer; without reasons there is nothing to explain."""

    completion: tuple[Reason, ...] = ()
    """Why it is not complete."""
    success: tuple[Reason, ...] = ()
    """Why it is not passed, where it could be."""
    more: int = 0
    """Reasons beyond MOST, of both kinds."""

    @property
    def is_empty(self) -> bool:
        return not self.completion and not self.success


def explain_1_2(facts: Facts, states: Mapping[str, ScoState]) -> Explanation:
    """A SCORM 1.2 attempt; `states` by item identifier."""
    items = [(item, states.get(item.identifier, ScoState())) for item in facts.contents.playable]
    missing = [reason for item, state in items for reason in _why_incomplete(item, state)]
    failing = [reason for item, state in items for reason in _why_not_passed(item, state)]
    if any(state.success == "passed" for _, state in items) and missing:
        failing.append(Reason("waits_for_completion"))
    return assemble(facts, missing, failing)


def assemble(facts: Facts, missing: Sequence[Reason], failing: Sequence[Reason]) -> Explanation:
    """The explanation, after what stands above the content: a teacher, the package's policy."""
    completion: Sequence[Reason] = ()
    success: Sequence[Reason] = ()
    if facts.standing.completion != "completed":
        completion = list(_above(facts)) or list(_by_policy(facts, missing))
    if facts.standing.success != "passed" and not facts.is_set_aside and facts.opened:
        decided = facts.correction.success is not None
        success = [Reason("corrected_success")] if decided else failing
    success = [reason for reason in dict.fromkeys(success) if reason not in completion]
    completion = list(dict.fromkeys(completion))
    more = max(0, len(completion) - MOST) + max(0, len(success) - MOST)
    return Explanation(tuple(completion[:MOST]), tuple(success[:MOST]), more)


def _above(facts: Facts) -> Iterator[Reason]:
    """What is decided whatever the content says."""
    if facts.is_set_aside:
        yield Reason("set_aside")
    elif facts.correction.completion == "incomplete":
        yield Reason("corrected_incomplete")
    elif not facts.contents.playable:
        yield Reason("nothing_to_play")
    elif not facts.opened:
        yield Reason("not_opened")


def _by_policy(facts: Facts, missing: Sequence[Reason]) -> Iterator[Reason]:
    settings, score = facts.settings, facts.standing.score.scaled
    match settings.completion_policy:
        case "all_visited":
            for item in facts.contents.playable:
                if item.identifier not in facts.opened:
                    yield Reason("policy_not_visited", item.title)
        case "score_at_least":
            needed = percent(settings.completion_score)
            if score is None:
                yield Reason("policy_no_score", values={"needed": needed})
            else:
                values = {"score": percent(score), "needed": needed}
                yield Reason("policy_score_low", values=values)
        case "on_exit":
            yield Reason("policy_not_left")
        case _:
            yield from missing


def _why_incomplete(item: Item, state: ScoState) -> Iterator[Reason]:
    if state.completion == "completed":
        return
    said = state.values.get(STATUS, "") if state.status_set else ""
    if not state.sessions:
        code = "item_not_opened"
    elif said == "browsed":
        code = "item_only_browsed"
    elif said:
        code = "item_says_incomplete"
    elif state.session == "running":
        code = "item_running"
    elif state.last_exit == "cut off":
        code = "item_never_finished"
    elif state.last_exit == "suspend":
        code = "item_suspended"
    else:
        code = "item_status_never_set"
    yield Reason(code, item.title)


def _why_not_passed(item: Item, state: ScoState) -> Iterator[Reason]:
    if state.success == "passed" or not state.sessions:
        return
    mastery = parse_decimal(item.mastery_score)
    raw = parse_decimal(state.values.get("cmi.core.score.raw", ""))
    if mastery is not None and raw is None:
        yield Reason("score_missing", item.title, {"needed": f"{mastery:g}"})
    elif mastery is not None and raw is not None and raw < mastery:
        values = {"needed": f"{mastery:g}", "score": f"{raw:g}"}
        yield Reason("score_below_mastery", item.title, values)
    elif state.success == "failed":
        yield Reason("item_says_failed", item.title)


def percent(share: float) -> str:
    """0.8 as "80 %"."""
    return f"{share * 100:.4g} %"
