"""An upload in parts, as `static/upload.js` sends it: each request is short, each can be repeated.

    POST   /admin/packages/uploads                     {name, size, modified, package?} → its state
    GET    /admin/packages/uploads/<id>                its state: {id, name, size, received, parts}
    PUT    /admin/packages/uploads/<id>/parts/<start>  the bytes from `start` on → its state
    POST   /admin/packages/uploads/<id>/finish         {location} of the import's page
    DELETE /admin/packages/uploads/<id>                forgotten

A part that does not begin at `received` is answered 409 with the state: go on from there. The
header X-Part-SHA256 (hexadecimal) has a part checked. As in `uploads.py`, the size of a body is
decided before it is read, so the CSRF token is checked here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeGuard
from uuid import UUID, uuid4

from flask import abort, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.permissions import Permission
from lti_app.logs import trace_id
from lti_app.security.forms import csrf
from lti_app.security.guards import requires
from lti_app.storage import storage
from lti_app.views.admin.packages import bp, get_editable
from scorm_runtime.models.upload import Upload
from scorm_runtime.services import uploads
from scorm_runtime.services.errors import UploadRefused, WrongOffset
from scorm_runtime.services.upload_rows import list_parts, prefix_of
from scorm_runtime.storage.interface import CHUNK_BYTES


@bp.post("/uploads")
@requires(Permission.CREATE_CONTENT)
def begin_upload() -> ResponseReturnValue:
    """Begin, or go on with the unfinished upload of the same file."""
    announced = _announced()
    limit = current_app.config["LECTERN"].max_upload_mb * 1024 * 1024
    with transaction(current_user.tenant_id) as session:
        if announced.package_id is not None:
            get_editable(session, announced.package_id)
        upload = uploads.begin_upload(session, announced, max_bytes=limit, now=_now())
        return jsonify(_state(session, upload)), 201


@bp.get("/uploads/<uuid:upload_id>")
@requires(Permission.CREATE_CONTENT)
def upload_state(upload_id: UUID) -> ResponseReturnValue:
    """How far it is, with the checksums of the parts that are here."""
    with transaction(current_user.tenant_id) as session:
        upload = uploads.get_upload(session, upload_id, current_user.id, now=_now())
        return jsonify(_state(session, upload))


@bp.put("/uploads/<uuid:upload_id>/parts/<int:start>")
@csrf.exempt
@requires(Permission.CREATE_CONTENT)
def receive_part(upload_id: UUID, start: int) -> ResponseReturnValue:
    """Take one part."""
    request.max_content_length = uploads.MAX_PART_BYTES
    csrf.protect()
    size = request.content_length
    if size is None:
        abort(411)
    try:
        with transaction(current_user.tenant_id) as session:
            upload = uploads.get_upload(session, upload_id, current_user.id, now=_now())
        uploads.check_part(upload, start, size)
        digest = request.headers.get("X-Part-SHA256", "")
        part = uploads.store_part(storage(), upload_id, uuid4(), _chunks(), sha256=digest)
    except UploadRefused as refusal:
        return _refuse(refusal, upload_id)
    try:
        with transaction(current_user.tenant_id) as session:
            user_id = current_user.id
            upload = uploads.add_part(session, upload_id, user_id, start, part, now=_now())
            return jsonify(_state(session, upload))
    except Exception as error:
        storage().delete(part.key)
        if isinstance(error, UploadRefused):
            return _refuse(error, upload_id)
        raise


@bp.post("/uploads/<uuid:upload_id>/finish")
@requires(Permission.CREATE_CONTENT)
def finish_upload(upload_id: UUID) -> ResponseReturnValue:
    """All parts are here: make the import's row; asked twice, it is the same one."""
    try:
        with transaction(current_user.tenant_id) as session:
            job, is_new = uploads.finish_upload(session, upload_id, current_user.id, now=_now())
            if is_new:
                on_commit(session, partial(queue.enqueue, queue.RUN_IMPORT, job.tenant_id, job.id))
    except WrongOffset as refusal:
        return _refuse(refusal, upload_id)
    return jsonify(location=url_for("admin_packages.import_page", job_id=job.id))


@bp.delete("/uploads/<uuid:upload_id>")
@requires(Permission.CREATE_CONTENT)
def discard_upload(upload_id: UUID) -> ResponseReturnValue:
    """Forget it, with all its parts."""
    with transaction(current_user.tenant_id) as session:
        uploads.discard_upload(session, upload_id, current_user.id, now=_now())
    storage().delete_prefix(prefix_of(upload_id))
    return "", 204


def _announced() -> uploads.NewUpload:
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        abort(400, _("Send the file's name and size as JSON."))
    name, size, modified = data.get("name"), data.get("size"), data.get("modified", 0)
    if not isinstance(name, str) or not _is_whole(size) or not _is_whole(modified):
        abort(400, _("The name is a text, the size and the time of change are whole numbers."))
    package = data.get("package") or None
    try:
        package_id = UUID(package) if package else None
    except (ValueError, TypeError, AttributeError):
        abort(400, _("The package is named by its id."))
    return uploads.NewUpload(name, size, modified, package_id, current_user.id)


def _is_whole(value: object) -> TypeGuard[int]:
    """A whole number that fits into the database, and no true or false."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _state(session: Session, upload: Upload) -> dict[str, Any]:
    parts = list_parts(session, upload.id)
    return {
        "id": str(upload.id),
        "url": url_for("admin_packages.upload_state", upload_id=upload.id),
        "name": upload.file_name,
        "size": upload.byte_count,
        "received": upload.received,
        "part_bytes": uploads.PART_BYTES,
        "parts": [
            {"start": part.start, "size": part.size, "sha256": part.sha256} for part in parts
        ],
    }


def _chunks() -> Iterator[bytes]:
    while chunk := request.stream.read(CHUNK_BYTES):
        yield chunk


def _refuse(refusal: UploadRefused, upload_id: UUID) -> ResponseReturnValue:
    code = "wrong_offset" if isinstance(refusal, WrongOffset) else "upload_refused"
    error = {"code": code, "message": str(refusal), "details": []}
    with transaction(current_user.tenant_id) as session:
        upload = uploads.get_upload(session, upload_id, current_user.id, now=_now())
        state = _state(session, upload)
    answer = jsonify(error=error, upload=state, meta={"trace_id": trace_id()})
    return answer, refusal.status_hint


def _now() -> datetime:
    return datetime.now(UTC)
