"""Courses for tests: a document in a few words."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from content.models.course import Course
from content.models.enrolment import Enrolment
from content.services import courses, enrolments

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def unit(kind: str = "lesson", title: str = "", **values: Any) -> dict[str, Any]:
    """A unit that can be published."""
    made: dict[str, Any] = {"id": str(uuid4()), "kind": kind, "title": title or kind.title()}
    needed: dict[str, dict[str, Any]] = {
        "lesson": {"body": "Some **text**."},
        "package": {"package": str(uuid4())},
        "quiz": {"quiz": str(uuid4())},
        "link": {"url": "https://example.org/"},
        "assignment": {},
    }
    return made | needed[kind] | values


def document(*units: dict[str, Any], title: str = "House plants", **values: Any) -> dict[str, Any]:
    """A course of one module."""
    module = {"id": str(uuid4()), "title": "All of it", "units": list(units)}
    return {"title": title, "language": "en", "modules": [module]} | values


def publish(session: Session, made: dict[str, Any], *, by: UUID | None = None) -> Course:
    """A published course."""
    course = courses.create_course(
        session, title=made["title"], created_by=by, now=NOW, document=made
    )
    return courses.publish(session, course.id, published_by=by, now=NOW).course


def enrol(session: Session, course: Course, user_id: UUID, **values: Any) -> Enrolment:
    """Somebody in it."""
    given = {"source": "instructor", "now": NOW} | values
    return enrolments.enrol(session, course.id, user_id, **given).enrolment
