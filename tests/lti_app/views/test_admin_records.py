"""The pages about learning records: who may see them, what they tell, what they change."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.jobs import records
from lti_app.models.record_job import RecordJob
from tests.lti_app.records import AUTHORITY, furnish_records, make_statement
from xapi_lrs.services.statements import store_statements
from xapi_lrs.services.stores import ensure_store

STATEMENTS = "/admin/records/default/statements"


@pytest.fixture
def pages(portal) -> dict[str, str]:
    by = portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    return furnish_records(portal.tenant, by)


def job_of(answer) -> UUID:
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.rsplit("/", 1)[1])


def run(portal, answer) -> RecordJob:
    """Do the job that a form asked for."""
    job_id = job_of(answer)
    with portal.app.app_context():
        records.run(str(portal.tenant), str(job_id))
        with transaction(portal.tenant) as session:
            return session.get(RecordJob, job_id)


def test_a_learner_and_an_instructor_see_no_records(portal):
    portal.sign_in_as(Role.INSTRUCTOR)
    assert portal.get("/admin/records/").status_code == 403
    assert portal.get(STATEMENTS).status_code == 403


def test_statements_are_told_as_sentences_and_voided_ones_are_marked(portal, pages):
    page = portal.get(pages["statements"]).text
    assert "Learner 0" in page
    assert "Course 1" in page
    assert "87 %" in page
    assert page.count("entry-is-voided") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("agent=learner1@school.test", 4),
        ("agent=mailto:learner1@school.test", 4),
        ('agent={"mbox":"mailto:learner1@school.test"}', 4),
        ("agent=https://lms.test 1", 0),
        ("verb=http://adlnet.gov/expapi/verbs/passed", 2),
        ("activity=https://vendor.test/course/0", 7),
        ("since=2020-01-01T00:00", 13),
        ("until=2020-01-01", 0),
    ],
)
def test_filters_take_what_people_type(portal, pages, query, found):
    """Course 0 is what six statements are about, and the one that voids the first of them."""
    assert portal.get(f"{STATEMENTS}?{query}").text.count('class="entry ') == found


def test_a_filter_that_cannot_be_understood_says_so_beside_its_field(portal, pages):
    answer = portal.get(f"{STATEMENTS}?verb=nonsense")
    assert answer.status_code == 422
    assert 'id="verb-error"' in answer.text


def arrivals(portal, after):
    """What is new, once the millisecond in which it was stored is over."""
    answers = (portal.get(f"{STATEMENTS}/new?after={after}").json for _ in range(100))
    return next(answer for answer in answers if answer["count"])


def test_the_live_tail_gives_what_is_new_and_only_that(portal, pages):
    after = re.search(r'data-after="(\d+)"', portal.get(pages["statements"]).text)[1]
    assert portal.get(f"{STATEMENTS}/new?after={after}").json["count"] == 0
    with transaction(portal.tenant) as session:
        store = ensure_store(session)
        store_statements(
            session, store, [make_statement(1)], authority=AUTHORITY, now=datetime.now(UTC)
        )
    new = arrivals(portal, after)
    assert new["count"] == 1
    assert "Learner 1" in new["rows"]
    assert portal.get(f"{STATEMENTS}/new?after={new['cursor']}").json["count"] == 0


def test_a_live_tail_begins_before_a_writer_that_is_still_at_work(portal, pages):
    """XP-17: what he brings is in the tail, whatever was listed in the meantime."""
    with transaction(portal.tenant) as session:  # open while the page is read
        store, begun = ensure_store(session), datetime.now(UTC)
        with transaction(portal.tenant) as other:
            later = begun + timedelta(milliseconds=1)
            store_statements(other, store, [make_statement(2)], authority=AUTHORITY, now=later)
        after = re.search(r'data-after="(\d+)"', portal.get(pages["statements"]).text)[1]
        assert portal.get(f"{STATEMENTS}/new?after={after}").json["count"] == 0
        store_statements(session, store, [make_statement(1)], authority=AUTHORITY, now=begun)
    rows = arrivals(portal, after)["rows"]
    assert rows.index("Learner 2") < rows.index("Learner 1")


def test_suggestions_come_from_what_is_there(portal, pages):
    found = portal.get(f"{STATEMENTS}/suggestions?field=verb&typed=pass").json
    assert found == [{"value": "http://adlnet.gov/expapi/verbs/passed", "label": "passed"}]
    assert len(portal.get(f"{STATEMENTS}/suggestions?field=agent&typed=").json) == 3


def test_a_refused_request_is_there_with_its_reasons(portal, pages):
    page = portal.get(pages["refused"]).text
    assert "is missing" in page
    assert "400" in page


def test_the_secret_of_a_key_is_shown_once_and_the_key_works(portal, pages):
    made = portal.post(
        "/admin/records/default/keys/new", {"name": "Tool", "scopes": ["all"]}, form="/admin/"
    )
    key, secret = (re.search(rf'id="{name}">([^<]+)<', made.text)[1] for name in ("key", "secret"))
    assert made.headers["Cache-Control"] == "no-store"
    assert secret not in portal.get(pages["store"]).text
    asked = portal.client.get(
        "/xapi/default/statements",
        base_url=portal.origin,
        auth=(key, secret),
        headers={"X-Experience-API-Version": "1.0.3"},
    )
    assert asked.status_code == 200


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"registration": "nonsense"}, "registration-error"),
        ({"activity_prefix": "nonsense"}, "activity_prefix-error"),
        ({"origins": "nonsense"}, "origins-error"),
        ({"name": ""}, "name-error"),
        ({"expires_on": "2020-01-01"}, "expires_on-error"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_beside_its_field(portal, pages, fields, error):
    given = {"name": "Tool", "scopes": ["all"], **fields}
    answer = portal.post("/admin/records/default/keys/new", given, form="/admin/")
    assert answer.status_code == 422
    assert f'id="{error}"' in answer.text


def test_an_export_is_fetched_by_who_is_signed_in_and_once_by_its_link(portal, pages):
    form = {"form": "jsonl", "agent": "learner1@school.test"}
    job = run(portal, portal.post("/admin/records/default/exports", form, form="/admin/"))
    assert job.state == "done"
    assert job.report == {"statements": 4}
    page = f"/admin/records/default/jobs/{job.id}"
    lines = portal.get(f"{page}/file").text.splitlines()
    assert {json.loads(line)["actor"]["mbox"] for line in lines} == {"mailto:learner1@school.test"}
    made = portal.post(f"{page}/link", form="/admin/").text
    path = "/records/" + re.search(r'id="link">[^<]+/records/([^<]+)<', made)[1]
    stranger = portal.app.test_client()
    assert stranger.head(path, base_url=portal.origin).status_code == 200
    assert stranger.get(path, base_url=portal.origin).text.splitlines() == lines
    assert stranger.get(path, base_url=portal.origin).status_code == 404


def test_a_forged_link_opens_nothing(portal, pages):
    assert portal.get("/records/abc.def").status_code == 404


def test_an_import_tells_what_it_stored_and_which_lines_it_refused(portal, pages):
    lines = [json.dumps(make_statement(1)), "{", json.dumps({"verb": {}})]
    data = {"file": (io.BytesIO("\n".join(lines).encode()), "vendor.jsonl")}
    job = run(portal, portal.post("/admin/records/default/imports/new", data, form="/admin/"))
    assert (job.report["stored"], job.report["refused"]) == (1, 2)
    page = portal.get(f"/admin/records/default/jobs/{job.id}").text
    assert "Refused lines" in page


def test_a_person_is_forgotten_after_a_rehearsal(portal, pages):
    """GDPR 17: first what would be changed, then the change."""
    given = {"agents": "learner1@school.test", "mode": "erase"}
    new = "/admin/records/default/erasures/new"
    rehearsal = run(portal, portal.post(new, given, form="/admin/"))
    assert rehearsal.report["statements_deleted"] == 4
    assert "learner1" in portal.get(pages["statements"]).text
    done = run(portal, portal.post(new, {**given, "go": "yes"}, form="/admin/"))
    assert done.report["statements_deleted"] == 4
    assert "learner1" not in portal.get(pages["statements"]).text


def test_a_job_of_another_store_or_tenant_is_not_found(portal, pages, other_tenant):
    answer = portal.post("/admin/records/default/exports", {"form": "csv"}, form="/admin/")
    job_id = job_of(answer)
    portal.post("/admin/records/new", {"name": "Other", "slug": "other"}, form="/admin/")
    assert portal.get(f"/admin/records/other/jobs/{job_id}").status_code == 404
    with transaction(other_tenant) as session:
        assert session.get(RecordJob, job_id) is None


def test_a_store_that_is_closed_refuses_and_opens_again(portal, pages):
    portal.post("/admin/records/default/active", {"active": "no"}, form="/admin/")
    assert "Closed" in portal.get(pages["store"]).text
    portal.post("/admin/records/default/active", {"active": "yes"}, form="/admin/")
    assert "Closed" not in portal.get(pages["store"]).text
