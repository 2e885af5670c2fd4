"""Files of lessons: taken as what they are, shown to authors; and the preview of texts."""

import io
import re

import pytest

from tests.lti_app.views.test_admin_courses import author, draft_of, furnish, make  # noqa: F401

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def upload(portal, path, name, data, **fields):
    fields["file"] = (io.BytesIO(data), name)
    return portal.post(path, fields, content_type="multipart/form-data")


def test_a_lesson_takes_a_video_captions_a_file_and_a_picture_and_gives_them_back(author):  # noqa: F811
    course_id = make(author)
    _module, [unit] = furnish(author, course_id, "lesson")
    path = f"/admin/courses/{course_id}/files/units/{unit}"
    upload(author, path, "a.mp4", b"\0\0\0\x18ftypmp42" + bytes(40), use="video")
    upload(author, path, "a.vtt", b"WEBVTT\n", use="captions", language="de", label="Deutsch")
    upload(author, path, "list.pdf", b"%PDF-1.7", use="file", title="The list")
    upload(author, path, "leaf.png", PNG, use="picture", alt="A leaf")
    saved = draft_of(author, course_id).document["modules"][0]["units"][0]
    assert saved["video"]["captions"][0]["label"] == "Deutsch"
    assert saved["files"][0]["title"] == "The list"
    assert re.fullmatch(r"!\[A leaf\]\(file:[0-9a-f-]{36}\)\s*", saved["body"])
    page = author.get(f"/admin/courses/{course_id}/content/{unit}").text
    assert "a.mp4" in page
    shown = author.get(f"/admin/courses/{course_id}/preview/{unit}").text
    [picture] = re.findall(r'src="(/admin/courses/[^"]+)" alt="A leaf"', shown)
    assert author.get(picture).data == PNG
    author.post(f"{path}/remove", {"file": saved["video"]["file"]})
    assert draft_of(author, course_id).document["modules"][0]["units"][0]["video"] is None


@pytest.mark.parametrize(
    ("name", "data", "use"),
    [("a.png", b"no picture", "picture"), ("a.exe", b"MZ", "file"), ("a.png", PNG, "video")],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(author, name, data, use):  # noqa: F811
    course_id = make(author)
    _module, [unit] = furnish(author, course_id, "lesson")
    before = draft_of(author, course_id).revision
    upload(author, f"/admin/courses/{course_id}/files/units/{unit}", name, data, use=use)
    assert draft_of(author, course_id).revision == before


def test_the_picture_of_a_course_is_put_in_and_taken_away(author):  # noqa: F811
    course_id = make(author)
    upload(author, f"/admin/courses/{course_id}/files/picture", "leaf.png", PNG)
    assert draft_of(author, course_id).document["picture"]
    assert "Take it away" in author.get(f"/admin/courses/{course_id}/settings").text
    author.post(f"/admin/courses/{course_id}/files/picture/remove")
    assert draft_of(author, course_id).document["picture"] is None


def test_the_preview_of_a_text_runs_nothing(author):  # noqa: F811
    course_id = make(author)
    data = {"text": "# Hello\n\n<script>alert(1)</script>\n\n**bold**"}
    shown = author.post(f"/admin/courses/{course_id}/draft/preview", data).text
    assert "<strong>bold</strong>" in shown
    assert "script" not in shown
