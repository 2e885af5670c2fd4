"""A quiz that shows something on every page about it: taken, half marked, its key changed since."""

from uuid import UUID

from content.core.quiz.policy import Accommodation
from content.services import questions, quizzes
from content.services.quiz_marking import list_waiting
from database.session import transaction
from lti_app.services import quiz_outcomes
from tests.content.core.quiz.questions import ALL, ESSAY, ONE, TRUTH
from tests.content.quiz_world import NOW, begin, make_quiz, minutes, right_answers, say


def furnish_quizzes(tenant: UUID, *, teacher: UUID, learner: UUID) -> dict[str, str]:
    """Addresses of pages by what they are about."""
    with transaction(tenant) as session:
        bank = questions.create_bank(session, "Questions about water", created_by=teacher)
        for raw in (ONE, TRUTH):
            questions.add_question(session, {**raw, "tags": ["water"]}, bank_id=bank.id)
        quiz = make_quiz(
            session, ALL, title="What plants need", created_by=teacher, time_limit_minutes=30
        )
        for person, share in ((learner, 8), (teacher, 5)):
            attempt = begin(session, quiz, person)
            answers = list(right_answers(session, attempt).items())[:share]
            say(session, attempt, dict(answers))
            quiz_outcomes.submit(session, attempt.id, NOW + minutes(9), "https://x.test")
        _change(session, quiz, bank)
        allowed = Accommodation(50, 10, 1, None)
        quizzes.grant(session, quiz.id, learner, allowed, reason="Reads slowly", made_by=teacher)
        kinds = {row.kind: row.id for row in questions.list_questions(session, quiz_id=quiz.id)}
        waiting, attempt = list_waiting(session, [quiz.id])[0][:2]
        page = f"/admin/quizzes/{quiz.id}"
        return {
            "quiz editor": page,
            "quiz draft": f"{page}/draft",
            "quiz analysis": f"{page}/analysis",
            "quiz regrade": f"{page}/regrade",
            "quiz accommodations": f"{page}/accommodations",
            "quiz exchange": f"{page}/exchange",
            "new question": f"{page}/questions/new?kind=choice_many",
            "question bank": f"/admin/quizzes/banks/{bank.id}",
            "essay to be marked": f"/admin/quizzes/grading/{attempt.id}/{waiting.slot}",
            **{f"{kind} question": f"/admin/quizzes/questions/{kinds[kind]}" for kind in kinds},
        }


def _change(session, quiz, bank) -> None:
    """Another key, a draw, and a version with both."""
    rows = questions.list_questions(session, quiz_id=quiz.id)
    truth = next(row for row in rows if row.kind == "true_false")
    questions.change_question(session, truth, {**truth.body, "is_true": not truth.body["is_true"]})
    draw = {"bank": str(bank.id), "tags": ["water"], "count": 1, "points": 2}
    quizzes.change_quiz(session, quiz, quiz.revision, NOW, items=[*quiz.items, draw])
    quizzes.publish_quiz(session, quiz, published_by=quiz.created_by, now=NOW)
    essay = next(row for row in rows if row.kind == "essay")
    questions.change_question(session, essay, {**ESSAY, **essay.body})
