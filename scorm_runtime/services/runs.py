"""An attempt's rows as the pure `AttemptRun`, and back; what it came to as an Outcome."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scorm_runtime.core.attempt_run import AttemptRun
from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import Contents, read_contents
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.sco import ScoState
from scorm_runtime.core.settings import read_settings
from scorm_runtime.core.storable import from_storable, to_storable
from scorm_runtime.models.attempt import Attempt, AttemptSco
from scorm_runtime.models.package import Package, PackageVersion


def get_version(session: Session, attempt: Attempt) -> PackageVersion:
    """The package version that the attempt is pinned to."""
    return session.get_one(PackageVersion, attempt.package_version_id)


def get_package(session: Session, attempt: Attempt) -> Package:
    """The package that is attempted."""
    return session.get_one(Package, attempt.package_id)


def load_contents(session: Session, attempt: Attempt) -> Contents:
    """What the attempt's version offers to play, under the package's title."""
    version = get_version(session, attempt)
    return read_contents(get_package(session, attempt).title, version.manifest)


def load_run(session: Session, attempt: Attempt) -> AttemptRun:
    """The attempt, ready to have entries applied."""
    rows = session.scalars(
        select(AttemptSco)
        .where(AttemptSco.attempt_id == attempt.id)
        .execution_options(populate_existing=True)
    )
    return AttemptRun(
        load_table("1_2"),
        load_contents(session, attempt),
        {row.item: _read_state(row) for row in rows},
        read_settings(attempt.settings),
        current=attempt.current_item,
        delivery=attempt.delivery,
    )


def save_run(session: Session, attempt: Attempt, run: AttemptRun, now: datetime) -> None:
    """Write what changed; the attempt's row must be locked."""
    for identifier, sco in run.scos.items():
        if sco.state != sco.loaded:
            _save_state(session, attempt, identifier, sco.state)
    standing = run.standing()
    attempt.current_item = run.current
    attempt.delivery = run.delivery
    attempt.completion = standing.completion
    attempt.success = standing.success
    attempt.score_scaled = standing.score.scaled
    attempt.score_raw = standing.score.raw
    attempt.score_min = standing.score.min
    attempt.score_max = standing.score.max
    attempt.total_seconds = standing.total_seconds
    attempt.last_active_at = now
    attempt.state = _find_state(attempt.state, run)
    if standing.completion == "completed" and attempt.completed_at is None:
        attempt.completed_at = now


def build_outcome(
    session: Session, attempt: Attempt, run: AttemptRun, *, now: datetime, launch_ref: str
) -> Outcome | None:
    """What to tell the host; None when nothing it cares about happened."""
    events = run.events()
    standing = run.standing()
    interactions = run.interactions()
    if not events and not interactions and _same_result(run):
        return None
    package = get_package(session, attempt)
    return Outcome(
        attempt_id=attempt.id,
        registration=attempt.registration,
        user_id=attempt.user_id,
        package_id=attempt.package_id,
        package_version_id=attempt.package_version_id,
        context_key=attempt.context_key,
        activity_key=package.key,
        title=package.title,
        attempt_number=attempt.number,
        mode="review" if attempt.mode == "review" else "normal",
        completion=standing.completion,
        success=standing.success,
        score_scaled=standing.score.scaled,
        score_raw=standing.score.raw,
        score_min=standing.score.min,
        score_max=standing.score.max,
        total_seconds=standing.total_seconds,
        occurred_at=now,
        commit_number=attempt.last_commit_number,
        writer=attempt.writer,
        events=events,
        interactions=interactions,
        launch_ref=launch_ref,
    )


def _same_result(run: AttemptRun) -> bool:
    before, after = run.before, run.standing()
    return (before.completion, before.success, before.score) == (
        after.completion,
        after.success,
        after.score,
    )


def _find_state(before: str, run: AttemptRun) -> str:
    states = [sco.state for sco in run.scos.values()]
    if any(state.session == "running" for state in states):
        return "running"
    if not run.current or not any(state.sessions for state in states):
        return before
    ended_by = run.scos[run.current].state.last_exit
    return "suspended" if ended_by in ("suspend", "cut off") else "ended"


def _read_state(row: AttemptSco) -> ScoState:
    return ScoState(
        values=from_storable(row.cmi),
        session=row.session,  # type: ignore[arg-type]  # text with a CHECK, as the next two
        sessions=row.sessions,
        last_exit=row.last_exit,
        status_set=row.status_set,
        completion=row.completion,  # type: ignore[arg-type]
        success=row.success,  # type: ignore[arg-type]
        total_seconds=row.total_seconds,
    )


def _save_state(session: Session, attempt: Attempt, identifier: str, state: ScoState) -> None:
    values = {
        "cmi": to_storable(dict(state.values)),
        "session": state.session,
        "sessions": state.sessions,
        "last_exit": state.last_exit,
        "status_set": state.status_set,
        "completion": state.completion,
        "success": state.success,
        "total_seconds": state.total_seconds,
    }
    session.execute(
        insert(AttemptSco)
        .values(attempt_id=attempt.id, item=identifier, **values)
        .on_conflict_do_update(index_elements=["attempt_id", "item"], set_=values)
    )
