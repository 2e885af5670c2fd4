"""Quizzes by themselves on the portal: in the catalogue, and among what somebody learns."""

import pytest

from content.services import quizzes
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services import quiz_outcomes
from tests.content.core.quiz.questions import ESSAY, TRUTH
from tests.content.quiz_world import NOW, make_quiz, minutes, say
from tests.content.quiz_world import begin as begin_attempt
from tests.lti_app.conftest import Portal


@pytest.fixture
def learner(portal: Portal) -> Portal:
    portal.user = portal.sign_in_as(Role.LEARNER)
    return portal


def stock(portal: Portal, title: str, raws=(TRUTH,), *, listed: bool = True, **settings):
    with transaction(portal.tenant) as session:
        quiz = make_quiz(session, raws, title=title, **settings)
        quizzes.list_in_catalogue(session, quiz, listed=listed)
        quizzes.change_quiz(session, quiz, quiz.revision, NOW, description="About **wet** things.")
        quizzes.publish_quiz(session, quiz, published_by=None, now=NOW)
        return quiz.id


def take(portal: Portal, quiz_id, answer=None) -> None:
    """An attempt; handed in with `answer`, else left running."""
    with transaction(portal.tenant) as session:
        quiz = quizzes.get_quiz(session, quiz_id)
        attempt = begin_attempt(session, quiz, portal.user)
        if answer is not None:
            say(session, attempt, {1: answer})
            quiz_outcomes.submit(session, attempt.id, NOW + minutes(1), "https://x.test")


def test_only_what_is_offered_and_published_is_in_the_catalogue(learner):
    """A quiz of a course is published, too; nobody is to come upon it by itself."""
    stock(learner, "Offered")
    stock(learner, "Of a course", listed=False)
    archived = stock(learner, "Archived")
    with transaction(learner.tenant) as session:
        quiz = quizzes.get_quiz(session, archived)
        quizzes.archive_quiz(session, quiz, archived=True, now=NOW)
    page = learner.get("/catalogue").text
    assert "Offered" in page
    assert "About wet things." in page
    assert "Of a course" not in page
    assert "Archived" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=offer", True),
        ("q=wet+things", True),
        ("q=dry", False),
        ("kind=quiz", True),
        ("kind=course", False),
        ("kind=package", False),
        ("tag=green", False),
        ("q=%25", False),
    ],
)
def test_the_search_finds_quizzes(learner, query, found):
    stock(learner, "Offered")
    assert ("Offered" in learner.get(f"/catalogue?{query}").text) is found


@pytest.mark.parametrize(
    ("raws", "settings", "answer", "says", "score"),
    [
        ((TRUTH,), {}, None, "In progress", False),
        ((TRUTH,), {"passing_percent": 50}, True, "Passed", True),
        ((TRUTH,), {"passing_percent": 50}, False, "Not passed", True),
        ((TRUTH,), {"passing_percent": 50, "show_results": "never"}, False, "Handed in", False),
        ((ESSAY,), {}, "Because.", "Waits for your teacher", False),
    ],
    ids=["running", "passed", "failed", "results not shown", "an essay"],
)
def test_what_was_begun_is_among_what_somebody_learns(learner, raws, settings, answer, says, score):
    quiz = stock(learner, "Mine", raws, listed=False, **settings)
    assert "Mine" not in learner.get("/learning").text
    take(learner, quiz, answer)
    page = learner.get("/learning").text
    line = page[page.index("Mine") :].split("</li>")[0]
    assert says in line
    assert ("of 100" in line) is score


def test_a_teacher_offers_a_quiz_in_the_catalogue_and_takes_it_out(portal):
    teacher = portal.sign_in_as(Role.INSTRUCTOR)
    with transaction(portal.tenant) as session:
        quiz = make_quiz(session, [TRUTH], title="Puddles", created_by=teacher)
    for is_there in (True, False):
        portal.post(f"/admin/quizzes/{quiz.id}/listing")
        assert ("Puddles" in portal.get("/catalogue").text) is is_there


def test_somebody_elses_quiz_is_not_offered_by_an_author(portal):
    with transaction(portal.tenant) as session:
        quiz = make_quiz(session, [TRUTH])
    portal.sign_in_as(Role.CONTENT_CREATOR)
    assert portal.post(f"/admin/quizzes/{quiz.id}/listing").status_code == 403
