"""Rows of exports, imports and erasures: asked for, taken up, ended; and one-time links.

Taken up under a number (`tries`): a worker that was thought dead finds its number overtaken and
stops, so two never write to the same row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from lti_app.models.record_job import RecordJob, RecordJobKind, RecordJobState

MAX_TRIES = 3
STALE_AFTER = timedelta(minutes=2)
"""A job that has said nothing for so long has lost its worker."""
FILE_LIFETIME = timedelta(days=7)
"""So long an export can be fetched."""
LINK_LIFETIME = timedelta(hours=24)
_ENDED = (RecordJobState.DONE, RecordJobState.FAILED)


class RecordJobMissing(LookupError):
    """There is no such job, or its file is gone."""

    status_hint = 404


class Superseded(RuntimeError):
    """Another worker has taken the job up since."""


@dataclass(frozen=True)
class Claim:
    """A worker's right to do a job."""

    job_id: UUID
    number: int
    store_id: UUID
    kind: RecordJobKind
    asked: Mapping[str, Any]
    file_key: str
    file_bytes: int


def schedule(
    session: Session,
    store_id: UUID,
    kind: RecordJobKind,
    *,
    asked: Mapping[str, Any],
    created_by: UUID,
    file_key: str = "",
    file_name: str = "",
    file_bytes: int = 0,
) -> RecordJob:
    """A job that waits for a worker; enqueue its id after the commit."""
    job = RecordJob(
        store_id=store_id,
        kind=kind,
        asked=dict(asked),
        created_by=created_by,
        file_key=file_key,
        file_name=file_name,
        file_bytes=file_bytes,
    )
    session.add(job)
    session.flush()
    return job


def list_jobs(session: Session, store_id: UUID, *, limit: int = 20) -> list[RecordJob]:
    """Newest first."""
    found = select(RecordJob).where(RecordJob.store_id == store_id)
    return list(session.scalars(found.order_by(RecordJob.id.desc()).limit(limit)))


def get_job(session: Session, job_id: UUID) -> RecordJob:
    """Raises RecordJobMissing."""
    job = session.get(RecordJob, job_id)
    if job is None:
        raise RecordJobMissing("There is no such job.")
    return job


def claim(session: Session, job_id: UUID, *, now: datetime) -> Claim | None:
    """Take a job up; None when it has ended, is gone, or another worker is at it."""
    job = session.get(RecordJob, job_id, with_for_update=True)
    if job is None or job.state in _ENDED:
        return None
    if job.state == RecordJobState.RUNNING and not _is_stale(job, now):
        return None
    if job.tries >= MAX_TRIES:
        job.state, job.finished_at = RecordJobState.FAILED, now
        job.error = job.error or "It broke off several times."
        return None
    job.state, job.tries, job.touched_at, job.done = RecordJobState.RUNNING, job.tries + 1, now, 0
    kind = RecordJobKind(job.kind)
    return Claim(job.id, job.tries, job.store_id, kind, job.asked, job.file_key, job.file_bytes)


def say(session: Session, claim: Claim, done: int, total: int, *, now: datetime) -> None:
    """How far it is. Raises Superseded."""
    job = _locked(session, claim)
    job.done, job.total, job.touched_at = done, total, now


def finish(
    session: Session,
    claim: Claim,
    report: Mapping[str, Any],
    *,
    now: datetime,
    file_key: str = "",
    file_bytes: int = 0,
) -> None:
    """What came of it, with the file that it made. Raises Superseded."""
    job = _locked(session, claim)
    job.state, job.finished_at, job.touched_at = RecordJobState.DONE, now, now
    job.report, job.error = dict(report), ""
    job.file_key, job.file_bytes = file_key, file_bytes or job.file_bytes


def fail(session: Session, claim: Claim, error: str, *, now: datetime) -> None:
    """It cannot be done, for a reason that trying again does not mend. Raises Superseded."""
    job = _locked(session, claim)
    job.state, job.finished_at, job.error = RecordJobState.FAILED, now, error


def release(session: Session, claim: Claim, error: str, *, now: datetime) -> None:
    """It broke off: let it be tried again, or give up after MAX_TRIES. Raises Superseded."""
    job = _locked(session, claim)
    job.error = error
    if job.tries >= MAX_TRIES:
        job.state, job.finished_at = RecordJobState.FAILED, now
    else:
        job.state = RecordJobState.WAITING


def list_due(session: Session, *, now: datetime, grace: timedelta) -> list[UUID]:
    """Jobs whose hint was lost or whose worker died."""
    waiting = and_(RecordJob.state == RecordJobState.WAITING, RecordJob.created_at < now - grace)
    due = select(RecordJob.id).where(or_(waiting, _lost(now)))
    return list(session.scalars(due.order_by(RecordJob.id)))


def forget_files(session: Session, *, now: datetime) -> list[str]:
    """Exports whose time is over lose their file; the keys to delete from the storage."""
    over = select(RecordJob).where(
        RecordJob.kind == RecordJobKind.EXPORT,
        RecordJob.file_key != "",
        RecordJob.finished_at < now - FILE_LIFETIME,
    )
    keys = []
    for job in session.scalars(over):
        keys.append(job.file_key)
        job.file_key = ""
    return keys


def make_link(session: Session, job_id: UUID) -> int:
    """The number of a new one-time link; earlier ones open nothing from now on."""
    job = session.get(RecordJob, job_id, with_for_update=True)
    if job is None or not job.file_key or job.state != RecordJobState.DONE:
        raise RecordJobMissing("There is no file to fetch (any more).")
    job.link_number, job.link_used_at = job.link_number + 1, None
    return job.link_number


def use_link(session: Session, job_id: UUID, number: int, *, now: datetime) -> RecordJob:
    """The job whose file the link opens, this one time. Raises RecordJobMissing."""
    used = (
        update(RecordJob)
        .where(
            RecordJob.id == job_id,
            RecordJob.link_number == number,
            RecordJob.link_used_at.is_(None),
            RecordJob.file_key != "",
        )
        .values(link_used_at=now)
        .returning(RecordJob)
    )
    job = session.scalars(used).one_or_none()
    if job is None:
        raise RecordJobMissing("This link was used before, or the file is gone. Ask for a new one.")
    return job


def _locked(session: Session, claim: Claim) -> RecordJob:
    job = session.get(RecordJob, claim.job_id, with_for_update=True)
    if job is None or job.tries != claim.number or job.state != RecordJobState.RUNNING:
        raise Superseded(f"job {claim.job_id}: try {claim.number} was overtaken")
    return job


def _lost(now: datetime) -> ColumnElement[bool]:
    return and_(RecordJob.state == RecordJobState.RUNNING, RecordJob.touched_at < now - STALE_AFTER)


def _is_stale(job: RecordJob, now: datetime) -> bool:
    return job.touched_at is None or now - job.touched_at >= STALE_AFTER
