"""A course as a new draft: the same content under new ids, without learners."""

from copy import deepcopy
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.models.course import Course, CourseFile
from content.services import courses


def duplicate_course(
    session: Session, course: Course, *, title: str, created_by: UUID, now: datetime
) -> Course:
    """A draft by `created_by` with the content of the course's draft; the files are not stored
    again, their rows are."""
    document = {**deepcopy(course.draft), "title": title}
    for module in document.get("modules", []):
        module["id"] = str(uuid4())
        for unit in module.get("units", []):
            unit["id"] = str(uuid4())
    made = courses.create_course(
        session, title=title, created_by=created_by, now=now, document={"title": title}
    )
    new_files = _copy_files(session, course.id, made.id, created_by)
    made.draft = _exchange(document, new_files)
    made.category_id, made.enrolment_mode = course.category_id, course.enrolment_mode
    made.summary, made.language = course.summary, course.language
    session.flush()
    return made


def _copy_files(
    session: Session, source_id: UUID, target_id: UUID, created_by: UUID
) -> dict[str, str]:
    """Old ids to new ones."""
    new_ids: dict[str, str] = {}
    for file in session.scalars(select(CourseFile).where(CourseFile.course_id == source_id)):
        copied = {
            column.name: getattr(file, column.name)
            for column in CourseFile.__table__.columns
            if column.name not in ("id", "tenant_id", "course_id", "created_by", "created_at")
        }
        row = CourseFile(id=uuid4(), course_id=target_id, created_by=created_by, **copied)
        session.add(row)
        new_ids[str(file.id)] = str(row.id)
    return new_ids


def _exchange(value: Any, ids: dict[str, str]) -> Any:
    """The document with other ids of files, in its fields and in its texts."""
    if isinstance(value, dict):
        return {key: _exchange(one, ids) for key, one in value.items()}
    if isinstance(value, list):
        return [_exchange(one, ids) for one in value]
    if isinstance(value, str):
        for old, new in ids.items():
            value = value.replace(old, new)
    return value
