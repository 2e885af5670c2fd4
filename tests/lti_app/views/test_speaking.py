"""The language that a person has chosen, on pages that know nobody by a cookie."""

import pytest

from database.session import transaction
from lti_app.core.permissions import Role
from tests.content.core.quiz.questions import TRUTH
from tests.content.quiz_world import make_quiz
from tests.lti_app.conftest import publish, stock

ENGLISH = {"Accept-Language": "en"}
CONTENT_URL = "http://127.0.0.1:8000"


@pytest.fixture
def learner(portal):
    package_id = stock(portal)
    publish(portal, package_id)
    portal.sign_in_as(Role.LEARNER)
    portal.post("/account/language", {"language": "ar"})
    return package_id


def test_the_player_speaks_it_on_an_origin_without_cookies(app, portal, learner):
    """The token in its address says who plays."""
    address = portal.post(f"/play/{learner}").location.removeprefix(CONTENT_URL)
    page = app.test_client().get(address, base_url=CONTENT_URL, headers=ENGLISH)
    assert page.status_code == 200
    assert '<html lang="ar" dir="rtl">' in page.text


def test_a_quiz_speaks_it(portal, learner):
    """Its pages stand outside the portal, for they are shown in frames too."""
    with transaction(portal.tenant) as session:
        quiz = make_quiz(session, [TRUTH])
        key = quiz.key
    start = portal.get(f"/quizzes/{key}", headers=ENGLISH).location
    page = portal.get(start, headers=ENGLISH)
    assert page.status_code == 200
    assert '<html lang="ar" dir="rtl">' in page.text
