"""Pictures, videos and files of a course in the editor: shown, put in, taken out.

The document names files by id; what nobody names any more stays stored, because published versions
may name it.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from content.core.course import Unit
from content.core.errors import CourseInvalid
from content.core.file_types import PICTURES, VIDEOS
from content.core.markdown import render_markdown
from content.models.course import Course, CourseFile
from content.services import course_files
from lti_app.views.admin.course_changes import Document, find_part

USES = {
    "video": VIDEOS,
    "captions": frozenset({"text/vtt"}),
    "file": None,
    "picture": PICTURES,
}
"""What a file of a lesson is for, and which types that takes; None: any."""


def media_context(session: Session, course_id: UUID, unit: Unit) -> dict[str, Any]:
    """What admin/courses/media.html shows."""
    files = course_files.list_files(session, course_id)
    return {
        "has_files": True,
        "files": {file.id: file for file in files},
        "pictures": [one for one in files if one.media_type in PICTURES][:20],
        "file_url": file_url,
        "picture_markdown": picture_markdown,
        "rendered": {"body": render_text(unit.body, course_id)},
    }


def files_of(session: Session, course_id: UUID) -> dict[UUID, CourseFile]:
    """All files of the course."""
    return {file.id: file for file in course_files.list_files(session, course_id)}


def find_picture(session: Session, course: Course) -> CourseFile | None:
    """The picture of the draft."""
    try:
        wanted = UUID(str(course.draft.get("picture")))
    except ValueError:
        return None
    return course_files.find_files(session, course.id, [wanted]).get(wanted)


def file_url(file: CourseFile) -> str:
    """Where authors see the file."""
    return url_for("admin_course_files.file", course_id=file.course_id, file_id=file.id)


def picture_markdown(file: CourseFile, alt: str = "") -> str:
    """What shows the picture in a text."""
    shown = (alt or file.name.rpartition(".")[0]).replace("[", "(").replace("]", ")")
    return f"![{shown}](file:{file.id})"


def render_text(text: str, course_id: UUID) -> Markup:
    """Markdown of a course as HTML that harms nobody."""

    def address(file_id: UUID) -> str:
        return url_for("admin_course_files.file", course_id=course_id, file_id=file_id)

    return Markup(render_markdown(text, address))  # noqa: S704  cleaned by the renderer


def put_in(
    document: Mapping[str, Any],
    unit_id: UUID,
    file: CourseFile,
    use: str,
    fields: Mapping[str, str],
) -> Document:
    """The document with the file where it belongs; raises CourseInvalid for a type that does not
    fit."""
    types = USES[use]
    if types is not None and file.media_type not in types:
        raise CourseInvalid("file", _("This kind of file does not fit here."))
    changed: Document = deepcopy(dict(document))
    _module, unit = find_part(changed, unit_id)
    if unit is None:
        raise CourseInvalid("file", _("Files belong to units."))
    named = {"file": str(file.id)}
    if use == "video":
        unit["video"] = {**named, "title": "", "captions": []}
    elif use == "captions":
        if not unit.get("video"):
            raise CourseInvalid("file", _("Upload the video first."))
        language = fields.get("language", "").strip()[:20] or "en"
        label = fields.get("label", "").strip()[:60]
        captions = unit["video"].setdefault("captions", [])
        captions.append({**named, "language": language, "label": label})
    elif use == "file":
        unit.setdefault("files", []).append({**named, "title": fields.get("title", "").strip()})
    else:
        text = str(unit.get("body", "")).rstrip()
        shown = picture_markdown(file, fields.get("alt", "").strip())
        unit["body"] = f"{text}\n\n{shown}\n".lstrip()
    return changed


def take_out(document: Mapping[str, Any], unit_id: UUID, file_id: str) -> Document:
    """The document without the video, the captions or the file to fetch."""
    changed: Document = deepcopy(dict(document))
    _module, unit = find_part(changed, unit_id)
    if unit is None:
        return changed
    unit["files"] = [one for one in unit.get("files") or [] if one["file"] != file_id]
    video = unit.get("video")
    if video and video["file"] == file_id:
        unit["video"] = None
    elif video:
        kept = [one for one in video.get("captions") or [] if one["file"] != file_id]
        unit["video"] = {**video, "captions": kept}
    return changed
