"""What a request made of an attempt, written in one round trip by the function attempt_store."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy.orm import Session

from database.asking import ask
from scorm_runtime.core.storable import is_plain_json, to_storable
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.entrance import LARGE, find_entered

_STORE = "SELECT attempt_store(%(attempt)s, %(said)s)"
_SMALL = (
    *("state", "writer", "applied_entry", "last_commit_number", "last_remarks", "last_navigation"),
    *("delivery", "current_item", "completion", "success", "total_seconds", "reported"),
    *("score_scaled", "score_raw", "score_min", "score_max", "logged_on", "logged_size"),
    *("launched_at", "last_active_at", "completed_at"),
)
"""Columns that a request may change."""
Row = Mapping[str, Any]


def write_attempt(
    session: Session, attempt: Attempt, scos: Sequence[Row], log: Sequence[Row]
) -> None:
    """Write the attempt, which must be locked, the rows of SCOs that changed (`sco_rows`) and those
    that the call log grows by (`log_rows`); the same row of the log again adds none."""
    said = {
        "attempt": {name: getattr(attempt, name) for name in _SMALL},
        "large": _find_replaced(session, attempt),
        "scos": scos,
        "log": log,
    }
    keys = {"attempt": attempt.id, "said": _to_text(said)}
    ask(session, _STORE, keys)


def _find_replaced(session: Session, attempt: Attempt) -> dict[str, Any]:
    entered = find_entered(session, attempt.id)
    before = entered.large if entered is not None else {}
    now = {name: getattr(attempt, name) for name in LARGE}
    return {name: value for name, value in now.items() if value is not before.get(name)}


def _to_text(said: Mapping[str, Any]) -> str:
    """As JSON that PostgreSQL takes; values of content are as they came (`core.storable`)."""
    try:
        text = orjson.dumps(said).decode()
        if is_plain_json(text):
            return text
    except TypeError:  # a lone surrogate
        pass
    odd = {name: to_storable(said[name]) for name in ("scos", "log")}
    return orjson.dumps({**said, **odd}).decode()
