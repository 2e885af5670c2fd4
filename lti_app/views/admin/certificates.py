"""Certificates for administrators: list, search, revoke, issue again, and what they look like."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from content.core.certificate import Look, LookInvalid, as_json, read_look
from content.services import certificate_templates, certificates, courses
from content.services.certificate_pdf import draw
from content.services.certificates import Due
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import certifying
from lti_app.storage import storage
from lti_app.views.certificate_logo import LogoInvalid, data_address, keep_logo
from lti_app.views.certificate_picture import certificate_picture
from lti_app.views.certificates import picture_of, send_pdf
from lti_app.views.course_refusals import say
from lti_app.views.shell import language, tenant_name

bp = Blueprint("admin_certificates", __name__, url_prefix="/admin/certificates")

PAGE_SIZE = 50
REASONS = {
    "colour": _l("Write the colour like #0b5f6b."),
    "choice": _l("Choose one of the list."),
    "length": _l("Use at most %(detail)s characters."),
    "placeholder": _l("There is no placeholder %(detail)s."),
}
SAMPLE_NUMBER = "0000-0000-0000-0000"


@bp.get("/")
@requires(Permission.VIEW_ANALYTICS)
def index() -> ResponseReturnValue:
    """All certificates, newest first; with a search and a choice of state."""
    search, state = request.args.get("q", "")[:200], request.args.get("state", "")
    state = state if state in certificates.STATES else ""
    page, now = max(request.args.get("page", 1, int), 1), datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        rows = certificates.list_certificates(
            session, now, search=search, state=state, page=page, size=PAGE_SIZE
        )
        count = certificates.count_certificates(session, now, search=search, state=state)
    return render_template(
        "admin/certificates/index.html",
        entries=[(row, row.state(now)) for row in rows],
        count=count,
        page=page,
        size=PAGE_SIZE,
        search=search,
        state=state,
    )


@bp.get("/<uuid:certificate_id>")
@requires(Permission.VIEW_ANALYTICS)
def show(certificate_id: UUID) -> ResponseReturnValue:
    """One certificate, and what can be done about it."""
    return _page(certificate_id)


@bp.get("/<uuid:certificate_id>/certificate.pdf")
@requires(Permission.VIEW_ANALYTICS)
def pdf(certificate_id: UUID) -> ResponseReturnValue:
    """Its PDF."""
    with transaction(current_user.tenant_id) as session:
        row = certificates.get_certificate(session, certificate_id)
    return send_pdf(row)


@bp.post("/<uuid:certificate_id>/revoke")
@requires(Permission.MANAGE_USERS)
def revoke(certificate_id: UUID) -> ResponseReturnValue:
    """No longer valid, with a reason that everybody who verifies it reads."""
    reason = request.form.get("reason", "")
    try:
        with transaction(current_user.tenant_id) as session:
            certifying.revoke_certificate(
                session,
                certificate_id,
                reason,
                now=datetime.now(UTC),
                revoked_by=current_user.id,
            )
    except certificates.NotRevocable as error:
        return _page(certificate_id, error=say(error)), 422
    flash(_("The certificate is revoked."), "success")
    return redirect(url_for("admin_certificates.show", certificate_id=certificate_id), 303)


@bp.post("/<uuid:certificate_id>/again")
@requires(Permission.MANAGE_USERS)
def again(certificate_id: UUID) -> ResponseReturnValue:
    """A new certificate with a new number in its place: as the name and the look are now."""
    with transaction(current_user.tenant_id) as session:
        old = certificates.get_certificate(session, certificate_id)
        new = old.enrolment_id and certifying.award_certificate(
            session,
            old.enrolment_id,
            datetime.now(UTC),
            current_app.config["LECTERN"].app_url,
            again=True,
        )
    if not new:
        flash(_("Nothing can be issued: the course was not passed, or is gone."), "danger")
        return redirect(url_for("admin_certificates.show", certificate_id=certificate_id), 303)
    flash(_("A new certificate is issued."), "success")
    return redirect(url_for("admin_certificates.show", certificate_id=new.id), 303)


@bp.get("/templates/")
@requires(Permission.MANAGE_SETTINGS)
def templates() -> ResponseReturnValue:
    """The one for all courses, and those of courses."""
    with transaction(current_user.tenant_id) as session:
        rows = certificate_templates.list_templates(session)
        titles = {row.id: row.title for row in courses.list_courses(session)}
    return render_template("admin/certificates/templates.html", rows=rows, titles=titles)


@bp.route("/templates/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_SETTINGS)
def template() -> ResponseReturnValue:
    """The editor; ?course= names the course whose own template it is."""
    course_id = request.args.get("course", None, UUID)
    with transaction(current_user.tenant_id) as session:
        title = courses.get_course(session, course_id).title if course_id else ""
        row = certificate_templates.find_template(session, course_id)
        is_own = row is not None and row.course_id == course_id
    given: dict[str, Any] = as_json(Look()) | (row.look if row else {})
    months = row.valid_months if row else None
    errors: dict[str, str] = {}
    logo_key = row.logo_key if row else ""
    if request.method == "POST":
        given = _form()
        months, errors = _months(errors)
        look = _read(given, errors)
        logo_key = _logo(logo_key, errors)
        if request.form.get("do") == "save" and not errors:
            _save(course_id, title, look, months, logo_key)
            flash(_("Saved. Certificates that are issued from now on look so."), "success")
            return redirect(url_for("admin_certificates.template", course=course_id), 303)
        if request.form.get("do") == "pdf" and not errors:
            return _sample_pdf(look, logo_key)
    look = _read(given, {})
    page = render_template(
        "admin/certificates/template.html",
        given=given | {"valid_months": months},
        look=look,
        title=title,
        course_id=course_id,
        is_own=is_own,
        has_logo=bool(logo_key),
        logo_key=logo_key,
        errors=errors,
        picture=certificate_picture(_sample(look), data_address(logo_key)),
    )
    return page, 422 if errors else 200


def _page(certificate_id: UUID, error: str = "") -> str:
    with transaction(current_user.tenant_id) as session:
        row = certificates.get_certificate(session, certificate_id)
    return render_template(
        "admin/certificates/show.html",
        certificate=row,
        state=row.state(datetime.now(UTC)),
        picture=picture_of(row),
        error=error,
    )


def _form() -> dict[str, Any]:
    fields = ("accent", "ink", "paper", "frame", "heading", "text", "signatory_name")
    given: dict[str, Any] = {
        name: request.form.get(name, "").strip()[:2000] for name in (*fields, "signatory_title")
    }
    given["accent"], given["ink"] = given["accent"].lower(), given["ink"].lower()
    given["shows_score"] = request.form.get("shows_score") == "yes"
    return given


def _read(given: dict[str, Any], errors: dict[str, str]) -> Look:
    try:
        return read_look(given)
    except LookInvalid as refusal:
        errors[refusal.field] = str(REASONS[refusal.reason]) % {"detail": refusal.detail}
        rest = {name: value for name, value in given.items() if name != refusal.field}
        return _read(rest, errors)


def _months(errors: dict[str, str]) -> tuple[int | None, dict[str, str]]:
    typed = request.form.get("valid_months", "").strip()
    if not typed:
        return None, errors
    if typed.isdecimal() and 1 <= int(typed[:5]) <= 600:
        return int(typed), errors
    return None, errors | {"valid_months": _("Give whole months from 1 to 600, or nothing.")}


def _logo(now: str, errors: dict[str, str]) -> str:
    if request.form.get("no_logo") == "yes":
        return ""
    kept = request.form.get("logo_key", "")
    own = f"certificates/{current_user.tenant_id}/logos/"
    if kept.startswith(own) and kept[len(own) :].removesuffix(".png").isalnum():
        now = kept
    file = request.files.get("logo")
    if file is None or not file.filename:
        return now
    try:
        return keep_logo(current_user.tenant_id, file.read())
    except LogoInvalid as refusal:
        errors["logo"] = str(refusal)
        return now


def _save(
    course_id: UUID | None, title: str, look: Look, months: int | None, logo_key: str
) -> None:
    with transaction(current_user.tenant_id) as session:
        certificate_templates.save_template(
            session,
            course_id,
            look,
            name=title or "default",
            valid_months=months,
            logo_key=logo_key,
            changed_by=current_user.id,
            now=datetime.now(UTC),
        )


def _sample(look: Look) -> Any:
    now, nobody = datetime.now(UTC), UUID(int=0)
    due = Due(
        enrolment_id=nobody,
        user_id=nobody,
        course_id=nobody,
        course_title=_("Fire safety at work"),
        course_description="",
        language=language(),
        score_scaled=0.87,
        issued_at=now,
        expires_at=None,
        look=look,
        logo_key="",
        number=SAMPLE_NUMBER,
        replaces=None,
    )
    app_url = current_app.config["LECTERN"].app_url
    return certifying.write_sheet(
        due, name=_("Ada Lovelace"), organisation=tenant_name(), app_url=app_url
    )


def _sample_pdf(look: Look, logo_key: str) -> Response:
    logo = b"".join(storage().read(logo_key)) if logo_key else b""
    content = draw(_sample(look), logo=logo, issued_at=datetime.now(UTC))
    headers = {"Content-Disposition": 'attachment; filename="sample.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)
