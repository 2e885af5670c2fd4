"""Uploads in parts: begun, continued after whatever happens, finished once.

    upload = begin_upload(session, NewUpload(…), now=…)         # or goes on with the same file
    part = store_part(storage, upload.id, uuid4(), chunks, …)   # no transaction open
    add_part(session, upload.id, user, start, part, now=…)      # WrongOffset: ask, go on there
    job, is_new = finish_upload(session, upload.id, user, …)    # its import joins the parts

A part is stored under a name of its own before anybody knows of it, and counts when its row is
written under the upload's lock: of parts that arrive twice or at once one counts. Parts that never
counted lie below the upload's prefix and go when it does.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from scorm_runtime.models.import_job import ImportJob, ImportState, PublishPolicy
from scorm_runtime.models.package import Package
from scorm_runtime.models.upload import Upload, UploadPart
from scorm_runtime.services.errors import (
    TooManyUploads,
    UploadNotFound,
    UploadRefused,
    UploadTooLarge,
    WrongOffset,
)
from scorm_runtime.services.imports import plain_name, schedule_import
from scorm_runtime.services.upload_rows import prefix_of
from scorm_runtime.storage.interface import Storage

PART_BYTES = 4 * 1024 * 1024
"""What a sender is asked to send at once: a short request even on a slow line."""
MIN_PART_BYTES = 256 * 1024
"""A part is no smaller, unless it is the last one."""
MAX_PART_BYTES = 16 * 1024 * 1024
LIFETIME = timedelta(hours=24)
"""An upload of which nothing arrived for so long is given up."""
MAX_UNFINISHED = 10
"""Unfinished uploads of one person."""


@dataclass(frozen=True)
class NewUpload:
    """A file as its sender announces it."""

    file_name: str
    byte_count: int
    modified_ms: int
    """When it was last changed at the sender's, milliseconds since 1970; 0 when unknown."""
    package_id: UUID | None
    """The package to become a new version of."""
    created_by: UUID


@dataclass(frozen=True)
class StoredPart:
    """A part that lies in the storage and does not count yet."""

    key: str
    size: int
    sha256: str


def begin_upload(session: Session, new: NewUpload, *, max_bytes: int, now: datetime) -> Upload:
    """The upload of this file: an unfinished one of the same file is continued, else it begins.

    Raises UploadRefused, UploadTooLarge, TooManyUploads.
    """
    if new.byte_count < 1:
        raise UploadRefused("The file is empty. Choose the zip file that was exported.")
    if new.byte_count > max_bytes:
        raise UploadTooLarge(
            f"The file has {new.byte_count:,} bytes; this server takes at most {max_bytes:,}."
        )
    name = plain_name(new.file_name)
    unfinished = list_unfinished(session, new.created_by, now=now)
    for one in unfinished:
        known = (one.file_name, one.byte_count, one.modified_ms, one.package_id)
        if known == (name, new.byte_count, new.modified_ms, new.package_id):
            return one
    if len(unfinished) >= MAX_UNFINISHED:
        raise TooManyUploads(
            f"You have {len(unfinished)} unfinished uploads. Finish or discard one of them first."
        )
    upload = Upload(
        file_name=name,
        byte_count=new.byte_count,
        modified_ms=new.modified_ms,
        package_id=new.package_id,
        created_by=new.created_by,
        received=0,
        expires_at=now + LIFETIME,
    )
    session.add(upload)
    session.flush()
    return upload


def get_upload(session: Session, upload_id: UUID, user_id: UUID, *, now: datetime) -> Upload:
    """The person's upload, arrived or not; raises UploadNotFound, also where it is another's."""
    return _get(session, upload_id, user_id, now=now, lock=False)


def list_unfinished(session: Session, user_id: UUID, *, now: datetime) -> Sequence[Upload]:
    """What somebody could go on with, newest first."""
    arrived = exists().where(ImportJob.upload_id == Upload.id)
    return session.scalars(
        select(Upload)
        .where(Upload.created_by == user_id, Upload.expires_at > now, ~arrived)
        .order_by(Upload.created_at.desc())
    ).all()


def check_part(upload: Upload, start: int, size: int) -> None:
    """Refuse a part by what is announced of it, before one byte is read."""
    if start != upload.received:
        raise WrongOffset(
            f"The next part begins at byte {upload.received}, this one at {start}. "
            "Go on from there."
        )
    left = upload.byte_count - upload.received
    if size > MAX_PART_BYTES:
        raise UploadTooLarge(f"A part has {size:,} bytes; at most {MAX_PART_BYTES:,} are taken.")
    if size > left:
        raise UploadTooLarge(f"The part has {size:,} bytes, and only {left:,} are missing.")
    if size < min(MIN_PART_BYTES, left):
        raise UploadRefused(f"A part has {size:,} bytes; at least {MIN_PART_BYTES:,} are needed.")


def store_part(
    storage: Storage, upload_id: UUID, part_id: UUID, chunks: Iterable[bytes], *, sha256: str = ""
) -> StoredPart:
    """Put the bytes of a part into the storage while they arrive.

    `sha256`: what the sender says they should be, hexadecimal, or empty. Raises UploadRefused,
    keeping nothing.
    """
    digest = hashlib.sha256()

    def counted() -> Iterator[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_PART_BYTES:
                raise UploadTooLarge(f"A part has at most {MAX_PART_BYTES:,} bytes.")
            digest.update(chunk)
            yield chunk
        if sha256 and digest.hexdigest() != sha256.lower():
            raise UploadRefused("The part was damaged on its way. Send it again.")

    key = f"{prefix_of(upload_id)}{part_id}"
    size = storage.put(key, counted())
    return StoredPart(key, size, digest.hexdigest())


def add_part(
    session: Session, upload_id: UUID, user_id: UUID, start: int, part: StoredPart, *, now: datetime
) -> Upload:
    """Let a stored part count; raises what `check_part` does. The caller then removes the part."""
    upload = _get(session, upload_id, user_id, now=now, lock=True)
    check_part(upload, start, part.size)
    session.add(
        UploadPart(
            upload_id=upload.id,
            start=start,
            size=part.size,
            sha256=part.sha256,
            stored_key=part.key,
        )
    )
    upload.received += part.size
    upload.expires_at = now + LIFETIME
    session.flush()
    return upload


def finish_upload(
    session: Session,
    upload_id: UUID,
    user_id: UUID,
    *,
    now: datetime,
    publish: PublishPolicy = PublishPolicy.WHEN_CLEAN,
) -> tuple[ImportJob, bool]:
    """The import of an upload that has arrived, and whether it is new: asked twice, it is the
    same one. Raises WrongOffset while bytes are missing."""
    upload = _get(session, upload_id, user_id, now=now, lock=True)
    known = session.scalar(select(ImportJob).where(ImportJob.upload_id == upload.id))
    if known is not None:
        return known, False
    if upload.received < upload.byte_count:
        raise WrongOffset(
            f"{upload.byte_count - upload.received:,} bytes are missing: "
            f"the next part begins at byte {upload.received}."
        )
    package = session.get(Package, upload.package_id) if upload.package_id else None
    job = schedule_import(
        session,
        file_name=upload.file_name,
        stored_key=f"uploads/{upload.id}.zip",
        created_by=user_id,
        package_key=package.key if package else "",
        upload_id=upload.id,
        publish=publish,
    )
    return job, True


def discard_upload(session: Session, upload_id: UUID, user_id: UUID, *, now: datetime) -> None:
    """Forget an upload that has not arrived; the caller removes its prefix after the commit."""
    upload = _get(session, upload_id, user_id, now=now, lock=True)
    if session.scalar(select(exists().where(ImportJob.upload_id == upload.id))):
        raise UploadNotFound("This upload has arrived and is being imported.")
    session.delete(upload)


def find_expired(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Uploads to be given up: silent for too long, and not about to be imported."""
    needed = exists().where(
        ImportJob.upload_id == Upload.id,
        ImportJob.state.in_((ImportState.WAITING, ImportState.RUNNING)),
    )
    return session.scalars(select(Upload.id).where(Upload.expires_at <= now, ~needed)).all()


def delete_expired(session: Session, upload_id: UUID, *, now: datetime) -> None:
    """Remove the row of an expired upload whose parts are gone from the storage."""
    upload = session.get(Upload, upload_id, with_for_update=True)
    if upload is not None and upload.expires_at <= now:
        session.delete(upload)


def _get(session: Session, upload_id: UUID, user_id: UUID, *, now: datetime, lock: bool) -> Upload:
    query = select(Upload).where(
        Upload.id == upload_id,
        Upload.created_by == user_id,
        Upload.expires_at > now,
    )
    upload = session.scalar(query.with_for_update() if lock else query)
    if upload is None:
        raise UploadNotFound("There is no such upload any more. Begin it again.")
    return upload
