"""Many people at once: a CSV file is looked at first, then carried out whole or not at all."""

from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.errors import CourseMissing
from content.models.group import EnrolmentImport
from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import enrolment_imports
from lti_app.views.admin.course_pages import get_editable, page_context, viewer
from lti_app.views.admin.course_people import bp
from lti_app.views.course_refusals import say_fault

MOST_BYTES = 8 * 1024 * 1024


@bp.get("/list")
@requires(Permission.EDIT_OWN_CONTENT)
def new_list(course_id: UUID) -> ResponseReturnValue:
    """The form."""
    with transaction(current_user.tenant_id) as session:
        course = get_editable(session, course_id)
        return render_template("admin/courses/list.html", **page_context(session, course), job=None)


@bp.post("/list")
@requires(Permission.EDIT_OWN_CONTENT)
def upload_list(course_id: UUID) -> ResponseReturnValue:
    """Keep the file and have it looked at."""
    sent = request.files.get("file")
    data = sent.stream.read(MOST_BYTES + 1) if sent else b""
    problem = ""
    if sent is None or not sent.filename or not data:
        problem = _("Choose a CSV file first.")
    elif len(data) > MOST_BYTES:
        problem = _("This file is larger than 8 MB.")
    text = ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = _("This file is not in UTF-8. Save it as “CSV UTF-8”.")
    if problem or sent is None:
        flash(problem, "danger")
        return redirect(url_for("admin_course_people.new_list", course_id=course_id), 303)
    if not viewer().sees_all and "course" in text.partition("\n")[0].lower():
        # A list may name other courses; only who manages all of them may use that.
        flash(_("Leave out the column “course”: the list is for this course."), "danger")
        return redirect(url_for("admin_course_people.new_list", course_id=course_id), 303)
    creates = request.form.get("creates_people") == "yes" and current_user.may(
        Permission.MANAGE_USERS
    )
    with transaction(current_user.tenant_id) as session:
        get_editable(session, course_id)
        job_id = _schedule(session, course_id, text, sent.filename or "", dry=True, creates=creates)
    return _to_list(course_id, job_id)


@bp.get("/list/<uuid:import_id>")
@requires(Permission.EDIT_OWN_CONTENT)
def show_list(course_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """How far it is, what was found; the page follows by itself (import.js)."""
    with transaction(current_user.tenant_id) as session:
        course = get_editable(session, course_id)
        job = _get(session, course_id, import_id)
        page = render_template(
            "admin/courses/list.html",
            **page_context(session, course),
            job=job,
            runs=_runs(job),
            say_fault=say_fault,
        )
    return page, 200, {} if request.headers.get("X-Part") or not _runs(job) else {"Refresh": "5"}


@bp.post("/list/<uuid:import_id>")
@requires(Permission.EDIT_OWN_CONTENT)
def carry_out(course_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Do what the look has shown."""
    with transaction(current_user.tenant_id) as session:
        get_editable(session, course_id)
        seen = _get(session, course_id, import_id)
        if seen.state != "checked" or seen.report.get("faults"):
            flash(_("This list has faults, or was not looked at yet."), "danger")
            return _to_list(course_id, import_id)
        job_id = _schedule(
            session,
            course_id,
            seen.text,
            seen.file_name,
            dry=False,
            creates=seen.creates_people,
        )
    return _to_list(course_id, job_id)


def _schedule(
    session: Session, course_id: UUID, text: str, name: str, *, dry: bool, creates: bool
) -> UUID:
    job = enrolment_imports.schedule(
        session,
        text,
        file_name=name,
        course_id=course_id,
        is_dry_run=dry,
        creates_people=creates,
        created_by=current_user.id,
    )
    tenant_id = current_user.tenant_id
    on_commit(session, partial(queue.enqueue, queue.RUN_ENROLMENT_IMPORT, tenant_id, job.id))
    return job.id


def _get(session: Session, course_id: UUID, import_id: UUID) -> EnrolmentImport:
    job = session.get(EnrolmentImport, import_id)
    if job is None or job.course_id != course_id:
        raise CourseMissing("There is no such list.")
    return job


def _runs(job: EnrolmentImport) -> bool:
    return job.state in ("waiting", "running")


def _to_list(course_id: UUID, import_id: UUID) -> ResponseReturnValue:
    target = url_for("admin_course_people.show_list", course_id=course_id, import_id=import_id)
    return redirect(target, 303)
