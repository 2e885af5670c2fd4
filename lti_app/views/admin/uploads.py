"""Uploading a package in one go, and the page that shows how far its import is.

With a script a file comes in parts (`upload_parts.py`); this is the form without one.

The size of a body is decided before it is read: these views raise the limit for who may upload,
then check the CSRF token themselves (`csrf.exempt`, because the global check reads the form, and
with it the whole file, before any view has had a say).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import IO
from uuid import UUID, uuid4

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.permissions import Permission
from lti_app.logs import trace_id
from lti_app.security.forms import csrf
from lti_app.security.guards import requires
from lti_app.storage import storage
from lti_app.views.admin.packages import bp, get_editable
from scorm_runtime.core.refusal import PackageRefused
from scorm_runtime.models.import_job import IMPORT_STAGES, ImportJob
from scorm_runtime.services import packages
from scorm_runtime.services.uploads import list_unfinished
from scorm_runtime.storage.interface import CHUNK_BYTES

_FORM_BYTES = 64 * 1024
"""For the parts of a form around its file."""


@bp.get("/upload")
@requires(Permission.CREATE_CONTENT)
def upload() -> ResponseReturnValue:
    """The form; with `package`, for a new version of it."""
    return _form()


@bp.post("/upload")
@csrf.exempt
@requires(Permission.CREATE_CONTENT)
def receive() -> ResponseReturnValue:
    """Keep the zip, make the import's row, and send the browser to its page."""
    limit = current_app.config["LECTERN"].max_upload_mb * 1024 * 1024
    request.max_content_length = limit + _FORM_BYTES
    csrf.protect()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _refuse(_("Choose a zip file first."))
    package_id = request.form.get("package", None, UUID)
    try:
        with transaction(current_user.tenant_id) as session:
            key = get_editable(session, package_id).key if package_id else ""
        stored_key = packages.receive_upload(
            storage(), uuid4(), _chunks(file.stream), max_bytes=limit
        )
    except PackageRefused as refusal:
        return _refuse(refusal.message)
    with transaction(current_user.tenant_id) as session:
        job = packages.schedule_import(
            session,
            file_name=file.filename,
            stored_key=stored_key,
            created_by=current_user.id,
            package_key=key,
        )
        on_commit(session, partial(queue.enqueue, queue.RUN_IMPORT, job.tenant_id, job.id))
    target = url_for("admin_packages.import_page", job_id=job.id)
    return jsonify(location=target) if _is_script() else redirect(target, 303)


@bp.get("/imports/<uuid:job_id>")
@requires(Permission.CREATE_CONTENT)
def import_page(job_id: UUID) -> ResponseReturnValue:
    """How far the import is; a script asks the page again while it runs, and without script
    the page reloads itself."""
    with transaction(current_user.tenant_id) as session:
        job = packages.get_import(session, job_id)
        made = job.package_version
        is_draft = made is not None and made.published_at is None
    page = render_template(
        "admin/import.html", job=job, stages=_stages(job), running=_runs(job), is_draft=is_draft
    )
    return page, 200, {} if request.headers.get("X-Part") or not _runs(job) else {"Refresh": "5"}


def _runs(job: ImportJob) -> bool:
    return job.state in ("waiting", "running")


def _stages(job: ImportJob) -> list[tuple[str, str]]:
    """(stage, "done" | "running" | "failed" | "waiting") in order."""
    # Only what came in parts has to be put together.
    names = [one for one in IMPORT_STAGES if one != "assemble" or job.upload_id is not None]
    if job.state == "done":
        return [(stage, "done") for stage in names]
    here = names.index(job.stage) if job.stage in names else -1
    now = {"failed": "failed", "running": "running"}.get(job.state, "waiting")
    if job.state == "failed":
        here = max(here, 0)
    return [
        (stage, "done" if number < here else now if number == here else "waiting")
        for number, stage in enumerate(names)
    ]


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def _is_script() -> bool:
    return bool(request.accept_mimetypes.best == "application/json")


def _refuse(message: str) -> ResponseReturnValue:
    if _is_script():
        error = {"code": "upload_refused", "message": message, "details": []}
        return jsonify(error=error, meta={"trace_id": trace_id()}), 422
    return _form(message), 422


def _form(error: str = "") -> str:
    package_id = request.values.get("package", None, UUID)
    with transaction(current_user.tenant_id) as session:
        package = get_editable(session, package_id) if package_id else None
        unfinished = list_unfinished(session, current_user.id, now=datetime.now(UTC))
    return render_template(
        "admin/upload.html",
        package=package,
        unfinished=unfinished,
        error=error,
        max_mb=current_app.config["LECTERN"].max_upload_mb,
    )
