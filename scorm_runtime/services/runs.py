"""An attempt's rows as a `core.run.Run`, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import randbelow
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scorm_runtime.core.attempt_run import AttemptRun
from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import Contents, read_contents
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.package_settings import PackageSettings
from scorm_runtime.core.preview import is_preview
from scorm_runtime.core.run import Run
from scorm_runtime.core.sequenced_run import Learner, SequencedRun
from scorm_runtime.core.sequencing.course import Course, build_course
from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.settings import RuntimeSettings, read_settings
from scorm_runtime.core.storable import is_plain, to_storable
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.services.entrance import read_stored
from scorm_runtime.services.held import Played, get_played
from scorm_runtime.services.learner_globals import load_globals, save_globals
from scorm_runtime.services.results import (
    build_outcome,
    get_settings,
    judge_run,
    write_standing,
)
from scorm_runtime.services.sco_rows import build_row, load_states, load_states_2004


@dataclass(frozen=True)
class Structure:
    """What runs need of a package version, out of its manifest."""

    contents: Contents
    """With no title."""
    course: Course | None
    """The activity tree; None in SCORM 1.2."""
    carries: bool
    """It reads or writes what the learner carries from course to course."""


MOST_STRUCTURES = 64
"""How many packages' structures a process keeps."""
_structures: dict[tuple[UUID, int], Structure] = {}


def load_contents(session: Session, attempt: Attempt) -> Contents:
    """What the attempt's version offers to play, under the package's title."""
    played = get_played(session, attempt)
    return replace(_structure_of(session, played).contents, title=played.title)


def load_settings(session: Session, attempt: Attempt) -> RuntimeSettings:
    """The package's, with what differs for this attempt."""
    base = get_settings(session, attempt).runtime_settings()
    if not attempt.settings:
        return base
    own = read_settings(attempt.settings)
    return replace(
        base, **{name: getattr(own, name) for name in attempt.settings if hasattr(own, name)}
    )


def load_run(
    session: Session,
    attempt: Attempt,
    *,
    now: datetime,
    is_review: bool = False,
    locks: bool = True,
) -> Run:
    """The attempt, ready to have entries applied; `locks` where the run is going to be saved."""
    settings = load_settings(session, attempt)
    if get_played(session, attempt).standard == "scorm_2004":
        return _load_sequenced(session, attempt, settings, now, is_review=is_review, locks=locks)
    return AttemptRun(
        load_table("1_2"),
        load_contents(session, attempt),
        load_states(session, attempt),
        settings,
        current=attempt.current_item,
        delivery=attempt.delivery,
        ended=bool(attempt.sequencing.get("ended")),
    )


def settle_run(
    session: Session, attempt: Attempt, run: Run, *, now: datetime, launch_ref: str
) -> tuple[Outcome | None, list[dict[str, Any]]]:
    """Let the attempt, which must be locked, say what the run came to. Answers what to tell the
    host, and rows of the SCOs that changed, for `attempt_rows.write_attempt`."""
    settings = get_settings(session, attempt)
    verdict = judge_run(attempt, run, settings)
    states = {name: sco.state for name, sco in run.scos.items()}
    changed = [name for name, sco in run.scos.items() if states[name] != sco.loaded]
    rows = [build_row(name, states[name]) for name in changed]
    kept = run.state_json()
    if kept != read_stored(session, attempt, attempt.sequencing):
        attempt.sequencing = _to_stored(kept)
    if isinstance(run, SequencedRun):
        save_globals(session, attempt.user_id, run.brought, run.globals)
        nav = run.nav_json()
        if nav != read_stored(session, attempt, attempt.nav):
            attempt.nav = _to_stored(nav)
    attempt.current_item = run.current
    attempt.delivery = run.delivery
    attempt.last_active_at = now
    attempt.state = _find_state(attempt.state, run, kept, settings, states)
    write_standing(attempt, verdict.after, now)
    outcome = build_outcome(session, attempt, run, verdict, now=now, launch_ref=launch_ref)
    return outcome, rows


def _to_stored(kept: dict[str, Any]) -> dict[str, Any]:
    stored: dict[str, Any] = kept if is_plain(kept) else to_storable(kept)
    return stored


def _load_sequenced(
    session: Session,
    attempt: Attempt,
    settings: RuntimeSettings,
    now: datetime,
    *,
    is_review: bool,
    locks: bool,
) -> SequencedRun:
    structure = _structure_of(session, get_played(session, attempt))
    assert structure.course is not None  # noqa: S101  a version of SCORM 2004
    course = structure.course.alone if is_preview(attempt.context_key) else structure.course
    carried = LearnerGlobals()
    if structure.carries:
        carried = load_globals(session, attempt.user_id, locks=locks)
    learner = Learner(
        carried,
        credit="no-credit" if is_review else "credit",
        mode="review" if is_review else "normal",
    )
    run = SequencedRun(
        load_table("2004"),
        course,
        load_contents(session, attempt),
        load_states_2004(session, attempt),
        settings,
        learner,
        sequencing=read_stored(session, attempt, attempt.sequencing),
        delivery=attempt.delivery,
        now=now,
        randbelow=randbelow,
    )
    if attempt.nav and not is_review:
        run.recall(read_stored(session, attempt, attempt.nav))
    return run


def _structure_of(session: Session, played: Played) -> Structure:
    """A version never changes, unless its manifest is re-read."""
    key = (played.version_id, played.read_by)
    found = _structures.get(key)
    if found is None:
        if len(_structures) >= MOST_STRUCTURES:
            _structures.pop(next(iter(_structures)))
        found = _structures[key] = _read_structure(session, played)
    return found


def _read_structure(session: Session, played: Played) -> Structure:
    manifest = session.scalars(
        select(PackageVersion.manifest).where(PackageVersion.id == played.version_id)
    ).one()
    contents = read_contents("", manifest)
    if played.standard != "scorm_2004":
        return Structure(contents, None, carries=False)
    course = build_course(manifest)
    return Structure(contents, course, bool(course.global_objectives or course.data_stores))


def _find_state(
    before: str,
    run: Run,
    kept: Mapping[str, Any],
    settings: PackageSettings,
    states: Mapping[str, Any],
) -> str:
    if any(state.session == "running" for state in states.values()):
        return "running"
    if run.ended and settings.exit_actions.on_leave == "exit":
        return "ended"
    if isinstance(run, SequencedRun) and run.ended:
        return "suspended" if kept.get("suspended") else "ended"
    front = states.get(run.current)
    if front is None or not any(state.sessions for state in states.values()):
        return before
    return "suspended" if front.last_exit in ("suspend", "cut off") else "ended"
