"""Whatever courses and files are refused for is said in the language of the page."""

import ast
from pathlib import Path

import pytest

from content.core.course_document import RANGE, read_course
from content.core.errors import CourseInvalid
from content.core.file_types import FileRefused, find_type
from lti_app.views.course_refusals import SENTENCES, say

ROOT = Path(__file__).parents[3]
PLACES = ("content", "lti_app/services", "lti_app/views/course_storage.py")


def templates():
    """Every text that is written where one of the two is raised."""
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else path.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                at = {"CourseInvalid": 1, "FileRefused": 0}.get(name)
                if at is not None and isinstance(node.args[at], ast.Constant | ast.JoinedStr):
                    yield file.name, node.args[at]


def test_every_text_stands_in_the_table_and_none_is_glued():
    known = {str(one) for one in SENTENCES}
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
