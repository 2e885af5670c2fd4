"""Figures of the administrator's first page: how much there is, and what needs a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Date, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lti_app.models.grade import Passback
from lti_app.models.launch import Launch
from lti_app.models.registration import Deployment, Registration
from lti_app.models.user import User
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.import_job import ImportJob
from scorm_runtime.models.package import Package
from scorm_runtime.services.previews import IS_NO_PREVIEW


@dataclass(frozen=True)
class Overview:
    """Counts; those of problems are for the last `DAYS` days."""

    packages: int
    published: int
    people: int
    platforms: int
    pending_deployments: int
    attempts: int
    completed: int
    refused_launches: int
    refused_grades: int
    waiting_grades: int
    failed_imports: int


@dataclass(frozen=True)
class Day:
    """What happened on one day (UTC)."""

    date: date
    launches: int
    refused: int
    grades: int


DAYS = 14


def count_everything(session: Session, now: datetime) -> Overview:
    """The figures as they are at `now`."""
    since = now - timedelta(days=DAYS)
    living = Package.archived_at.is_(None)
    return Overview(
        packages=_count(session, Package, living),
        published=_count(session, Package, living, Package.is_published),
        people=_count(session, User, User.is_active),
        platforms=_count(session, Registration, Registration.is_active),
        pending_deployments=_count(session, Deployment, Deployment.state == "pending"),
        attempts=_count(session, Attempt, IS_NO_PREVIEW),
        completed=_count(session, Attempt, IS_NO_PREVIEW, Attempt.completion == "completed"),
        refused_launches=_count(
            session, Launch, Launch.result == "refused", Launch.created_at >= since
        ),
        refused_grades=_count(
            session, Passback, Passback.state == "refused", Passback.created_at >= since
        ),
        waiting_grades=_count(session, Passback, Passback.state.in_(("waiting", "sending"))),
        failed_imports=_count(
            session, ImportJob, ImportJob.state == "failed", ImportJob.created_at >= since
        ),
    )


def count_by_day(session: Session, now: datetime) -> list[Day]:
    """The last `DAYS` days, today last; days on which nothing happened are zeros."""
    first = now.date() - timedelta(days=DAYS - 1)
    launches = _per_day(session, Launch.created_at, first)
    refused = _per_day(session, Launch.created_at, first, Launch.result == "refused")
    grades = _per_day(session, Passback.sent_at, first, Passback.state == "sent")
    days = (first + timedelta(days=offset) for offset in range(DAYS))
    return [Day(day, launches.get(day, 0), refused.get(day, 0), grades.get(day, 0)) for day in days]


def _count(session: Session, model: type[Any], *conditions: ColumnExpressionArgument[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def _per_day(
    session: Session,
    column: InstrumentedAttribute[Any],
    first: date,
    *conditions: ColumnExpressionArgument[bool],
) -> dict[date, int]:
    day = cast(func.timezone("UTC", column), Date)
    rows: Iterable[Any] = session.execute(
        select(day, func.count()).where(column >= first, *conditions).group_by(day)
    )
    return {row[0]: row[1] for row in rows}
