"""Looking ahead (SN 4th Ed. 5.6.4; ADL's "navigation validity"): what would a request come to?

Everything is tried on copies; `s` stays as it is. What all requests have in common, ending the
activity in front, is done once; then the state is fixed and results of checks are remembered.
"""

from dataclasses import dataclass
from typing import Any

from scorm_runtime.core.sequencing.attempts import begin_scope
from scorm_runtime.core.sequencing.choice import (
    find_choice,
    why_not_choosable,
    why_not_listed,
    why_not_reachable,
)
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.delivery import delivery_request
from scorm_runtime.core.sequencing.navigation import navigation_request
from scorm_runtime.core.sequencing.overall import Plan
from scorm_runtime.core.sequencing.requests import CONTROLS, SequencingRequest
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.sequencing import sequencing_request
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
    replaced = _outcome(ahead.s, ahead.plan.request) if ahead.plan.request else None
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
    choice, reasons = _choices(s, ahead, replaced)
    jump = _jumps(s, ahead, replaced)
    choosable = [name for name in choice if name not in reasons]
    return {
        **document,
        "choice": choice,
        "jump": jump,
        "why": {**why, **reasons},
        "valid": {
            "continue": valid["continue"],
            "previous": valid["previous"],
            "choice": choosable,
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
        if ahead.plan.code or replaced is not None:
            return ahead.plan.code or replaced or ""
        return _outcome(ahead.s, asked.request or "exit")
    return ""


def _outcome(s: Sequencer, request: SequencingRequest) -> str:
    """The code a sequencing request and its delivery end in, "" when they succeed."""
    trial = s.fork()
    found = sequencing_request(trial, request, None)
    if found.code or found.activity is None:
        return found.code
    return delivery_request(trial, found.activity)


def _choices(
    s: Sequencer, ahead: Ahead, replaced: str | None
) -> tuple[dict[str, str], dict[str, str]]:
    choice: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for activity in s.course.activities.values():
        code = _why_not_choice(s, ahead, replaced, activity)
        if code:
            reasons[activity.identifier] = code
        hidden = _is_out_of_sight(ahead.s, activity)
        shown = "hidden" if hidden else "disabled" if code else "enabled"
        choice[activity.identifier] = shown
    return choice, reasons


def _is_out_of_sight(s: Sequencer, activity: Activity) -> bool:
    """Not listed: invisible by the manifest, not selected, or hidden with an ancestor."""
    if not activity.is_visible or s.course.is_single_item:
        return True
    return bool(why_not_listed(s, activity))


def _why_not_choice(s: Sequencer, ahead: Ahead, replaced: str | None, target: Activity) -> str:
    asked = navigation_request(s, "choice", target)
    if asked.code:
        return asked.code
    if ahead.plan.code or replaced is not None:
        return ahead.plan.code or replaced or why_not_choosable(ahead.s, target)
    code = why_not_choosable(ahead.s, target) or why_not_reachable(ahead.s, target)
    if code:
        return code
    found = find_choice(ahead.s, target)
    return delivery_request(ahead.s, found) if found else "SB.2.9-9"


def _jumps(s: Sequencer, ahead: Ahead, replaced: str | None) -> list[str]:
    if s.current is None or ahead.plan.code or replaced:
        return []
    return [
        activity.identifier
        for activity in s.course.activities.values()
        if activity.is_leaf
        and s.is_available(activity)
        and (replaced is not None or not delivery_request(ahead.s, activity))
    ]


def parse_request(written: str) -> tuple[str, str]:
    """adl.nav.request as (request, target): "{target=A2}choice" is ("choice", "A2")."""
    if written.startswith("{target=") and "}" in written:
        target, _, request = written[len("{target=") :].rpartition("}")
        return request, target
    return ("", "") if written == "_none_" else (written, "")
