"""Changes by hand: correct a result, mark it complete, lift a correction, start over.

Each has a reason, is noted in `attempt_change`, and answers the Outcome that the host is to be
told, so that grade and passback follow as after a commit. A player that is open goes on: its next
commit is judged with the correction above it (`results.judge_run`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scorm_runtime.core.correction import (
    Correction,
    correct,
    read_correction,
    validate_correction,
    validate_reason,
)
from scorm_runtime.core.outcome import Outcome, Standing, find_events
from scorm_runtime.core.preview import is_preview
from scorm_runtime.core.sequenced_scos import standing_from_json, standing_to_json
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.attempt_report import AttemptChange
from scorm_runtime.services.attempt_rows import write_attempt
from scorm_runtime.services.attempts import Place, find_newest, lock_attempt, start_attempt
from scorm_runtime.services.results import (
    Verdict,
    describe_outcome,
    read_standing,
    write_standing,
)
from scorm_runtime.services.runs import load_run, settle_run


class NotChangeable(ValueError):
    """The attempt cannot be changed so; the message says why."""

    status_hint = 409


@dataclass(frozen=True)
class By:
    """Who changes something, when and why."""

    user_id: UUID
    reason: str
    now: datetime


def correct_attempt(
    session: Session, attempt_id: UUID, wanted: Correction, by: By, *, kind: str = "corrected"
) -> Outcome:
    """Let `wanted` stand above what the content reports, beside what was corrected before.

    Raises CorrectionInvalid, NotChangeable, AttemptMissing.
    """
    validate_correction(wanted)
    attempt = _lock(session, attempt_id)
    if not attempt.correction:
        attempt.reported = standing_to_json(read_standing(attempt))
    attempt.correction = {**attempt.correction, **wanted.to_json()}
    if attempt.state == "new":
        attempt.state = "ended"  # it counts, although nobody has opened it
    return _decide(session, attempt, by, kind)


def complete_attempt(session: Session, attempt_id: UUID, by: By) -> Outcome:
    """Mark it complete; passed or failed and the score stay as they are. Raises as above."""
    return correct_attempt(
        session, attempt_id, Correction(completion="completed"), by, kind="completed"
    )


def lift_correction(session: Session, attempt_id: UUID, by: By) -> Outcome:
    """Let what the content reports count again. Raises as above."""
    attempt = _lock(session, attempt_id)
    if not attempt.correction:
        raise NotChangeable("Nothing is corrected in this attempt.")
    attempt.correction = {}
    if attempt.launched_at is None:
        attempt.state = "new"
    return _decide(session, attempt, by, "lifted")


def reset_attempt(session: Session, attempt_id: UUID, by: By) -> Attempt:
    """Set the learner's newest attempt aside and open a new one in its place, which is answered.

    The old one keeps all it has recorded, can be looked at and no longer counts; a window that is
    playing it is refused from now on. Raises as above.
    """
    reason = validate_reason(by.reason)
    attempt = _lock(session, attempt_id)
    newest = find_newest(session, Place(attempt.package_id, attempt.user_id, attempt.context_key))
    if newest is not None and newest.id != attempt.id:
        raise NotChangeable("Only the newest attempt can be started over.")
    run = load_run(session, attempt, now=by.now)
    run.cut_off()
    _outcome, scos = settle_run(
        session, attempt, run, now=attempt.last_active_at or by.now, launch_ref=""
    )
    write_attempt(session, attempt, scos, ())
    attempt.mode, attempt.writer = "review", attempt.writer + 1
    attempt.state = "ended"
    further = start_attempt(
        session,
        package_id=attempt.package_id,
        user_id=attempt.user_id,
        context_key=attempt.context_key,
        now=by.now,
        settings=dict(attempt.settings),
    )
    after = {"attempt": str(further.id), "number": further.number}
    _note(session, attempt, by, "reset", reason, _in_short(read_standing(attempt)), after)
    return further


def list_changes(session: Session, attempt_id: UUID) -> list[AttemptChange]:
    """Everything that was changed by hand, oldest first."""
    query = select(AttemptChange).where(AttemptChange.attempt_id == attempt_id)
    return list(session.scalars(query.order_by(AttemptChange.number)))


def _lock(session: Session, attempt_id: UUID) -> Attempt:
    attempt = lock_attempt(session, attempt_id)
    if attempt.mode == "review":
        raise NotChangeable("This attempt was set aside; its result no longer counts.")
    if is_preview(attempt.context_key):
        raise NotChangeable("This is a preview; its result counts nowhere.")
    return attempt


def _decide(session: Session, attempt: Attempt, by: By, kind: str) -> Outcome:
    """Judge the attempt with its correction as it is now, note it, and say what to tell."""
    reason, before = validate_reason(by.reason), read_standing(attempt)
    beneath = standing_from_json(attempt.reported)
    after = correct(beneath, read_correction(attempt.correction))
    if not attempt.correction:
        attempt.reported = None
    write_standing(attempt, after, by.now)
    change = _note(session, attempt, by, kind, reason, _in_short(before), _in_short(after))
    verdict = Verdict(before, after, find_events(before, after))
    return describe_outcome(
        session, attempt, verdict, now=by.now, number=-change.number, decided_by=by.user_id
    )


def _note(
    session: Session,
    attempt: Attempt,
    by: By,
    kind: str,
    reason: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> AttemptChange:
    last = session.scalar(
        select(func.max(AttemptChange.number)).where(AttemptChange.attempt_id == attempt.id)
    )
    change = AttemptChange(
        attempt_id=attempt.id,
        number=(last or 0) + 1,
        kind=kind,
        reason=reason,
        before=before,
        after=after,
        made_by=by.user_id,
    )
    session.add(change)
    session.flush()
    return change


def _in_short(standing: Standing) -> dict[str, Any]:
    return {
        "completion": standing.completion,
        "success": standing.success,
        "score": standing.score.scaled,
    }
