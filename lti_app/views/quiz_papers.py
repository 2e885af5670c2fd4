"""A paper for the page: the learner's documents with their texts as HTML, and the results."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from content.core.quiz.learner_paper import build_question, veil_answer
from content.core.quiz.plain_form import fingerprint
from content.core.quiz.questions import Question
from content.core.quiz.results import Allowed, build_result
from content.core.quiz.settings import QuizSettings
from content.models.quiz_attempt import QuizAttempt
from content.services.quiz_attempts import read_paper
from content.services.quiz_marking import list_marks, read_mark
from lti_app.views.quiz_text import block, inline, with_blanks, without_blanks


def build_paper(session: Session, attempt: QuizAttempt) -> list[dict[str, Any]]:
    """What `learner_paper` lets through, with "html", "answer" (veiled) and "flag"."""
    made = []
    for slot, (question, points) in read_paper(session, attempt).items():
        shown = build_question(question, seed=attempt.seed, slot=slot, points=points)
        given = attempt.answers.get(str(slot), {}).get("value")
        shown["answer"] = veil_answer(question, given, seed=attempt.seed, slot=slot)
        shown["flag"] = attempt.flags.get(str(slot), {}).get("value", False)
        made.append(_dress(shown))
    return made


def build_draft(asked: Sequence[tuple[Question, float]]) -> list[dict[str, Any]]:
    """The same for questions that nobody has been asked yet."""
    return [
        _dress(build_question(question, seed="draft", slot=slot, points=points) | _UNANSWERED)
        for slot, (question, points) in enumerate(asked, start=1)
    ]


_UNANSWERED: dict[str, Any] = {"answer": None, "flag": False}


def _dress(shown: dict[str, Any]) -> dict[str, Any]:
    """With what the page needs beside the learner's document."""
    shown["fingerprint"] = fingerprint(shown, shown["answer"])
    if "blanks" in shown:
        shown["html"] = with_blanks(shown, shown["answer"] or {})
    else:
        shown["html"] = block(shown["text"])
    for part in ("options", "lefts", "rights", "items"):
        for piece in shown.get(part, []):
            piece["html"] = inline(piece["text"])
    if "items" in shown and shown["answer"]:
        order = {name: at for at, name in enumerate(shown["answer"])}
        shown["items"].sort(key=lambda piece, order=order: order[piece["id"]])
    return shown


def build_results(
    session: Session, attempt: QuizAttempt, settings: QuizSettings
) -> list[dict[str, Any]]:
    """What `results` lets through, with texts as HTML and the comment of who marked it."""
    allowed = Allowed(marks=True, key=settings.shows_key, feedback=settings.shows_feedback)
    marks = list_marks(session, attempt.id)
    made = []
    for slot, (question, _points) in read_paper(session, attempt).items():
        row = marks[slot]
        given = attempt.answers.get(str(slot), {}).get("value")
        told = build_result(question, given, read_mark(session, row, attempt), allowed)
        told |= {"slot": slot, "html": without_blanks(question.text), "comment": block(row.comment)}
        if row.status == "marked":
            told["by_hand"] = True
        told["feedback"] = [block(text) for text in told.get("feedback", [])]
        told["key"] = [inline(text) for text in told.get("key", [])]
        is_plain = question.kind in ("essay", "fill_in", "numeric")
        told["answer"] = [line if is_plain else inline(line) for line in told["answer"]]
        made.append(told)
    return made
