"""No answer is told before its time: not by a page, a header, an address, a file or a statement."""

import re

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from content.models.quiz_attempt import QuizAttempt
from content.services import questions
from database.session import transaction
from lti_app.core.permissions import Role
from tests.content.core.quiz.questions import ALL, option, piece
from tests.content.courses import document, enrol, publish, unit
from tests.content.quiz_world import RIGHT, begin, make_quiz, say
from tests.lti_app.conftest import Portal
from tests.lti_app.quiz_taking import Taking, stock

SECRETS = {
    "choice_one": {"feedback": "SECRET-1", "feedback_right": "SECRET-2", "title": "SECRET-3"},
    "choice_many": {"options": [option("a", True, feedback="SECRET-4"), option("b")]},
    "true_false": {"feedback_wrong": "SECRET-5"},
    "fill_in": {
        "text": "[[1]] is red.",
        "blanks": [{"id": "1", "accepted": [{"text": "SECRET-6", "feedback": "SECRET-7"}]}],
    },
    "numeric": {"numbers": [{"value": "31415.9265", "tolerance": "0.00271828"}]},
    "essay": {"model_answer": "SECRET-8"},
}
FORBIDDEN = re.compile(
    r"SECRET|31415|00271828|is_right|is_true|accepted|weight|tolerance|model_answer|rubric|seed"
)


@pytest.fixture
def learner(portal: Portal) -> Portal:
    portal.user = portal.sign_in_as(Role.LEARNER)
    return portal


def secret_questions():
    return [{**raw, **SECRETS.get(raw["kind"], {})} for raw in ALL]


@pytest.mark.parametrize(
    "settings",
    [
        {"show_results": "never"},
        {"show_results": "after_deadline", "closes_at": "2099-01-01T00:00:00+00:00"},
    ],
    ids=["never", "after the deadline"],
)
def test_no_response_of_an_attempt_tells_a_right_answer_before_it_is_allowed(learner, settings):
    """Every response from the first page to the last is scanned: pages, headers, JSON."""
    taking = Taking(learner, stock(learner, secret_questions(), **settings))
    taking.begin()
    for slot, kind in taking.kinds().items():
        answer = {"choice_many": ["b"], "fill_in": {"1": "x"}, "numeric": "1"}.get(
            kind, RIGHT[kind]
        )
        assert taking.answer(slot, answer)["refused"] == []
    taking.send([[99, "answer", 1, "b", 0]])
    taking.send([[taking.number + 1, "answer", 1, "not there", 0]])
    taking.send("nonsense")
    taking.show()
    taking.submit()
    taking._keep(learner.get(taking.start))
    taking.send([[1, "answer", 1, "b", 0]])
    assert len(taking.seen) > 15
    for text in taking.seen:
        assert FORBIDDEN.findall(text) == []


def test_while_it_runs_nothing_is_told_even_if_results_come_at_once(learner):
    taking = Taking(learner, stock(learner, secret_questions()))
    taking.begin()
    taking.answer(1, "b")
    taking.show()
    for text in taking.seen:
        assert FORBIDDEN.findall(text) == []
    assert "SECRET-6" in taking.submit()


def test_the_right_answer_is_not_told_where_the_settings_say_so(learner):
    taking = Taking(
        learner, stock(learner, secret_questions(), shows_key=False, shows_feedback=False)
    )
    taking.begin()
    page = taking.submit()
    assert "Question 1" in page
    assert "SECRET" not in page


TELLING = re.compile(r"SECRET-\d|31415[.]9265|0[.]00271828|correctResponsesPattern|is_right")
"""What no answer to a learner holds, wherever it comes from."""
KEYS = {
    "choice_one": {"options": [option("a"), option("b", True, feedback="SECRET-10")]},
    "true_false": {"is_true": True, "feedback": "SECRET-11"},
    "matching": {"feedback": "SECRET-12"},
    "ordering": {"feedback": "SECRET-13", "items": [piece("1"), piece("2"), piece("3")]},
}


def test_no_address_at_all_tells_a_learner_a_right_answer(learner, app: Flask):
    """Each address of the server that is read, with the ids of a quiz whose results are never
    shown, of its questions, bank, attempts and course: pages of teachers, exports, the store."""
    raws = [{**raw, **SECRETS.get(raw["kind"], {}), **KEYS.get(raw["kind"], {})} for raw in ALL]
    quiz_id, known = _stock_everything(learner, raws)
    taking = Taking(learner, "all-kinds")
    taking.begin()
    known |= {"token": taking.token, "attempt_id": taking.attempt_id}
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.endpoint.endswith("static")
    ]
    assert len(rules) > 150
    assert _find_telling(learner, rules, known, quiz_id) == {}

    learner.post("/sign-out")
    learner.sign_in_as(Role.TENANT_ADMINISTRATOR)  # who may: the search finds what there is
    rules = [rule for rule in rules if rule.endpoint.startswith("admin_quizzes.")]
    assert len(_find_telling(learner, rules, known, quiz_id)) > 5


def _find_telling(portal: Portal, rules, known, quiz_id) -> dict[str, list[str]]:
    told = {}
    for rule in rules:
        for values in _fill(rule, known, quiz_id):
            path = rule.build(values)[1]
            answer = portal.get(path)
            text = answer.get_data().decode(errors="replace") + str(answer.headers)
            if found := TELLING.findall(text):
                told[path] = found
    return told


def test_no_form_of_a_teacher_answers_a_learner(learner, app: Flask):
    """Previews, regrades and imports answer with questions and their keys."""
    quiz_id, known = _stock_everything(learner, ALL)
    token = learner.csrf_token("/account")
    answered = {}
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or not rule.endpoint.startswith("admin_quizzes."):
            continue
        path = rule.build(_fill(rule, known, quiz_id)[0])[1]
        status = learner._open("POST", path, data={"csrf_token": token}).status_code
        if status != 403:
            answered[path] = status
    assert answered == {}


def _stock_everything(portal: Portal, raws) -> tuple[object, dict[str, object]]:
    """A quiz that is offered, one attempt at it handed in and one running, a bank; ids by the
    names that addresses have for them."""
    with transaction(portal.tenant) as session:
        quiz = make_quiz(session, raws, show_results="never")
        attempt = begin(session, quiz, portal.user)
        say(session, attempt, {1: RIGHT["choice_one"]})
        session.get_one(QuizAttempt, attempt.id).state = "submitted"
        bank = questions.create_bank(session, "Bank", created_by=None)
        question = questions.add_question(session, raws[0], bank_id=bank.id)
        part = unit("quiz", quiz=str(quiz.id))
        course = publish(session, document(part))
        enrolment = enrol(session, course, portal.user)
        return quiz.id, {
            "quiz_id": quiz.id,
            "bank_id": bank.id,
            "question_id": question.id,
            "version_id": quiz.current_version_id,
            "attempt_id": attempt.id,
            "key": quiz.key,
            "slot": 1,
            "number": 1,
            "tenant_id": portal.tenant,
            "place": str(enrolment.id),
            "enrolment_id": enrolment.id,
            "course_id": course.id,
            "unit_id": part["id"],
        }


def _fill(rule: Rule, known: dict[str, object], quiz_id) -> list[dict[str, object]]:
    """Values for the arguments of an address; for a file's form each that is written."""
    values = {}
    for name in rule.arguments:
        kind = type(rule._converters[name]).__name__
        usual = {"UUIDConverter": quiz_id, "IntegerConverter": 1}.get(kind, "all-kinds")
        values[name] = known.get(name, usual)
        if isinstance(rule._converters[name], AnyConverter):
            values[name] = (
                "quiz" if "quiz" in rule.rule else sorted(rule._converters[name].items)[0]
            )
    if rule.endpoint.startswith("courses.") and "key" in values:
        values["key"] = "house-plants"
    if "form" in values:
        return [values | {"form": form} for form in ("yaml", "gift", "moodle", "qti21", "qti30")]
    return [values]
