"""An attempt's rows as a `core.run.Run`, and back."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scorm_runtime.core.attempt_run import AttemptRun
from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import Contents, read_contents
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.run import Run
from scorm_runtime.core.sco import ScoState
from scorm_runtime.core.settings import RuntimeSettings, read_settings
from scorm_runtime.core.storable import from_storable, to_storable
from scorm_runtime.models.attempt import Attempt, AttemptSco
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.services.results import (
    build_outcome,
    get_package,
    get_settings,
    judge_run,
    write_standing,
)


@dataclass(frozen=True)
class Visitor:
    """Who plays, and whether it counts: what the run-time tells the content of the learner."""

    id: str = ""
    name: str = ""
    """ "Family, Given"."""
    is_review: bool = False


def get_version(session: Session, attempt: Attempt) -> PackageVersion:
    """The package version that the attempt is pinned to."""
    return session.get_one(PackageVersion, attempt.package_version_id)


def load_contents(session: Session, attempt: Attempt) -> Contents:
    """What the attempt's version offers to play, under the package's title."""
    version = get_version(session, attempt)
    return read_contents(get_package(session, attempt).title, version.manifest)


def load_settings(session: Session, attempt: Attempt) -> RuntimeSettings:
    """The package's, with what differs for this attempt."""
    base = get_settings(session, attempt).runtime_settings()
    own = read_settings(attempt.settings)
    return replace(
        base, **{name: getattr(own, name) for name in attempt.settings if hasattr(own, name)}
    )


def load_run(session: Session, attempt: Attempt, *, now: datetime) -> Run:
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
        load_settings(session, attempt),
        current=attempt.current_item,
        delivery=attempt.delivery,
        ended=bool(attempt.sequencing.get("ended")),
    )


def save_run(
    session: Session, attempt: Attempt, run: Run, *, now: datetime, launch_ref: str
) -> Outcome | None:
    """Write what changed; the attempt's row must be locked. Answers what to tell the host."""
    verdict = judge_run(attempt, run, get_settings(session, attempt))
    for identifier, sco in run.scos.items():
        if sco.state != sco.loaded:
            _save_state(session, attempt, identifier, sco.state)
    attempt.sequencing = to_storable(run.state_json())
    attempt.current_item = run.current
    attempt.delivery = run.delivery
    attempt.last_active_at = now
    attempt.state = _find_state(attempt.state, run)
    write_standing(attempt, verdict.after, now)
    return build_outcome(session, attempt, run, verdict, now=now, launch_ref=launch_ref)


def _find_state(before: str, run: Run) -> str:
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
