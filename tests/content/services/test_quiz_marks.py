"""Marks of quizzes: by people, anew after a regrade, and what counts of several attempts."""

import pytest
from sqlalchemy import select

from content.core.quiz.errors import (
    QuizAttemptOver,
    QuizDraftChanged,
    QuizInvalid,
)
from content.models.quiz_attempt import GradingAudit
from content.services import questions, quizzes
from content.services.quiz_marking import list_marks, list_waiting, mark_by_hand, submit_attempt
from content.services.quiz_regrades import apply_next, claim, schedule
from content.services.quiz_regrading import rehearse
from content.services.quiz_reports import build_report
from tests.content.core.quiz.questions import ESSAY, FILL, ONE, TRUTH, option
from tests.content.quiz_world import NOW, begin, make_person, make_quiz, say


@pytest.fixture
def ann(session):
    return make_person(session, "Ann")


@pytest.fixture
def teacher(session):
    return make_person(session, "Tina")


def finish(session, attempt, answers, now=NOW):
    say(session, attempt, answers, now)
    return submit_attempt(session, attempt.id, now)[0]


def test_an_essay_waits_for_a_person_and_is_marked_by_the_rubric(session, ann, teacher):
    quiz = make_quiz(session, [ESSAY])
    attempt = begin(session, quiz, ann)
    done = finish(session, attempt, {1: "Because."})
    assert [row.attempt_id for row, *_ in list_waiting(session)] == [done.id]
    mark_by_hand(
        session,
        done.id,
        1,
        points=None,
        levels={"c": "1", "l": "1"},
        comment="Good.",
        made_by=teacher,
    )
    assert (done.points, done.score_scaled, done.is_pending_manual) == (6, 0.6, False)
    assert list_waiting(session) == []
    mark_by_hand(session, done.id, 1, points=10, levels={}, comment="", made_by=teacher)
    audit = session.scalars(select(GradingAudit).order_by(GradingAudit.id)).all()
    assert [(row.points_before, row.points_after, row.made_by) for row in audit] == [
        (0, 6, teacher),
        (6, 10, teacher),
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"points": 11, "levels": {}},
        {"points": -1, "levels": {}},
        {"points": None, "levels": {}},
        {"points": None, "levels": {"c": "1"}},
        {"points": None, "levels": {"c": "9", "l": "1"}},
        {"points": float("nan"), "levels": {}},
    ],
)
def test_a_mark_that_cannot_be_is_refused(session, ann, teacher, given):
    quiz = make_quiz(session, [ESSAY])
    done = finish(session, begin(session, quiz, ann), {1: "Because."})
    with pytest.raises(QuizInvalid):
        mark_by_hand(session, done.id, 1, comment="", made_by=teacher, **given)
    assert list_marks(session, done.id)[1].status == "waiting"


def test_a_running_attempt_is_not_marked(session, ann, teacher):
    attempt = begin(session, make_quiz(session, [ESSAY]), ann)
    with pytest.raises(QuizAttemptOver):
        mark_by_hand(session, attempt.id, 1, points=1, levels={}, comment="", made_by=teacher)


def test_a_regrade_is_rehearsed_and_applies_only_what_was_seen(session, ann, teacher):
    ben = make_person(session, "Ben")
    quiz = make_quiz(session, [ONE, FILL])
    first = finish(session, begin(session, quiz, ann), {1: "a", 2: {"1": "Paris"}})
    other = finish(session, begin(session, quiz, ben), {1: "b"})
    assert rehearse(session, quiz).changes == ()
    row = questions.list_questions(session, quiz_id=quiz.id)[0]
    options = [option("a", True), option("b"), option("c")]
    questions.change_question(session, row, {**ONE, "options": options, "points": 3})
    quizzes.publish_quiz(session, quiz, published_by=teacher, now=NOW)
    found = rehearse(session, quiz)
    assert (first.points, other.points) == (0.5, 1)
    assert {attempt.id for attempt, *_ in found.attempts} == {first.id, other.id}
    with pytest.raises(QuizDraftChanged):
        schedule(session, quiz, "other", made_by=teacher, reason="wrong key")
    with pytest.raises(QuizInvalid):
        schedule(session, quiz, found.fingerprint, made_by=teacher, reason=" ")
    row = schedule(session, quiz, found.fingerprint, made_by=teacher, reason="wrong key")
    with pytest.raises(QuizDraftChanged, match="under way"):
        schedule(session, quiz, found.fingerprint, made_by=teacher, reason="wrong key")
    assert claim(session, row.id, NOW)
    assert not claim(session, row.id, NOW)
    assert apply_next(session, row.id, limit=5, now=NOW)[1] == 0
    assert (first.points, first.points_max, other.points) == (3.5, 4, 0)
    assert rehearse(session, quiz).changes == ()
    audit = session.scalars(select(GradingAudit)).all()
    assert {(row.kind, row.reason, row.batch is None) for row in audit} == {
        ("regrade", "wrong key", False)
    }


@pytest.mark.parametrize(
    ("counting", "expected"), [("best", 1.0), ("last", 0.0), ("first", 0.5), ("average", 0.5)]
)
def test_what_counts_of_several_attempts_is_reported(session, ann, counting, expected):
    quiz = make_quiz(session, [TRUTH, {**TRUTH, "text": "Ice."}], counting=counting)
    for answers in ({1: True}, {1: True, 2: True}, {1: False}):
        attempt = finish(session, begin(session, quiz, ann), answers)
    report = build_report(session, attempt, ("completed",), NOW)
    assert report is not None
    assert report.counted is not None
    assert report.counted.score_scaled == expected
    assert report.attempt.score_scaled == 0.0


def test_a_preview_counts_nowhere(session, teacher):
    quiz = make_quiz(session, [ESSAY], attempts_allowed=1)
    for _ in range(2):
        attempt = begin(session, quiz, teacher, context_key="preview")
        finish(session, attempt, {1: "x"})
    assert build_report(session, attempt, ("completed",), NOW) is None
    assert list_waiting(session) == []
