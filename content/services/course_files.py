"""Files of courses: what is known of them; the bytes lie in the host's storage."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.errors import CourseMissing
from content.core.file_types import clean_name, find_type
from content.models.course import CourseFile
from database.base import uuid7


def storage_key(tenant_id: UUID, course_id: UUID, digest: str) -> str:
    """Where the bytes lie: the same bytes of a course lie there once."""
    return f"courses/{tenant_id}/{course_id}/{digest}"


def add_file(
    session: Session,
    course_id: UUID,
    *,
    name: str,
    head: bytes,
    size: int,
    digest: str,
    key: str,
    created_by: UUID | None,
) -> CourseFile:
    """Note a file whose bytes are stored under `key`; `head` are its first 4096 bytes. The same
    bytes under the same name are the same file. Raises FileRefused."""
    called = clean_name(name)
    media_type = find_type(called, head)
    known = session.scalar(
        select(CourseFile).where(
            CourseFile.course_id == course_id,
            CourseFile.digest == digest,
            CourseFile.name == called,
        )
    )
    if known is not None:
        return known
    row = CourseFile(
        id=uuid7(),
        course_id=course_id,
        name=called,
        media_type=media_type,
        size=size,
        digest=digest,
        key=key,
        created_by=created_by,
    )
    session.add(row)
    session.flush()
    return row


def get_file(session: Session, course_id: UUID, file_id: UUID) -> CourseFile:
    """A file of this course and no other; raises CourseMissing."""
    found = session.get(CourseFile, file_id)
    if found is None or found.course_id != course_id:
        raise CourseMissing("There is no such file.")
    return found


def list_files(session: Session, course_id: UUID) -> list[CourseFile]:
    """Newest first."""
    query = select(CourseFile).where(CourseFile.course_id == course_id)
    return list(session.scalars(query.order_by(CourseFile.id.desc())))


def find_files(session: Session, course_id: UUID, ids: Iterable[UUID]) -> dict[UUID, CourseFile]:
    """Those of `ids` that are there."""
    query = select(CourseFile).where(
        CourseFile.course_id == course_id, CourseFile.id.in_(list(ids))
    )
    return {one.id: one for one in session.scalars(query)}
