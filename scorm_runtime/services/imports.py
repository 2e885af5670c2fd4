"""Importing: from an uploaded zip to a version that can be played, or to a named refusal.

    key = receive_upload(storage, uuid4(), chunks, max_bytes=…)            # no transaction open
    job = schedule_import(session, file_name=…, stored_key=key, created_by=…)
    run_import(transaction, storage, job.id, now=…)                        # in a worker

What a worker does is `import_run.py`, its rows are `import_rows.py`. Uploads that come in parts
are `uploads.py`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scorm_runtime.core.archive.errors import ZipTooLarge
from scorm_runtime.core.archive.limits import ArchiveLimits
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.refusal import PackageRefused, printable
from scorm_runtime.models.import_job import ImportJob, ImportState, PublishPolicy
from scorm_runtime.services import import_rows as rows
from scorm_runtime.services.errors import ImportSuperseded, InvalidPackageKey
from scorm_runtime.services.import_run import Clock, ImportRun, Transaction
from scorm_runtime.storage.interface import Storage

_ARCHIVE_LIMITS = ArchiveLimits()
_MANIFEST_LIMITS = ManifestLimits()
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


def receive_upload(
    storage: Storage, upload_id: UUID, chunks: Iterable[bytes], *, max_bytes: int
) -> str:
    """Store an upload while it arrives; answer its key. Raises ZipTooLarge, keeping nothing."""

    def counted() -> Iterator[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                raise ZipTooLarge(detail=f"at most {max_bytes:,} bytes")
            yield chunk

    key = f"uploads/{upload_id}.zip"
    storage.put(key, counted())
    return key


def schedule_import(
    session: Session,
    *,
    file_name: str,
    stored_key: str,
    created_by: UUID | None,
    package_key: str = "",
    upload_id: UUID | None = None,
    publish: PublishPolicy = PublishPolicy.WHEN_CLEAN,
) -> ImportJob:
    """Make the row of an import; its id goes to the queue after the commit.

    `package_key`: the package to become a new version of, made when there is none of that key;
    empty makes a new package with a key from its title. `upload_id`: an upload whose parts are
    put together at `stored_key` first. Raises InvalidPackageKey.
    """
    if package_key and not _KEY.fullmatch(package_key):
        raise InvalidPackageKey(
            f"{package_key!r} is no key: small letters, digits, dots and hyphens, at most 100"
        )
    job = ImportJob(
        state=ImportState.WAITING,
        file_name=plain_name(file_name),
        stored_key=stored_key,
        upload_id=upload_id,
        publish=publish,
        package_key=package_key,
        created_by=created_by,
    )
    session.add(job)
    session.flush()
    return job


def plain_name(file_name: str) -> str:
    """A file's name as a browser or a command sends it, without folders and safe to show."""
    return printable(file_name.replace("\\", "/").rsplit("/", 1)[-1], 200) or "package.zip"


def find_unfinished_imports(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Imports that wait or whose worker has died: what a sweep gives to the queue again."""
    stale = now - rows.STALE_AFTER
    return session.scalars(
        select(ImportJob.id)
        .where(
            ImportJob.state.in_((ImportState.WAITING, ImportState.RUNNING)),
            or_(ImportJob.touched_at.is_(None), ImportJob.touched_at < stale),
            ImportJob.created_at < now,
        )
        .order_by(ImportJob.created_at)
    ).all()


def run_import(
    transaction: Transaction,
    storage: Storage,
    job_id: UUID,
    *,
    now: Clock,
    archive_limits: ArchiveLimits = _ARCHIVE_LIMITS,
    manifest_limits: ManifestLimits = _MANIFEST_LIMITS,
) -> None:
    """Do the import; how it ended stands in its row. Safe to run twice, also at the same time.

    Raises only what nobody expected (the storage is full, the database away), after having put
    the import back to waiting.
    """
    with transaction() as session:
        claim = rows.claim(session, job_id, now=now())
    if claim is None:
        return
    run = ImportRun(transaction, storage, claim, now)
    try:
        run.do(archive_limits, manifest_limits)
    except PackageRefused as refusal:
        run.refuse(refusal)
    except ImportSuperseded:
        run.clean_up()
    except Exception as error:
        if run.break_off(error):
            raise
