"""Zips of questions: ours come back, hostile ones are refused before they are unpacked."""

import io
import zipfile

import pytest

from content.core.quiz.exchange.report import FileUnreadable
from lti_app.services.question_files import FORMATS, read_questions, write_questions
from tests.content.core.quiz.questions import ALL, question


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return made.getvalue()


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_that_is_written_is_read(form):
    asked = [question(raw, title=f"Q {at}") for at, raw in enumerate(ALL)]
    data, left_out = write_questions(form, asked)
    found = read_questions(f"q.{FORMATS[form]}", data)
    assert found.left_out == []
    missing = {one.title for one in asked} - {one["title"] for one in found.questions}
    assert missing <= {name for name, _why in left_out}


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 nonsense",
        zipped(**{"..__..__etc__passwd.xml": b"x", "imsmanifest.xml": b"<manifest/>"}),
        zipped(**{"imsmanifest.xml": b"<a>" + b" " * 3_000_000}),
        zipped(**{f"{at}.xml": b"" for at in range(2001)}),
        zipped(**{"course.yaml": b"key: a"}),
        zipped(**{"imsmanifest.xml": b'<!DOCTYPE m [<!ENTITY a "b">]><manifest>&a;</manifest>'}),
    ],
    ids=["no zip", "path", "size", "count", "no manifest", "entity"],
)
def test_a_hostile_or_foreign_zip_is_refused(data):
    """PAIN-23"""
    with pytest.raises(FileUnreadable):
        read_questions("q.zip", data)
