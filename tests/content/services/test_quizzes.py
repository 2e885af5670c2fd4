"""Quizzes in the database: versions that never change, attempts, the journal, marks, regrades."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from content.core.quiz.errors import (
    QuizDraftChanged,
    QuizInvalid,
    QuizMissing,
    QuizNotOpen,
)
from content.core.quiz.journal import Entry
from content.core.quiz.policy import Accommodation
from content.core.quiz.settings import SettingsInvalid
from content.models.quiz_attempt import QuizAnswer
from content.services import questions, quizzes
from content.services.quiz_attempts import (
    extend_running,
    list_expired,
    open_attempt,
    open_window,
    read_paper,
)
from content.services.quiz_journal import list_journal, record_entries
from content.services.quiz_marking import submit_attempt
from tests.content.core.quiz.questions import ONE, TRUTH
from tests.content.quiz_world import NOW, begin, make_person, make_quiz, minutes, right_answers, say


@pytest.fixture
def ann(session):
    return make_person(session, "Ann")


@pytest.fixture
def teacher(session):
    return make_person(session, "Tina")


def finish(session, attempt, answers, now=NOW):
    say(session, attempt, answers, now)
    return submit_attempt(session, attempt.id, now)[0]


def test_right_answers_to_every_kind_give_all_points_but_those_of_the_essay(session, ann):
    quiz = make_quiz(session)
    attempt = begin(session, quiz, ann)
    done = finish(session, attempt, right_answers(session, attempt))
    assert (done.points, done.points_max, done.is_pending_manual) == (7, 17, True)


def test_attempts_keep_their_version_when_the_quiz_is_changed(session, ann):
    """PAIN-25"""
    quiz = make_quiz(session, [ONE])
    attempt = begin(session, quiz, ann)
    row = questions.list_questions(session, quiz_id=quiz.id)[0]
    questions.change_question(session, row, {**ONE, "text": "Another one?"})
    quizzes.publish_quiz(session, quiz, published_by=None, now=NOW)
    assert read_paper(session, attempt)[1][0].text == "Which one?"
    again, is_new = open_attempt(session, quiz.id, ann, "portal", NOW)
    assert (again.id, is_new) == (attempt.id, False)
    submit_attempt(session, attempt.id, NOW)
    second = begin(session, quiz, ann)
    assert read_paper(session, second)[1][0].text == "Another one?"


def test_publishing_makes_a_version_of_a_question_only_when_it_changed(session):
    quiz = make_quiz(session, [ONE, TRUTH])
    rows = questions.list_questions(session, quiz_id=quiz.id)
    before = [row.current_version_id for row in rows]
    questions.change_question(session, rows[0], {**ONE, "points": 2})
    quizzes.publish_quiz(session, quiz, published_by=None, now=NOW)
    assert rows[0].current_version_id != before[0]
    assert rows[1].current_version_id == before[1]
    assert [version.number for version in quizzes.list_versions(session, quiz.id)] == [2, 1]


def test_who_saves_an_older_draft_is_told(session):
    quiz = make_quiz(session, [ONE])
    with pytest.raises(QuizDraftChanged):
        quizzes.change_quiz(session, quiz, quiz.revision - 1, NOW, title="Mine")
    with pytest.raises(SettingsInvalid):
        quizzes.change_quiz(session, quiz, quiz.revision, NOW, settings={"counting": "worst"})


def test_what_cannot_be_taken_is_not_published(session):
    quiz = quizzes.create_quiz(session, "Empty", created_by=None, now=NOW)
    with pytest.raises(QuizInvalid):
        quizzes.publish_quiz(session, quiz, published_by=None, now=NOW)
    bank = questions.create_bank(session, "Small", created_by=None)
    draw = {"bank": str(bank.id), "count": 3, "points": 1}
    quizzes.change_quiz(session, quiz, quiz.revision, NOW, items=[draw])
    with pytest.raises(QuizInvalid, match="3 questions"):
        quizzes.publish_quiz(session, quiz, published_by=None, now=NOW)


def test_questions_are_drawn_by_tag_and_not_twice_for_the_same_learner(session, ann):
    bank = questions.create_bank(session, "Arithmetic", created_by=None)
    for at in range(6):
        tags = ["easy"] if at < 4 else ["hard"]
        questions.add_question(session, {**ONE, "text": f"Q{at}", "tags": tags}, bank_id=bank.id)
    quiz = quizzes.create_quiz(session, "Drawn", created_by=None, now=NOW)
    draw = {"bank": str(bank.id), "tags": ["Easy"], "count": 2, "points": 5}
    quizzes.change_quiz(session, quiz, quiz.revision, NOW, items=[draw])
    quizzes.publish_quiz(session, quiz, published_by=None, now=NOW)
    seen = set()
    for _ in range(2):
        attempt = begin(session, quiz, ann)
        assert attempt.points_max == 10
        seen |= {question.text for question, _ in read_paper(session, attempt).values()}
        submit_attempt(session, attempt.id, NOW)
    assert seen == {"Q0", "Q1", "Q2", "Q3"}


def test_keys_are_unique_and_speak(session):
    made = [quizzes.create_quiz(session, "Über Öl!", created_by=None, now=NOW) for _ in range(2)]
    assert [quiz.key for quiz in made] == ["uber-ol", "uber-ol-2"]


def test_another_tenant_sees_nothing(session, other_tenant, ann):
    from database.session import transaction

    quiz = make_quiz(session, [ONE])
    with transaction(other_tenant) as other:
        assert quizzes.find_quiz(other, quiz.id) is None


def test_attempts_are_counted_and_more_may_be_granted(session, ann):
    quiz = make_quiz(session, [ONE], attempts_allowed=1)
    submit_attempt(session, begin(session, quiz, ann).id, NOW)
    with pytest.raises(QuizNotOpen) as refused:
        begin(session, quiz, ann)
    assert refused.value.reason == "no_attempts_left"
    quizzes.grant(
        session, quiz.id, ann, Accommodation(extra_attempts=1), reason="ill", made_by=None
    )
    assert begin(session, quiz, ann).number == 2


def test_each_place_has_attempts_of_its_own(session, ann):
    quiz = make_quiz(session, [ONE], attempts_allowed=1)
    begin(session, quiz, ann)
    assert begin(session, quiz, ann, context_key=f"link:{uuid4()}").number == 1


def test_a_repeated_entry_is_acknowledged_and_changes_nothing(session, ann):
    """PAIN-02"""
    quiz = make_quiz(session, [TRUTH])
    attempt = begin(session, quiz, ann)
    for _ in range(2):
        entries = [Entry(1, "answer", 1, True), Entry(2, "answer", 1, False)]
        assert record_entries(session, attempt.id, 1, entries, NOW).acknowledged == 2
    assert attempt.answers == {"1": {"value": False, "by": [1, 2]}}
    assert len(list_journal(session, attempt.id)) == 2


def test_nothing_is_acknowledged_beyond_a_gap(session, ann):
    quiz = make_quiz(session, [TRUTH])
    attempt = begin(session, quiz, ann)
    done = record_entries(session, attempt.id, 1, [Entry(2, "answer", 1, True)], NOW)
    assert done.acknowledged == 0
    assert attempt.answers == {}


def test_what_an_older_window_left_behind_does_not_overwrite_a_newer_answer(session, ann):
    """PAIN-11"""
    quiz = make_quiz(session, [TRUTH, {**TRUTH, "text": "Ice is hot."}])
    attempt = begin(session, quiz, ann)
    open_window(session, attempt.id, NOW)
    record_entries(session, attempt.id, 2, [Entry(1, "answer", 1, True)], NOW)
    late = [Entry(1, "answer", 1, False), Entry(2, "answer", 2, False)]
    assert record_entries(session, attempt.id, 1, late, NOW).acknowledged == 2
    assert {slot: one["value"] for slot, one in attempt.answers.items()} == {"1": True, "2": False}
    assert [row.remark for row in list_journal(session, attempt.id)] == ["", "older", ""]


def test_a_wrong_entry_is_kept_told_and_holds_up_nothing(session, ann):
    quiz = make_quiz(session, [ONE, TRUTH])
    attempt = begin(session, quiz, ann)
    entries = [
        Entry(1, "answer", 1, "b"),  # the author's name: unknown on this side
        Entry(2, "answer", 9, True),
        Entry(3, "answer", 2, True),
    ]
    done = record_entries(session, attempt.id, 1, entries, NOW)
    assert done.acknowledged == 3
    assert [number for number, _ in done.refused] == [1, 2]
    assert set(attempt.answers) == {"2"}


def test_an_unknown_window_is_refused(session, ann):
    attempt = begin(session, make_quiz(session, [TRUTH]), ann)
    with pytest.raises(QuizMissing):
        record_entries(session, attempt.id, 2, [Entry(1, "answer", 1, True)], NOW)


def test_the_server_keeps_the_time_with_a_grace_for_the_network(session, ann):
    quiz = make_quiz(session, [TRUTH], time_limit_minutes=10, grace_seconds=30)
    attempt = begin(session, quiz, ann)
    in_grace = NOW + minutes(10) + timedelta(seconds=29)
    assert not record_entries(
        session, attempt.id, 1, [Entry(1, "answer", 1, True)], in_grace
    ).is_over
    after = NOW + minutes(10) + timedelta(seconds=31)
    done = record_entries(session, attempt.id, 1, [Entry(2, "answer", 1, False)], after)
    assert (done.is_over, done.acknowledged) == (True, 1)
    assert attempt.answers["1"]["value"] is True
    late = session.scalars(select(QuizAnswer).where(QuizAnswer.is_late)).all()
    assert [row.value for row in late] == [False]


def test_what_expired_is_found_after_the_grace_and_submitted_as_it_was_acknowledged(session, ann):
    quiz = make_quiz(session, [TRUTH], time_limit_minutes=10, grace_seconds=60)
    attempt = begin(session, quiz, ann)
    say(session, attempt, {1: True})
    assert list_expired(session, NOW + minutes(10.9)) == []
    assert list_expired(session, NOW + minutes(11.1)) == [attempt.id]
    done, _ = submit_attempt(session, attempt.id, NOW + minutes(30), ended_by="time")
    assert (done.points, done.ended_by, done.submitted_at) == (1, "time", NOW + minutes(10))


def test_more_time_reaches_an_attempt_that_is_running(session, ann):
    quiz = make_quiz(session, [TRUTH], time_limit_minutes=10)
    attempt = begin(session, quiz, ann)
    quizzes.grant(
        session, quiz.id, ann, Accommodation(extra_time_percent=50), reason="", made_by=None
    )
    extend_running(session, quiz.id, ann)
    assert attempt.due_at == NOW + minutes(15)


def test_handing_in_twice_changes_nothing(session, ann):
    quiz = make_quiz(session, [TRUTH])
    attempt = begin(session, quiz, ann)
    say(session, attempt, {1: True})
    assert submit_attempt(session, attempt.id, NOW)[1] is True
    assert submit_attempt(session, attempt.id, NOW + minutes(1))[1] is False
    assert attempt.submitted_at == NOW
    assert record_entries(session, attempt.id, 1, [Entry(2, "answer", 1, False)], NOW).is_over
