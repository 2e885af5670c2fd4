"""What waits for a person: work to grade, grades that do not arrive, mails, jobs that failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from content.models.course import Course
from content.models.enrolment import Enrolment, Submission
from content.models.quiz_attempt import QuizAttempt, QuizMark
from lti_app.models.grade import Passback
from lti_app.models.notification import Mail
from lti_app.models.record_job import RecordJob
from scorm_runtime.models.import_job import ImportJob

DAYS = 14
"""So long something that failed is shown."""
COURSES = 5
_LASTING = ("waiting", "running")


@dataclass(frozen=True)
class CourseWork:
    """Assignments of one course that nobody has graded."""

    course_id: UUID
    title: str
    count: int


@dataclass(frozen=True)
class Attention:
    """Counts of what waits; zero for nothing."""

    assignments: list[CourseWork]
    """The courses with most of it, COURSES at most."""
    essays: int
    refused_grades: int
    conflicts: int
    failed_mails: int
    failed_imports: int
    failed_record_jobs: int
    waiting_imports: int
    waiting_record_jobs: int


def find_attention(session: Session, now: datetime) -> Attention:
    """In the whole organisation, as it is at `now`."""
    since = now - timedelta(days=DAYS)
    sent = select(func.count()).select_from(Passback).where(Passback.created_at >= since)
    imports, jobs = select(func.count(ImportJob.id)), select(func.count(RecordJob.id))
    mails = select(func.count(Mail.id)).where(Mail.created_at >= since)
    essays = (
        select(func.count(QuizMark.id))
        .join(QuizAttempt, QuizAttempt.id == QuizMark.attempt_id)
        .where(QuizMark.status == "waiting", QuizAttempt.is_preview.is_(False))
    )
    lately, job_lately = ImportJob.created_at >= since, RecordJob.created_at >= since
    return Attention(
        assignments=_list_work(session),
        essays=_count(session, essays),
        refused_grades=_count(session, sent.where(Passback.state == "refused")),
        conflicts=_count(session, sent.where(Passback.state == "conflict")),
        failed_mails=_count(session, mails.where(Mail.state == "failed")),
        failed_imports=_count(session, imports.where(ImportJob.state == "failed", lately)),
        failed_record_jobs=_count(session, jobs.where(RecordJob.state == "failed", job_lately)),
        waiting_imports=_count(session, imports.where(ImportJob.state.in_(_LASTING))),
        waiting_record_jobs=_count(session, jobs.where(RecordJob.state.in_(_LASTING))),
    )


def _list_work(session: Session) -> list[CourseWork]:
    counted = func.count(Submission.id)
    query = (
        select(Course.id, Course.title, counted)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .join(Submission, Submission.enrolment_id == Enrolment.id)
        .where(Submission.state == "submitted")
        .group_by(Course.id, Course.title)
        .order_by(counted.desc(), Course.title)
        .limit(COURSES)
    )
    return [CourseWork(one, title, count) for one, title, count in session.execute(query)]


def _count(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0
