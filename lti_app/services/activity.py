"""Figures of activity for the administrator's first page: people, courses, files, jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from content.models.certificate import Certificate
from content.models.course import Course, CourseFile
from content.models.enrolment import Enrolment, Submission
from lti_app.models.notification import Mail
from lti_app.models.record_job import RecordJob
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.import_job import ImportJob
from scorm_runtime.models.package import PackageVersion

DAYS = 14


@dataclass(frozen=True)
class Activity:
    """Counts of the last `DAYS` days, and what waits now."""

    courses: int
    active_people: int
    enrolments: int
    completions: int
    certificates: int
    needs_grading: int
    stored_bytes: int
    """Packages and files of courses, as they were uploaded."""
    waiting_jobs: int
    failed_mails: int


@dataclass(frozen=True)
class LearningDay:
    """What happened in courses on one day (UTC)."""

    date: date
    enrolments: int
    completions: int


def count_activity(session: Session, now: datetime) -> Activity:
    """The figures as they are at `now`."""
    since = now - timedelta(days=DAYS)
    return Activity(
        courses=_count(session, Course, Course.state == "published"),
        active_people=_count_people(session, since),
        enrolments=_count(session, Enrolment, Enrolment.enrolled_at >= since),
        completions=_count(session, Enrolment, Enrolment.completed_at >= since),
        certificates=_count(session, Certificate, Certificate.issued_at >= since),
        needs_grading=_count(session, Submission, Submission.state == "submitted"),
        stored_bytes=_sum(session, PackageVersion.byte_count) + _sum(session, CourseFile.size),
        waiting_jobs=_count(session, ImportJob, ImportJob.state.in_(("waiting", "running")))
        + _count(session, RecordJob, RecordJob.state.in_(("waiting", "running")))
        + _count(session, Mail, Mail.state.in_(("waiting", "sending"))),
        failed_mails=_count(session, Mail, Mail.state == "failed", Mail.created_at >= since),
    )


def count_learning_by_day(session: Session, now: datetime) -> list[LearningDay]:
    """The last `DAYS` days, today last; days on which nothing happened are zeros."""
    first = now.date() - timedelta(days=DAYS - 1)
    enrolments = _per_day(session, Enrolment.enrolled_at, first)
    completions = _per_day(session, Enrolment.completed_at, first)
    days = (first + timedelta(days=offset) for offset in range(DAYS))
    return [LearningDay(day, enrolments.get(day, 0), completions.get(day, 0)) for day in days]


def _count(session: Session, model: type[Any], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def _sum(session: Session, column: InstrumentedAttribute[int]) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(column), 0))) or 0)


def _count_people(session: Session, since: datetime) -> int:
    """Who has done something in a package or a course."""
    people = union(
        select(Attempt.user_id).where(Attempt.last_active_at >= since),
        select(Enrolment.user_id).where(Enrolment.last_active_at >= since),
    ).subquery()
    return session.scalar(select(func.count()).select_from(people)) or 0


def _per_day(session: Session, column: InstrumentedAttribute[Any], first: date) -> dict[date, int]:
    day = cast(func.timezone("UTC", column), Date)
    rows: Iterable[Any] = session.execute(
        select(day, func.count()).where(column >= first).group_by(day)
    )
    return {row[0]: row[1] for row in rows}
