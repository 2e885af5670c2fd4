"""Small activity trees for tests: `node("A", node("A1"), flow=False)`; clusters flow by default.

`Play` is a learner in one of them: `go` a request, `say` what the SCO in front reports.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from scorm_runtime.core.sequencing import selection
from scorm_runtime.core.sequencing.course import Activity, build_course
from scorm_runtime.core.sequencing.look_ahead import look_ahead
from scorm_runtime.core.sequencing.overall import Outcome, overall_sequencing
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.state import LearnerGlobals, SequencingState

Node = dict[str, Any]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_CONTROL = {
    "flow",
    "choice",
    "choice_exit",
    "forward_only",
    "use_current_attempt_objective_info",
    "use_current_attempt_progress_info",
}
_CONSTRAINED = {"prevent_activation", "constrain_choice"}
_DELIVERY = {"tracked", "completion_set_by_content", "objective_set_by_content"}


def rule(action: str, *conditions: str, combination: str = "all", **extra: Any) -> Node:
    """A rule; a condition is its name, with "not " before and "@objective" behind it."""
    found = []
    for written in conditions:
        name, _, objective = written.removeprefix("not ").partition("@")
        found.append(
            {
                "condition": name,
                "negated": written.startswith("not "),
                "objective": objective,
                "threshold": extra.get("threshold", 0.0),
            }
        )
    return {"action": action, "combination": combination, "conditions": found, **extra}


def objective(name: str, *, primary: bool = False, by: float | None = None, maps: Any = ()) -> Node:
    """An objective; `by`: satisfied by measure from there; maps: (target, reads, writes)."""
    return {
        "id": name,
        "primary": primary,
        "satisfied_by_measure": by is not None,
        "min_measure": 1.0 if by is None else by,
        "maps": [{"target": t, "read": r.split(), "write": w.split()} for t, r, w in maps],
    }


def node(name: str, *items: Node, **told: Any) -> Node:
    """An item with its sequencing; what is told goes where it belongs."""
    sequencing: Node = {
        "control_mode": {"flow": True},
        "rules": {kind: told.pop(kind, []) for kind in ("pre", "exit", "post")},
        "constrained_choice": {},
        "delivery_controls": {},
    }
    visible = told.pop("is_visible", True)
    for key, value in told.items():
        if key in _CONTROL:
            sequencing["control_mode"][key] = value
        elif key in _CONSTRAINED:
            sequencing["constrained_choice"][key] = value
        elif key in _DELIVERY:
            sequencing["delivery_controls"][key] = value
        else:
            sequencing[key] = value
    return {
        "identifier": name,
        "title": name,
        "is_visible": visible,
        "sequencing": sequencing,
        "items": list(items),
    }


def manifest(root: Node) -> Node:
    return {"organization": {**root, "items": []}, "items": root["items"]}


class Play:
    """A learner in a tree."""

    def __init__(
        self,
        root: Node,
        *,
        now: datetime = NOW,
        randbelow: Callable[[int], int] | None = None,
        shared: LearnerGlobals | None = None,
    ) -> None:
        self.course = build_course(manifest(root))
        self.s = Sequencer(
            self.course,
            SequencingState(),
            shared or LearnerGlobals(),
            now,
            randbelow or random.Random(1).randrange,
        )
        selection.begin(self.s)

    def __getitem__(self, name: str) -> Activity:
        return self.course.activities[name]

    @property
    def at(self) -> str:
        """The Current Activity, "" when it is not defined."""
        return self.s.state.current

    def go(self, request: str, target: str = "") -> Outcome:
        """One navigation request."""
        return overall_sequencing(self.s, request, self.course.find(target))

    def walk(self, *requests: str) -> str:
        """Several, "choice:X" with a target; answers where they lead, or the last one's code."""
        outcome = Outcome()
        for written in requests:
            request, _, target = written.partition(":")
            outcome = self.go(request, target)
        if outcome.code:
            return outcome.code
        return "end" if outcome.ended else self.at

    def say(self, name: str = "", objective: str = "", **known: Any) -> None:
        """What the SCO in front (or `name`) reports, by kind: satisfied=True."""
        activity = self.course.activities[name or self.at]
        chosen = activity.objectives[objective] if objective else activity.primary
        self.s.write(activity, chosen, known, by_content=True)

    def suspend(self) -> None:
        """The SCO in front has said cmi.exit = "suspend"."""
        self.s.change(self[self.at], is_suspended=True)

    def nav(self) -> Any:
        return look_ahead(self.s)

    def active(self) -> list[str]:
        return [n for n, a in self.course.activities.items() if self.s.of(a).is_active]

    def suspended(self) -> list[str]:
        return [n for n, a in self.course.activities.items() if self.s.of(a).is_suspended]

    def attempts(self, name: str) -> int:
        return self.s.of(self[name]).attempts
