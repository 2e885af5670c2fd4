"""Quizzes as files of a course's folder: in, out, and the same again; versions are kept."""

from datetime import UTC, datetime

import pytest

from content.core.quiz.errors import QuizInvalid
from content.core.quiz.reading import read_question
from content.core.quiz.writing import write_short
from content.services import questions, quizzes
from content.services.quiz_folders import is_published, sync_quiz, write_quiz
from tests.content.core.quiz.questions import ALL, ONE, TRUTH, question

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILE = {"title": "Q", "settings": {"passing_percent": 70}, "questions": list(ALL)}


def sync(session, told, key="q", **values):
    changed = sync_quiz(session, key, told, by=None, now=NOW, **values)
    return changed, quizzes.find_quiz_by_key(session, key)


@pytest.mark.parametrize("raw", ALL, ids=lambda raw: raw["kind"])
def test_a_short_question_is_the_same_question(raw):
    asked = question(raw, points=2, feedback_right="Well done")
    short = write_short(asked)
    assert read_question(short) == asked
    assert not {"feedback", "tags", "extra"} & set(short)


def test_a_file_read_again_changes_nothing_and_what_is_written_is_the_same_quiz(session, tenant):
    changed, quiz = sync(session, FILE)
    assert (changed, quiz.state, len(quizzes.list_versions(session, quiz.id))) == (
        *(True, "published"),
        1,
    )
    assert sync(session, FILE)[0] is False
    told = write_quiz(session, quiz)
    assert sync(session, told)[0] is False
    assert sync(session, told, key="copy")[0] is True
    assert write_quiz(session, quizzes.find_quiz_by_key(session, "copy")) == told


def test_a_changed_file_is_the_next_version_of_the_same_questions(session, tenant):
    _, quiz = sync(session, {"title": "Q", "questions": [ONE, TRUTH]})
    before, first = [item["question"] for item in quiz.items], quiz.current_version_id
    other = {**TRUTH, "is_true": False}
    assert sync(session, {"title": "Q", "questions": [other, ONE, *ALL[3:4]]})[0]
    after = [item["question"] for item in quiz.items]
    assert after[:2] == [before[1], before[0]]
    assert [one.number for one in quizzes.list_versions(session, quiz.id)] == [2, 1]
    old = quizzes.get_version(session, first)
    kept = questions.read_versions(session, [item["question"] for item in old.items])
    assert {asked.is_true for _row, asked in kept.values() if asked.kind == "true_false"} == {True}


def test_a_draft_is_published_later_and_what_left_the_file_is_asked_no_more(session, tenant):
    _, quiz = sync(session, {"questions": [ONE, TRUTH]})
    changed, _ = sync(session, {"questions": [{**ONE, "text": "Now?"}]}, publish=False)
    assert changed
    assert not is_published(session, quiz)
    assert len(questions.list_questions(session, quiz_id=quiz.id)) == 1
    assert sync(session, {"questions": [{**ONE, "text": "Now?"}]})[0]
    assert is_published(session, quiz)


def test_draws_come_with_their_bank_which_is_not_changed_where_it_is(session, tenant):
    told = {
        "questions": [{**ONE, "points_here": 3}, {"bank": "Pool", "count": 1, "tags": ["A"]}],
        "banks": {"Pool": [{**TRUTH, "tags": ["a"]}, {**ONE, "tags": ["a"]}]},
    }
    _, quiz = sync(session, told)
    assert quizzes.get_version(session, quiz.current_version_id).points == 4
    assert sync(session, told)[0] is False
    written = write_quiz(session, quiz)
    assert written["questions"][1]["bank"] == "Pool"
    assert sync(session, {**written, "banks": {}}, key="second")[0]
    assert len(questions.list_banks(session)) == 1


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("Not A Key", {"questions": [ONE]}),
        ("q", {"questions": "none"}),
        ("q", {"questions": []}),
        ("q", {"questions": [{"bank": "Nowhere"}]}),
        ("q", {"questions": [{"bank": "P", "count": "x"}], "banks": {"P": [ONE]}}),
    ],
)
def test_a_file_that_is_no_quiz_is_refused(session, tenant, key, told):
    with pytest.raises(QuizInvalid):
        sync(session, told, key=key)
