"""My certificates: the list, one of them, its PDF and its badge."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.utils import secure_filename

from content.core.certificate import read_sheet
from content.models.certificate import Certificate
from content.services import certificates
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import certifying
from lti_app.storage import storage
from lti_app.views.certificate_logo import data_address
from lti_app.views.certificate_picture import bake, certificate_picture
from scorm_runtime.storage.errors import ObjectMissing
from scorm_runtime.storage.interface import Storage

bp = Blueprint("certificates", __name__, url_prefix="/certificates")


@bp.get("/")
@requires(Permission.TAKE_CONTENT)
def index() -> ResponseReturnValue:
    """What the person has earned, newest first."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        rows = certificates.list_own(session, current_user.id)
    entries = [(row, row.state(now), picture_of(row)) for row in rows]
    return render_template("portal/certificates.html", entries=entries, now=now)


@bp.get("/<uuid:certificate_id>")
@requires(Permission.TAKE_CONTENT)
def show(certificate_id: UUID) -> ResponseReturnValue:
    """One certificate, with what can be done with it."""
    row = _get(certificate_id)
    return render_template(
        "portal/certificate.html",
        certificate=row,
        state=row.state(datetime.now(UTC)),
        picture=picture_of(row),
        address=read_sheet(row.look).address,
    )


@bp.get("/<uuid:certificate_id>/certificate.pdf")
@requires(Permission.TAKE_CONTENT)
def pdf(certificate_id: UUID) -> ResponseReturnValue:
    """The PDF; made now where the job has not been, or the file is gone."""
    return send_pdf(_get(certificate_id))


@bp.get("/<uuid:certificate_id>/badge.jwt")
@requires(Permission.TAKE_CONTENT)
def badge(certificate_id: UUID) -> ResponseReturnValue:
    """The signed Open Badges 3.0 credential, to be put into a wallet or a backpack."""
    row = _badged(certificate_id)
    # text/plain: Open Badges 3.0, 5.2 Web Resource.
    return Response(
        row.badge, content_type="text/plain", headers=_headers(f"badge-{row.number}.jwt")
    )


@bp.get("/<uuid:certificate_id>/badge.svg")
@requires(Permission.TAKE_CONTENT)
def baked_badge(certificate_id: UUID) -> ResponseReturnValue:
    """The certificate as a picture that carries the badge."""
    row = _badged(certificate_id)
    return Response(
        bake(picture_of(row), row.badge),
        content_type="image/svg+xml",
        headers=_headers(f"badge-{row.number}.svg"),
    )


def send_pdf(row: Certificate) -> Response:
    """The PDF of a certificate that the viewer may see."""
    content = _stored(storage(), row) or _render(row)
    name = secure_filename(f"{row.course_title} {row.number}.pdf") or f"{row.number}.pdf"
    return Response(content, content_type="application/pdf", headers=_headers(name))


def picture_of(row: Certificate) -> str:
    """As SVG, with its logo."""
    return certificate_picture(read_sheet(row.look), data_address(row.logo_key))


def _get(certificate_id: UUID) -> Certificate:
    with transaction(current_user.tenant_id) as session:
        return certificates.get_own(session, certificate_id, current_user.id)


def _badged(certificate_id: UUID) -> Certificate:
    row = _get(certificate_id)
    if row.revoked_at is not None:
        abort(410, _("This certificate was revoked; there is no badge any more."))
    if not row.badge:
        _render(row)
        row = _get(certificate_id)
    return row


def _stored(files: Storage, row: Certificate) -> bytes:
    if not row.pdf_key:
        return b""
    try:
        return b"".join(files.read(row.pdf_key))
    except ObjectMissing:
        return b""


def _render(row: Certificate) -> bytes:
    return certifying.render(
        lambda: transaction(row.tenant_id),
        storage(),
        row.id,
        now=datetime.now(UTC),
        app_url=current_app.config["LECTERN"].app_url,
    )


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
