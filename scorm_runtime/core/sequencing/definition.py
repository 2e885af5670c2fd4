"""The sequencing definition model (SN 4th Ed. 3; SM.1 to SM.11), as parsed from the manifest.

Values only, made once for each course; the JSON they are read from is described in
`scorm_runtime/core/manifest/sequencing.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

Kind = Literal["satisfied", "measure", "raw", "min", "max", "completion", "progress"]
KINDS: tuple[Kind, ...] = ("satisfied", "measure", "raw", "min", "max", "completion", "progress")
"""What an objective knows; a map reads and writes each of them by itself."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a sequencing or roll-up rule (SM.2, SM.5)."""

    name: str
    negated: bool
    objective: str = ""
    """Referenced objective, "" for the primary one."""
    threshold: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A pre-, exit- or post-condition rule (SM.2)."""

    action: str
    needs_all: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class RollupRule:
    """A roll-up rule (SM.5)."""

    action: str
    child_set: str
    needs_all: bool
    conditions: tuple[Condition, ...]
    minimum_count: int = 0
    minimum_percent: float = 0.0


@dataclass(frozen=True, slots=True)
class ObjectiveMap:
    """To which global objective (SM.7), and what passes in which direction."""

    target: str
    read: frozenset[str]
    write: frozenset[str]


@dataclass(frozen=True, slots=True)
class Objective:
    """A local objective (SM.6). The primary one is the one that contributes to roll-up."""

    id: str
    is_primary: bool
    satisfied_by_measure: bool
    min_measure: float
    maps: tuple[ObjectiveMap, ...]
    sources: Mapping[str, str]
    """Kind -> the global objective that it is read from."""
    targets: Mapping[str, tuple[str, ...]]
    """Kind -> the global objectives that it is written to."""
    is_plain: bool
    """Its satisfaction is neither read through a map nor judged by measure."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limit conditions (SM.3); durations in seconds."""

    attempts: int | None = None
    attempt_absolute: float | None = None
    attempt_experienced: float | None = None
    activity_absolute: float | None = None
    activity_experienced: float | None = None
    begin: datetime | None = None
    end: datetime | None = None

    @property
    def has_times(self) -> bool:
        """There is more than a number of attempts."""
        return replace(self, attempts=None) != NO_LIMITS


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Definition:
    """All of one activity's."""

    choice: bool
    choice_exit: bool
    flow: bool
    forward_only: bool
    use_current_objectives: bool
    use_current_progress: bool
    prevent_activation: bool
    constrain_choice: bool
    rules: Mapping[str, tuple[Rule, ...]]
    """In order, by when they are asked: pre-conditions by their action, "exit", "post"."""
    limits: Limits
    rollup_rules: tuple[RollupRule, ...]
    rolls_up_satisfied: bool
    rolls_up_completion: bool
    measure_weight: float
    required_for: Mapping[str, str]
    """Roll-up action -> always, ifAttempted, ifNotSkipped, ifNotSuspended."""
    measure_satisfaction_if_active: bool
    objectives: tuple[Objective, ...]
    select_timing: str
    select_count: int | None
    randomize_timing: str
    reorders: bool
    tracked: bool
    completion_set_by_content: bool
    objective_set_by_content: bool
    hidden_controls: frozenset[str]
    completed_by_measure: bool
    min_progress: float
    progress_weight: float
    data_maps: tuple[tuple[str, bool, bool], ...]
    """(target, readable, writable)."""
    auxiliary_resources: tuple[tuple[str, str], ...]
    """(id, purpose): kept for whoever shows them."""

    @property
    def always_counts(self) -> bool:
        """Its parent rolls it up for every action, whatever its state."""
        required = set(self.required_for.values())
        return self.rolls_up_satisfied and self.rolls_up_completion and required == {"always"}


def read_definition(data: Mapping[str, Any]) -> Definition:
    """A definition out of its JSON; what is missing takes its default."""
    control = data.get("control_mode", {})
    constrained = data.get("constrained_choice", {})
    rollup = data.get("rollup", {})
    considerations = data.get("rollup_considerations", {})
    delivery = data.get("delivery_controls", {})
    threshold = data.get("completion_threshold", {})
    selection = data.get("selection", {})
    randomization = data.get("randomization", {})
    return Definition(
        choice=control.get("choice", True),
        choice_exit=control.get("choice_exit", True),
        flow=control.get("flow", False),
        forward_only=control.get("forward_only", False),
        use_current_objectives=control.get("use_current_attempt_objective_info", True),
        use_current_progress=control.get("use_current_attempt_progress_info", True),
        prevent_activation=constrained.get("prevent_activation", False),
        constrain_choice=constrained.get("constrain_choice", False),
        rules=_rules_by_occasion(data.get("rules", {})),
        limits=_limits(data.get("limits", {})),
        rollup_rules=tuple(_rollup_rule(rule) for rule in data.get("rollup_rules", ())),
        rolls_up_satisfied=rollup.get("objective_satisfied", True),
        rolls_up_completion=rollup.get("progress_completion", True),
        measure_weight=rollup.get("objective_measure_weight", 1.0),
        required_for={
            action: considerations.get(key, "always") for action, key in _REQUIRED_FOR.items()
        },
        measure_satisfaction_if_active=considerations.get("measure_satisfaction_if_active", True),
        objectives=_objectives(data.get("objectives", ())),
        select_timing=selection.get("timing", "never"),
        select_count=selection.get("count"),
        randomize_timing=randomization.get("timing", "never"),
        reorders=randomization.get("reorder", False),
        tracked=delivery.get("tracked", True),
        completion_set_by_content=delivery.get("completion_set_by_content", False),
        objective_set_by_content=delivery.get("objective_set_by_content", False),
        hidden_controls=frozenset(data.get("hide_lms_ui", ())),
        completed_by_measure=threshold.get("completed_by_measure", False),
        min_progress=threshold.get("min_progress_measure", 1.0),
        progress_weight=threshold.get("progress_weight", 1.0),
        data_maps=tuple((m["target_id"], m["read"], m["write"]) for m in data.get("data", ())),
        auxiliary_resources=tuple(
            (one["id"], one["purpose"]) for one in data.get("auxiliary_resources", ())
        ),
    )


_PRE_CONDITIONS = ("skip", "disabled", "hiddenFromChoice", "stopForwardTraversal")
_REQUIRED_FOR = {
    "satisfied": "required_for_satisfied",
    "notSatisfied": "required_for_not_satisfied",
    "completed": "required_for_completed",
    "incomplete": "required_for_incomplete",
}


def _rules_by_occasion(data: Mapping[str, Any]) -> dict[str, tuple[Rule, ...]]:
    pre = _rules(data.get("pre", ()))
    found = {
        action: tuple(rule for rule in pre if rule.action == action) for action in _PRE_CONDITIONS
    }
    return found | {kind: _rules(data.get(kind, ())) for kind in ("exit", "post")}


def _rules(rules: Any) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            action=rule["action"],
            needs_all=rule.get("combination", "all") == "all",
            conditions=_conditions(rule["conditions"]),
        )
        for rule in rules
    )


def _conditions(conditions: Any) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            one["condition"],
            one.get("negated", False),
            one.get("objective", ""),
            one.get("threshold", 0.0),
        )
        for one in conditions
    )


def _rollup_rule(rule: Mapping[str, Any]) -> RollupRule:
    return RollupRule(
        action=rule["action"],
        child_set=rule.get("child_set", "all"),
        needs_all=rule.get("combination", "any") == "all",
        conditions=_conditions(rule["conditions"]),
        minimum_count=rule.get("minimum_count", 0),
        minimum_percent=rule.get("minimum_percent", 0.0),
    )


def _limits(data: Mapping[str, Any]) -> Limits:
    limits = Limits(
        attempts=data.get("attempts"),
        attempt_absolute=data.get("attempt_absolute_duration"),
        attempt_experienced=data.get("attempt_experienced_duration"),
        activity_absolute=data.get("activity_absolute_duration"),
        activity_experienced=data.get("activity_experienced_duration"),
        begin=_time(data.get("begin_time")),
        end=_time(data.get("end_time")),
    )
    return NO_LIMITS if limits == NO_LIMITS else limits


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _objectives(objectives: Any) -> tuple[Objective, ...]:
    found = tuple(_objective(one) for one in objectives)
    if any(objective.is_primary for objective in found):
        return found
    return (_objective({"primary": True}), *found)


def _objective(data: Mapping[str, Any]) -> Objective:
    maps = tuple(
        ObjectiveMap(one["target"], frozenset(one["read"]), frozenset(one["write"]))
        for one in data.get("maps", ())
    )
    sources: dict[str, str] = {}
    targets: dict[str, tuple[str, ...]] = {}
    for one in maps:
        for kind in one.read:
            sources.setdefault(kind, one.target)
        for kind in one.write:
            targets[kind] = (*targets.get(kind, ()), one.target)
    return Objective(
        id=data.get("id", ""),
        is_primary=data.get("primary", False),
        satisfied_by_measure=data.get("satisfied_by_measure", False),
        min_measure=data.get("min_measure", 1.0),
        maps=maps,
        sources=sources,
        targets=targets,
        is_plain=not sources and not data.get("satisfied_by_measure", False),
    )
