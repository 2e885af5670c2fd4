"""Drafts: the whole document with a revision, and small operations on it.

Every save names the revision that its author has seen. When somebody else has saved since, it is
refused (DraftConflict says who and when) and nothing is lost: the editor keeps its text.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from content.core.course_check import Problem, find_problems
from content.core.course_document import read_course
from content.core.errors import CourseInvalid, CourseMissing, DraftConflict
from content.models.course import Course
from content.services.course_search import index_course
from content.services.courses import get_course, get_version, show_in_catalogue

Document = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A draft as it stands."""

    course_id: UUID
    document: Document
    revision: int
    changed_by: UUID | None
    changed_at: datetime | None
    problems: list[Problem]
    is_published: bool
    """Whether it is, word for word, what learners have now."""


def get_draft(session: Session, course_id: UUID) -> Draft:
    """Raises CourseMissing."""
    return _draft_of(get_course(session, course_id))


def save_draft(
    session: Session,
    course_id: UUID,
    document: Document,
    *,
    revision: int,
    changed_by: UUID | None,
    now: datetime,
) -> Draft:
    """Replace the document. The same document again is answered without a new revision, so that a
    repeated request is no conflict. Raises CourseInvalid, DraftConflict, CourseMissing."""
    return _change(session, course_id, lambda _old: document, revision, changed_by, now)


def move_unit(
    session: Session,
    course_id: UUID,
    unit_id: UUID,
    *,
    module_id: UUID,
    position: int,
    revision: int,
    changed_by: UUID | None,
    now: datetime,
) -> Draft:
    """Put a unit at a place (from 0) of a module, its own or another."""

    def move(old: Document) -> Document:
        document, unit = deepcopy(old), None
        for module in document["modules"]:
            for one in module.get("units", []):
                if one["id"] == str(unit_id):
                    unit = one
            module["units"] = [one for one in module.get("units", []) if one is not unit]
        target = _find(document["modules"], module_id)
        if unit is None:
            raise CourseMissing("There is no such unit.")
        target["units"].insert(max(0, position), unit)
        return document

    return _change(session, course_id, move, revision, changed_by, now)


def move_module(
    session: Session,
    course_id: UUID,
    module_id: UUID,
    *,
    position: int,
    revision: int,
    changed_by: UUID | None,
    now: datetime,
) -> Draft:
    """Put a module at a place (from 0)."""

    def move(old: Document) -> Document:
        document = deepcopy(old)
        module = _find(document["modules"], module_id)
        document["modules"].remove(module)
        document["modules"].insert(max(0, position), module)
        return document

    return _change(session, course_id, move, revision, changed_by, now)


def add_module(
    session: Session,
    course_id: UUID,
    module: Document,
    *,
    revision: int,
    changed_by: UUID | None,
    now: datetime,
) -> Draft:
    """Append a module; its "id" is made by who asks."""

    def add(old: Document) -> Document:
        return old | {"modules": [*old.get("modules", []), module]}

    return _change(session, course_id, add, revision, changed_by, now)


def save_unit(
    session: Session,
    course_id: UUID,
    unit: Document,
    *,
    module_id: UUID,
    revision: int,
    changed_by: UUID | None,
    now: datetime,
) -> Draft:
    """Replace a unit where it is; one with a new "id" is appended to the module."""

    def put(old: Document) -> Document:
        document = deepcopy(old)
        for module in document["modules"]:
            for index, one in enumerate(module.get("units", [])):
                if one["id"] == unit.get("id"):
                    module["units"][index] = unit
                    return document
        _find(document["modules"], module_id).setdefault("units", []).append(unit)
        return document

    return _change(session, course_id, put, revision, changed_by, now)


def remove(
    session: Session,
    course_id: UUID,
    part_id: UUID,
    *,
    revision: int,
    changed_by: UUID | None,
    now: datetime,
) -> Draft:
    """Take a module or a unit out of the draft; versions keep it."""

    def take_out(old: Document) -> Document:
        document = deepcopy(old)
        document["modules"] = [one for one in document["modules"] if one["id"] != str(part_id)]
        for module in document["modules"]:
            units = module.get("units", [])
            module["units"] = [one for one in units if one["id"] != str(part_id)]
        return document

    return _change(session, course_id, take_out, revision, changed_by, now)


def restore_version(
    session: Session,
    course_id: UUID,
    number: int,
    *,
    revision: int,
    changed_by: UUID | None,
    now: datetime,
) -> Draft:
    """Make an old version the draft again."""
    document = get_version(session, course_id, number).document
    return _change(session, course_id, lambda _old: document, revision, changed_by, now)


def _change(
    session: Session,
    course_id: UUID,
    change: Callable[[Document], Document],
    revision: int,
    changed_by: UUID | None,
    now: datetime,
) -> Draft:
    course = session.get(Course, course_id, with_for_update=True, populate_existing=True)
    if course is None:
        raise CourseMissing("There is no such course.")
    document = change({"modules": []} | course.draft)
    read = read_course(document)
    if document == course.draft:
        return _draft_of(course)
    if course.state == "archived":
        raise CourseInvalid("", "an archived course is not changed: restore it first")
    if revision != course.draft_revision:
        raise DraftConflict(
            "Somebody has saved this course since you opened it.",
            revision=course.draft_revision,
            changed_by=course.draft_changed_by,
            changed_at=course.draft_changed_at,
        )
    course.draft, course.draft_revision = document, course.draft_revision + 1
    course.draft_changed_by, course.draft_changed_at = changed_by, now
    if course.current_version_id is None:
        show_in_catalogue(course, read)
        index_course(session, course, read)
    session.flush()
    return _draft_of(course)


def _find(parts: list[Document], part_id: UUID) -> Document:
    found = next((one for one in parts if one["id"] == str(part_id)), None)
    if found is None:
        raise CourseMissing("There is no such module.")
    return found


def _draft_of(course: Course) -> Draft:
    version = course.current_version
    return Draft(
        course_id=course.id,
        document=course.draft,
        revision=course.draft_revision,
        changed_by=course.draft_changed_by,
        changed_at=course.draft_changed_at,
        problems=find_problems(read_course(course.draft)),
        is_published=version is not None and version.document == course.draft,
    )
