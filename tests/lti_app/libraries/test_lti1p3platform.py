"""A platform that others wrote accepts us: PyPI lti1p3platform (openlearning.com)."""

import re

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.platforms.families import get_family
from lti_app.models.registration import Registration
from lti_app.platform_client.roster_service import first_url, read_page
from lti_app.services.platform_access import build_access
from tests.lti_app.learner import Learner
from tests.lti_app.libraries.lti1p3 import library_browser, running_library_platform
from tests.lti_app.lti_fixtures import add_platform


@pytest.fixture
def platform():
    with running_library_platform() as running:
        yield running


@pytest.fixture
def browser(app, tenant, platform, package):
    add_platform(tenant, platform)
    return library_browser(app, tenant, platform)


@pytest.fixture
def learner(browser):
    return Learner(browser)


@pytest.mark.usefixtures("doors")
def test_a_launch_and_a_grade_work_against_somebody_elses_library(learner, platform):
    """It checks our authentication request, our assertion's signature by our key set, the bearer
    token and its scope; azp comes beside a single aud, the token type in lower case."""
    row = learner.send(learner.finish())

    assert (row.state, row.reason) == ("sent", "")
    score = platform.grades["stan"]
    assert (score["scoreGiven"], score["scoreMaximum"]) == (16.0, 20.0)
    assert (score["activityProgress"], score["gradingProgress"]) == ("Completed", "FullyGraded")


def test_what_a_teacher_chooses_is_read_by_somebody_elses_library(browser, platform):
    """It checks our signature by our key set, the type of the answer and of its items. LTI-DL-17"""
    asked = browser.ask_for_content()
    assert asked.status_code == 303, asked.text
    chosen = {"item": ["demo"], "title-0": "Fire safety", "graded-0": "1", "points-0": "20"}
    answer = browser.open(asked.location, "POST", data=chosen)

    (item,) = platform.read_deep_link(re.search(r'name="JWT" value="([^"]+)"', answer.text)[1])

    assert (item["type"], item["title"]) == ("ltiResourceLink", "Fire safety")
    assert item["custom"]["sc_item"] == "demo"
    assert item["lineItem"]["scoreMaximum"] == 20


@pytest.mark.usefixtures("doors", "learner")
def test_a_roster_is_read_from_somebody_elses_library(tenant, platform):
    """It wants our bearer token with the one scope of the service. LTI-NRPS-2, LTI-NRPS-3"""
    platform.members = [
        {"user_id": "stan", "roles": ["Learner"], "name": "Stan Student"},
        {"user_id": "tina", "roles": ["Instructor"]},
    ]
    with transaction(tenant) as session:
        registration = session.scalars(select(Registration)).one()
        access = build_access(session, registration)

    page = read_page(access, first_url(platform.memberships_url, get_family("generic")))

    assert page.answer.status == 200
    assert [one.subject for one in page.members or []] == ["stan", "tina"]
