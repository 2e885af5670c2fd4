"""Looking ahead (SN 4th Ed. 5.6.4; ADL's "navigation validity"): what would a request come to?

Everything is tried on copies; `s` stays as it is. What all requests have in common, ending the
activity in front, is done once; then the state is fixed and results of checks are remembered.
"""

from dataclasses import dataclass
from typing import Any

from scorm_runtime.core.sequencing.attempts import begin_scope
from scorm_runtime.core.sequencing.delivery import delivery_request
from scorm_runtime.core.sequencing.navigation import navigation_request
from scorm_runtime.core.sequencing.overall import Plan
from scorm_runtime.core.sequencing.requests import CONTROLS, SequencingRequest
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.sequencing import sequencing_request
from scorm_runtime.core.sequencing.targets import Targets, find_targets
from scorm_runtime.core.sequencing.termination import termination_request


@dataclass(frozen=True)
class Ahead:
    """The moment after the activity in front has ended."""

    s: Sequencer
    plan: Plan
    """What exit and post-condition rules made of it: their request takes the place of any."""


def look_ahead(s: Sequencer) -> dict[str, Any]:
    """The NavDocument (`core/run.py`): controls, "choice", "jump", "why", and "valid": what the
    content is answered for adl.nav.request_valid, whether or not a control is shown."""
    ahead = _end_current(s)
    replaced = ahead.plan.code or None
    if replaced is None and ahead.plan.request:
        replaced = _outcome(ahead.s, ahead.plan.request)
    why: dict[str, str] = {}
    valid: dict[str, bool] = {}
    for control in CONTROLS:
        code = _why_not(s, ahead, replaced, control)
        valid[control] = not code
        if code:
            why[control] = code
    current = s.current
    hidden = current.definition.hidden_controls if current is not None else frozenset()
    document: dict[str, Any] = {
        control: "hidden" if control in hidden else "enabled" if valid[control] else "disabled"
        for control in CONTROLS
    }
    targets = find_targets(s, ahead.s, replaced)
    jump = _jumps(s, targets, replaced)
    return {
        **document,
        "choice": _show_choices(s, targets),
        "jump": jump,
        "why": {**why, **{name: code for name, code in targets.choice.items() if code}},
        "valid": {
            "continue": valid["continue"],
            "previous": valid["previous"],
            "choice": [name for name, code in targets.choice.items() if not code],
            "jump": jump,
        },
    }


def _end_current(s: Sequencer) -> Ahead:
    ahead = s.fork()
    current = ahead.current
    plan = Plan()
    if current is None:
        begin_scope(ahead)
    elif ahead.of(current).is_active:
        ended = termination_request(ahead, "exit")
        plan = Plan(ended.code, ended.request)
    ahead.memo = {}
    return Ahead(ahead, plan)


def _why_not(s: Sequencer, ahead: Ahead, replaced: str | None, control: str) -> str:
    """The code that forbids a control's request, "" when it would be carried out."""
    asked = navigation_request(s, control, None)
    if asked.code:
        return asked.code
    current = s.current
    if control == "suspendAll" and current is not None and current.is_root:
        return "" if s.of(current).is_active or s.of(current).is_suspended else "TB.2.3-3"
    if control in ("continue", "previous", "exit"):
        if replaced is not None:
            return replaced
        return _outcome(ahead.s, asked.request or "exit")
    return ""


def _outcome(s: Sequencer, request: SequencingRequest) -> str:
    """The code a sequencing request and its delivery end in, "" when they succeed. Only a retry
    changes something on its way."""
    trial = s.fork() if request == "retry" else s
    found = sequencing_request(trial, request, None)
    if found.code or found.activity is None:
        return found.code
    return delivery_request(trial, found.activity)


def _show_choices(s: Sequencer, targets: Targets) -> dict[str, str]:
    """How each activity stands in the contents; hidden: invisible by the manifest, not selected, or
    hidden with an ancestor."""
    if s.course.is_single_item:
        return dict.fromkeys(targets.choice, "hidden")
    return {
        name: "hidden"
        if name in targets.unlisted or not s.course.activities[name].is_visible
        else "disabled"
        if code
        else "enabled"
        for name, code in targets.choice.items()
    }


def _jumps(s: Sequencer, targets: Targets, replaced: str | None) -> list[str]:
    """Jump ignores the rules of choice, not what delivery checks (ST-15)."""
    if s.current is None or replaced:
        return []
    barred = targets.barred if replaced is None else ()
    return [
        name
        for name, activity in s.course.activities.items()
        if activity.is_leaf and name not in barred and s.is_available(activity)
    ]


def parse_request(written: str) -> tuple[str, str]:
    """adl.nav.request as (request, target): "{target=A2}choice" is ("choice", "A2")."""
    if written.startswith("{target=") and "}" in written:
        target, _, request = written[len("{target=") :].rpartition("}")
        return request, target
    return ("", "") if written == "_none_" else (written, "")
