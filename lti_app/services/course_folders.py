"""Courses in from folders and out to them: files into the storage, keys to ids, draft, version."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.core.file_types import clean_name, find_type
from content.core.folder import (
    CourseFolder,
    FolderInvalid,
    Resolver,
    find_used_files,
    read_folder,
    read_key,
    read_quizzes,
    write_folder,
    write_quiz_file,
)
from content.core.quiz.errors import QuizInvalid
from content.models.course import Course, CourseCategory
from content.models.quiz import Quiz
from content.services import (
    course_files,
    course_settings,
    courses,
    drafts,
    quiz_folders,
    standings,
)
from content.services.quizzes import find_quiz, find_quiz_by_key
from scorm_runtime.models.package import Package
from scorm_runtime.services.packages import find_package_by_key
from scorm_runtime.storage.errors import ObjectMissing
from scorm_runtime.storage.interface import Storage


@dataclass(frozen=True)
class Synced:
    """What came of reading a folder."""

    course: Course
    is_new: bool
    is_changed: bool
    version: int | None
    """Of the version that was published."""
    quizzes: tuple[str, ...] = ()
    """Keys of those that were made or changed."""


def sync_course(
    session: Session,
    storage: Storage,
    tenant_id: UUID,
    files: Mapping[str, bytes],
    *,
    by: UUID | None,
    now: datetime,
    publish: bool = True,
    may_change_quiz: Callable[[Quiz], bool] = lambda _quiz: True,
) -> Synced:
    """Make or change the course that a folder's key names, and its quizzes. A folder that says what
    is there already changes nothing. Raises FolderInvalid, CourseInvalid, FileRefused; then nothing
    is changed."""
    key = read_key(files)
    course = courses.find_course_by_key(session, key)
    is_new = course is None
    if course is None:
        course = courses.create_course(session, title=key, key=key, created_by=by, now=now)
    used = find_used_files(files)
    for name in used:
        find_type(clean_name(name), files[name][:4096])  # before anything is stored
    with _undone_when_refused(storage) as stored:
        placed = {
            name: _store(session, storage, tenant_id, course, name, files[name], by, stored)
            for name in used
        }
        return _bring_in(session, course, is_new, files, placed, by, now, publish, may_change_quiz)


@contextmanager
def _undone_when_refused(storage: Storage) -> Iterator[list[str]]:
    """Keys that were not in the storage before are listed by the block; they go again when it
    fails, as the rows do that would name them."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        for key in stored:
            storage.delete(key)
        raise


def _bring_in(
    session: Session,
    course: Course,
    is_new: bool,
    files: Mapping[str, bytes],
    placed: Mapping[str, UUID],
    by: UUID | None,
    now: datetime,
    publish: bool,
    may_change_quiz: Callable[[Quiz], bool],
) -> Synced:
    quizzes = tuple(
        quiz_key
        for quiz_key, told in read_quizzes(files).items()
        if _sync_quiz(session, quiz_key, told, by, now, publish, may_change_quiz)
    )
    folder = read_folder(files, _resolver(session, placed))
    draft = drafts.save_draft(
        session,
        course.id,
        folder.document,
        revision=course.draft_revision,
        changed_by=by,
        now=now,
    )
    category = _ensure_category(session, folder.category)
    course_settings.change_settings(
        session,
        course.id,
        enrolment_mode=folder.enrolment,
        category_id=category,
        clears_category=category is None,
    )
    version = None
    if publish and not draft.is_published:
        version = courses.publish(session, course.id, published_by=by, now=now).version.number
    is_changed = is_new or version is not None or bool(quizzes)
    return Synced(course, is_new, is_changed, version, quizzes)


def export_course(
    session: Session, storage: Storage, course: Course, *, published: bool = False
) -> dict[str, bytes]:
    """The draft of a course as the files of a folder; `published`: what learners have instead, of a
    course that was published."""
    version = course.current_version if published else None
    document = version.document if version else course.draft
    read = standings.read_version(version) if version else courses.read_draft(course)
    rows = course_files.list_files(session, course.id)
    shown = read.files() | {row.id for row in rows if f"file:{row.id}" in str(document).lower()}
    names: dict[UUID, str] = {}
    made: dict[str, bytes] = {}
    for row in sorted(rows, key=lambda one: one.id):
        if row.id not in shown:
            continue
        name = (
            f"files/{row.name}" if f"files/{row.name}" not in made else f"files/{row.id}-{row.name}"
        )
        names[row.id], made[name] = name, b"".join(storage.read(row.key))
    folder = CourseFolder(
        course.key, document, _category_path(session, course), course.enrolment_mode
    )
    packages = session.execute(select(Package.id, Package.key)).all()
    quizzes = session.execute(select(Quiz.id, Quiz.key)).all()
    made |= _write_quizzes(session, {one.quiz for one in read.units() if one.quiz})
    return made | write_folder(
        folder,
        names=names,
        packages={row[0]: row[1] for row in packages},
        quizzes={row[0]: row[1] for row in quizzes},
    )


def _store(
    session: Session,
    storage: Storage,
    tenant_id: UUID,
    course: Course,
    name: str,
    data: bytes,
    by: UUID | None,
    stored: list[str],
) -> UUID:
    digest = hashlib.sha256(data).hexdigest()
    key = course_files.storage_key(tenant_id, course.id, digest)
    row = course_files.add_file(
        session,
        course.id,
        name=name,
        head=data[:4096],
        size=len(data),
        digest=digest,
        key=key,
        created_by=by,
    )
    try:
        storage.stat(key)
    except ObjectMissing:
        stored.append(key)
        storage.put(key, [data])
    return row.id


def _sync_quiz(
    session: Session,
    key: str,
    told: Mapping[str, Any],
    by: UUID | None,
    now: datetime,
    publish: bool,
    may_change: Callable[[Quiz], bool],
) -> bool:
    """Whether the quiz was made or changed; one that the visitor may not change is left as it is,
    as a course may well use somebody else's."""
    known = find_quiz_by_key(session, key)
    if known is not None and not may_change(known):
        return False
    try:
        return quiz_folders.sync_quiz(session, key, told, by=by, now=now, publish=publish)
    except (ValueError, TypeError, AttributeError) as wrong:
        name = f"quizzes/{key}.yaml"
        if isinstance(wrong, QuizInvalid):
            raise FolderInvalid(name, wrong.template, **wrong.values) from None
        raise FolderInvalid(name, "no quiz: %(fault)s", fault=str(wrong)[:300]) from wrong


def _write_quizzes(session: Session, quiz_ids: Iterable[UUID]) -> dict[str, bytes]:
    found = [find_quiz(session, one) for one in sorted(quiz_ids)]
    return {
        f"quizzes/{quiz.key}.yaml": write_quiz_file(quiz_folders.write_quiz(session, quiz))
        for quiz in found
        if quiz is not None
    }


def _resolver(session: Session, placed: Mapping[str, UUID]) -> Resolver:
    def package(key: str) -> UUID | None:
        found = find_package_by_key(session, key)
        return found.id if found else None

    def quiz(key: str) -> UUID | None:
        found = find_quiz_by_key(session, key)
        return found.id if found else None

    return Resolver(file=placed.get, package=package, quiz=quiz)


def _ensure_category(session: Session, path: str) -> UUID | None:
    """The category "A / B", made where it is missing."""
    parent: UUID | None = None
    for name in (part.strip() for part in path.split("/")):
        if not name:
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "category"
        row = session.scalar(select(CourseCategory).where(CourseCategory.slug == slug))
        if row is None:
            position = session.scalar(select(func.count(CourseCategory.id))) or 0
            row = CourseCategory(name=name, slug=slug, parent_id=parent, position=position)
            session.add(row)
            session.flush()
        parent = row.id
    return parent


def _category_path(session: Session, course: Course) -> str:
    names: list[str] = []
    at = course.category_id
    while at is not None and len(names) < 20:
        row = session.get_one(CourseCategory, at)
        names.insert(0, row.name)
        at = row.parent_id
    return " / ".join(names)
