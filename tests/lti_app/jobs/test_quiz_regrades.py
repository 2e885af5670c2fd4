"""A regrade is a job: it goes on when the page is closed, and when its worker dies."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from content.models.quiz_attempt import GradingAudit, QuizAttempt
from content.models.quiz_regrade import QuizRegrade
from content.services import questions, quiz_regrades, quizzes
from content.services.quiz_marking import list_marks, mark_by_hand
from content.services.quiz_regrading import rehearse
from database.session import transaction
from lti_app.jobs import quiz_regrades as job
from lti_app.models.grade import Grade
from lti_app.services import quiz_outcomes
from tests.content.core.quiz.questions import TRUTH
from tests.content.quiz_world import NOW, begin, make_person, make_quiz, say


@pytest.fixture
def regrade(tenant):
    """Three people were right by a key that was wrong; its regrade waits."""
    with transaction(tenant) as session:
        teacher = make_person(session, "Tina")
        quiz = make_quiz(session, [TRUTH], created_by=teacher)
        for name in ("Ann", "Ben", "Cem"):
            attempt = begin(session, quiz, make_person(session, name))
            say(session, attempt, {1: True})
            quiz_outcomes.submit(session, attempt.id, NOW, "http://localhost")
        change_key(session, quiz, is_true=False)
        found = rehearse(session, quiz)
        row = quiz_regrades.schedule(
            session, quiz, found.fingerprint, made_by=teacher, reason="a wrong key"
        )
        return quiz.id, row.id, teacher


def change_key(session, quiz, *, is_true):
    row = questions.list_questions(session, quiz_id=quiz.id)[0]
    questions.change_question(session, row, {**row.body, "is_true": is_true})
    quizzes.publish_quiz(session, quiz, published_by=quiz.created_by, now=NOW)


def scores(tenant):
    with transaction(tenant) as session:
        return sorted(one.score_scaled for one in session.scalars(select(QuizAttempt)))


def get_row(tenant, row_id):
    with transaction(tenant) as session:
        return session.get_one(QuizRegrade, row_id)


def test_everybody_gets_the_new_mark_and_the_new_grade_once(tenant, regrade, monkeypatch):
    """A part is a transaction; asked for twice, it does nothing more."""
    monkeypatch.setattr(job, "AT_ONCE", 2)
    _quiz, row_id, teacher = regrade
    for _ in range(2):
        job.run(str(tenant), str(row_id))
    assert scores(tenant) == [0, 0, 0]
    done = get_row(tenant, row_id)
    assert (done.state, done.done, done.total, done.attempts) == ("done", 3, 3, [])
    with transaction(tenant) as session:
        assert {one.score for one in session.scalars(select(Grade))} == {0}
        audit = session.scalars(select(GradingAudit)).all()
    told = {(one.kind, one.reason, one.made_by, one.batch) for one in audit}
    assert (len(audit), told) == (3, {("regrade", "a wrong key", teacher, row_id)})


def test_a_worker_that_dies_leaves_the_rest_to_the_next_one(tenant, regrade, monkeypatch):
    monkeypatch.setattr(job, "AT_ONCE", 1)
    record, told = quiz_outcomes.record_marking, []

    def die_at_the_second(*given):
        told.append(given)
        if len(told) == 2:
            raise SystemExit
        record(*given)

    monkeypatch.setattr(quiz_outcomes, "record_marking", die_at_the_second)
    with pytest.raises(SystemExit):
        job.run(str(tenant), str(regrade[1]))
    assert scores(tenant) == [0, 1, 1]
    assert get_row(tenant, regrade[1]).done == 1
    assert job.sweep(tenant, datetime.now(UTC) + timedelta(minutes=5)) == 1
    job.run(str(tenant), str(regrade[1]))
    assert scores(tenant) == [0, 0, 0]


def test_one_that_was_killed_is_found_by_the_sweep_and_by_nobody_before(tenant, regrade):
    """No worker had time to say that it ends."""
    row_id, now = regrade[1], datetime.now(UTC)
    with transaction(tenant) as session:
        assert quiz_regrades.claim(session, row_id, now)
    assert job.sweep(tenant, now + timedelta(minutes=1)) == 0
    job.run(str(tenant), str(row_id))
    assert scores(tenant) == [1, 1, 1]
    assert job.sweep(tenant, now + timedelta(minutes=3)) == 1
    long_ago = update(QuizRegrade).values(touched_at=now - timedelta(minutes=3))
    with transaction(tenant) as session:
        session.execute(long_ago)
    job.run(str(tenant), str(row_id))
    assert scores(tenant) == [0, 0, 0]


def test_one_that_never_gets_further_says_so(tenant, regrade, monkeypatch):
    def refuse(*_given):
        raise RuntimeError("no")

    monkeypatch.setattr(quiz_outcomes, "record_marking", refuse)
    for _ in range(quiz_regrades.MAX_TRIES):
        with pytest.raises(RuntimeError):
            job.run(str(tenant), str(regrade[1]))
    assert get_row(tenant, regrade[1]).state == "failed"
    assert scores(tenant) == [1, 1, 1]


def test_the_key_that_was_seen_is_applied_and_what_a_person_marked_meanwhile_stays(tenant, regrade):
    quiz_id, row_id, teacher = regrade
    with transaction(tenant) as session:
        quiz = quizzes.get_quiz(session, quiz_id)
        first = session.scalars(select(QuizAttempt).order_by(QuizAttempt.id)).first()
        by_hand = {"levels": {}, "comment": "", "made_by": teacher}
        mark_by_hand(session, first.id, 1, points=0.5, **by_hand)
        change_key(session, quiz, is_true=True)
    job.run(str(tenant), str(row_id))
    assert scores(tenant) == [0, 0, 0.5]
    with transaction(tenant) as session:
        assert list_marks(session, first.id)[1].status == "marked"
