"""Reading: where an enrolment stands, from its version's document and what is kept of its units."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.course import Course, CourseRule, Module
from content.core.course_document import read_course
from content.core.errors import CourseMissing
from content.core.progress import CourseStanding, compute_standing
from content.core.rules import UnitFacts
from content.models.course import CourseVersion
from content.models.enrolment import Enrolment, UnitProgress


def read_version(version: CourseVersion) -> Course:
    """The course as that version has it."""
    return _read(version.id, _Document(version.document))


def read_enrolled(enrolment: Enrolment) -> Course:
    """The course as its learner has it: one unit alone where a link opens just that."""
    course = read_version(enrolment.version)
    if enrolment.entry_unit_id is None:
        return course
    unit = course.find_unit(enrolment.entry_unit_id)
    if unit is None:
        raise CourseMissing("This unit is not in the course any more.")
    alone = replace(unit, is_required=True, opens=replace(unit.opens, after_previous=False))
    module = Module(unit.id, course.title, units=(alone,))
    return replace(course, modules=(module,), rule=CourseRule(), order="free", certificate=False)


def find_standing(session: Session, enrolment: Enrolment, *, now: datetime) -> CourseStanding:
    """Where the learner stands, unit by unit, with what is missing."""
    rows = session.scalars(select(UnitProgress).where(UnitProgress.enrolment_id == enrolment.id))
    return stand(enrolment, rows, now=now)


def stand(enrolment: Enrolment, rows: Iterable[UnitProgress], *, now: datetime) -> CourseStanding:
    """The same of rows that are at hand."""
    facts = {row.unit_id: facts_of(row) for row in rows}
    return compute_standing(
        read_enrolled(enrolment),
        facts,
        enrolled_at=enrolment.enrolled_at,
        now=now,
        extra_days=enrolment.extra_days or 0,
    )


def facts_of(row: UnitProgress) -> UnitFacts:
    """What the rules need to know of a row."""
    return UnitFacts(
        viewed=row.viewed_at is not None,
        seconds=row.seconds,
        attempts=row.attempts,
        watched=row.watched_fraction,
        completion=row.completion,
        success=row.success,
        score_scaled=row.score_scaled,
        is_submitted=row.is_submitted,
        is_pending_manual=row.is_pending_manual,
        completed_at=row.completed_at,
    )


def find_unit_progress(session: Session, enrolment_id: UUID, unit_id: UUID) -> UnitProgress | None:
    """What is kept of one unit; None before it was opened."""
    query = select(UnitProgress).where(
        UnitProgress.enrolment_id == enrolment_id, UnitProgress.unit_id == unit_id
    )
    return session.scalar(query)


class _Document:
    """A frozen document as an argument that takes no part in the key."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _read(version_id: UUID, document: _Document) -> Course:
    """Versions never change, so reading each once is enough."""
    del version_id
    return read_course(orjson.loads(orjson.dumps(document.value)))
