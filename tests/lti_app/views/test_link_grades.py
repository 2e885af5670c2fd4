"""The teacher's page in the platform's frame, and what the player asks about grades."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app import queue
from lti_app.core.lti.page_token import LinkGradesToken, sign_page_token
from lti_app.models.grade import Passback
from lti_app.services import grades, registrations
from lti_app.views.player_host import PlayerDoors
from tests.lti_app.fake_platform import INSTRUCTOR
from tests.lti_app.learner import Learner

pytestmark = pytest.mark.usefixtures("doors")


@pytest.fixture
def player(app) -> PlayerDoors:
    return PlayerDoors("http://localhost:8000", app.config["SECRET_KEY"])


@pytest.fixture
def stan(browser) -> Learner:
    return Learner(browser)


@pytest.fixture
def tina(browser, stan) -> Learner:
    """A teacher of the same link."""
    return Learner(
        browser, roles=[INSTRUCTOR], sub="tina", name="Tina Teacher", email="t@example.com"
    )


def page_of(player, person) -> str | None:
    with transaction(person.tenant) as session:
        return player.grades_url(session, person.token)


def path_of(player, person) -> str:
    url = page_of(player, person)
    assert url is not None
    return urlsplit(url).path


def test_only_a_teacher_gets_the_address(player, stan, tina):
    assert page_of(player, stan) is None
    assert page_of(player, tina).startswith("http://localhost:8000/lti/links/")


def test_the_address_alone_opens_nothing(browser, player, stan, tina):
    """Content in the player can read it and tell it to its author, who has no such browser."""
    path = path_of(player, tina)
    stan.finish()
    own = browser.client
    browser.client = browser.app.test_client()
    assert browser.open(path).status_code == 401
    browser.launch()  # a learner's browser
    assert browser.open(path).status_code == 401
    assert "Stan" not in browser.open(path).text
    browser.client = own
    assert browser.open(path).status_code == 200


def test_the_page_has_no_session_and_shows_who_what_when_and_the_answer(
    browser, player, stan, tina, platform
):
    """Issue: who, what, when sent, what the platform said, send again"""
    platform.fail("500")
    row_id = stan.finish()
    stan.send(row_id)
    answer = browser.open(path_of(player, tina))
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    for words in ("Stan Student", "80", "passed", "The platform reported an error"):
        assert words in answer.text
    assert "answer 500" in answer.text
    assert "8.0 of 10.0" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors {platform.origin}" in policy
    assert "X-Frame-Options" not in answer.headers


def test_send_again_makes_a_new_sending(browser, player, stan, tina, platform, doors):
    stan.send(stan.finish())
    path = path_of(player, tina)
    action = re.search(r'action="(/lti/links/[^"]+/grades/[^"]+/send)"', browser.open(path).text)[1]
    doors.clear()
    answer = browser.open(action, "POST")
    assert answer.status_code == 303
    assert doors == [(queue.DELIVER_SCORES, stan.tenant, stan.launch.registration_id)]
    with transaction(stan.tenant) as session:
        grade = grades.find_link_grade(session, stan.launch.resource_link_id, stan.token.user_id)
        rows = select(Passback.id).where(Passback.grade_id == grade.id)
        row_id = session.scalars(rows.order_by(Passback.id.desc())).first()
    assert stan.row(row_id).requested_by == tina.token.user_id
    assert stan.send(row_id).state == "sent"
    assert stan.grade["times"] == 2
    assert "on its way again" in browser.open(answer.location).text


def test_the_page_leads_to_what_is_missing_in_the_attempt(browser, player, stan, tina):
    """PAIN-06"""
    stan.finish(completion="incomplete", success="unknown")
    page = browser.open(path_of(player, tina)).text
    link = re.search(r'href="(/lti/links/[^"]+/why)"', page)[1]
    answer = browser.open(link)
    assert "Stan Student" in answer.text
    assert "no part that could be played" in answer.text  # true of the package of these tests
    assert "set-cookie" not in answer.headers


def test_a_teacher_of_one_link_is_not_told_of_attempts_of_another(browser, player, stan, tina):
    other = Learner(browser, sub="sara", email=None, resource_link={"id": "link-2"})
    other.finish()
    with transaction(stan.tenant) as session:
        foreign = grades.find_link_grade(
            session, other.launch.resource_link_id, other.token.user_id
        )
    assert browser.open(f"{path_of(player, tina)}/{foreign.id}/why").status_code == 404


def test_a_learner_with_an_address_sees_nothing(browser, app, stan):
    """Ids are checked against the viewer: the role of the last launch counts."""
    token = LinkGradesToken(
        stan.tenant,
        stan.launch.resource_link_id,
        stan.token.user_id,
        datetime.now(UTC) + timedelta(hours=1),
    )
    text = sign_page_token(app.config["SECRET_KEY"], token)
    assert browser.open(f"/lti/links/{text}/grades").status_code == 404


def test_a_teacher_of_one_link_cannot_send_grades_of_another(browser, player, stan, tina):
    stan.finish()
    other = Learner(browser, sub="sara", email=None, resource_link={"id": "link-2"})
    other.finish()
    with transaction(stan.tenant) as session:
        foreign = grades.find_link_grade(
            session, other.launch.resource_link_id, other.token.user_id
        )
    path = path_of(player, tina)
    assert browser.open(f"{path}/{foreign.id}/send", "POST").status_code == 404


def test_an_address_that_is_over_or_forged_opens_nothing(browser, app, player, tina):
    old = LinkGradesToken(
        tina.tenant,
        tina.launch.resource_link_id,
        tina.token.user_id,
        datetime.now(UTC) - timedelta(seconds=1),
    )
    text = sign_page_token(app.config["SECRET_KEY"], old)
    assert browser.open(f"/lti/links/{text}/grades").status_code == 401
    assert browser.open("/lti/links/x.y/grades").status_code == 404


def chip(player, person):
    in_a_request = person.browser.app.test_request_context()  # for the language
    with in_a_request, transaction(person.tenant) as session:
        return player.status_chip(session, person.token)


def test_the_chip_follows_the_grade(player, stan, platform):
    """Issue: "grade sent / waiting / refused: why" """
    assert chip(player, stan) is None
    row_id = stan.finish()
    assert (chip(player, stan).text, chip(player, stan).final) == ("Grade on its way", False)
    platform.fail("500")
    stan.send(row_id)
    assert chip(player, stan).text.startswith("Grade waiting: The platform reported")
    stan.make_due(row_id)
    stan.send(row_id)
    assert (chip(player, stan).text, chip(player, stan).tone) == ("Grade sent", "success")
    platform.fail("422")
    stan.send(stan.finish(score_scaled=0.9))
    shown = chip(player, stan)
    assert shown.text == "Grade not taken: The platform does not grade this person in this course."
    assert (shown.tone, shown.final) == ("danger", True)


def test_the_chip_tells_a_teacher_that_nothing_is_sent(player, tina):
    tina.finish()
    assert "No grade is sent" in chip(player, tina).text


def test_exit_leads_back_to_the_platform_or_to_the_portal(player, stan, platform):
    with transaction(stan.tenant) as session:
        url = player.exit_url(session, stan.token)  # with a word for the platform's log
        assert url.startswith(f"{platform.issuer}/course/2?sesskey=secret&lti_log=Lectern+")
        portal = replace(stan.token, launch_ref="portal")
        assert player.exit_url(session, portal) == "http://localhost:8000/learning"
        assert player.status_chip(session, portal) is None
        assert player.grades_url(session, replace(portal, teacher=True)) is None


def test_a_launch_without_return_url_ends_on_a_page_of_ours(browser, player):
    sara = Learner(browser, sub="sara", email=None, launch_presentation=None)
    with transaction(sara.tenant) as session:
        url = player.exit_url(session, sara.token)
    answer = browser.open(urlsplit(url).path)
    assert answer.status_code == 200
    assert "You have left the activity" in answer.text


def test_the_learners_name_is_family_given(player, stan, browser):
    nameless = Learner(browser, sub="x", email=None, name=None, given_name=None, family_name=None)
    with transaction(stan.tenant) as session:
        assert player.learner(session, stan.token.user_id).name == "Student, Stan"
        assert player.learner(session, nameless.token.user_id).name.startswith("Learner ")


def test_only_origins_of_active_platforms_may_frame(player, stan, platform, registration):
    with transaction(stan.tenant) as session:
        assert player.frame_ancestors(session) == [platform.origin]
        registrations.disable_registration(session, registration)
        assert player.frame_ancestors(session) == []
