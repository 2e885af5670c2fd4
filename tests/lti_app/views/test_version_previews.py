"""A version is tried before learners meet it, and nothing comes of it but its own call log."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from content.samples.build import build_sample
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.grade import Grade
from scorm_runtime.models.attempt import Attempt, CommitLog
from scorm_runtime.models.import_job import ImportJob, PublishPolicy
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.services.reports import ReportFilter, summarize
from scorm_runtime.services.versions import list_in_progress
from tests.lti_app.conftest import Portal, stock
from tests.scorm_runtime.services.importing import Workshop
from xapi_lrs.models.statement import Statement


@pytest.fixture
def instructor(portal):
    return portal.sign_in_as(Role.INSTRUCTOR)


@pytest.fixture
def draft(portal: Portal, instructor, tmp_path):
    """The page of a draft that is the second version of a package."""
    package_id = stock(portal, by=instructor)
    workshop = Workshop(portal.tenant, tmp_path)
    data = build_sample("demo-page-turner") + b"\0"  # not the very zip of the first version
    workshop.run(workshop.schedule(data, key="demo-page-turner", publish=PublishPolicy.NEVER))
    return f"/admin/packages/{package_id}/versions/2"


def count(portal, model):
    with transaction(portal.tenant) as session:
        return session.scalar(select(func.count()).select_from(model))


def only_attempt(portal):
    with transaction(portal.tenant) as session:
        return session.scalars(select(Attempt)).one()


def play_to_the_end(app, address):
    """Opens the player at the address and passes with full marks; what the bar says."""
    client, path = app.test_client(), urlsplit(address).path
    base = app.config["LECTERN"].content_url
    opened = client.post(f"{path}open", json={"journals": []}, base_url=base).json
    entries = [
        [1, "initialize"],
        [2, "set", "cmi.core.score.raw", "100"],
        [3, "set", "cmi.core.lesson_status", "passed"],
        [4, "finish"],
    ]
    body = {"writer": opened["writer"], "number": 1, "entries": entries}
    answer = client.post(f"{path}commits", json=body, base_url=base)
    assert answer.status_code == 200
    return answer.json


def test_a_draft_is_played_from_its_page_and_from_its_import(portal, draft, app):
    assert f"{draft}/preview" in portal.get(draft).text
    with transaction(portal.tenant) as session:
        jobs = session.scalars(select(ImportJob.id)).all()
    pages = [portal.get(f"/admin/packages/imports/{job}").text for job in jobs]
    assert sum(f"{draft}/preview" in page for page in pages) == 1

    answer = portal.post(f"{draft}/preview")
    assert answer.status_code == 303
    assert answer.location.startswith(f"{app.config['LECTERN'].content_url}/p/")
    with transaction(portal.tenant) as session:
        tried = session.scalars(select(Attempt)).one()
        assert session.get_one(PackageVersion, tried.package_version_id).number == 2


def test_nothing_comes_of_what_was_tried(portal, draft, app):
    """No statement, no grade, no line in a report, nobody in the middle of anything."""
    played = play_to_the_end(app, portal.post(f"{draft}/preview").location)
    assert played["standing"]["success"] == "passed"
    assert played["chip"]["text"] == "Preview: nothing counts"
    attempt = only_attempt(portal)
    assert (count(portal, Statement), count(portal, Grade)) == (0, 0)
    with transaction(portal.tenant) as session:
        assert summarize(session, ReportFilter(attempt.package_id)).attempts == 0
        first = session.scalars(select(PackageVersion).filter_by(number=1)).one()
        assert list_in_progress(session, first) == []
    assert str(attempt.id) not in portal.get("/admin/attempts/").text
    assert "no grade, no record" in portal.get(draft).text


def test_a_preview_goes_on_where_it_was_until_it_is_removed(portal, draft, app):
    first = portal.post(f"{draft}/preview").location
    play_to_the_end(app, first)
    portal.post(f"{draft}/preview")
    before = only_attempt(portal)
    assert count(portal, CommitLog) > 0

    assert portal.post(f"{draft}/preview/remove").status_code == 303
    assert (count(portal, Attempt), count(portal, CommitLog)) == (0, 0)
    assert "You have tried this version" not in portal.get(draft).text
    base = app.config["LECTERN"].content_url
    assert app.test_client().get(urlsplit(first).path, base_url=base).status_code == 404

    portal.post(f"{draft}/preview")
    assert only_attempt(portal).id != before.id


def test_exit_leads_back_to_the_version(portal, draft, app):
    address = portal.post(f"{draft}/preview").location
    base = app.config["LECTERN"].content_url
    page = app.test_client().get(urlsplit(address).path, base_url=base).text
    assert f"{app.config['LECTERN'].app_url}{draft}" in page


def test_a_preview_is_marked_and_cannot_be_corrected(portal, draft, app):
    portal.post(f"{draft}/preview")
    page = f"/admin/attempts/{only_attempt(portal).id}"
    text = portal.get(page).text
    assert "a preview, which counts nowhere" in text
    assert "Change the result" not in text
    assert portal.post(f"{page}/complete", {"reason": "so that"}).status_code in (409, 422)


def test_whoever_may_not_change_the_package_does_not_preview_it(portal, draft, app):
    portal.client = app.test_client()  # nobody is signed in there
    portal.sign_in_as(Role.CONTENT_CREATOR)
    assert "/preview" not in portal.get(draft).text
    assert portal.post(f"{draft}/preview").status_code == 403
    assert count(portal, Attempt) == 0
