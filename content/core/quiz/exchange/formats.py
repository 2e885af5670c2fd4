"""The formats by name; and our own: the JSON of questions, written as YAML.

A QTI package is a zip: the host opens and packs it (lti_app/services/question_files.py).
"""

from typing import Any

import yaml

from content.core.quiz.exchange.gift import read_gift, write_gift
from content.core.quiz.exchange.moodle_xml import parse_xml, read_moodle_xml, write_moodle_xml
from content.core.quiz.exchange.qti_package import read_qti_item
from content.core.quiz.exchange.report import FileUnreadable, Imported
from content.core.quiz.questions import Question
from content.core.quiz.writing import write_question
from content.core.remarks import Remark

FORMATS = {"yaml": "yaml", "gift": "txt", "moodle": "xml"}
"""What can be written, and the ending of its files."""
LARGEST = 5 * 1024 * 1024


def read_file(name: str, data: bytes) -> Imported:
    """Questions of a file, whose format is told by its ending and its beginning; raises
    FileUnreadable."""
    if len(data) > LARGEST:
        raise FileUnreadable("The file is larger than 5 MB.")
    start = data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start == b"<":
        if parse_xml(data).tag == "quiz":
            return read_moodle_xml(data)
        return read_qti_item(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise FileUnreadable("The file is no text in UTF-8.") from wrong
    return read_yaml(text) if name.lower().endswith((".yaml", ".yml", ".json")) else read_gift(text)


def write_file(form: str, questions: list[Question]) -> tuple[bytes, list[tuple[str, Remark]]]:
    """(file, what it does not tell)."""
    if form == "gift":
        text, left_out = write_gift(questions)
        return text.encode(), left_out
    if form == "moodle":
        return write_moodle_xml(questions)
    return write_yaml(questions).encode(), []


def read_yaml(text: str) -> Imported:
    """{"questions": [question …]}; raises FileUnreadable."""
    try:
        raw: Any = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as wrong:
        raise FileUnreadable("This is no YAML: %(fault)s", fault=str(wrong)[:200]) from wrong
    listed = raw.get("questions") if isinstance(raw, dict) else raw
    if not isinstance(listed, list):
        raise FileUnreadable("There is no list “questions” in this file.")
    found = Imported()
    for at, one in enumerate(listed, start=1):
        if isinstance(one, dict):
            found.take(str(one.get("title") or ""), one)
        else:
            found.leave(str(at), Remark("it is no mapping"))
    return found


def write_yaml(questions: list[Question]) -> str:
    """What `read_yaml` reads."""
    listed = [write_question(question) for question in questions]
    made: str = yaml.safe_dump({"questions": listed}, allow_unicode=True, sort_keys=False)
    return made
