"""A grade and what counts towards it, read under its lock and written in one round trip each.

Every report of an attempt comes through here, so there is no ORM: functions grade_enter and
grade_store of migration 0021.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from database.asking import ask
from database.base import uuid7
from database.rows import build_row
from lti_app.core.grading import Gradable, GradedAttempt, Standing, build_grade_value
from lti_app.models.grade import Grade
from lti_app.services import resource_links
from scorm_runtime.core.package_settings import CountingAttempt, read_package_settings

_ENTER = "SELECT grade_enter(%(person)s, %(link)s, %(place)s, %(kind)s, %(item)s, %(attempt)s)"
_STORE = "SELECT grade_store(%(said)s)"
_WRITTEN = (
    *("id", "user_id", "resource_link_id", "context_key", "item_type", "item_id", "attempt_id"),
    *("attempt_number", "title", "role", "is_final", "score", "is_pending_manual", "completion"),
    *("success", "graded_at"),
)


@dataclass(frozen=True, slots=True)
class Entered:
    """What is known before a report is counted."""

    grade: Grade | None
    """Of this person and place, locked; it belongs to no session. None: there is none yet."""
    counting: CountingAttempt
    """Which attempt counts; only packages have a setting for it."""
    others: Sequence[GradedAttempt]
    """The person's other attempts at the package in this place."""


def enter_grade(session: Session, gradable: Gradable) -> Entered:
    """Lock the grade that a report is about, and read what else counts."""
    session.flush()  # what it reads may be held back
    keys = {
        "person": gradable.user_id,
        "link": resource_links.read_context_key(gradable.context_key),
        "place": gradable.context_key,
        "kind": gradable.item_type,
        "item": gradable.item_id,
        "attempt": gradable.attempt_id,
    }
    said = orjson.loads(ask(session, _ENTER, keys))
    return Entered(
        build_row(Grade, said["grade"]) if said["grade"] else None,
        read_package_settings(said.get("settings")).counting_attempt,
        [_read_attempt(one) for one in said.get("others") or ()],
    )


def store_grade(session: Session, grade: Grade, gradable: Gradable, *, is_new: bool) -> bool:
    """Write the grade and the change that `gradable` was. False, and nothing is written, where it
    is new and somebody else has just made it: enter again."""
    said = {
        "grade": {name: getattr(grade, name) for name in _WRITTEN},
        "is_new": is_new,
        "change": {
            "id": uuid7(),
            "attempt_id": gradable.attempt_id,
            "revision": gradable.revision,
        },
    }
    keys = {"said": orjson.dumps(said).decode()}
    return bool(ask(session, _STORE, keys))


def _read_attempt(said: dict[str, Any]) -> GradedAttempt:
    number, key = said.pop("number"), UUID(said.pop("id"))
    return GradedAttempt(key, number, build_grade_value(Standing(**said)))
