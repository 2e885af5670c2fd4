"""OP.1 Overall Sequencing Process (SN 4th Ed. 4.3): one navigation request from end to end."""

from dataclasses import dataclass

from scorm_runtime.core.sequencing.attempts import end_attempt
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.delivery import content_delivery_environment, delivery_request
from scorm_runtime.core.sequencing.navigation import navigation_request
from scorm_runtime.core.sequencing.requests import MEANINGS, SequencingRequest
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.sequencing import sequencing_request
from scorm_runtime.core.sequencing.termination import termination_request


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a navigation request has come to."""

    code: str = ""
    """Exception of the process that refused; "" when none did."""
    delivered: Activity | None = None
    entry: str = ""
    """"ab-initio" or "resume", of what is delivered."""
    ended: bool = False
    """The sequencing session is over."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A request with its termination done, before it is sequenced (1.4)."""

    code: str = ""
    request: SequencingRequest | None = None
    target: Activity | None = None


def overall_sequencing(s: Sequencer, request: str, target: Activity | None = None) -> Outcome:
    """OP.1 for one navigation request; what a refused request has ended stays ended (the book)."""
    plan = terminate_for(s, request, target)
    if plan.code:
        return _refused(s, plan.code)
    if plan.request is None:
        return Outcome()
    return sequence(s, plan.request, plan.target)


def terminate_for(s: Sequencer, request: str, target: Activity | None) -> Plan:
    """OP.1 1.1 to 1.3: is the request valid, and what is left to do when all is terminated?"""
    asked = navigation_request(s, request, target)
    if asked.code:
        return Plan(asked.code)
    if asked.termination is None:
        return Plan(request=asked.request, target=asked.target)
    ended = termination_request(s, asked.termination)
    if ended.code:
        return Plan(ended.code)
    if ended.request is not None:
        return Plan(request=ended.request)
    return Plan(request=asked.request, target=asked.target)


def sequence(s: Sequencer, request: SequencingRequest, target: Activity | None) -> Outcome:
    """OP.1 1.4, 1.5: sequencing, delivery request, delivery."""
    found = sequencing_request(s, request, target)
    if found.ends_session:
        _end_session(s)
        return Outcome(ended=True)
    if found.code:
        return _refused(s, found.code, found.activity)
    if found.activity is None:
        return Outcome()
    code = delivery_request(s, found.activity)
    if code:
        return _refused(s, code, found.activity)
    entry = content_delivery_environment(s, found.activity)
    if entry.startswith("DB."):
        return _refused(s, entry, found.activity)
    return Outcome(delivered=found.activity, entry=entry)


def _end_session(s: Sequencer) -> None:
    """Control goes back to the LMS. Walking off the tree leaves the root active; it ends, too."""
    if s.of(s.course.root).is_active:
        end_attempt(s, s.course.root)
    s.current = None
    s.note("OP.1", "ended")


def _refused(s: Sequencer, code: str, activity: Activity | None = None) -> Outcome:
    s.note(code.rpartition("-")[0], code, activity, MEANINGS.get(code, ""))
    return Outcome(code)
