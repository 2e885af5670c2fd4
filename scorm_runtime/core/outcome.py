"""What an attempt has come to: a pure function of the tracked state of its SCOs.

The order in which content reports score, status and commits does not matter (PAIN-05): each call
changes the tracking of its SCO, and the outcome is computed from all of it, every time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Completion = Literal["completed", "incomplete", "not attempted", "unknown"]
Success = Literal["passed", "failed", "unknown"]


@dataclass(frozen=True)
class Interaction:
    """One recorded answer of the learner (cmi.interactions.n), as the content reported it."""

    index: int
    id: str
    type: str
    """true-false, choice, fill-in, matching, performance, sequencing, likert, numeric or ""."""
    description: str
    """"" in SCORM 1.2, which has none."""
    learner_response: str
    correct_responses: tuple[str, ...]
    result: str
    """correct, wrong, unanticipated, neutral, a number, or ""."""
    weighting: float | None
    latency_seconds: float | None
    timestamp: str
    """As reported: in SCORM 1.2 a time of day "HH:MM:SS.SS"; "" when absent."""
    sco: str = ""
    """Identifier of the item that reported it."""


@dataclass(frozen=True)
class Outcome:
    """Where one attempt stands after a commit, for statement, grade and certificate."""

    attempt_id: UUID
    registration: UUID
    """The attempt's UUID for xAPI."""
    user_id: UUID
    package_id: UUID
    package_version_id: UUID
    context_key: str
    """"portal" or "link:<resource link id>"."""
    activity_key: str
    """The package's key; the host builds the activity's IRI from it."""
    title: str
    attempt_number: int
    mode: Literal["normal", "review"]
    completion: Completion
    success: Success
    score_scaled: float | None
    """0..1 in SCORM 1.2, -1..1 in SCORM 2004."""
    score_raw: float | None
    score_min: float | None
    score_max: float | None
    total_seconds: float
    """All communication sessions so far, the running one included."""
    occurred_at: datetime
    commit_number: int
    writer: int
    """(attempt, writer, commit_number) names this commit for ever."""
    events: tuple[str, ...]
    """What THIS commit caused, in order, of: initialized, resumed, completed, passed, failed,
    scored, suspended, terminated."""
    interactions: tuple[Interaction, ...]
    """Those this commit wrote to."""
    launch_ref: str
    is_result_known: bool = False
    """Completion, success and score are as they were told before."""
    decided_by: UUID | None = None
    """Whoever changed the result by hand; None where the content has reported it."""


@dataclass(frozen=True)
class Score:
    """A score as reported; every part may be missing."""

    raw: float | None = None
    min: float | None = None
    max: float | None = None
    scaled: float | None = None


@dataclass(frozen=True)
class ScoResult:
    """What one SCO has come to."""

    completion: Completion = "not attempted"
    success: Success = "unknown"
    score: Score = Score()
    total_seconds: float = 0.0


@dataclass(frozen=True)
class Standing:
    """What a whole attempt has come to."""

    completion: Completion
    success: Success
    score: Score
    total_seconds: float


def scale_score(raw: float | None, minimum: float | None, maximum: float | None) -> float | None:
    """A raw score of SCORM 1.2 as 0..1.

    The book wants raw normalised to 0..100 (RTE 1.2 3.4.3.1, cmi.core.score.raw); content that
    reports its own max (and min) means those. Values outside are clamped.
    """
    if raw is None:
        return None
    low = minimum if minimum is not None else 0.0
    high = maximum if maximum is not None else 100.0
    if high <= low:
        low, high = 0.0, 100.0
    return min(1.0, max(0.0, (raw - low) / (high - low)))


def roll_up(results: Iterable[ScoResult]) -> Standing:
    """SCORM 1.2 has no roll-up rules; ours are: completed when all are, failed when one is,
    passed when all are completed and those with a success passed, the score the mean of those
    reported."""
    scos = list(results)
    return Standing(
        completion=_completion(scos),
        success=_success(scos),
        score=_score(scos),
        total_seconds=sum(sco.total_seconds for sco in scos),
    )


def find_events(before: Standing, after: Standing) -> tuple[str, ...]:
    """The changes of standing worth telling, in the order completed, passed/failed, scored."""
    events = []
    if after.completion == "completed" != before.completion:
        events.append("completed")
    if after.success != before.success and after.success != "unknown":
        events.append(after.success)
    if after.score != before.score and after.score.scaled is not None:
        events.append("scored")
    return tuple(events)


def _completion(scos: Sequence[ScoResult]) -> Completion:
    found = {sco.completion for sco in scos}
    if not found:
        return "unknown"
    if len(found) == 1:
        return found.pop()
    return "incomplete"


def _success(scos: Sequence[ScoResult]) -> Success:
    found = {sco.success for sco in scos}
    if "failed" in found:
        return "failed"
    done = all(sco.completion == "completed" for sco in scos)
    return "passed" if done and "passed" in found else "unknown"


def _score(scos: Sequence[ScoResult]) -> Score:
    if len(scos) == 1:
        return scos[0].score
    reported = [sco.score.scaled for sco in scos if sco.score.scaled is not None]
    if not reported:
        return Score()
    mean = sum(reported) / len(reported)
    return Score(raw=mean * 100, min=0.0, max=100.0, scaled=mean)
