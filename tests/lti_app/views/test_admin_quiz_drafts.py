"""Drafts, order and parts: what teachers see before they publish, or export."""

import pytest
from sqlalchemy import select

from content.core.quiz.errors import QuizInvalid
from content.models.question import Question
from content.models.quiz import Quiz
from content.models.quiz_attempt import QuizAttempt
from content.services import questions, quizzes
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.views.admin.quiz_texts import say_refused
from tests.content.core.quiz.questions import ALL, ONE
from tests.content.quiz_world import NOW, make_quiz

CHOICE = {"options-0-text": "a", "options-0-number": "0", "options-1-text": "b",
          "options-1-number": "1", "right": "1"}  # fmt: skip


@pytest.fixture
def teacher(portal):
    portal.user = portal.sign_in_as(Role.INSTRUCTOR)
    return portal


def test_the_preview_is_the_draft_as_learners_will_see_it(teacher):
    """Not what is published; no key, nothing kept."""
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, ALL, created_by=teacher.user)
        bank = questions.create_bank(session, "Bank", created_by=teacher.user)
        questions.add_question(session, {**ONE, "text": "Drawn?"}, bank_id=bank.id)
        row = questions.list_questions(session, quiz_id=quiz.id)[0]
        questions.change_question(session, row, {**row.body, "text": "Changed since?"})
        draw = {"bank": str(bank.id), "count": 1, "points": 3}
        quizzes.change_quiz(session, quiz, quiz.revision, NOW, items=[*quiz.items, draw])
    text = teacher.get(f"/admin/quizzes/{quiz.id}/draft").text
    assert "Changed since?" in text
    assert "Drawn?" in text
    assert "3 points" in text
    assert "Because of the tide." not in text  # the model answer
    assert text.count("<section") == len(ALL) + 1
    with transaction(teacher.tenant) as session:
        assert session.scalars(select(QuizAttempt)).all() == []


def test_a_question_is_previewed_before_it_is_saved(teacher):
    form = {"text": "What **is** it?", "points": "2"} | CHOICE
    page = teacher.post("/admin/quizzes/questions/preview?kind=choice_one", form)
    assert page.status_code == 200
    assert "What <strong>is</strong> it?" in page.text
    wrong = teacher.post("/admin/quizzes/questions/preview?kind=choice_one", {"text": ""})
    assert wrong.status_code == 422
    assert "mending" in wrong.text
    assert teacher.post("/admin/quizzes/questions/preview?kind=nothing").status_code == 404
    with transaction(teacher.tenant) as session:
        assert session.scalars(select(Question)).all() == []


def test_a_question_counts_in_a_quiz_what_the_quiz_says(teacher):
    """Empty: what the question says, also when that changes."""
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, [ONE, {**ONE, "points": 2}], created_by=teacher.user)
    page = f"/admin/quizzes/{quiz.id}"

    def weigh(points: str) -> list[float | None]:
        with transaction(teacher.tenant) as session:
            revision = quizzes.get_quiz(session, quiz.id).revision
        form = {"action": "points", "at": "1", "points": points, "revision": str(revision)}
        teacher.post(f"{page}/items", form)
        with transaction(teacher.tenant) as session:
            return [item["points"] for item in quizzes.get_quiz(session, quiz.id).items]

    assert weigh("4,5") == [None, 4.5]
    assert "5.5 points" in teacher.get(page).text
    for wrong in ("many", "nan", "-1", "1e9"):
        assert weigh(wrong) == [None, 4.5]
        assert "Points are 0 to 10,000." in teacher.get(page).text
    assert weigh("") == [None, None]


def test_questions_are_put_in_order_at_once_and_what_is_no_order_is_refused(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, ALL[:3], created_by=teacher.user)
    before, address = list(quiz.items), f"/admin/quizzes/{quiz.id}/items"

    def order(text, revision):
        form = {"action": "order", "order": text, "revision": str(revision)}
        return teacher.post(address, form, headers={"Accept": "application/json"})

    answer = order("2,0,1", quiz.revision)
    assert answer.get_json() == {"revision": quiz.revision + 1}
    with transaction(teacher.tenant) as session:
        now = session.get_one(Quiz, quiz.id).items
        assert now == [before[2], before[0], before[1]]
    for text in ("0,1", "0,0,1", "0,1,9", "x", ""):
        assert order(text, quiz.revision + 1).status_code == 409, text
    stale = order("1,0,2", quiz.revision)
    assert stale.status_code == 409
    assert stale.get_json()["error"]["message"]


def test_a_draw_is_listed_with_the_name_of_its_bank(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, ALL[:1], created_by=teacher.user)
        bank = questions.create_bank(session, "Questions about water", created_by=teacher.user)
        draw = {"bank": str(bank.id), "count": 1, "points": 3}
        quizzes.change_quiz(session, quiz, quiz.revision, NOW, items=[*quiz.items, draw])
    text = teacher.get(f"/admin/quizzes/{quiz.id}").text
    assert f'banks/{bank.id}">Questions about water</a>' in text


def test_a_refusal_is_said_with_its_values():
    """That every refusal has its words for pages: test_course_refusals."""
    assert say_refused(QuizInvalid("Points are 0 to %(most)s.", most=5)) == "Points are 0 to 5."


def test_the_export_page_tells_what_a_format_leaves_out(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, ALL, created_by=teacher.user)
        bank = questions.create_bank(session, "Bank", created_by=teacher.user)
        draw = {"bank": str(bank.id), "count": 1, "points": 1}
        quizzes.change_quiz(session, quiz, quiz.revision, NOW, items=[*quiz.items, draw])
    text = teacher.get(f"/admin/quizzes/{quiz.id}/exchange").text
    yaml, gift = (text[text.index(f"/export/{form}") :].split("</li>\n")[0] for form in
                  ("yaml", "gift"))  # fmt: skip
    assert "left out" in gift.split("/export/")[1]
    assert "left out" not in yaml.split("/export/")[1]
    assert "A draw from a bank is not written" in text
    assert teacher.get(f"/admin/quizzes/banks/{bank.id}/exchange").status_code == 200
