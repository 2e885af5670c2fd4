"""Whatever courses and files are refused for is said in the language of the page."""

import ast
from dataclasses import asdict
from pathlib import Path

import pytest

from content.core.course_document import RANGE, read_course
from content.core.enrolment_list import read_list
from content.core.errors import CourseInvalid
from content.core.file_types import FileRefused, find_type
from content.core.folder import FolderInvalid, read_key
from content.core.quiz.exchange.formats import read_file
from content.core.quiz.exchange.report import FileUnreadable
from lti_app.views.admin.question_file_texts import FILES, LOSSES, QUESTIONS, say_why
from lti_app.views.admin.quiz_texts import TEXTS
from lti_app.views.course_refusals import (
    FAULTS,
    FOLDERS,
    MISSING,
    NOT_NOW,
    SENTENCES,
    say,
    say_fault,
)

ROOT = Path(__file__).parents[3]
PLACES = ("content", "lti_app/services", "lti_app/views/course_storage.py")


PLACE = {
    **dict.fromkeys(("FileRefused", "FileUnreadable", "NotTaken", "Remark"), 0),
    **dict.fromkeys(("CourseMissing", "QuizMissing", "CertificateMissing"), 0),
    **dict.fromkeys(("QuizInvalid", "QuizDraftChanged", "QuizAttemptOver", "NotRevocable"), 0),
    **dict.fromkeys(("CourseInvalid", "FolderInvalid", "NotAllowed"), 1),
    "Fault": 2,
}
"""Which argument is the text."""


def templates():
    """Every text that is written where one of them is made."""
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else path.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                at = PLACE.get(name)
                if at is not None and isinstance(node.args[at], ast.Constant | ast.JoinedStr):
                    yield file.name, node.args[at]


def test_every_text_stands_in_a_table_and_none_is_glued():
    tables = (SENTENCES, FOLDERS, MISSING, NOT_NOW, FAULTS, FILES, QUESTIONS, LOSSES, TEXTS)
    known = {str(one) for table in tables for one in table}
    found = list(templates())
    missing = [
        (file, ast.unparse(text))
        for file, text in found
        if isinstance(text, ast.JoinedStr) or text.value not in known
    ]
    assert missing == []
    assert RANGE in known


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (lambda: read_course({"passing_score": 7}), "a number from 0 to 1, please"),
        (lambda: find_type("100%.exe", b"MZ"), "Files that end in .exe are not taken"),
        (lambda: find_type("50% off.png", b"MZ"), "“50% off.png” is no PNG file"),
    ],
)
def test_a_refusal_names_what_is_wrong_without_the_place_in_the_document(app, cause, said):
    with pytest.raises((CourseInvalid, FileRefused)) as refused:
        cause()
    with app.test_request_context():
        assert say(refused.value).startswith(said)


def test_a_fault_of_a_list_is_said_from_its_report(app):
    _rows, [fault] = read_list("email\n100%", needs_course=False)
    with app.test_request_context():
        assert say_fault(asdict(fault)) == "“100%” is no e-mail address"
        assert say_fault({"problem": "as it was kept 100% before"}) == "as it was kept 100% before"


def test_what_a_file_of_questions_was_left_out_for_is_said_in_the_language_of_the_page(app):
    """Problems of a question each by itself, reasons of the format by their template."""
    found = read_file("q.yaml", b"questions: [{kind: true_false}, 7]")
    quiz = b"<quiz><question type='cloze'><name><text>Gaps</text></name></question></quiz>"
    gaps = read_file("q.xml", quiz)
    with app.test_request_context():
        told = [say_why(why) for _name, why in (*found.left_out, *gaps.left_out)]
        with pytest.raises(FileUnreadable) as refused:
            read_file("q.xml", b"<html/>")
        assert say_why(refused.value).startswith("This is no QTI item: the first element is <html>")
    assert told[1:] == ["it is no mapping", "questions of the type “cloze” are not taken"]
    assert told[0].count("is missing") == told[0].count("; ") + 1 == 2


def test_a_folder_names_its_file_and_an_error_page_says_it_in_words(app):
    with pytest.raises(FolderInvalid) as refused:
        read_key({"course.yaml": b"- a"})
    with app.test_request_context():
        assert say(refused.value) == "course.yaml: YAML with names and values is expected here"
