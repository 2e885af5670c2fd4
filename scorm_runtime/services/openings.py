"""Opening the player: a window becomes the writer, journals left behind are delivered first."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from scorm_runtime.core.journal import Journal
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.run import Run
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.attempt_rows import write_attempt
from scorm_runtime.services.commits import replay
from scorm_runtime.services.descriptions import describe, describe_contents, describe_delivery
from scorm_runtime.services.entrance import enter_attempt
from scorm_runtime.services.held import get_played
from scorm_runtime.services.log_rows import build_log, count_stale, ensure_room
from scorm_runtime.services.runs import load_run, settle_run


@dataclass(frozen=True)
class Opening:
    """What the player page is told, and what to tell the host."""

    answer: dict[str, Any]
    outcome: Outcome | None = None
    overtaken: bool = False
    """Another window has become the writer since this one was loaded: answer 409, it may ask
    again. Nothing was done."""


@dataclass(frozen=True)
class Visit:
    """Who opens it, and how."""

    learner_id: str
    """cmi.core.student_id."""
    learner_name: str
    """cmi.core.student_name, "Family, Given"."""
    launch_ref: str = ""
    start: bool = True
    """Bring the item of last time to the front; False opens the contents with nothing started."""
    item: str = ""
    """Item to look at in a review; "" for the one of last time."""
    after: int | None = None
    """The writer that this window takes over from, as it knows; None takes over from anybody."""


def open_player(
    session: Session,
    attempt_id: UUID,
    journals: Sequence[Journal],
    visit: Visit,
    *,
    now: datetime,
) -> Opening:
    """Make the caller the writer of the attempt (PAIN-10, PAIN-11).

    Journals of the current writer are applied where they are new, others are kept as stale; a
    communication session still open is ended; then the writer's number grows, so that every
    older window is refused from now on. A request that arrives twice, or long after its window
    has gone, names a writer of before (`visit.after`) and takes nothing over. Raises
    AttemptMissing, LogFull.
    """
    attempt = enter_attempt(session, attempt_id)
    if visit.after not in (None, attempt.writer):
        return Opening({"writer": attempt.writer}, overtaken=True)
    run = load_run(session, attempt, now=now)
    ensure_room(attempt, now)
    replayed = [replay(session, attempt, run, journal, now=now) for journal in journals]
    log = [row for _count, rows in replayed for row in rows]
    stale = sum(count_stale(session, attempt, journal) for journal in journals)
    told = len(run.decisions)
    run.cut_off()
    run.open(visit.start)
    attempt.last_commit_number += 1  # names this outcome: (attempt, writer of before, number)
    outcome, scos = settle_run(session, attempt, run, now=now, launch_ref=visit.launch_ref)
    log += _take_over(attempt, now, visit.launch_ref, run.decisions[told:])
    write_attempt(session, attempt, scos, log)
    answer = {
        **_describe_opening(session, attempt, run, visit, review=False),
        "replayed": sum(count for count, _rows in replayed),
        "stale": stale,
        "read_only": False,
    }
    return Opening(answer, outcome)


def open_for_review(session: Session, attempt: Attempt, visit: Visit, *, now: datetime) -> Opening:
    """Show the attempt without becoming its writer: nothing is recorded, nobody is disturbed."""
    run = load_run(session, attempt, now=now, is_review=True, locks=False)
    run.open(visit.start and not visit.item)
    if visit.item:
        run.navigate("choice", visit.item)
    answer = _describe_opening(session, attempt, run, visit, review=True)
    return Opening({**answer, "replayed": 0, "stale": 0, "read_only": True})


def _take_over(
    attempt: Attempt, now: datetime, launch_ref: str, decisions: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    """Answers what the call log grows by."""
    attempt.writer += 1
    attempt.applied_entry = 0
    attempt.last_commit_number = 0
    attempt.last_remarks = None
    attempt.last_navigation = None
    attempt.launched_at = attempt.launched_at or now
    journal = Journal(attempt.writer, ())
    return build_log(
        attempt, "open", journal, (), now=now, launch_ref=launch_ref, decisions=decisions
    )


def _describe_opening(
    session: Session, attempt: Attempt, run: Run, visit: Visit, *, review: bool
) -> dict[str, Any]:
    played = get_played(session, attempt)
    settings = played.settings
    return {
        **describe(session, attempt, run),
        "attempt": str(attempt.id),
        "standard": played.standard,
        "title": run.contents.title,
        "strict": settings.strict,
        "limits": {"suspend_data": settings.suspend_data_limit},
        "contents": describe_contents(run.contents),
        "playable": [item.identifier for item in run.contents.playable],
        "opens_in": {
            "window": settings.open_in == "window",
            "width": settings.window_width,
            "height": settings.window_height,
        },
        "exit_actions": asdict(settings.exit_actions),
        "learner": _describe_learner(played.standard, visit, review),
        "delivery": describe_delivery(run) if visit.start or visit.item else None,
    }


def _describe_learner(standard: str, visit: Visit, review: bool) -> dict[str, str]:
    """What the run-time tells content of the learner; SCORM 2004's credit and mode come with each
    delivery."""
    if standard == "scorm_2004":
        return {"cmi.learner_id": visit.learner_id, "cmi.learner_name": visit.learner_name}
    return {
        "cmi.core.student_id": visit.learner_id,
        "cmi.core.student_name": visit.learner_name,
        "cmi.core.credit": "no-credit" if review else "credit",
        "cmi.core.lesson_mode": "review" if review else "normal",
    }
