"""Replaying an attempt's call log in a sandbox that is never saved (`core/replay.py`)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from scorm_runtime.core.replay import Replayed, compare_runs, replay_log
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.call_log import list_batches
from scorm_runtime.services.runs import load_run

_NOBODY = UUID(int=0)
"""Neither an attempt nor a learner: nothing is found under it."""


def replay_attempt(
    session: Session, attempt: Attempt, *, until: str = "", now: datetime
) -> Replayed:
    """Play the log, up to batch `until` or all of it, on a fresh attempt of the same version.

    Differences are told of the whole log only; of a part there is nothing to compare with. Of other
    courses the sandbox knows the global objectives that each visit found, and no data stores.
    """
    sandbox = load_run(session, _fresh(attempt), now=now, locks=False)
    state, differences = replay_log(sandbox, list_batches(session, attempt.id), until=until)
    if state.is_whole:
        recorded = load_run(session, attempt, now=now, locks=False)
        differences += compare_runs(recorded, sandbox)
    return replace(state, differences=tuple(differences))


def _fresh(attempt: Attempt) -> Attempt:
    """The same attempt as if nobody had been here; no session knows it."""
    return Attempt(
        id=_NOBODY,
        user_id=_NOBODY,
        number=attempt.number,
        package_id=attempt.package_id,
        package_version_id=attempt.package_version_id,
        context_key=attempt.context_key,
        mode="review",
        settings=attempt.settings,
        sequencing={},
        current_item="",
        delivery=0,
        correction={},
    )
