"""An attempt's rows as a `core.run.Run`, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import randbelow
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from scorm_runtime.core.attempt_run import AttemptRun
from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import Contents, read_contents
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.package_settings import PackageSettings
from scorm_runtime.core.run import Run
from scorm_runtime.core.sequenced_run import Learner, SequencedRun
from scorm_runtime.core.sequencing.course import Course, build_course
from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.settings import RuntimeSettings, read_settings
from scorm_runtime.core.storable import from_storable, is_plain, to_storable
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.services.held import get_package, get_version
from scorm_runtime.services.learner_globals import load_globals, lock_globals, save_globals
from scorm_runtime.services.results import (
    build_outcome,
    get_settings,
    judge_run,
    write_standing,
)
from scorm_runtime.services.sco_rows import load_states, load_states_2004, save_state


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
    contents = _structure_of(get_version(session, attempt)).contents
    return replace(contents, title=get_package(session, attempt).title)


def load_settings(session: Session, attempt: Attempt) -> RuntimeSettings:
    """The package's, with what differs for this attempt."""
    base = get_settings(session, attempt).runtime_settings()
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
    version = get_version(session, attempt)
    settings = load_settings(session, attempt)
    if version.standard == "scorm_2004":
        if locks and _structure_of(version).carries:
            lock_globals(session, attempt.user_id)
        return _load_sequenced(session, attempt, version, settings, now, is_review)
    return AttemptRun(
        load_table("1_2"),
        load_contents(session, attempt),
        load_states(session, attempt.id),
        settings,
        current=attempt.current_item,
        delivery=attempt.delivery,
        ended=bool(attempt.sequencing.get("ended")),
    )


def save_run(
    session: Session, attempt: Attempt, run: Run, *, now: datetime, launch_ref: str
) -> Outcome | None:
    """Write what changed; the attempt's row must be locked. Answers what to tell the host."""
    settings = get_settings(session, attempt)
    verdict = judge_run(attempt, run, settings)
    for identifier, sco in run.scos.items():
        if sco.state != sco.loaded:
            save_state(session, attempt.id, identifier, sco.state)
    if isinstance(run, SequencedRun):
        save_globals(session, attempt.user_id, run.brought, run.globals)
    kept = run.state_json()
    attempt.sequencing = kept if is_plain(kept) else to_storable(kept)
    attempt.current_item = run.current
    attempt.delivery = run.delivery
    attempt.last_active_at = now
    attempt.state = _find_state(attempt.state, run, kept, settings)
    write_standing(attempt, verdict.after, now)
    return build_outcome(session, attempt, run, verdict, now=now, launch_ref=launch_ref)


def _load_sequenced(
    session: Session,
    attempt: Attempt,
    version: PackageVersion,
    settings: RuntimeSettings,
    now: datetime,
    is_review: bool,
) -> SequencedRun:
    structure = _structure_of(version)
    assert structure.course is not None  # noqa: S101  a version of SCORM 2004
    learner = Learner(
        load_globals(session, attempt.user_id) if structure.carries else LearnerGlobals(),
        credit="no-credit" if is_review else "credit",
        mode="review" if is_review else "normal",
    )
    kept = attempt.sequencing
    run = SequencedRun(
        load_table("2004"),
        structure.course,
        load_contents(session, attempt),
        load_states_2004(session, attempt.id),
        settings,
        learner,
        sequencing=kept if is_plain(kept) else from_storable(kept),
        delivery=attempt.delivery,
        now=now,
        randbelow=randbelow,
    )
    answered = (attempt.last_answer or {}).get("nav")
    if answered and not is_review:
        run.recall(from_storable(answered))
    return run


def _structure_of(version: PackageVersion) -> Structure:
    """A version never changes, unless its manifest is re-read."""
    key = (version.id, version.read_by)
    found = _structures.get(key)
    if found is None:
        if len(_structures) >= MOST_STRUCTURES:
            _structures.pop(next(iter(_structures)))
        found = _structures[key] = _read_structure(version)
    return found


def _read_structure(version: PackageVersion) -> Structure:
    contents = read_contents("", version.manifest)
    if version.standard != "scorm_2004":
        return Structure(contents, None, carries=False)
    course = build_course(version.manifest)
    return Structure(contents, course, bool(course.global_objectives or course.data_stores))


def _find_state(before: str, run: Run, kept: Mapping[str, Any], settings: PackageSettings) -> str:
    states = [sco.state for sco in run.scos.values()]
    if any(state.session == "running" for state in states):
        return "running"
    if run.ended and settings.exit_actions.on_leave == "exit":
        return "ended"
    if isinstance(run, SequencedRun) and run.ended:
        return "suspended" if kept.get("suspended") else "ended"
    front = run.scos.get(run.current)
    if front is None or not any(state.sessions for state in states):
        return before
    return "suspended" if front.state.last_exit in ("suspend", "cut off") else "ended"
