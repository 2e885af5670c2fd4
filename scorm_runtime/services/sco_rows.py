"""The rows of an attempt's SCOs as the states that the core works on, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import uuid7
from scorm_runtime.core.sco import ScoState
from scorm_runtime.core.sco_report import Sco2004State
from scorm_runtime.core.storable import from_storable
from scorm_runtime.models.attempt import Attempt, AttemptSco
from scorm_runtime.services.entrance import find_entered

_COLUMNS = ("session", "sessions", "last_exit", "completion", "success", "total_seconds")
"""What both kinds of state have, in columns of the same name; `values` is the column `cmi`."""
_OF_1_2 = (*_COLUMNS, "status_set")
_OTHERS_2004 = {field.name for field in fields(Sco2004State)} - {"values", *_COLUMNS}


def load_states(session: Session, attempt: Attempt) -> dict[str, ScoState]:
    """SCORM 1.2: the states by item."""
    return {
        row["item"]: ScoState(values=row["cmi"], **{name: row[name] for name in _OF_1_2})
        for row in _rows(session, attempt)
    }


def load_states_2004(session: Session, attempt: Attempt) -> dict[str, Sco2004State]:
    """SCORM 2004: the states by item."""
    states = {}
    for row in _rows(session, attempt):
        kept: dict[str, Any] = {name: row[name] for name in _COLUMNS}
        for name, value in row["run_state"].items():
            if name in _OTHERS_2004:
                kept[name] = tuple(value) if isinstance(value, list) else value
        states[row["item"]] = Sco2004State(values=row["cmi"], **kept)
    return states


def build_row(item: str, state: ScoState | Sco2004State) -> dict[str, Any]:
    """The row of one SCO, for `attempt_rows.write_attempt`."""
    row = {name: getattr(state, name) for name in _COLUMNS}
    if isinstance(state, Sco2004State):
        row["run_state"] = {name: getattr(state, name) for name in _OTHERS_2004}
        row["status_set"] = False
    else:
        row["run_state"] = {}
        row["status_set"] = state.status_set
    return {**row, "id": uuid7(), "item": item, "cmi": state.values}


def _rows(session: Session, attempt: Attempt) -> Iterable[Mapping[str, Any]]:
    """With the texts of JSON as content said them."""
    entered = find_entered(session, attempt.id)
    if entered is None:
        found = session.execute(
            select(*AttemptSco.__table__.columns).where(AttemptSco.attempt_id == attempt.id)
        )
        rows: Iterable[Mapping[str, Any]] = [dict(row) for row in found.mappings()]
    else:
        rows = entered.scos
        if entered.is_plain:
            return rows
    return [
        {**row, "cmi": from_storable(row["cmi"]), "run_state": from_storable(row["run_state"])}
        for row in rows
    ]
