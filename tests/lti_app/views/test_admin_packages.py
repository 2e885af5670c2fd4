"""Uploading, the import's page, and what can be done with a package."""

import io

import pytest
from sqlalchemy import select

from content.samples.build import build_sample
from database.session import transaction
from lti_app import queue
from lti_app.core.permissions import Role
from lti_app.jobs import imports
from scorm_runtime.models.import_job import ImportJob
from scorm_runtime.models.package import Package
from tests.lti_app.conftest import stock

UPLOAD = "/admin/packages/upload"


@pytest.fixture
def instructor(portal):
    return portal.sign_in_as(Role.INSTRUCTOR)


@pytest.fixture
def asked(monkeypatch):
    """What was put into the queue."""
    calls = []
    monkeypatch.setattr(queue, "enqueue", lambda *call: calls.append(call))
    return calls


def upload(portal, data=None, name="course.zip", **kwargs):
    file = (io.BytesIO(build_sample("demo-page-turner") if data is None else data), name)
    return portal.post(UPLOAD, {"file": file, **kwargs.pop("fields", {})}, form=UPLOAD, **kwargs)


def only(portal, model):
    with transaction(portal.tenant) as session:
        return session.scalars(select(model)).one()


def test_an_upload_is_kept_and_its_import_asked_for_after_the_commit(portal, instructor, asked):
    """The web request only stores the file: the import is a worker's work (PAIN-09)."""
    answer = upload(portal)

    job = only(portal, ImportJob)
    assert (answer.status_code, answer.location) == (303, f"/admin/packages/imports/{job.id}")
    assert (job.state, job.file_name, job.created_by) == ("waiting", "course.zip", instructor)
    assert asked == [(queue.RUN_IMPORT, portal.tenant, job.id)]


def test_the_page_of_an_import_shows_its_stages_and_then_the_package(portal, instructor, asked):
    page = upload(portal).location
    waiting = portal.get(page)
    assert waiting.headers["Refresh"] == "5"
    assert "waits for a worker" in waiting.text

    imports.run(*map(str, asked[0][1:]))
    done = portal.get(page)
    assert "Refresh" not in done.headers
    assert "The package is in." in done.text
    assert f"/admin/packages/{only(portal, Package).id}" in done.text


def test_a_refused_package_says_why_and_what_to_do(portal, instructor, asked):
    page = upload(portal, b"this is no zip file").location
    imports.run(*map(str, asked[0][1:]))

    job = only(portal, ImportJob)
    text = portal.get(page).text
    assert job.state == "failed"
    assert job.error_code in text
    assert "Upload another file" in text


def test_a_script_gets_the_page_to_go_to_as_json(portal, instructor, asked):
    answer = upload(portal, headers={"Accept": "application/json"})

    assert answer.json == {"location": f"/admin/packages/imports/{only(portal, ImportJob).id}"}


def test_without_a_file_the_form_says_so(portal, instructor):
    answer = portal.post(UPLOAD, form=UPLOAD)

    assert answer.status_code == 422
    assert "Choose a zip file first." in answer.text


def test_an_upload_without_csrf_token_is_refused(portal, instructor):
    file = (io.BytesIO(b"x"), "course.zip")

    assert portal._open("POST", UPLOAD, data={"file": file}).status_code == 400


def test_learners_upload_nothing_and_their_file_is_not_read(portal):
    """The guard comes before the form is parsed: nobody fills the disk."""
    portal.sign_in_as(Role.LEARNER)
    unread = io.BytesIO(b"x" * 2_000_000)

    length = {"CONTENT_LENGTH": "2000000"}
    answer = portal._open("POST", UPLOAD, input_stream=unread, environ_overrides=length)
    assert answer.status_code == 403
    assert unread.tell() == 0


def test_a_file_above_the_limit_is_refused_with_413(portal, instructor, app):
    limit = app.config["LECTERN"].max_upload_mb * 1024 * 1024
    answer = portal._open(
        "POST",
        UPLOAD,
        input_stream=io.BytesIO(b""),
        environ_overrides={"CONTENT_LENGTH": str(limit * 2)},
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": "-"},
    )

    assert answer.status_code == 413
    assert "MAX_UPLOAD_MB" in answer.text


def test_packages_larger_than_other_forms_are_taken(portal, instructor, asked, app):
    """MAX_CONTENT_LENGTH is for ordinary forms; uploads have a limit of their own."""
    large = b"PK" + bytes(app.config["MAX_CONTENT_LENGTH"] + 1000)

    assert upload(portal, large).status_code == 303


def test_a_new_version_is_imported_into_its_package(portal, instructor, asked):
    package_id = stock(portal, by=instructor)
    data = build_sample("demo-quiz")
    upload(portal, data, fields={"package": str(package_id)})
    imports.run(*map(str, asked[0][1:]))

    page = portal.get(f"/admin/packages/{package_id}").text
    assert page.index("versions/2") < page.index("In use") < page.index("versions/1")


def test_publishing_shows_a_package_in_the_catalogue_and_unpublishing_hides_it(portal, instructor):
    package_id = stock(portal)
    portal.post(f"/admin/packages/{package_id}/publish", {"published": "yes"})
    assert "demo-page-turner" in portal.get("/catalogue").text

    portal.post(f"/admin/packages/{package_id}/publish", {"published": "no"})
    assert "demo-page-turner" not in portal.get("/catalogue").text


def test_archived_packages_are_out_of_the_list_and_can_come_back(portal, instructor):
    package_id = stock(portal)
    portal.post(f"/admin/packages/{package_id}/archive", {"archived": "yes"})
    assert str(package_id) not in portal.get("/admin/packages/").text
    assert str(package_id) in portal.get("/admin/packages/?archived=yes").text

    portal.post(f"/admin/packages/{package_id}/archive", {"archived": "no"})
    assert str(package_id) in portal.get("/admin/packages/").text


def test_title_and_description_can_be_changed_and_an_empty_title_not(portal, instructor):
    path = f"/admin/packages/{stock(portal)}"
    portal.post(path, {"title": "Better title", "description": "More"})
    assert "Better title" in portal.get(path).text

    refused = portal.post(path, {"title": " ", "description": ""})
    assert refused.status_code == 422
    assert "Give it a title." in refused.text


def test_the_original_zip_can_be_downloaded(portal, instructor):
    answer = portal.get(f"/admin/packages/{stock(portal)}/versions/1/package.zip")

    assert answer.data == build_sample("demo-page-turner")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.mimetype == "application/zip"


def test_the_page_shows_the_line_to_copy_into_an_lms(portal, instructor):
    assert "sc_item=demo-page-turner" in portal.get(f"/admin/packages/{stock(portal)}").text


def test_content_creators_change_their_own_packages_only(portal):
    creator = portal.sign_in_as(Role.CONTENT_CREATOR)
    own, other = stock(portal, "demo-quiz", by=creator), stock(portal)
    publish = {"published": "yes"}

    assert portal.post(f"/admin/packages/{own}/publish", publish).status_code == 303
    assert portal.post(f"/admin/packages/{other}/publish", publish).status_code == 403
    assert "Unpublish" not in portal.get(f"/admin/packages/{other}").text


def test_packages_that_do_not_exist_answer_404(portal, instructor):
    nobody = "00000000-0000-0000-0000-000000000000"

    assert portal.get(f"/admin/packages/{nobody}").status_code == 404
    assert portal.get(f"/admin/packages/imports/{nobody}").status_code == 404
    assert portal.get(f"{UPLOAD}?package={nobody}").status_code == 404
