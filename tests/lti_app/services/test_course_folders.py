"""Courses as folders: in, out, and the same again; what is wrong is named by its file."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from content import samples
from content.core.errors import CourseInvalid
from content.core.file_types import FileRefused
from content.core.folder import FolderInvalid
from content.services import courses
from lti_app import storage
from lti_app.services import course_folders, folder_files, items
from scorm_runtime.models.package import Package

NOW = datetime(2026, 3, 1, tzinfo=UTC)
COURSES = Path(samples.__file__).parent / "courses"
SMALL = {
    "course.yaml": b"key: small\ntitle: Small\nmodules: [{title: M, units: [a.md]}]\n",
    "a.md": b"---\ntitle: A\n---\n![x](i/a.svg) and [b](https://example.org/)\n",
    "i/a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}


def sync(session, tenant, files, **values):
    return course_folders.sync_course(
        session, storage.storage(), tenant, files, by=None, now=NOW, **values
    )


@pytest.fixture
def stocked(session):
    session.add(Package(id=uuid4(), key="demo-branches", title="Branches"))
    session.flush()
    return session


@pytest.mark.parametrize("name", sorted(path.name for path in COURSES.iterdir() if path.is_dir()))
def test_a_demo_course_can_be_published_and_reading_it_again_changes_nothing(stocked, tenant, name):
    files = folder_files.read_directory(COURSES / name)
    first = sync(stocked, tenant, files)
    assert (first.version, courses.problems_of(first.course)) == (1, [])
    assert not sync(stocked, tenant, files).is_changed


@pytest.mark.parametrize("name", ["house-plants", "clear-emails"])
def test_what_is_exported_is_read_again_as_the_same_course(stocked, tenant, name):
    course = sync(stocked, tenant, folder_files.read_directory(COURSES / name)).course
    before = courses.read_draft(course)
    files = course_folders.export_course(stocked, storage.storage(), course)
    packed = folder_files.read_zip(folder_files.write_zip(files))
    again = sync(stocked, tenant, packed)
    assert again.quizzes == ()
    after = courses.read_draft(again.course)
    assert [one.id for one in after.units()] == [one.id for one in before.units()]
    assert [one.completion for one in after.units()] == [one.completion for one in before.units()]
    assert len(after.files()) == len(before.files())


def test_the_quiz_of_a_folder_is_there_too_and_its_unit_opens_it(stocked, tenant):
    files = folder_files.read_directory(COURSES / "house-plants")
    done = sync(stocked, tenant, files)
    assert done.quizzes == ("house-plants",)
    unit = next(one for one in courses.read_draft(done.course).units() if one.kind == "quiz")
    item = items.find_item(stocked, "quiz:house-plants")
    assert (item.id, item.version_number) == (unit.quiz, 1)
    assert items.search_items(stocked, "survive", kinds=["quiz"]) == [item]
    opened = items.open_item(stocked, item, user_id=uuid4(), context_key="portal", now=NOW)
    assert opened.address_path == f"/quizzes/{unit.quiz}"
    name = "quizzes/house-plants.yaml"
    files |= {name: files[name].replace(b"passing_percent: 60", b"passing_percent: 80")}
    assert sync(stocked, tenant, files).quizzes == ("house-plants",)
    assert items.find_item(stocked, "quiz:house-plants").version_number == 2
    assert (
        b"passing_percent: 80"
        in course_folders.export_course(stocked, storage.storage(), done.course)[name]
    )


def test_a_quiz_that_one_may_not_change_stays_as_it_is(stocked, tenant):
    files = folder_files.read_directory(COURSES / "house-plants")
    sync(stocked, tenant, files)
    name = "quizzes/house-plants.yaml"
    files |= {name: files[name].replace(b"passing_percent: 60", b"passing_percent: 80")}
    assert sync(stocked, tenant, files, may_change_quiz=lambda _quiz: False).quizzes == ()


def test_links_to_files_become_files_of_the_course(session, tenant):
    course = sync(session, tenant, SMALL).course
    body = next(courses.read_draft(course).units()).body
    assert "](file:" in body
    assert "https://example.org/" in body


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"course.yaml": b": :"}, "course.yaml"),
        ({"course.yaml": b"title: no key"}, "key"),
        ({"course.yaml": b"- a list"}, "course.yaml"),
        ({"a.md": b"---\ntitle: A\nno end"}, "a.md"),
        ({"a.md": b"\xff\xfe"}, "UTF-8"),
        ({"a.md": b"![x](../../../etc/passwd)"}, "no file"),
        ({"a.md": b"---\nkind: package\npackage: nothing\n---\n"}, "“nothing”"),
        (
            {"a.md": b"---\nkind: quiz\nquiz: q\n---\n", "quizzes/q.yaml": b"questions: [{}]"},
            "q.yaml",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_file(session, tenant, change, says):
    with pytest.raises(FolderInvalid, match=says):
        sync(session, tenant, SMALL | change)


def test_yaml_makes_no_objects_and_a_bad_rule_is_refused(session, tenant):
    with pytest.raises(FolderInvalid):
        sync(session, tenant, SMALL | {"course.yaml": b"key: !!python/object/apply:os.system [id]"})
    with pytest.raises(CourseInvalid):
        sync(session, tenant, SMALL | {"a.md": b"---\ntitle: A\ncompletion: {rule: x}\n---\n"})
    with pytest.raises(FileRefused):
        sync(session, tenant, SMALL | {"i/a.html": b"<script>"})


def test_a_hostile_zip_is_refused(monkeypatch):
    """PAIN-23"""
    with pytest.raises(FolderInvalid, match="no zip"):
        folder_files.read_zip(b"PK\x03\x04 nonsense")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.yaml", b"0" * 100_000)
    monkeypatch.setattr(folder_files, "MAX_BYTES", 1000)
    with pytest.raises(FolderInvalid, match="too large"):
        folder_files.read_zip(made.getvalue())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", b"---\ntitle: A\nkind: quiz\nquiz: nowhere\n---\n![x](i/a.svg)\n"),
        ("a.md", b"---\ntitle: A\ncompletion: {rule: odd}\n---\n![x](i/a.svg)\n"),
        ("i/a.svg", b"no picture at all"),
    ],
)
def test_what_is_refused_leaves_no_file_behind(session, tenant, name, data):
    """Bytes in the storage are no part of the transaction that is rolled back."""
    files = SMALL | {name: data}
    before = set(storage.storage().list("courses/"))
    with pytest.raises((FolderInvalid, CourseInvalid, FileRefused)):
        sync(session, tenant, files)
    assert set(storage.storage().list("courses/")) == before
    sync(session, tenant, SMALL)
    assert len(set(storage.storage().list("courses/")) - before) == 1
