"""Exports, imports and erasures of a store: ask for one, follow it, fetch what it made."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import IO
from uuid import UUID, uuid4

from flask import (
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.utils import secure_filename

from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.permissions import Permission
from lti_app.core.record_filter import read_agents, read_filter
from lti_app.core.record_link import RecordLink, sign_link
from lti_app.models.record_job import RecordJob, RecordJobKind, RecordJobState
from lti_app.security.forms import csrf
from lti_app.security.guards import requires
from lti_app.services import record_jobs
from lti_app.storage import storage
from lti_app.views.admin.statements import languages
from lti_app.views.admin.stores import bp, get_store
from scorm_runtime.storage.interface import CHUNK_BYTES
from xapi_lrs.core.erasure import Mode
from xapi_lrs.services.exports import FORMS

_FORM_BYTES = 64 * 1024
"""For the parts of a form around its file."""


@bp.post("/<slug>/exports")
@requires(Permission.VIEW_ANALYTICS)
def export(slug: str) -> ResponseReturnValue:
    """Everything that the filter finds, as a file."""
    chosen = read_filter(request.form)
    form = request.form.get("form", "jsonl")
    if chosen.errors or form not in FORMS:
        abort(400, "; ".join(chosen.errors.values()) or _("Choose JSONL or CSV."))
    asked = {"filter": chosen.pairs, "form": form, "languages": languages()}
    with transaction(current_user.tenant_id) as session:
        name = f"{slug}-{datetime.now(UTC):%Y-%m-%d-%H%M}.{form}"
        job = _schedule(session, slug, RecordJobKind.EXPORT, asked=asked, file_name=name)
    return redirect(url_for("admin_stores.job", slug=slug, job_id=job), 303)


@bp.get("/<slug>/imports/new")
@requires(Permission.MANAGE_SETTINGS)
def new_import(slug: str) -> ResponseReturnValue:
    """The form."""
    return _import_form(slug)


@bp.post("/<slug>/imports/new")
@csrf.exempt
@requires(Permission.MANAGE_SETTINGS)
def receive_import(slug: str) -> ResponseReturnValue:
    """Keep the file and have it read. The size is checked before the form is read, hence the
    CSRF token here (as in uploads.py)."""
    limit = current_app.config["LECTERN"].max_upload_mb * 1024 * 1024
    request.max_content_length = limit + _FORM_BYTES
    csrf.protect()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _import_form(slug, _("Choose a JSONL file first."))
    with transaction(current_user.tenant_id) as session:
        get_store(session, slug)
    key = f"records/{current_user.tenant_id}/{uuid4()}.jsonl"
    size = storage().put(key, _chunks(file.stream))
    asked = {
        "check_only": request.form.get("check_only") == "yes",
        "keep_authorities": request.form.get("keep_authorities") == "yes",
    }
    with transaction(current_user.tenant_id) as session:
        job = _schedule(
            session,
            slug,
            RecordJobKind.IMPORT,
            asked=asked,
            file_key=key,
            file_name=file.filename[:200],
            file_bytes=size,
        )
    return redirect(url_for("admin_stores.job", slug=slug, job_id=job), 303)


@bp.route("/<slug>/erasures/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SETTINGS)
def new_erasure(slug: str) -> ResponseReturnValue:
    """Erase a person, or put a pseudonym in their place; first what would be changed."""
    typed = request.values.get("agents", "")[:5000]
    error = ""
    if request.method == "POST":
        agents, error = read_agents(typed)
        if agents:
            mode = Mode.ERASE if request.form.get("mode") == Mode.ERASE else Mode.PSEUDONYMISE
            asked = {
                "agents": agents,
                "typed": typed,
                "mode": mode,
                "pseudonym": f"p-{secrets.token_hex(8)}",
                "check_only": request.form.get("go") != "yes",
            }
            with transaction(current_user.tenant_id) as session:
                job = _schedule(session, slug, RecordJobKind.ERASURE, asked=asked)
            return redirect(url_for("admin_stores.job", slug=slug, job_id=job), 303)
        error = error or _("Say who it is about.")
    with transaction(current_user.tenant_id) as session:
        store = get_store(session, slug)
    page = render_template("admin/records/erase.html", store=store, typed=typed, error=error)
    return page, 422 if error else 200


@bp.get("/<slug>/jobs/<uuid:job_id>")
@requires(Permission.VIEW_ANALYTICS)
def job(slug: str, job_id: UUID) -> ResponseReturnValue:
    """How far it is, and what came of it; a script asks this page again while it runs."""
    with transaction(current_user.tenant_id) as session:
        store = get_store(session, slug)
        row = _get_job(session, slug, job_id)
    running = row.state in (RecordJobState.WAITING, RecordJobState.RUNNING)
    page = render_template("admin/records/job.html", store=store, job=row, running=running)
    headers = {"Refresh": "5"} if running and "X-Part" not in request.headers else {}
    return page, 200, headers


@bp.get("/<slug>/jobs/<uuid:job_id>/file")
@requires(Permission.VIEW_ANALYTICS)
def job_file(slug: str, job_id: UUID) -> ResponseReturnValue:
    """The file of an export, for who is signed in."""
    with transaction(current_user.tenant_id) as session:
        row = _get_job(session, slug, job_id)
    if row.kind != RecordJobKind.EXPORT or not row.file_key:
        abort(404, _("There is no file to fetch (any more)."))
    return send_export(row)


@bp.post("/<slug>/jobs/<uuid:job_id>/link")
@requires(Permission.VIEW_ANALYTICS)
def job_link(slug: str, job_id: UUID) -> ResponseReturnValue:
    """A link that fetches the file once, without signing in; shown this one time."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        store = get_store(session, slug)
        row = _get_job(session, slug, job_id)
        if row.kind != RecordJobKind.EXPORT:
            abort(404)
        number = record_jobs.make_link(session, job_id)
    link = RecordLink(row.tenant_id, row.id, number, now + record_jobs.LINK_LIFETIME)
    address = current_app.config["LECTERN"].app_url + url_for(
        "record_files.fetch", token=sign_link(current_app.config["SECRET_KEY"], link)
    )
    page = render_template(
        "admin/records/job.html", store=store, job=row, running=False, link=address
    )
    return page, 200, {"Cache-Control": "no-store"}


def send_export(row: RecordJob) -> Response:
    """The stored file, in pieces."""
    form = str(row.asked.get("form", "jsonl"))
    answer = Response(storage().read(row.file_key), content_type=FORMS[form])
    answer.content_length = row.file_bytes
    name = secure_filename(row.file_name) or f"statements.{form}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _schedule(
    session: Session,
    slug: str,
    kind: RecordJobKind,
    *,
    asked: Mapping[str, object],
    file_key: str = "",
    file_name: str = "",
    file_bytes: int = 0,
) -> UUID:
    row = record_jobs.schedule(
        session,
        get_store(session, slug).id,
        kind,
        asked=asked,
        created_by=current_user.id,
        file_key=file_key,
        file_name=file_name,
        file_bytes=file_bytes,
    )
    on_commit(session, partial(queue.enqueue, queue.RUN_RECORD_JOB, row.tenant_id, row.id))
    return row.id


def _get_job(session: Session, slug: str, job_id: UUID) -> RecordJob:
    row = record_jobs.get_job(session, job_id)
    if row.store_id != get_store(session, slug).id:
        raise record_jobs.RecordJobMissing(f"There is no job {job_id}.")
    return row


def _import_form(slug: str, error: str = "") -> ResponseReturnValue:
    with transaction(current_user.tenant_id) as session:
        store = get_store(session, slug)
    page = render_template("admin/records/import.html", store=store, error=error)
    return page, 422 if error else 200


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk
