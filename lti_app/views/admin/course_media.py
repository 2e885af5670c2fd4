"""Pictures, videos and files of a course in the editor."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from content.core.course import Unit
from content.models.course import Course, CourseFile


def media_context(session: Session, course_id: UUID, unit: Unit) -> dict[str, Any]:
    """What admin/courses/media.html shows."""
    return {}


def find_picture(session: Session, course: Course) -> CourseFile | None:
    """The picture of the draft."""
    return None


def files_of(session: Session, course_id: UUID) -> dict[UUID, CourseFile]:
    """All files of the course."""
    return {}


def render_text(text: str, course_id: UUID) -> str:
    """Markdown of a course as HTML that harms nobody."""
    return ""
