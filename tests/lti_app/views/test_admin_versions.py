"""A package's versions and settings on their pages."""

import re

import pytest

from content.samples.build import build_sample
from database.session import transaction
from lti_app.core.permissions import Role
from scorm_runtime.core.package_settings import RULES
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.import_job import PublishPolicy
from scorm_runtime.models.package import Package
from scorm_runtime.services.attempts import open_attempt
from tests.lti_app.conftest import Portal, stock
from tests.scorm_runtime.playing import NOW
from tests.scorm_runtime.services.importing import Workshop


@pytest.fixture
def instructor(portal):
    return portal.sign_in_as(Role.INSTRUCTOR)


@pytest.fixture
def shelf(portal: Portal, instructor, tmp_path):
    """A package in use, and a draft of its second version; its address."""
    package_id = stock(portal, by=instructor)
    workshop = Workshop(portal.tenant, tmp_path)
    job = workshop.schedule(
        build_sample("demo-quiz"), key="demo-page-turner", publish=PublishPolicy.NEVER
    )
    workshop.run(job)
    return package_id


def attempt_on(portal, package_id):
    learner = portal.add(Role.LEARNER)
    with transaction(portal.tenant) as session:
        return open_attempt(
            session, package_id=package_id, user_id=learner, context_key="portal", now=NOW
        ).id


def current(portal, package_id):
    with transaction(portal.tenant) as session:
        package = session.get_one(Package, package_id)
        return package.current_version.number, package.running_attempts


def test_a_draft_is_announced_on_the_packages_page_with_the_way_to_its_report(portal, shelf):
    text = portal.get(f"/admin/packages/{shelf}").text
    assert "Version 2 is a draft" in text
    assert f"/admin/packages/{shelf}/versions/2" in text


def test_where_nobody_is_in_the_middle_publishing_asks_nothing(portal, shelf):
    page = f"/admin/packages/{shelf}/versions/2"
    assert "running_attempts" not in portal.get(page).text
    assert portal.post(f"{page}/publish").status_code == 303
    assert current(portal, shelf) == (2, "keep")
    assert "Version 2 was published" in portal.get(f"/admin/packages/{shelf}").text


def test_publishing_asks_what_happens_to_people_in_the_middle(portal, shelf):
    """PAIN-25"""
    attempt_on(portal, shelf)
    page = f"/admin/packages/{shelf}/versions/2"
    text = portal.get(page).text
    assert "One person is in the middle of another version" in text
    assert re.search(r'value="move"\s+disabled', text)

    refused = portal.post(f"{page}/publish")
    assert refused.status_code == 422
    assert "Say what happens" in refused.text
    assert current(portal, shelf)[0] == 1

    portal.post(f"{page}/publish", {"running_attempts": "new_attempt"})
    assert current(portal, shelf) == (2, "new_attempt")
    assert "followed by new ones" in portal.get(f"/admin/packages/{shelf}").text


def test_going_back_to_an_earlier_version_is_one_page_away(portal, shelf):
    portal.post(f"/admin/packages/{shelf}/versions/2/publish")
    assert "Go back to this version" in portal.get(f"/admin/packages/{shelf}/versions/1").text
    portal.post(f"/admin/packages/{shelf}/versions/1/publish")
    assert current(portal, shelf)[0] == 1


def test_somebody_elses_package_is_shown_and_not_changed(portal):
    package_id = stock(portal)
    portal.sign_in_as(Role.CONTENT_CREATOR)
    version, settings = (f"/admin/packages/{package_id}/{p}" for p in ("versions/1", "settings"))
    assert portal.get(version).status_code == 200
    assert ">Save<" not in portal.get(settings).text
    assert portal.post(f"{version}/publish").status_code == 403
    assert portal.post(settings, {"max_attempts": "1"}).status_code == 403


@pytest.mark.parametrize("path", ["versions/7", "versions/7/package.zip"])
def test_a_version_that_is_not_there_answers_404(portal, shelf, path):
    assert portal.get(f"/admin/packages/{shelf}/{path}").status_code == 404


# ── settings ─────────────────────────────────────────────────────────────────────────────────

DEFAULTS = {
    "open_in": "frame",
    "exit_actions.item_ended": "stay",
    "exit_actions.course_ended": "stay",
    "exit_actions.on_leave": "suspend",
    "attempt_policy": "resume",
    "counting_attempt": "best",
    "completion_policy": "as_reported",
    "completion_score": "80",
    "mastery_override": "yes",
    "complete_at_finish": "yes",
    "keep_without_suspend": "yes",
    "suspend_data_limit": "1048576",
}


def stored(portal, package_id):
    with transaction(portal.tenant) as session:
        return session.get_one(Package, package_id).settings


def test_every_setting_is_on_the_page_with_its_default(portal, instructor):
    text = portal.get(f"/admin/packages/{stock(portal)}/settings").text
    for rule in RULES:
        assert f'name="{rule.name}"' in text
    assert text.count("Default:") == len(RULES)


def test_saving_the_defaults_stores_nothing(portal, instructor):
    package_id = stock(portal)
    portal.post(f"/admin/packages/{package_id}/settings", DEFAULTS)
    assert stored(portal, package_id) == {}


def test_settings_are_saved_and_marked_as_changed(portal, instructor):
    package_id = stock(portal)
    page = f"/admin/packages/{package_id}/settings"
    changed = {"completion_score": "62,5", "max_attempts": "3", "exit_actions.on_leave": "exit"}
    entered = DEFAULTS | changed
    del entered["mastery_override"]
    assert portal.post(page, entered).status_code == 303
    assert stored(portal, package_id) == {
        "completion_score": 0.625,
        "max_attempts": 3,
        "mastery_override": False,
        "exit_actions": {"on_leave": "exit"},
    }
    text = portal.get(page).text
    assert 'value="62.5"' in text
    assert text.count("Changed") == 4
    assert "The settings were changed" in portal.get(f"/admin/packages/{package_id}").text


def test_what_cannot_be_saved_is_named_kept_in_the_form_and_changes_nothing(portal, instructor):
    package_id = stock(portal)
    entered = DEFAULTS | {"max_attempts": "a few", "completion_score": "180", "open_in": "tab"}
    refused = portal.post(f"/admin/packages/{package_id}/settings", entered)
    assert refused.status_code == 422
    assert "3 things need mending." in refused.text
    assert 'value="a few"' in refused.text
    assert "Enter a number from 0 to 100." in refused.text
    assert stored(portal, package_id) == {}


def test_an_attempt_is_left_as_it_is_by_publishing(portal, shelf):
    attempt = attempt_on(portal, shelf)
    portal.post(f"/admin/packages/{shelf}/versions/2/publish", {"running_attempts": "keep"})
    with transaction(portal.tenant) as session:
        row = session.get_one(Attempt, attempt)
        assert row.package_version_id != session.get_one(Package, shelf).current_version_id
