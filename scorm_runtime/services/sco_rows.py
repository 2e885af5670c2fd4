"""The rows of an attempt's SCOs as the states that the core works on, and back."""

from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scorm_runtime.core.sco import ScoState
from scorm_runtime.core.sco_report import Sco2004State
from scorm_runtime.core.storable import from_storable, to_storable
from scorm_runtime.models.attempt import AttemptSco

_COLUMNS = ("session", "sessions", "last_exit", "completion", "success", "total_seconds")
"""What both kinds of state have, in columns of the same name; `values` is the column `cmi`."""
_OF_1_2 = (*_COLUMNS, "status_set")
_OTHERS_2004 = {field.name for field in fields(Sco2004State)} - {"values", *_COLUMNS}


def load_states(session: Session, attempt_id: UUID) -> dict[str, ScoState]:
    """SCORM 1.2: the states by item."""
    return {
        row.item: ScoState(
            values=from_storable(row.cmi), **{name: getattr(row, name) for name in _OF_1_2}
        )
        for row in _rows(session, attempt_id)
    }


def load_states_2004(session: Session, attempt_id: UUID) -> dict[str, Sco2004State]:
    """SCORM 2004: the states by item."""
    states = {}
    for row in _rows(session, attempt_id):
        kept: dict[str, Any] = {name: getattr(row, name) for name in _COLUMNS}
        for name, value in from_storable(row.run_state).items():
            if name in _OTHERS_2004:
                kept[name] = tuple(value) if isinstance(value, list) else value
        states[row.item] = Sco2004State(values=from_storable(row.cmi), **kept)
    return states


def save_state(
    session: Session, attempt_id: UUID, item: str, state: ScoState | Sco2004State
) -> None:
    """Write the state of one SCO."""
    values = asdict(state)
    cmi = to_storable(dict(values.pop("values")))
    if isinstance(state, Sco2004State):
        others = {name: values.pop(name) for name in _OTHERS_2004}
        values["run_state"] = to_storable(others)
    values["cmi"] = cmi
    session.execute(
        insert(AttemptSco)
        .values(attempt_id=attempt_id, item=item, **values)
        .on_conflict_do_update(index_elements=["attempt_id", "item"], set_=values)
    )


def _rows(session: Session, attempt_id: UUID) -> list[AttemptSco]:
    return list(
        session.scalars(
            select(AttemptSco)
            .where(AttemptSco.attempt_id == attempt_id)
            .execution_options(populate_existing=True)
        )
    )
