"""A platform that others wrote accepts us: PyPI lti1p3platform (openlearning.com)."""

import pytest

from tests.lti_app.learner import Learner
from tests.lti_app.libraries.lti1p3 import library_browser, running_library_platform
from tests.lti_app.lti_fixtures import add_platform


@pytest.fixture
def platform():
    with running_library_platform() as running:
        yield running


@pytest.fixture
def learner(app, tenant, platform, package):
    add_platform(tenant, platform)
    return Learner(library_browser(app, tenant, platform))


@pytest.mark.usefixtures("doors")
def test_a_launch_and_a_grade_work_against_somebody_elses_library(learner, platform):
    """It checks our authentication request, our assertion's signature by our key set, the bearer
    token and its scope; azp comes beside a single aud, the token type in lower case."""
    row = learner.send(learner.finish())

    assert (row.state, row.reason) == ("sent", "")
    score = platform.grades["stan"]
    assert (score["scoreGiven"], score["scoreMaximum"]) == (16.0, 20.0)
    assert (score["activityProgress"], score["gradingProgress"]) == ("Completed", "FullyGraded")
