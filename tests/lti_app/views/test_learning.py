"""The catalogue, the package's page, Play, and my learning."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.permissions import Role
from scorm_runtime.core.tokens import read_token
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services import packages
from tests.content.courses import document, unit
from tests.content.courses import publish as publish_course
from tests.lti_app.conftest import publish, stock

KEY = "demo-page-turner"


@pytest.fixture
def learner(portal):
    return portal.sign_in_as(Role.LEARNER)


@pytest.fixture
def shown(portal, learner):
    package_id = stock(portal)
    publish(portal, package_id)
    return package_id


def attempts(portal):
    with transaction(portal.tenant) as session:
        return list(session.scalars(select(Attempt)))


def test_an_empty_catalogue_says_what_comes_next(portal, learner):
    assert "Nothing has been published yet" in portal.get("/catalogue").text
    assert "Look into the catalogue" in portal.get("/learning").text


def test_published_packages_are_in_the_catalogue_and_others_not(portal, learner):
    package_id = stock(portal)
    assert f"/packages/{KEY}" not in portal.get("/catalogue").text
    assert portal.get(f"/packages/{KEY}").status_code == 404

    publish(portal, package_id)
    assert f"/packages/{KEY}" in portal.get("/catalogue").text
    assert portal.get(f"/packages/{KEY}").status_code == 200


def test_the_search_finds_words_of_the_title(portal, shown):
    with transaction(portal.tenant) as session:
        packages.edit_package(session, shown, title="Fire safety", description="100 % of it")

    assert f"/packages/{KEY}" in portal.get("/catalogue?q=SAFETY").text
    assert f"/packages/{KEY}" in portal.get("/catalogue?q=100 %").text
    assert f"/packages/{KEY}" not in portal.get("/catalogue?q=nothing").text


def test_play_opens_an_attempt_and_sends_the_browser_to_the_player(portal, learner, shown, app):
    answer = portal.post(f"/play/{shown}")

    (attempt,) = attempts(portal)
    url = app.config["LECTERN"].content_url
    assert answer.status_code == 303
    assert answer.location.startswith(f"{url}/p/")
    text = answer.location.removeprefix(f"{url}/p/").rstrip("/")
    token = read_token(app.config["SECRET_KEY"], text, datetime.now(UTC))
    assert (token.attempt_id, token.user_id, token.launch_ref, token.teacher) == (
        attempt.id,
        learner,
        "portal",
        False,
    )
    assert attempt.context_key == "portal"


def test_the_address_lasts_as_long_as_the_setting_says_and_is_renewed_for_as_long(
    portal, shown, app
):
    """PLAYER_TOKEN_HOURS, wherever a token is made. PAIN-13"""
    hours = timedelta(hours=app.config["LECTERN"].player_token_hours)
    begun = datetime.now(UTC)
    text = portal.post(f"/play/{shown}").location.rstrip("/").rpartition("/")[2]

    token = read_token(app.config["SECRET_KEY"], text, begun)
    assert abs(token.expires_at - begun - hours) < timedelta(minutes=1)
    assert app.extensions["scorm_runtime"].host.token_lifetime == hours


def test_playing_again_resumes_the_same_attempt(portal, shown):
    portal.post(f"/play/{shown}")
    portal.post(f"/play/{shown}")

    assert len(attempts(portal)) == 1


def test_what_was_begun_waits_in_my_learning(portal, shown):
    portal.post(f"/play/{shown}")

    assert "Go on where you were" in portal.get("/learning").text


def test_what_is_completed_is_finished_with_its_score(portal, shown):
    portal.post(f"/play/{shown}")
    with transaction(portal.tenant) as session:
        attempt = session.scalars(select(Attempt)).one()
        attempt.completion, attempt.success, attempt.score_scaled = "completed", "passed", 0.87

    page = portal.get("/learning").text
    assert "Finished" in page
    assert "Passed" in page
    assert ">87 <" in page


def test_unpublished_packages_are_played_by_those_who_edit_them_only(portal, learner):
    package_id = stock(portal)
    assert portal.post(f"/play/{package_id}").status_code == 404
    portal.post("/sign-out")
    portal.sign_in_as(Role.INSTRUCTOR)

    assert portal.post(f"/play/{package_id}").status_code == 303


def test_who_began_goes_on_after_a_package_was_unpublished(portal, shown):
    portal.post(f"/play/{shown}")
    with transaction(portal.tenant) as session:
        packages.publish_package(session, shown, published=False)

    assert portal.post(f"/play/{shown}").status_code == 303


def test_archived_packages_are_not_played(portal, shown):
    with transaction(portal.tenant) as session:
        packages.archive_package(session, shown, now=datetime.now(UTC))

    assert portal.post(f"/play/{shown}").status_code == 404
    assert portal.get(f"/packages/{KEY}").status_code == 404


def test_what_has_no_player_yet_says_so(portal, learner):
    package_id = stock(portal, "demo-2004")
    publish(portal, package_id)
    with transaction(portal.tenant) as session:
        package = packages.get_package(session, package_id)
        package.current_version.playable = False

    assert "cannot be played yet" in portal.get("/packages/demo-2004").text
    assert portal.post(f"/play/{package_id}").status_code == 409


def test_packages_of_another_tenant_do_not_exist(portal, learner, other_tenant):
    elsewhere = type(portal)(portal.app, portal.client, other_tenant, portal.origin)
    package_id = stock(elsewhere)
    publish(elsewhere, package_id)

    assert portal.get(f"/packages/{KEY}").status_code == 404
    assert portal.post(f"/play/{package_id}").status_code == 404


def test_a_finished_package_is_started_again_where_attempts_are_left(portal, learner, shown):
    portal.post(f"/play/{shown}")
    assert "Start again" not in portal.get("/learning").text
    assert portal.post(f"/play/{shown}/again").status_code == 409
    with transaction(portal.tenant) as session:
        packages.get_package(session, shown).settings = {"max_attempts": 2}
        session.scalars(select(Attempt)).one().completion = "completed"
    assert "Start again" in portal.get("/learning").text
    assert portal.post(f"/play/{shown}/again").status_code == 303
    assert sorted(attempt.number for attempt in attempts(portal)) == [1, 2]
    assert "Start again" not in portal.get("/learning").text


def test_the_first_page_shows_what_there_is_to_discover(portal, learner):
    with transaction(portal.tenant) as session:
        publish_course(session, document(unit(), title="Bread", difficulty="beginner"))
    page = portal.get("/learning")
    assert page.status_code == 200
    assert "Bread" in page.text
    assert "Beginner" in page.text
