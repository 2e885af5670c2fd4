"""Courses out of Lectern and into it again: a zip of Markdown and YAML (content/core/folder.py)."""

from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.errors import ContentError
from content.core.file_types import FileRefused
from content.core.folder import read_key
from content.services.courses import find_course_by_key
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.forms import csrf
from lti_app.security.guards import requires
from lti_app.services import course_folders, folder_files, visible_courses
from lti_app.services.course_folders import Synced
from lti_app.storage import storage
from lti_app.views.admin.course_fields import FieldInvalid
from lti_app.views.admin.course_pages import get_course, viewer
from lti_app.views.admin.courses import bp
from lti_app.views.admin.quizzes import is_editable
from lti_app.views.course_refusals import say

MOST_BYTES = 200 * 2**20
"""Of a zip and of what is in it: both are read into memory. `flask content import` takes more."""
_FORM_BYTES = 64 * 1024


@bp.get("/<uuid:course_id>/export")
@requires(Permission.CREATE_CONTENT)
def export(course_id: UUID) -> ResponseReturnValue:
    """The draft, or with ?published=yes what learners have, as a zip with the files that it shows;
    packages and quizzes by their keys. The name of the file says which it is."""
    published = request.args.get("published") == "yes"
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        version = course.current_version
        if published and version is None:
            abort(404)
        files = course_folders.export_course(session, storage(), course, published=published)
        told = f"version-{version.number}" if published and version else "draft"
        name = f"{course.key}-{told}.zip"
    data = BytesIO(folder_files.write_zip(files))
    return send_file(data, "application/zip", as_attachment=True, download_name=name)


@bp.get("/import")
@requires(Permission.CREATE_CONTENT)
def choose_import() -> ResponseReturnValue:
    """The form."""
    return render_template("admin/courses/import.html", problem=None)


@bp.post("/import")
@csrf.exempt  # checked below, once it is decided how large the body may be
@requires(Permission.CREATE_CONTENT)
def import_course() -> ResponseReturnValue:
    """Make a course of a zip, or its next draft; nothing is published."""
    most = min(MOST_BYTES, int(current_app.config["LECTERN"].max_upload_mb) * 2**20)
    request.max_content_length = most + _FORM_BYTES
    csrf.protect()
    try:
        files = _read(most)
        with transaction(current_user.tenant_id) as session:
            done = _bring_in(session, files)
            course_id, is_new = done.course.id, done.is_new
    except FieldInvalid as refused:
        return render_template("admin/courses/import.html", problem=refused), 422
    except (ContentError, FileRefused) as refused:
        problem = FieldInvalid("file", say(refused))
        return render_template("admin/courses/import.html", problem=problem), 422
    said = _("The course is here as a draft.") if is_new else _("Its draft is what the zip says.")
    flash(said, "success")
    return redirect(url_for("admin_courses.editor", course_id=course_id), 303)


def _read(most: int) -> dict[str, bytes]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise FieldInvalid("file", _("Choose a file first."))
    files = folder_files.read_zip(sent.stream.read(most + 1), max_bytes=MOST_BYTES)
    if "course.yaml" not in files:
        raise FieldInvalid("file", _("There is no course.yaml in this zip."))
    return files


def _bring_in(session: Session, files: dict[str, bytes]) -> Synced:
    """As `flask content import` does, within what the visitor may change."""
    known = find_course_by_key(session, read_key(files))
    if known is not None:
        if not visible_courses.is_editable(session, known, viewer()):
            raise FieldInvalid("file", _("Somebody else has a course with the key of this zip."))
        if request.form.get("replaces") != "yes":
            raise FieldInvalid(
                "replaces", _("There is a course with the key “%(key)s” already.", key=known.key)
            )
    return course_folders.sync_course(
        session,
        storage(),
        current_user.tenant_id,
        files,
        by=current_user.id,
        now=datetime.now(UTC),
        publish=False,
        may_change_quiz=is_editable,
    )
