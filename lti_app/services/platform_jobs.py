"""Longer work with a platform: asked for, taken up, followed, ended. The row is the truth.

Taken up under a number (`tries`): a worker that was thought dead finds its number overtaken and
stops, so two never write to the same row. `checkpoint` says where the next one goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.models.context import Context
from lti_app.models.grade_service import GradeService, PlatformJob
from lti_app.models.registration import Deployment, Registration
from lti_app.services.grade_services import ensure_services

MAX_TRIES = 8
STALE_AFTER = timedelta(minutes=3)
"""A job that has said nothing for so long has lost its worker."""
_ENDED = ("done", "failed")


class PlatformJobMissing(LookupError):
    """There is no such job."""

    status_hint = 404


class Superseded(RuntimeError):
    """Another worker has taken the job up since."""


@dataclass(frozen=True)
class Claim:
    """A worker's right to do a job."""

    job_id: UUID
    number: int
    kind: str
    registration_id: UUID
    link_id: UUID | None
    context_id: UUID | None
    created_by: UUID | None
    checkpoint: str
    done: int
    report: Mapping[str, Any]


def schedule(
    session: Session,
    kind: str,
    registration_id: UUID,
    *,
    link_id: UUID | None = None,
    context_id: UUID | None = None,
    created_by: UUID | None = None,
) -> PlatformJob:
    """A job that waits for a worker, or the same one that waits or runs already; enqueue its id
    after the commit."""
    same = (
        PlatformJob.kind == kind,
        PlatformJob.registration_id == registration_id,
        PlatformJob.resource_link_id.is_not_distinct_from(link_id),
        PlatformJob.context_id.is_not_distinct_from(context_id),
    )
    found = session.scalar(
        select(PlatformJob).where(*same, PlatformJob.state.not_in(_ENDED)).limit(1)
    )
    if found is not None:
        return found
    job = PlatformJob(
        kind=kind,
        registration_id=registration_id,
        resource_link_id=link_id,
        context_id=context_id,
        created_by=created_by,
    )
    session.add(job)
    session.flush()
    return job


def get_job(session: Session, job_id: UUID) -> PlatformJob:
    """Raises PlatformJobMissing."""
    job = session.get(PlatformJob, job_id)
    if job is None:
        raise PlatformJobMissing("There is no such job.")
    return job


def find_newest(
    session: Session, kind: str, registration_id: UUID, *, context_id: UUID | None = None
) -> PlatformJob | None:
    """The last one of a kind."""
    found = select(PlatformJob).where(
        PlatformJob.kind == kind, PlatformJob.registration_id == registration_id
    )
    if context_id is not None:
        found = found.where(PlatformJob.context_id == context_id)
    return session.scalar(found.order_by(PlatformJob.id.desc()).limit(1))


def list_jobs(session: Session, registration_id: UUID, limit: int = 10) -> list[PlatformJob]:
    """Newest first."""
    found = select(PlatformJob).where(PlatformJob.registration_id == registration_id)
    return list(session.scalars(found.order_by(PlatformJob.id.desc()).limit(limit)))


def claim(session: Session, job_id: UUID, now: datetime) -> Claim | None:
    """Take a job up; None when it has ended, is not due, or another worker is at it."""
    job = session.get(PlatformJob, job_id, with_for_update=True)
    if job is None or job.state in _ENDED:
        return None
    if job.due_at is not None and job.due_at > now:
        return None
    is_stale = job.touched_at is None or now - job.touched_at > STALE_AFTER
    if job.state == "running" and not is_stale:
        return None
    if job.tries >= MAX_TRIES:
        job.state, job.finished_at, job.error = "failed", now, job.error or "interrupted"
        return None
    job.state, job.tries, job.touched_at, job.due_at = "running", job.tries + 1, now, None
    return Claim(
        job_id=job.id,
        number=job.tries,
        kind=job.kind,
        registration_id=job.registration_id,
        link_id=job.resource_link_id,
        context_id=job.context_id,
        created_by=job.created_by,
        checkpoint=job.checkpoint,
        done=job.done,
        report=dict(job.report),
    )


def say(
    session: Session,
    claimed: Claim,
    *,
    done: int,
    total: int,
    checkpoint: str,
    report: Mapping[str, Any],
    now: datetime,
) -> None:
    """How far it is, together with what was done up to there. Raises Superseded."""
    job = _locked(session, claimed)
    job.done, job.total, job.checkpoint = done, total, checkpoint
    job.report, job.touched_at = dict(report), now
    job.error = ""


def finish(session: Session, claimed: Claim, report: Mapping[str, Any], now: datetime) -> None:
    """It is done. Raises Superseded."""
    job = _locked(session, claimed)
    job.state, job.finished_at, job.touched_at = "done", now, now
    job.report, job.error = dict(report), ""


def fail(session: Session, claimed: Claim, reason: str, now: datetime) -> None:
    """It cannot be done, and trying again would not mend it. Raises Superseded."""
    job = _locked(session, claimed)
    job.state, job.finished_at, job.error = "failed", now, reason


def release(
    session: Session,
    claimed: Claim,
    reason: str,
    *,
    now: datetime,
    jitter: float,
    retry_after: float | None = None,
) -> None:
    """It broke off: go on later where it is, or give up after MAX_TRIES. Raises Superseded."""
    job = _locked(session, claimed)
    job.error = reason
    if job.tries >= MAX_TRIES:
        job.state, job.finished_at = "failed", now
    else:
        job.state, job.due_at = "waiting", now + ags.pause(job.tries, jitter, retry_after)


def list_due(session: Session, now: datetime) -> list[UUID]:
    """Jobs that wait for a worker, or have lost theirs."""
    waiting = and_(
        PlatformJob.state == "waiting", or_(PlatformJob.due_at.is_(None), PlatformJob.due_at <= now)
    )
    lost = and_(PlatformJob.state == "running", PlatformJob.touched_at < now - STALE_AFTER)
    due = select(PlatformJob.id).where(or_(waiting, lost)).order_by(PlatformJob.created_at)
    return list(session.scalars(due.limit(100)))


def schedule_regular(session: Session, now: datetime) -> int:
    """What is to be done by itself: comparing results, reading rosters; how many were scheduled."""
    made = 0
    ensure_services(session, now)
    for service in session.scalars(
        select(GradeService)
        .join(Registration, Registration.id == GradeService.registration_id)
        .where(Registration.is_active, GradeService.results_hours > 0)
    ):
        every = timedelta(hours=service.results_hours)
        if service.results_read_at is None or now - service.results_read_at >= every:
            service.results_read_at = now
            schedule(session, "results", service.registration_id)
            made += 1
    for context, registration_id, hours in _list_scheduled_rosters(session):
        newest = find_newest(session, "roster", registration_id, context_id=context.id)
        if newest is None or now - newest.created_at >= timedelta(hours=hours):
            schedule(session, "roster", registration_id, context_id=context.id)
            made += 1
    return made


def _list_scheduled_rosters(session: Session) -> list[tuple[Context, UUID, int]]:
    rows = session.execute(
        select(Context, Registration.id, GradeService.roster_hours)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .join(GradeService, GradeService.registration_id == Registration.id)
        .where(
            Context.roster_is_scheduled,
            Context.memberships_url.is_not(None),
            Registration.is_active,
            GradeService.roster_hours > 0,
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _locked(session: Session, claimed: Claim) -> PlatformJob:
    job = session.get(PlatformJob, claimed.job_id, with_for_update=True, populate_existing=True)
    if job is None or job.tries != claimed.number or job.state != "running":
        raise Superseded(f"Job {claimed.job_id} is somebody else's by now.")
    return job
