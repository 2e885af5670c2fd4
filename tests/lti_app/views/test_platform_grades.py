"""The pages of a platform's grades and rosters, in the portal and in the platform's frame."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app import queue
from lti_app.core.permissions import Role
from lti_app.models.context import Context
from lti_app.models.grade import Grade, Passback
from lti_app.models.grade_service import GradeService, PlatformJob
from lti_app.models.registration import Registration
from lti_app.services import registrations
from lti_app.views.player_host import PlayerDoors
from tests.lti_app.conftest import Portal
from tests.lti_app.fake_platform import INSTRUCTOR
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import add_platform
from tests.lti_app.records_of_grades import furnish_grades

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAMES_ROLES = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


@pytest.fixture
def pages(portal: Portal, platform, monkeypatch) -> dict[str, str]:
    monkeypatch.setattr(queue, "enqueue", lambda *_: True)
    add_platform(portal.tenant, platform)
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    with transaction(portal.tenant) as session:
        row = session.scalars(select(Registration)).one()
        deployment = registrations.find_deployment(session, row.id, "1")
        return furnish_grades(session, deployment, NOW)


def test_the_platforms_page_counts_each_state_and_leads_to_conflicts(portal, pages):
    """PAIN-04"""
    text = portal.get(pages["platform grades"]).text
    assert re.search(r"<th scope=\"row\">Sent</th><td>3</td>", text)
    assert "1 conflict to settle" in text
    assert "Safety at work" in text


def test_a_test_of_the_connection_shows_each_step_with_its_fault_and_remedy(portal, pages):
    """PAIN-04, PAIN-17, PAIN-18"""
    text = portal.get(pages["platform test"]).text
    for words in (
        "The platform gives us an access token",
        "The platform has not granted us the scope for scores.",
        "allow the services for grades (AGS)",
        "The line item is no longer there",
    ):
        assert words in text


def test_work_is_asked_for_once_and_followed_on_its_page(portal, pages):
    start = pages["platform grades"].replace("/grades", "/jobs")
    for _ in range(2):
        portal.post(start, {"kind": "test"})
    with transaction(portal.tenant) as session:
        rows = session.scalars(select(PlatformJob).where(PlatformJob.state == "waiting")).all()
    assert [row.kind for row in rows] == ["test"]
    answer = portal.get(f"/admin/platforms/jobs/{rows[0].id}")
    assert answer.headers["Refresh"] == "5"
    assert portal.post(start, {"kind": "roster"}).status_code == 400


def test_settings_are_kept_and_bad_ones_refused(portal, pages):
    path = pages["platform grades"] + "/settings"
    good = {"overwrites": "yes", "line_items": "never", "results_hours": 6, "roster_hours": 0}
    good["alert_percent"] = 50
    portal.post(path, good)
    for bad in (
        {"alert_percent": 7},
        {"line_items": "perhaps"},
        {"results_hours": "soon"},
        {"roster_hours": -1},
    ):
        portal.post(path, {**good, **bad})
    with transaction(portal.tenant) as session:
        row = session.scalars(select(GradeService)).one()
    assert row.alert_percent == 50
    assert (row.overwrites, row.line_items, row.results_hours, row.roster_hours) == (
        True,
        "never",
        6,
        0,
    )


def test_a_conflict_shows_both_grades_and_is_settled_by_a_person(portal, pages):
    """LTI-SP-9"""
    text = portal.get(pages["conflict"]).text
    assert "Two grades: which one stands?" in text
    assert "9.5 of 10.0" in text
    portal.post(pages["conflict"] + "/keep")
    assert "Theirs kept" in portal.get(pages["conflict"]).text
    portal.post(pages["conflict"] + "/send", {"over": "yes"})
    with transaction(portal.tenant) as session:
        grade_id = pages["conflict"].rsplit("/", 1)[1]
        rows = session.scalars(select(Passback).where(Passback.grade_id == grade_id)).all()
    assert [row.state for row in rows if row.is_overwriting] == ["waiting"]


def test_the_roster_shows_who_has_not_begun_and_a_pseudonym_where_names_are_kept(portal, pages):
    """Issue: who has not started yet"""
    text = portal.get(pages["roster"] + "?standing=none").text
    assert "Person 8" in text
    assert "Person 2" not in text
    assert re.search(r"Learner [0-9a-f]{4}", text)
    assert "Inactive" in text
    portal.post(pages["roster"] + "/schedule", {"scheduled": "no"})
    portal.post(pages["roster"] + "/read")
    with transaction(portal.tenant) as session:
        context = session.scalars(select(Context)).one()
        assert not context.roster_is_scheduled
        assert session.scalars(select(PlatformJob).where(PlatformJob.kind == "roster")).one()


def test_only_who_manages_platforms_and_grades_sees_them(portal, pages):
    portal.client = portal.app.test_client()
    portal.sign_in_as(Role.CONTENT_CREATOR)
    for key in ("platform grades", "platform test", "roster"):
        assert portal.get(pages[key]).status_code == 403


def test_a_teacher_reads_the_roster_in_the_platforms_frame(browser, doors):
    """NRPS on demand, without a session; a learner's address opens nothing"""
    url = f"{browser.platform.issuer}/course/2/memberships"
    claim = {NAMES_ROLES: {"context_memberships_url": url}}
    stan = Learner(browser, **claim)
    stan.finish()
    tina = Learner(browser, roles=[INSTRUCTOR], sub="tina", name="Tina", email=None, **claim)
    player = PlayerDoors("http://localhost:8000", browser.app.config["SECRET_KEY"])
    with transaction(stan.tenant) as session:
        path = urlsplit(player.grades_url(session, tina.token)).path
    assert "Who is in the course" in browser.open(path).text
    roster = path.replace("/grades", "/roster")
    assert "Not read yet." in browser.open(roster).text
    assert browser.open(roster, "POST").status_code == 303
    assert any(asked[0] == queue.RUN_PLATFORM_JOB for asked in doors)
    assert "is being read" in browser.open(roster).text
    browser.client = browser.app.test_client()
    assert browser.open(roster).status_code == 401


def test_a_teacher_settles_a_conflict_and_sends_all_again(browser, doors):
    """LTI-SP-9; "send all again" per link"""
    stan = Learner(browser)
    row = stan.send(stan.finish())
    with transaction(stan.tenant) as session:
        changed = session.get_one(Passback, row.id)
        changed.state, changed.reason, changed.result_read_at = "conflict", "changed_there", NOW
        changed.result_score, changed.result_maximum = 9.5, 10.0
    tina = Learner(browser, roles=[INSTRUCTOR], sub="tina", name="Tina", email=None)
    player = PlayerDoors("http://localhost:8000", browser.app.config["SECRET_KEY"])
    with transaction(stan.tenant) as session:
        path = urlsplit(player.grades_url(session, tina.token)).path
        grade = session.scalars(select(Grade)).one()
    assert "9.5 of 10.0" in browser.open(path).text
    assert browser.open(f"{path}/{grade.id}/keep", "POST").status_code == 303
    assert stan.row(row.id).state == "kept"
    assert browser.open(f"{path}/send", "POST").status_code == 303
    assert doors[-1][0] == queue.RUN_PLATFORM_JOB
