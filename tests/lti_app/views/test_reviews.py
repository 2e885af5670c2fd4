"""LtiSubmissionReviewRequest and the mentor's page: whose work is shown to whom."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.models.context import LinkMember
from lti_app.services.registrations import disable_registration
from scorm_runtime.core.tokens import read_token
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.attempt_report import AttemptInteraction
from tests.lti_app.conftest import stock
from tests.lti_app.fake_platform import INSTRUCTOR, LEARNER, TARGET

MENTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"
REVIEW = "LtiSubmissionReviewRequest"


@pytest.fixture
def begun(browser, portal):
    """Stan and Sara have opened the quiz; their player tokens."""
    stock(portal, "demo-quiz")
    custom = {"sc_item": "demo-quiz"}
    return [
        browser.token_of(browser.launch(sub=sub, name=name, custom=custom, roles=[LEARNER]))
        for sub, name in (("stan", "Stan Student"), ("sara", "Sara Sample"))
    ]


def review(browser, sub: str = "stan", **changes):
    """Tina reviews somebody's work."""
    claims = {
        "message_type": REVIEW,
        "roles": [INSTRUCTOR],
        "sub": "tina",
        "name": "Tina Teacher",
        "custom": {"sc_item": "demo-quiz"},
        "for_user": {"user_id": sub},
        **changes,
    }
    return browser.launch(**claims)


def test_a_teacher_sees_the_work_of_the_person_asked_for(browser, begun, tenant):
    """Submission Review 1.0, moodle.md 3"""
    with transaction(tenant) as session:
        session.add(
            AttemptInteraction(
                attempt_id=begun[0].attempt_id,
                item="quiz",
                position=0,
                name="q1",
                text="Which door?",
                response="left",
                result="wrong",
            )
        )
    answer = review(browser)
    assert answer.status_code == 303
    page = browser.open(answer.location)
    assert page.status_code == 200
    assert "Stan Student" in page.text
    assert "Which door?" in page.text
    assert "Sara" not in page.text
    assert "frame-ancestors" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers


def test_the_attempt_opens_for_looking_only(browser, begun, tenant):
    address = review(browser).location
    opened = browser.open(f"{address}/attempts/{begun[0].attempt_id}")
    token = browser.token_of(opened)
    assert (token.mode, token.attempt_id) == ("review", begun[0].attempt_id)
    path = opened.location.partition(":8000")[2]
    with browser.app.app_context():
        player = browser.client.get(path, base_url="http://127.0.0.1:8000")
        assert player.status_code == 200
        commit = browser.client.post(
            f"{path}commits",
            base_url="http://127.0.0.1:8000",
            json={"writer": 1, "number": 1, "entries": []},
        )
    assert commit.status_code in (400, 403)
    with transaction(tenant) as session:
        assert session.get_one(Attempt, token.attempt_id).state == "new"


def look(browser, attempt_id, **claims):
    """A launch at the address that went with a score."""
    target = f"{TARGET}?sc_attempt={attempt_id}"
    begun = browser.begin(target_link_uri=target)
    made = browser.platform.claims(begun, target_link_uri=target, **claims)
    return browser.post(begun, browser.platform.sign(made))


def test_the_address_that_went_with_a_score_opens_that_work(browser, begun):
    """SpeedGrader opens `submission_data` as an ordinary launch. CANVAS-27"""
    tina = {"roles": [INSTRUCTOR], "sub": "tina", "name": "Tina Teacher"}
    answer = look(browser, begun[1].attempt_id, custom={"sc_item": "demo-quiz"}, **tina)
    assert "/lti/review/" in answer.location
    page = browser.open(answer.location)
    assert "Sara Sample" in page.text
    assert "Stan" not in page.text


def test_a_learner_at_that_address_plays_and_sees_nobodys_work(browser, begun):
    answer = look(browser, begun[1].attempt_id, custom={"sc_item": "demo-quiz"}, roles=[LEARNER])
    assert browser.token_of(answer).user_id == begun[0].user_id


def test_an_attempt_of_another_link_is_not_shown_at_this_one(browser, begun):
    tina = {"roles": [INSTRUCTOR], "sub": "tina", "name": "Tina Teacher"}
    elsewhere = {"resource_link": {"id": "link-2", "title": "Another"}}
    answer = look(
        browser, begun[1].attempt_id, custom={"sc_item": "demo-quiz"}, **tina, **elsewhere
    )
    assert answer.status_code == 404
    assert "Sara" not in answer.text


def test_only_attempts_of_that_person_open(browser, begun):
    """Ids in addresses are checked against the viewer."""
    address = review(browser).location
    assert browser.open(f"{address}/attempts/{begun[1].attempt_id}").status_code == 404


@pytest.mark.parametrize("roles", [[LEARNER], [], [MENTOR]])
def test_nobody_but_teachers_reviews(browser, begun, roles):
    browser.refused(review(browser, roles=roles), "role_not_allowed")


def test_somebody_who_is_not_of_this_link_is_not_shown(browser, begun):
    browser.launch(sub="stranger", resource_link={"id": "link-2"}, roles=[LEARNER])
    answer = review(browser, sub="stranger")
    assert answer.status_code == 404
    assert "nothing to review yet" in answer.text
    assert browser.log()[0].reason == "review_nothing"


@pytest.mark.parametrize("for_user", [None, {}, {"user_id": ""}, {"user_id": []}, "4"])
def test_a_review_names_its_person(browser, begun, for_user):
    answer = review(browser, for_user=for_user)
    assert answer.status_code == 400
    assert browser.log()[0].reason in ("claim_missing", "claim_invalid")


def test_who_no_longer_teaches_the_link_sees_nothing(browser, begun, tenant, registration):
    """Neither page nor player: the role of the last launch counts."""
    address = review(browser).location
    player = browser.open(f"{address}/attempts/{begun[0].attempt_id}").location
    path = player.partition(":8000")[2]
    with transaction(tenant) as session:
        teacher = session.scalars(select(LinkMember).where(LinkMember.subject == "tina")).one()
        teacher.role = "learner"
    assert browser.open(address).status_code == 404
    with browser.app.app_context():
        status = browser.client.get(path, base_url="http://127.0.0.1:8000").status_code
    assert status == 401


def test_a_platform_that_is_switched_off_reviews_nothing(browser, begun, tenant, registration):
    address = review(browser).location
    with transaction(tenant) as session:
        disable_registration(session, registration)
    assert browser.open(address).status_code == 404


def test_a_review_token_is_of_the_learner_and_never_of_the_teacher(browser, begun):
    address = review(browser).location
    location = browser.open(f"{address}/attempts/{begun[0].attempt_id}").location
    text = location.split("/")[4]
    token = read_token(browser.app.config["SECRET_KEY"], text, datetime.now(UTC))
    assert (token.user_id, token.teacher) == (begun[0].user_id, False)


def test_a_mentor_sees_only_those_whom_the_platform_names(browser, begun):
    """LTI-R4"""
    answer = browser.launch(
        roles=[MENTOR],
        sub="mum",
        name="Mum",
        custom={"sc_item": "demo-quiz"},
        role_scope_mentor=["sara", "somebody-else"],
    )
    page = browser.open(answer.location)
    assert page.status_code == 200
    assert "Sara Sample" in page.text
    assert "Stan Student" not in page.text
    nobody = browser.launch(roles=[MENTOR], sub="dad", custom={"sc_item": "demo-quiz"})
    assert "None of them has opened" in browser.open(nobody.location).text


def test_a_mentors_address_is_his_own(browser, begun, tenant):
    """LTI-R4: once he is no mentor any more, it opens nothing."""
    answer = browser.launch(
        roles=[MENTOR], sub="mum", custom={"sc_item": "demo-quiz"}, role_scope_mentor=["sara"]
    )
    with transaction(tenant) as session:
        session.scalars(select(LinkMember).where(LinkMember.subject == "mum")).one().role = "none"
    assert browser.open(answer.location).status_code == 404
