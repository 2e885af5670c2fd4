"""From an attempt's id to the attempt, locked, with all that a commit asks for: one round trip.

Every learner who plays comes through here every few seconds, so there is no ORM: the function
attempt_enter (migration 0021) answers one JSON document. The `Attempt` made of it belongs to no
session: what becomes of it is written by `attempt_rows.write_attempt`, and by nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from database.asking import ask
from database.rows import build_row
from scorm_runtime.core.storable import from_storable, is_plain, is_plain_json
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.attempts import AttemptMissing
from scorm_runtime.services.held import hold_played

_ENTER = "SELECT attempt_enter(%(attempt)s)"
_ENTERED = "scorm_runtime.entered"
LARGE = ("sequencing", "nav")
"""Columns that are written only where they were replaced: a large course's are large."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What is known of an attempt that this transaction has locked."""

    attempt: Attempt
    scos: Sequence[Mapping[str, Any]]
    """Rows of attempt_sco."""
    large: Mapping[str, Any]
    """The columns of LARGE as they were read."""
    is_plain: bool
    """Nothing in it is written otherwise than it was said (`core.storable`)."""


def enter_attempt(session: Session, attempt_id: UUID) -> Attempt:
    """The attempt, locked until the transaction ends, or AttemptMissing. The second call in a
    transaction answers the same object."""
    known = find_entered(session, attempt_id)
    if known is not None:
        return known.attempt
    keys = {"attempt": attempt_id}
    text = ask(session, _ENTER, keys)
    if text is None:
        raise AttemptMissing(f"there is no attempt {attempt_id}")
    said = orjson.loads(text)
    attempt = build_row(Attempt, said["attempt"])
    hold_played(session, attempt, said["played"])
    large = {name: getattr(attempt, name) for name in LARGE}
    session.info[_ENTERED] = Entered(attempt, said["scos"] or (), large, is_plain_json(text))
    return attempt


def find_entered(session: Session, attempt_id: UUID) -> Entered | None:
    """What `enter_attempt` has read in this transaction."""
    found: Entered | None = session.info.get(_ENTERED)
    return found if found is not None and found.attempt.id == attempt_id else None


def read_stored(session: Session, attempt: Attempt, value: Any) -> Any:
    """A JSON value of the attempt as it was before `storable.to_storable`."""
    entered = find_entered(session, attempt.id)
    if entered.is_plain if entered is not None else is_plain(value):
        return value
    return from_storable(value)
