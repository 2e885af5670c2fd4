"""The rows of an import: each function is one small transaction's worth of work.

An import is taken up under a number (`tries`); whoever comes with an older number is refused,
so that a worker that was thought dead cannot write over the one that replaced it.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.read import READER, Reading
from scorm_runtime.core.refusal import PackageRefused
from scorm_runtime.models.import_job import ImportJob, ImportState, PublishPolicy
from scorm_runtime.models.package import (
    Package,
    PackageEvent,
    PackageVersion,
    RunningAttempts,
)
from scorm_runtime.services.errors import ImportSuperseded, PackageNotFound
from scorm_runtime.services.versions import list_in_progress, publish_version

MAX_TRIES = 3
"""After so many broken runs the import counts as failed."""
STALE_AFTER = timedelta(minutes=2)
"""A running import that has said nothing for so long is taken to be dead."""
FINISHED = (ImportState.DONE, ImportState.FAILED)


@dataclass(frozen=True)
class Claim:
    """A worker's right to run an import."""

    job_id: UUID
    number: int
    """Which try it is, from 1."""
    file_name: str
    stored_key: str
    package_key: str
    created_by: UUID | None
    upload_id: UUID | None
    """The upload whose parts have to be put together at `stored_key`."""


@dataclass(frozen=True)
class Imported:
    """Everything a new version's row is made of."""

    version_id: UUID
    reading: Reading
    findings: tuple[Finding, ...]
    storage_prefix: str
    zip_key: str
    file_count: int
    byte_count: int
    sha256: str


class GaveUp(PackageRefused):
    """The worker died or broke off again and again."""

    code = "import_gave_up"
    says = "The import broke off several times without a reason that could be named."
    mend = "Try again; if that does not help, ask the administrator to look at the server's log."


def claim(session: Session, job_id: UUID, *, now: datetime) -> Claim | None:
    """Take an import up; None when it has ended or another worker is at it."""
    job = session.get(ImportJob, job_id, with_for_update=True)
    if job is None:
        raise PackageNotFound(f"There is no import {job_id}.")
    busy = job.touched_at is not None and now - job.touched_at < STALE_AFTER
    if job.state in FINISHED or (job.state == ImportState.RUNNING and busy):
        return None
    job.state, job.tries, job.touched_at = ImportState.RUNNING, job.tries + 1, now
    job.stage, job.done, job.total = "", 0, 0
    return Claim(
        job_id=job.id,
        number=job.tries,
        file_name=job.file_name,
        stored_key=job.stored_key,
        package_key=job.package_key,
        created_by=job.created_by,
        upload_id=job.upload_id,
    )


def locked(session: Session, claim: Claim) -> ImportJob:
    """The job's row under lock; raises ImportSuperseded when another worker has it."""
    job = session.get(ImportJob, claim.job_id, with_for_update=True)
    if job is None or job.tries != claim.number or job.state != ImportState.RUNNING:
        raise ImportSuperseded(f"import {claim.job_id}: try {claim.number} was overtaken")
    return job


def is_newest(session: Session, claim: Claim) -> bool:
    """Whether no other worker has taken the import up since."""
    job = session.get(ImportJob, claim.job_id)
    return job is not None and job.tries == claim.number


def say(
    session: Session, claim: Claim, stage: str, done: int, total: int, *, now: datetime
) -> None:
    """Note how far the import is."""
    job = locked(session, claim)
    job.stage, job.done, job.total, job.touched_at = stage, done, total, now


def fail(
    session: Session,
    claim: Claim,
    refusal: PackageRefused,
    findings: Sequence[Finding],
    *,
    now: datetime,
) -> None:
    """End the import with a named reason."""
    job = locked(session, claim)
    job.state, job.finished_at, job.touched_at = ImportState.FAILED, now, now
    job.error_code, job.error_message = refusal.code, refusal.message
    job.report = [finding.as_json() for finding in findings]


def release(session: Session, claim: Claim, reason: str, *, now: datetime) -> bool:
    """After an unexpected exception: let it be tried again; False when that was the last try."""
    job = locked(session, claim)
    if job.tries >= MAX_TRIES:
        return False
    job.state, job.error_message, job.touched_at = ImportState.WAITING, reason, now
    return True


def finish_repeated(
    session: Session, claim: Claim, version: PackageVersion, *, now: datetime
) -> None:
    """End the import with the version that the same zip had made earlier."""
    job = locked(session, claim)
    job.state, job.finished_at, job.touched_at = ImportState.DONE, now, now
    job.repeated, job.package_version_id, job.error_message = True, version.id, ""
    job.report = version.report
    # Whoever uploads their own again wants to see it again. Somebody else's stays archived: who may
    # bring it back is for the host to say.
    if claim.created_by in (None, version.package.created_by):
        version.package.archived_at = None


def find_same(session: Session, sha256: str, package_key: str) -> PackageVersion | None:
    """The version made from the same zip: of the package that is meant, or of any."""
    query = (
        select(PackageVersion)
        .join(Package, Package.id == PackageVersion.package_id)
        .where(PackageVersion.sha256 == sha256)
        .order_by(Package.archived_at.is_not(None), PackageVersion.created_at)
        .limit(1)
    )
    if package_key:
        query = query.where(Package.key == package_key)
    return session.scalar(query)


def record_version(
    session: Session, claim: Claim, imported: Imported, *, now: datetime
) -> PackageVersion | None:
    """Make the version's row, and the package's when it is new, and end the import.

    Answers None, having ended the import as repeated, when the same zip came first elsewhere.
    """
    job = locked(session, claim)
    _one_at_a_time(session)
    same = find_same(session, imported.sha256, claim.package_key)
    if same is not None:
        finish_repeated(session, claim, same, now=now)
        return None
    package = _package(session, claim, imported)
    version = _version(session, claim, imported, package)
    _publish(session, job, package, version, now=now)
    job.state, job.finished_at, job.touched_at = ImportState.DONE, now, now
    job.package_version_id, job.error_message = version.id, ""
    job.done, job.report = job.total, version.report
    session.flush()
    return version


def _publish(
    session: Session, job: ImportJob, package: Package, version: PackageVersion, *, now: datetime
) -> None:
    """Note the import; a version with nothing to look at, and nobody to ask about, is published."""
    session.add(
        PackageEvent(
            package_id=package.id,
            kind="imported",
            package_version_id=version.id,
            details={"number": version.number},
            made_by=job.created_by,
        )
    )
    is_clean = all(finding["level"] == Level.NOTE for finding in version.report)
    wanted = job.publish == PublishPolicy.ALWAYS or (
        job.publish == PublishPolicy.WHEN_CLEAN
        and is_clean
        and not list_in_progress(session, version)
    )
    if wanted:
        publish_version(
            session,
            version,
            running_attempts=RunningAttempts.KEEP,
            made_by=job.created_by,
            now=now,
        )


def _one_at_a_time(session: Session) -> None:
    """Numbers and slugs are given out one import after the other within a tenant."""
    session.execute(
        text(
            "SELECT pg_advisory_xact_lock("
            "hashtextextended('import ' || current_setting('lectern.tenant'), 0))"
        )
    )


def _package(session: Session, claim: Claim, imported: Imported) -> Package:
    manifest = imported.reading.manifest
    key = claim.package_key
    package = session.scalar(select(Package).where(Package.key == key)) if key else None
    if package is None:
        package = Package(
            key=key or _free_key(session, manifest.title),
            title=manifest.title,
            description=manifest.description,
            created_by=claim.created_by,
        )
        session.add(package)
        session.flush()
    package.archived_at = None
    return package


def _version(
    session: Session, claim: Claim, imported: Imported, package: Package
) -> PackageVersion:
    newest = session.scalar(
        select(func.max(PackageVersion.number)).where(PackageVersion.package_id == package.id)
    )
    manifest = imported.reading.manifest
    version = PackageVersion(
        id=imported.version_id,
        package_id=package.id,
        number=(newest or 0) + 1,
        standard=str(manifest.standard),
        schema_version=manifest.schema_version,
        manifest=manifest.as_json(),
        report=[finding.as_json() for finding in imported.findings],
        playable=True,
        storage_prefix=imported.storage_prefix,
        entry=manifest.scos[0].launch,
        file_count=imported.file_count,
        byte_count=imported.byte_count,
        sha256=imported.sha256,
        read_by=READER,
        zip_key=imported.zip_key,
        file_name=claim.file_name,
        created_by=claim.created_by,
    )
    session.add(version)
    session.flush()
    return version


def _free_key(session: Session, title: str) -> str:
    slug = slugify(title)
    taken = set(session.scalars(select(Package.key).where(Package.key.startswith(slug))))
    key, number = slug, 1
    while key in taken:
        number += 1
        key = f"{slug}-{number}"
    return key


def slugify(title: str) -> str:
    """Small Latin letters, digits and single hyphens, at most 60; "package" when none is left."""
    ascii_text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text)[:60].strip("-") or "package"
