"""Teachers make a quiz from nothing, mark it, regrade it, look at its figures."""

import io
import re

import pytest
from sqlalchemy import select

from content.models.question import Question
from content.models.quiz import Quiz
from content.models.quiz_attempt import QuizAttempt
from content.services import questions, quiz_regrades, quizzes
from content.services.quiz_marking import submit_attempt
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.jobs import quiz_regrades as regrade_job
from lti_app.models.grade import Grade
from lti_app.services import items, quiz_outcomes
from tests.content.core.quiz.questions import ALL, ESSAY, ONE, option
from tests.content.quiz_world import NOW, begin, make_person, make_quiz, right_answers, say

FORMS = {
    "choice_one": {"options-0-text": "a", "options-0-number": "0", "options-1-text": "b",
                   "options-1-number": "1", "right": "1"},
    "choice_many": {"options-0-text": "a", "options-0-right": "yes", "options-1-text": "b"},
    "true_false": {"is_true": "no"},
    "fill_in": {"text": "[[1]] is red", "blanks-0-accepted": "rose\ntulip | 50"},
    "numeric": {"numbers-0-value": "3,5", "numbers-0-tolerance": "0,1"},
    "matching": {"pairs-0-left": "a", "pairs-0-right": "1", "pairs-1-left": "b",
                 "pairs-1-right": "2", "more": "3"},
    "ordering": {"items": "one\ntwo\nthree"},
    "essay": {"rubric-0-text": "Content", "rubric-0-levels": "0: none\n2: good"},
}  # fmt: skip


@pytest.fixture
def teacher(portal):
    portal.user = portal.sign_in_as(Role.INSTRUCTOR)
    return portal


def new_quiz(portal, title="Maths"):
    answer = portal.post("/admin/quizzes/", {"title": title})
    return answer.headers["Location"]


def test_a_quiz_is_made_from_nothing_with_a_question_of_each_kind(teacher):
    page = new_quiz(teacher)
    for kind, form in FORMS.items():
        made = {"text": "Question", "points": "2", "tags": "Easy, new"} | form
        answer = teacher.post(f"{page}/questions/new?kind={kind}", made)
        assert answer.status_code == 303, (kind, answer.text)
    text = teacher.get(page).text
    revision = re.search(r'name="revision" value="(\d+)"', text)[1]
    settings = {"title": "Maths", "revision": revision, "time_limit_minutes": "20"}
    assert (
        teacher.post(page, settings | {"counting": "last", "shows_key": "yes"}).status_code == 303
    )
    assert teacher.post(f"{page}/publish").status_code == 303
    with transaction(teacher.tenant) as session:
        quiz = session.scalars(select(Quiz)).one()
        assert (quiz.state, len(quiz.items)) == ("published", 8)
        assert (quiz.settings["counting"], quiz.settings["time_limit_minutes"]) == ("last", 20)
        assert quizzes.list_versions(session, quiz.id)[0].points == 16
        bodies = [row.body for row in session.scalars(select(Question).order_by(Question.id))]
    assert [body["kind"] for body in bodies] == list(FORMS)
    assert bodies[3]["blanks"][0]["accepted"][1]["weight"] == 0.5
    assert bodies[4]["numbers"][0]["value"] == "3.5"
    for body in bodies:
        with transaction(teacher.tenant) as session:
            row = next(r for r in session.scalars(select(Question)) if r.kind == body["kind"])
        assert teacher.get(f"/admin/quizzes/questions/{row.id}").status_code == 200


def test_a_question_that_is_saved_unchanged_stays_the_same(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, [ONE], created_by=teacher.user)
        row = questions.list_questions(session, quiz_id=quiz.id)[0]
    form = {"text": ONE["text"], "points": "1", "right": "1", "is_shuffled": "yes"}
    for at, one in enumerate(ONE["options"]):
        form |= {f"options-{at}-{key}": one[key] for key in ("id", "text")}
        form |= {f"options-{at}-number": str(at)}
    assert teacher.post(f"/admin/quizzes/questions/{row.id}", form).status_code == 303
    with transaction(teacher.tenant) as session:
        assert session.get_one(Question, row.id).body == row.body


def test_what_is_wrong_with_a_question_is_named_and_nothing_is_kept(teacher):
    page = new_quiz(teacher)
    answer = teacher.post(f"{page}/questions/new?kind=choice_one", {"options-0-text": "alone"})
    assert answer.status_code == 422
    assert "need mending" in answer.text
    assert "alone" in answer.text
    with transaction(teacher.tenant) as session:
        assert session.scalars(select(Question)).all() == []


def test_settings_that_are_none_are_refused_and_an_older_draft_too(teacher):
    page = new_quiz(teacher)
    bad = {"title": "Maths", "revision": "1", "time_limit_minutes": "soon"}
    assert teacher.post(page, bad).status_code == 422
    assert teacher.post(page, {"title": "Maths", "revision": "99"}).status_code == 409


def test_items_are_moved_drawn_and_removed(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, [ONE, ESSAY], created_by=teacher.user)
        bank = questions.create_bank(session, "Bank", created_by=teacher.user)
    page = f"/admin/quizzes/{quiz.id}"
    draw = {"action": "draw", "bank": str(bank.id), "count": "2"}
    for form in ({"action": "down", "at": "0"}, draw, {"action": "remove", "at": "0"}):
        revision = re.search(r'name="revision" value="(\d+)"', teacher.get(page).text)[1]
        teacher.post(f"{page}/items", form | {"revision": revision})
    with transaction(teacher.tenant) as session:
        kept = session.get_one(Quiz, quiz.id).items
    assert ["question" in item for item in kept] == [True, False]
    teacher.post(f"{page}/publish")
    assert "2 questions are to be drawn" in teacher.get(page).text


def test_an_essay_is_marked_without_a_name_and_the_grade_follows(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, [ESSAY], created_by=teacher.user)
        ann = make_person(session, "Ann")
        attempt = begin(session, quiz, ann)
        say(session, attempt, {1: "Because of the moon."})
        quiz_outcomes.submit(session, attempt.id, NOW, "http://localhost")
    queue = teacher.get("/admin/quizzes/grading?anonymous=yes").text
    assert "Ann Test" not in queue
    assert "Ann Test" in teacher.get("/admin/quizzes/grading").text
    page = f"/admin/quizzes/grading/{attempt.id}/1"
    shown = teacher.get(f"{page}?anonymous=yes").text
    assert "Because of the moon." in shown
    assert "Ann Test" not in shown
    assert teacher.post(page, {"points": "11"}).status_code == 422
    form = {"level-c": "2", "level-l": "0", "comment": "Well **seen**."}
    assert teacher.post(page, form).status_code == 303
    with transaction(teacher.tenant) as session:
        grade = session.scalars(select(Grade)).one()
        assert (grade.score, grade.is_final, grade.is_pending_manual) == (0.8, True, False)


def test_a_regrade_is_shown_applied_and_changes_the_grade(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, [ONE], created_by=teacher.user)
        ann = make_person(session, "Ann")
        attempt = begin(session, quiz, ann)
        say(session, attempt, {1: "a"})
        quiz_outcomes.submit(session, attempt.id, NOW, "http://localhost")
        row = questions.list_questions(session, quiz_id=quiz.id)[0]
        options = [option("a", True), option("b"), option("c")]
        questions.change_question(session, row, {**ONE, "options": options})
        quizzes.publish_quiz(session, quiz, published_by=teacher.user, now=NOW)
    page = f"/admin/quizzes/{quiz.id}/regrade"
    text = teacher.get(page).text
    assert "Ann Test" in text
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', text)[1]
    teacher.post(page, {"fingerprint": fingerprint, "reason": "The key was wrong"})
    assert "0 of 1 attempts are regraded" in teacher.get(page).text
    with transaction(teacher.tenant) as session:
        waiting = quiz_regrades.find_latest(session, quiz.id)
    regrade_job.run(str(teacher.tenant), str(waiting.id))
    with transaction(teacher.tenant) as session:
        assert session.scalars(select(Grade)).one().score == 1.0
    assert "nothing would change" in teacher.get(page).text


def test_figures_and_accommodations_have_their_pages(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, ALL[:7], created_by=teacher.user)
        for name in ("Ann", "Ben", "Cid", "Dan", "Eve", "Fay"):
            attempt = begin(session, quiz, make_person(session, name))
            answers = right_answers(session, attempt)
            say(session, attempt, dict(list(answers.items())[: len(name) * 2]))
            submit_attempt(session, attempt.id, NOW)
        running = begin(session, quiz, make_person(session, "Gus"))
    page = f"/admin/quizzes/{quiz.id}"
    assert "Which one?" in teacher.get(f"{page}/analysis").text
    form = {"email": "gus@school.test", "extra_minutes": "10", "reason": "ill"}
    teacher.post(f"{page}/accommodations", form)
    assert "Gus Test" in teacher.get(f"{page}/accommodations").text
    teacher.post(f"{page}/accommodations", {"email": "nobody@school.test"})
    assert "Nobody here" in teacher.get(f"{page}/accommodations").text
    assert running.number == 1


def test_questions_go_out_as_a_file_and_come_in_again(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, ALL, created_by=teacher.user)
    page = f"/admin/quizzes/{quiz.id}"
    for form in ("yaml", "gift", "moodle", "qti21", "qti30"):
        assert teacher.get(f"{page}/export/{form}").status_code == 200
    data = teacher.get(f"{page}/export/yaml").data
    token = teacher.csrf_token(f"{page}/exchange")
    sent = {"file": (io.BytesIO(data), "q.yaml"), "csrf_token": token}
    answer = teacher._open("POST", f"{page}/exchange", data=sent)
    assert "8 questions were added" in answer.text
    with transaction(teacher.tenant) as session:
        assert len(session.get_one(Quiz, quiz.id).items) == 16
    zipped = teacher.get(f"{page}/export/qti30").data
    sent = {"file": (io.BytesIO(zipped), "q.zip"), "csrf_token": token}
    assert "16 questions were added" in teacher._open("POST", f"{page}/exchange", data=sent).text


@pytest.mark.parametrize("role", [Role.LEARNER, Role.CONTENT_CREATOR])
def test_others_quizzes_are_not_changed_nor_their_keys_read(portal, role):
    with transaction(portal.tenant) as session:
        owner = make_person(session, "Olga", Role.INSTRUCTOR)
        quiz = make_quiz(session, [ONE], created_by=owner)
        row = questions.list_questions(session, quiz_id=quiz.id)[0]
    portal.sign_in_as(role)
    page = f"/admin/quizzes/{quiz.id}"
    for path in (f"/admin/quizzes/questions/{row.id}", f"{page}/export/yaml", f"{page}/analysis"):
        assert portal.get(path).status_code == 403, path
    for path in ("publish", "items", "archive"):
        assert portal.post(f"{page}/{path}").status_code == 403, path
    assert portal.get("/admin/quizzes/grading").status_code == 403
    with transaction(portal.tenant) as session:
        assert session.scalars(select(QuizAttempt)).all() == []


def test_a_published_quiz_is_an_item_that_links_open(teacher):
    with transaction(teacher.tenant) as session:
        quiz = make_quiz(session, [ONE], title="Linked", created_by=teacher.user)
        quizzes.create_quiz(session, "Draft", created_by=teacher.user, now=NOW)
        found = items.find_item(session, f"quiz:{quiz.key}")
        assert found is not None
        assert (found.id, found.score_maximum) == (quiz.id, 1)
        assert [one.key for one in items.search_items(session, "", ["quiz"])] == ["quiz:linked"]
        opened = items.open_item(
            session, found, user_id=teacher.user, context_key="link:x", now=NOW
        )
        assert opened.address_path == f"/quizzes/{quiz.id}"
