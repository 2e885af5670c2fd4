"""Answers to interactions, kept where they can be counted over all attempts of a package."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scorm_runtime.core.outcome import Interaction, Outcome
from scorm_runtime.core.storable import to_storable
from scorm_runtime.models.attempt_report import AttemptInteraction

LONGEST = 500
"""Characters of each text that are kept here; the attempt's own record has all of it."""
_MOST_AT_ONCE = 1000


def record_answers(session: Session, outcome: Outcome) -> None:
    """Keep what a commit recorded of interactions; the last word on each one counts.

    An interaction without an identifier cannot be told from others and is left out.
    """
    rows = [_row(outcome, one) for one in outcome.interactions if one.id]
    for at in range(0, len(rows), _MOST_AT_ONCE):
        statement = insert(AttemptInteraction).values(rows[at : at + _MOST_AT_ONCE])
        key = ("attempt_id", "item", "position")
        said = {name: statement.excluded[name] for name in rows[0] if name not in key}
        session.execute(statement.on_conflict_do_update(index_elements=key, set_=said))


def _row(outcome: Outcome, one: Interaction) -> dict[str, Any]:
    return {
        "attempt_id": outcome.attempt_id,
        "item": one.sco,
        "position": one.index,
        "name": _shorten(one.id),
        "kind": _shorten(one.type),
        "text": _shorten(one.description),
        "response": _shorten(one.learner_response),
        "pattern": _shorten(one.correct_responses[0] if one.correct_responses else ""),
        "result": _shorten(one.result),
        "latency_seconds": one.latency_seconds,
    }


def _shorten(text: str) -> str:
    return str(to_storable(text))[:LONGEST]
