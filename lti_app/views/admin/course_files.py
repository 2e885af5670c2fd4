"""Files of a course for its authors: upload, show, take out.

As with packages, the size of a body is decided before it is read: the views raise the limit for who
may upload, then check the CSRF token themselves.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.errors import CourseInvalid, DraftConflict
from content.core.file_types import PICTURES, FileRefused
from content.models.course import Course, CourseFile
from content.services import course_files, drafts
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.forms import csrf
from lti_app.security.guards import requires
from lti_app.views.admin.course_changes import Document
from lti_app.views.admin.course_media import USES, put_in, take_out
from lti_app.views.admin.course_pages import get_course, get_editable
from lti_app.views.course_refusals import say
from lti_app.views.course_storage import receive_course_file, send_course_file

bp = Blueprint("admin_course_files", __name__, url_prefix="/admin/courses/<uuid:course_id>/files")

_FORM_BYTES = 64 * 1024
"""For the parts of a form around its file."""


@bp.get("/<uuid:file_id>")
@requires(Permission.CREATE_CONTENT)
def file(course_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """The file as it is."""
    with transaction(current_user.tenant_id) as session:
        get_course(session, course_id)
        row = course_files.get_file(session, course_id, file_id)
    return send_course_file(row)


@bp.post("/units/<uuid:unit_id>")
@csrf.exempt
@requires(Permission.EDIT_OWN_CONTENT)
def upload(course_id: UUID, unit_id: UUID) -> ResponseReturnValue:
    """A video, captions, a file to fetch or a picture for a lesson."""
    _let_in_large_bodies()
    use = request.form.get("use", "")
    if use not in USES:
        abort(400)

    def change(course: Course, row: CourseFile) -> Document:
        return put_in(course.draft, unit_id, row, use, request.form)

    _receive(course_id, change)
    anchor = {"captions": "video", "file": "files", "picture": "pictures"}.get(use, use)
    return _go(
        url_for("admin_courses.editor", course_id=course_id, chosen_id=unit_id, _anchor=anchor)
    )


@bp.post("/units/<uuid:unit_id>/remove")
@requires(Permission.EDIT_OWN_CONTENT)
def remove(course_id: UUID, unit_id: UUID) -> ResponseReturnValue:
    """Take it out of the lesson; versions that are published keep it."""
    with transaction(current_user.tenant_id) as session:
        course = get_editable(session, course_id)
        _save(session, course, take_out(course.draft, unit_id, request.form.get("file", "")))
    flash(_("It is taken out of the draft."), "success")
    return redirect(url_for("admin_courses.editor", course_id=course_id, chosen_id=unit_id), 303)


@bp.post("/picture")
@csrf.exempt
@requires(Permission.EDIT_OWN_CONTENT)
def upload_picture(course_id: UUID) -> ResponseReturnValue:
    """The picture of the course."""
    _let_in_large_bodies()

    def change(course: Course, row: CourseFile) -> Document:
        if row.media_type not in PICTURES:
            raise CourseInvalid("picture", _("This is no picture."))
        return {**course.draft, "picture": str(row.id)}

    _receive(course_id, change)
    return _go(url_for("admin_courses.settings", course_id=course_id, _anchor="picture"))


@bp.post("/picture/remove")
@requires(Permission.EDIT_OWN_CONTENT)
def remove_picture(course_id: UUID) -> ResponseReturnValue:
    """Back to the pattern."""
    with transaction(current_user.tenant_id) as session:
        course = get_editable(session, course_id)
        _save(session, course, {**course.draft, "picture": None})
    return redirect(url_for("admin_courses.settings", course_id=course_id, _anchor="picture"), 303)


def _go(target: str) -> ResponseReturnValue:
    """Onward; a script that has sent the file (static/course_uploads.js) goes there itself."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(location=target)
    return redirect(target, 303)


def _let_in_large_bodies() -> None:
    request.max_content_length = _limit() + _FORM_BYTES
    csrf.protect()


def _limit() -> int:
    return int(current_app.config["LECTERN"].max_upload_mb) * 1024 * 1024


def _receive(course_id: UUID, change: Callable[[Course, CourseFile], Document]) -> None:
    """Store the file and put it where it belongs, or say why not."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        flash(_("Choose a file first."), "danger")
        return
    try:
        with transaction(current_user.tenant_id) as session:
            course = get_editable(session, course_id)
            row = receive_course_file(
                session,
                current_user.tenant_id,
                course_id,
                sent,
                max_bytes=_limit(),
                created_by=current_user.id,
            )
            _save(session, course, change(course, row))
    except (FileRefused, CourseInvalid, DraftConflict) as refused:
        flash(say(refused), "danger")
    else:
        flash(_("“%(name)s” is there.", name=sent.filename), "success")


def _save(session: Session, course: Course, document: Document) -> None:
    """On top of whatever the draft is: a file does not depend on the texts around it."""
    drafts.save_draft(
        session,
        course.id,
        document,
        revision=course.draft_revision,
        changed_by=current_user.id,
        now=datetime.now(UTC),
    )
