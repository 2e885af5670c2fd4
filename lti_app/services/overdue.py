"""Units that somebody should have completed by now, as a condition for queries over enrolments.

Dates stand in the versions' documents; the few of them that have dates become a table of values, so
that people are found by the database and not one by one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Float,
    Interval,
    Uuid,
    cast,
    column,
    false,
    func,
    or_,
    select,
    values,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from content.models.course import CourseVersion
from content.models.enrolment import Enrolment, UnitProgress
from content.services.standings import read_version

Row = tuple[UUID, UUID, datetime | None, float | None]


def has_overdue_unit(
    session: Session, course_ids: Sequence[UUID], now: datetime
) -> ColumnElement[bool]:
    """Whether an enrolment in one of these courses has a required unit whose date, with the days
    that the person has more, is past, and which is not complete."""
    rows = _list_dates(session, course_ids)
    if not rows:
        return false()
    dates = values(
        column("version_id", Uuid()),
        column("unit_id", Uuid()),
        column("at", DateTime(timezone=True)),
        column("days", Float()),
        name="dates",
    ).data(rows)
    after = Enrolment.enrolled_at + _days(dates.c.days)
    due_at = func.greatest(cast(dates.c.at, DateTime(timezone=True)), after)
    done = (
        select(UnitProgress.id)
        .where(
            UnitProgress.enrolment_id == Enrolment.id,
            UnitProgress.unit_id == dates.c.unit_id,
            UnitProgress.completed_at.is_not(None),
        )
        .correlate(Enrolment, dates)
    )
    late = (
        select(dates.c.unit_id)
        .where(
            dates.c.version_id == Enrolment.version_id,
            or_(Enrolment.entry_unit_id.is_(None), Enrolment.entry_unit_id == dates.c.unit_id),
            due_at + _days(Enrolment.extra_days) < now,
            ~done.exists(),
        )
        .correlate(Enrolment)
    )
    return late.exists()


def _days(number: ColumnElement[Any] | InstrumentedAttribute[int]) -> ColumnElement[timedelta]:
    seconds = 86_400.0 * cast(number, Float())
    return func.make_interval(0, 0, 0, 0, 0, 0, seconds, type_=Interval())


def _list_dates(session: Session, course_ids: Sequence[UUID]) -> list[Row]:
    has_dates = func.jsonb_path_exists(CourseVersion.document, "$.modules[*].units[*].due")
    learnt = select(Enrolment.version_id).where(
        Enrolment.course_id.in_(course_ids), Enrolment.status.in_(("enrolled", "in_progress"))
    )
    query = select(CourseVersion).where(CourseVersion.id.in_(learnt), has_dates)
    return [
        (version.id, unit.id, unit.due.at, unit.due.days)
        for version in session.scalars(query)
        for unit in read_version(version).units()
        if unit.is_required and (unit.due.at is not None or unit.due.days is not None)
    ]
