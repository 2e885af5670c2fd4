"""What an attempt came to: judged by the package's policy, written to its row, told to the host."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from scorm_runtime.core.completion import judge
from scorm_runtime.core.correction import correct, read_correction
from scorm_runtime.core.outcome import (
    Completion,
    Interaction,
    Outcome,
    Score,
    Standing,
    Success,
    find_events,
)
from scorm_runtime.core.package_settings import PackageSettings
from scorm_runtime.core.preview import is_preview
from scorm_runtime.core.run import Run
from scorm_runtime.core.sequenced_scos import standing_from_json, standing_to_json
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.held import get_played

_CHANGES = ("completed", "passed", "failed", "scored")
_ENDS = ("suspended", "terminated")


@dataclass(frozen=True)
class Verdict:
    """The standing before and after a run, as the package's policy has it."""

    before: Standing
    after: Standing
    events: tuple[str, ...]
    """As `Outcome.events`."""

    @property
    def is_changed(self) -> bool:
        """Whether there is a new result; time alone is none."""
        one, other = self.before, self.after
        return (one.completion, one.success, one.score) != (
            other.completion,
            other.success,
            other.score,
        )


def get_settings(session: Session, attempt: Attempt) -> PackageSettings:
    """The settings of the package that is attempted."""
    return get_played(session, attempt).settings


def is_set_aside(attempt: Attempt) -> bool:
    """It comes to nothing: somebody started it over, or it is a preview."""
    return attempt.mode == "review" or is_preview(attempt.context_key)


def judge_run(attempt: Attempt, run: Run, settings: PackageSettings) -> Verdict:
    """Compare what the run came to with what the row says; call before `write_standing`.

    A correction stands above it (`core/correction.py`); what lies beneath is noted in the row."""
    before, events = read_standing(attempt), run.events()
    left = run.ended or any(end in events for end in _ENDS)
    opened = {name for name, sco in run.scos.items() if sco.state.sessions}
    visited = all(item.identifier in opened for item in run.contents.playable) and bool(opened)
    beneath = standing_from_json(attempt.reported) if attempt.reported else before
    found = judge(run.standing(), settings, visited=visited, left=left, before=beneath.completion)
    if attempt.correction:
        attempt.reported = standing_to_json(found)
    after = correct(found, read_correction(attempt.correction))
    begun = [event for event in events if event not in (*_CHANGES, *_ENDS)]
    ends = [event for event in events if event in _ENDS]
    return Verdict(before, after, (*begun, *find_events(before, after), *ends))


def read_standing(attempt: Attempt) -> Standing:
    """What the row says the attempt had come to."""
    score = Score(attempt.score_raw, attempt.score_min, attempt.score_max, attempt.score_scaled)
    completion, success = attempt.completion, attempt.success  # text with a CHECK
    return Standing(
        cast(Completion, completion), cast(Success, success), score, attempt.total_seconds
    )


def write_standing(attempt: Attempt, standing: Standing, now: datetime) -> None:
    """Write it to the row."""
    attempt.completion = standing.completion
    attempt.success = standing.success
    attempt.score_scaled = standing.score.scaled
    attempt.score_raw = standing.score.raw
    attempt.score_min = standing.score.min
    attempt.score_max = standing.score.max
    attempt.total_seconds = standing.total_seconds
    if standing.completion == "completed" and attempt.completed_at is None:
        attempt.completed_at = now


def build_outcome(
    session: Session,
    attempt: Attempt,
    run: Run,
    verdict: Verdict,
    *,
    now: datetime,
    launch_ref: str,
) -> Outcome | None:
    """What to tell the host; None when nothing it cares about happened."""
    interactions = run.interactions()
    if not verdict.events and not interactions and not verdict.is_changed:
        return None
    return describe_outcome(session, attempt, verdict, interactions, now=now, launch_ref=launch_ref)


def describe_outcome(
    session: Session,
    attempt: Attempt,
    verdict: Verdict,
    interactions: tuple[Interaction, ...] = (),
    *,
    now: datetime,
    launch_ref: str = "",
    number: int | None = None,
    decided_by: UUID | None = None,
) -> Outcome:
    """The attempt as the host is told of it; `number` where no commit of this writer caused it."""
    played, standing = get_played(session, attempt), verdict.after
    return Outcome(
        attempt_id=attempt.id,
        registration=attempt.registration,
        user_id=attempt.user_id,
        package_id=attempt.package_id,
        package_version_id=attempt.package_version_id,
        context_key=attempt.context_key,
        activity_key=played.key,
        title=played.title,
        attempt_number=attempt.number,
        mode="review" if is_set_aside(attempt) else "normal",
        completion=standing.completion,
        success=standing.success,
        score_scaled=standing.score.scaled,
        score_raw=standing.score.raw,
        score_min=standing.score.min,
        score_max=standing.score.max,
        total_seconds=standing.total_seconds,
        occurred_at=now,
        commit_number=attempt.last_commit_number if number is None else number,
        writer=attempt.writer,
        events=verdict.events,
        interactions=interactions,
        launch_ref=launch_ref,
        is_result_known=number is None and not verdict.is_changed,
        decided_by=decided_by,
    )
