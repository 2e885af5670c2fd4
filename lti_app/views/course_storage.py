"""Files of courses between browser and storage: taken with care, given out as what they are.

What comes from people is hostile: each is served with the one type that its bytes have (SHOWN) or
to be saved, never sniffed, and with a policy of its own under which nothing runs (an SVG is a
document, too).
"""

import hashlib
from collections.abc import Iterator
from pathlib import PurePath
from uuid import UUID

from flask import Response, request, send_file
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from content.core.file_types import SHOWN, FileRefused, clean_name, find_type
from content.models.course import CourseFile
from content.services import course_files
from lti_app.storage import storage

CHUNK = 256 * 1024
HEAD = 4096
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def receive_course_file(
    session: Session,
    tenant_id: UUID,
    course_id: UUID,
    upload: FileStorage,
    *,
    max_bytes: int,
    created_by: UUID | None,
) -> CourseFile:
    """Store an uploaded file and note it; raises FileRefused for what is not taken."""
    name = clean_name(upload.filename or "")
    head = _read_head(upload)
    find_type(name, head)
    digest, size = _measure(upload, max_bytes)
    key = course_files.storage_key(tenant_id, course_id, digest)
    storage().put(key, _chunks(upload))
    return course_files.add_file(
        session,
        course_id,
        name=name,
        head=head,
        size=size,
        digest=digest,
        key=key,
        created_by=created_by,
    )


def receive_submission(
    tenant_id: UUID, enrolment_id: UUID, upload: FileStorage, *, max_bytes: int
) -> tuple[str, int, str]:
    """(name, size, key) of a file that was handed in; raises FileRefused."""
    name = clean_name(upload.filename or "")
    find_type(name, _read_head(upload))
    digest, size = _measure(upload, max_bytes)
    key = f"submissions/{tenant_id}/{enrolment_id}/{digest}"
    storage().put(key, _chunks(upload))
    return name, size, key


def send_course_file(row: CourseFile) -> Response:
    """The file, in parts where the browser asks for parts (videos)."""
    return _send(row.key, row.name, row.media_type, row.digest)


def send_submission(key: str, name: str) -> Response:
    """To be saved, whatever it is."""
    return _send(key, name, "application/octet-stream", PurePath(key).name)


def _send(key: str, name: str, media_type: str, digest: str) -> Response:
    is_shown = media_type in SHOWN
    response = send_file(
        storage().open(key),
        mimetype=media_type if is_shown else "application/octet-stream",
        as_attachment=not is_shown,
        download_name=name,
        conditional=False,
        etag=digest,
        max_age=3600,
    )
    response.content_length = size = storage().stat(key).size
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.cache_control.private = True
    response.cache_control.public = False
    return response


def _read_head(upload: FileStorage) -> bytes:
    head = upload.stream.read(HEAD)
    upload.stream.seek(0)
    if not head:
        raise FileRefused("This file is empty.")
    return head


def _measure(upload: FileStorage, max_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(upload):
        size += len(chunk)
        if size > max_bytes:
            raise FileRefused(
                "This file is larger than %(most)s MB.", most=f"{max_bytes / 2**20:.0f}"
            )
        digest.update(chunk)
    return digest.hexdigest(), size


def _chunks(upload: FileStorage) -> Iterator[bytes]:
    upload.stream.seek(0)
    while chunk := upload.stream.read(CHUNK):
        yield chunk
