"""Whatever courses and files are refused for is said in the language of the page."""

import ast
from dataclasses import asdict
from pathlib import Path

import pytest

from content.core.course_document import RANGE, read_course
from content.core.enrolment_list import read_list
from content.core.errors import CourseInvalid
from content.core.file_types import FileRefused, find_type
from lti_app.views.course_refusals import FAULTS, SENTENCES, say, say_fault

ROOT = Path(__file__).parents[3]
PLACES = ("content", "lti_app/services", "lti_app/views/course_storage.py")


def templates():
    """Every text that is written where one of them is made."""
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else path.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                at = {"CourseInvalid": 1, "FileRefused": 0, "Fault": 2}.get(name)
                if at is not None and isinstance(node.args[at], ast.Constant | ast.JoinedStr):
                    yield file.name, node.args[at]


def test_every_text_stands_in_the_table_and_none_is_glued():
    known = {str(one) for one in (*SENTENCES, *FAULTS)}
    missing = [
        (file, ast.unparse(text))
        for file, text in templates()
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
