"""Packages: list, one package with its versions and report, publish, archive, download."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.utils import secure_filename
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from database.session import transaction
from lti_app.core.permissions import Permission, Role, may_edit
from lti_app.security.guards import requires
from lti_app.storage import storage
from scorm_runtime.models.package import Package
from scorm_runtime.services import packages, versions

bp = Blueprint("admin_packages", __name__, url_prefix="/admin/packages")


class PackageForm(FlaskForm):
    title = StringField(_l("Title"), [DataRequired(_l("Give it a title.")), Length(max=300)])
    description = TextAreaField(_l("Description"), [Length(max=5000)], render_kw={"rows": 3})


@bp.get("/")
@requires(Permission.CREATE_CONTENT)
def index() -> ResponseReturnValue:
    """All packages, or the archived ones; and imports that have not ended well."""
    search = request.args.get("q", "")[:200]
    archived = request.args.get("archived") == "yes"
    with transaction(current_user.tenant_id) as session:
        found = packages.list_packages(session, search=search, archived=archived)
        imports = [job for job in packages.list_imports(session, limit=20) if job.state != "done"]
    return render_template(
        "admin/packages.html", packages=found, imports=imports, search=search, archived=archived
    )


@bp.get("/<uuid:package_id>")
@requires(Permission.CREATE_CONTENT)
def package(package_id: UUID) -> ResponseReturnValue:
    """One package, its versions, and what was found in the current one."""
    return _page(package_id)


@bp.post("/<uuid:package_id>")
@requires(Permission.EDIT_OWN_CONTENT)
def edit(package_id: UUID) -> ResponseReturnValue:
    """Another title and description for the catalogue."""
    form = PackageForm()
    if not form.validate_on_submit():
        return _page(package_id, form), 422
    with transaction(current_user.tenant_id) as session:
        get_editable(session, package_id)
        packages.edit_package(
            session,
            package_id,
            title=form.title.data or "",
            description=form.description.data or "",
        )
    flash(_("Title and description are saved."), "success")
    return redirect(url_for("admin_packages.package", package_id=package_id), 303)


@bp.post("/<uuid:package_id>/publish")
@requires(Permission.EDIT_OWN_CONTENT)
def publish(package_id: UUID) -> ResponseReturnValue:
    """Show it in the catalogue, or no more."""
    published = request.form.get("published") == "yes"
    with transaction(current_user.tenant_id) as session:
        get_editable(session, package_id)
        packages.publish_package(session, package_id, published=published)
    text = _("It is in the catalogue now.") if published else _("It is out of the catalogue.")
    flash(text, "success")
    return redirect(url_for("admin_packages.package", package_id=package_id), 303)


@bp.post("/<uuid:package_id>/archive")
@requires(Permission.EDIT_OWN_CONTENT)
def archive(package_id: UUID) -> ResponseReturnValue:
    """Take it out of all lists, or bring it back."""
    archived = request.form.get("archived") == "yes"
    with transaction(current_user.tenant_id) as session:
        get_editable(session, package_id)
        if archived:
            packages.archive_package(session, package_id, now=datetime.now(UTC))
        else:
            packages.restore_package(session, package_id)
    text = _("It is archived; attempts and records stay.") if archived else _("It is back.")
    flash(text, "success")
    return redirect(url_for("admin_packages.package", package_id=package_id), 303)


@bp.post("/<uuid:package_id>/version")
@requires(Permission.EDIT_OWN_CONTENT)
def use_version(package_id: UUID) -> ResponseReturnValue:
    """Let new attempts start with another version; running ones keep theirs (PAIN-25)."""
    number = request.form.get("number", 0, int)
    with transaction(current_user.tenant_id) as session:
        get_editable(session, package_id)
        versions.publish_version(
            session,
            versions.get_version(session, package_id, number),
            running_attempts=versions.RunningAttempts.KEEP,
            made_by=current_user.id,
            now=datetime.now(UTC),
        )
    flash(_("New attempts start with version %(number)s.", number=number), "success")
    return redirect(url_for("admin_packages.package", package_id=package_id), 303)


@bp.get("/<uuid:package_id>/versions/<int:number>/package.zip")
@requires(Permission.CREATE_CONTENT)
def download(package_id: UUID, number: int) -> ResponseReturnValue:
    """The zip as it was uploaded."""
    with transaction(current_user.tenant_id) as session:
        version = packages.find_version(session, package_id, number)
    if version is None:
        abort(404)
    answer = Response(storage().read(version.zip_key), mimetype="application/zip")
    answer.content_length = storage().stat(version.zip_key).size
    name = secure_filename(version.file_name) or "package.zip"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def get_editable(session: Session, package_id: UUID) -> Package:
    """The package, or 403 where the visitor may not change it."""
    found = packages.get_package(session, package_id)
    if not _may_edit(found):
        abort(403, _("Somebody else made this package; your role changes only your own."))
    return found


def _may_edit(found: Package) -> bool:
    return may_edit(Role(current_user.role), is_own=found.created_by == current_user.id)


def _page(package_id: UUID, form: PackageForm | None = None) -> str:
    with transaction(current_user.tenant_id) as session:
        found = packages.get_package(session, package_id)
        versions = packages.list_versions(session, package_id)
    return render_template(
        "admin/package.html",
        package=found,
        versions=versions,
        form=form or PackageForm(formdata=None, obj=found),
        editable=_may_edit(found),
    )
