"""Courses as zips in Manage: out from their settings, in from the list of courses."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
import yaml

from content.services import courses
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services import folder_files
from tests.lti_app.views.test_admin_courses import become, draft_of, furnish, make, send

IMPORT = "/admin/courses/import"


@pytest.fixture
def author(portal):
    portal.sign_in_as(Role.INSTRUCTOR)
    return portal


def bring(portal, data, **fields):
    files = {"file": (io.BytesIO(data), "course.zip"), **fields}
    return portal.post(IMPORT, files, content_type="multipart/form-data")


def zipped(**files):
    return folder_files.write_zip(
        {name.replace("_", "."): text.encode() for name, text in files.items()}
    )


def made(portal) -> tuple:
    """A course with a lesson; its id and its zip."""
    course_id = make(portal)
    _module, [unit] = furnish(portal, course_id, "lesson")
    send(portal, course_id, [{"op": "set_unit", "id": unit, "fields": {
        "title": "Light", "body": "Plants need *light*.", "rule": "viewed"}}])  # fmt: skip
    page = portal.get(f"/admin/courses/{course_id}/settings").text
    assert f'href="/admin/courses/{course_id}/export"' in page
    answer = portal.get(f"/admin/courses/{course_id}/export")
    assert answer.mimetype == "application/zip"
    assert "house-plants-draft.zip" in answer.headers["Content-Disposition"]
    return course_id, answer.data


def test_what_one_exports_another_imports_as_a_draft(author):
    course_id, data = made(author)
    moved = folder_files.read_zip(data)
    moved["course.yaml"] = moved["course.yaml"].replace(b"key: house-plants", b"key: moved")
    assert IMPORT in author.get("/admin/courses/").text
    answer = bring(author, folder_files.write_zip(moved))
    assert answer.status_code == 303, answer.text
    with transaction(author.tenant) as session:
        course = courses.find_course_by_key(session, "moved")
        assert course.state == "draft"
        assert answer.location.endswith(f"/admin/courses/{course.id}/")
    lesson = draft_of(author, course.id).document["modules"][0]["units"][0]
    assert (lesson["title"], lesson["body"].strip()) == ("Light", "Plants need *light*.")
    assert course.id != course_id


def test_the_draft_and_what_is_published_are_exported_apart(author):
    course_id, _data = made(author)
    assert author.get(f"/admin/courses/{course_id}/export?published=yes").status_code == 404
    unit = draft_of(author, course_id).document["modules"][0]["units"][0]["id"]
    fields = {"title": "Light", "body": "Light.", "rule": "viewed", "required": "yes"}
    send(author, course_id, [{"op": "set_unit", "id": unit, "fields": fields}])
    with transaction(author.tenant) as session:
        courses.publish(session, course_id, published_by=None, now=datetime.now(UTC))
    send(author, course_id, [{"op": "add_module"}])
    answer = author.get(f"/admin/courses/{course_id}/export?published=yes")
    assert "house-plants-version-1.zip" in answer.headers["Content-Disposition"]
    data = [
        author.get(f"/admin/courses/{course_id}/export{one}").data for one in ("", "?published=yes")
    ]
    draft, version = (
        yaml.safe_load(folder_files.read_zip(one)["course.yaml"])["modules"] for one in data
    )
    assert len(draft) == len(version) + 1


def test_a_course_that_is_there_is_replaced_only_when_one_says_so(author):
    course_id, data = made(author)
    send(author, course_id, [{"op": "add_module"}])
    before = draft_of(author, course_id)
    refused = bring(author, data)
    assert refused.status_code == 422
    assert "house-plants" in refused.text
    assert draft_of(author, course_id) == before
    assert bring(author, data, replaces="yes").status_code == 303
    assert len(draft_of(author, course_id).document["modules"]) == 1


def test_who_may_change_only_their_own_replaces_nobodys_course(author):
    course_id, data = made(author)
    before = draft_of(author, course_id)
    author.add(Role.CONTENT_CREATOR, "carl@school.test")
    become(author, "carl@school.test")
    assert author.get(f"/admin/courses/{course_id}/export").status_code == 404
    assert bring(author, data, replaces="yes").status_code == 422
    assert draft_of(author, course_id) == before


def broken() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.yaml", b"key: a\ntitle: A\n" * 50)
    data = bytearray(packed.getvalue())
    data[45:55] = b"\xff" * 10
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no zip that can be read"),
        (b"PK\x03\x04 nonsense", "no zip that can be read"),
        (broken(), "no zip that can be read"),
        (zipped(readme_md="Hello"), "no course.yaml"),
        (zipped(course_yaml="title: Without a key"), "a key is missing"),
        (zipped(course_yaml="key: a\nmodules: [1, {units: 2}]"), "course.yaml"),
        (zipped(course_yaml="key: a\ntitle: [1]\nmodules: 7"), "course.yaml"),
        (zipped(course_yaml="key: A key!\ntitle: T"), "small letters"),
        (zipped(course_yaml="{"), "course.yaml"),
        (zipped(course_yaml="key: a\nmodules: [{title: M, units: [../x.md]}]"), "x.md"),
        (zipped(course_yaml="key: a\nenrolment: everybody\ntitle: T"), "enrol"),
    ],
)
def test_a_zip_that_is_no_course_is_refused_with_the_reason_and_leaves_nothing(author, data, said):
    answer = bring(author, data)
    assert answer.status_code == 422
    assert said in answer.text
    with transaction(author.tenant) as session:
        assert courses.list_courses(session) == []


def test_a_learner_imports_nothing(portal):
    portal.sign_in_as(Role.LEARNER)
    assert portal.get(IMPORT).status_code == 403
    assert bring(portal, b"").status_code == 403
