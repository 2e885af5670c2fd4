"""Packages: list, one package with its versions and history, the catalogue, archive."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from database.session import transaction
from lti_app.core.permissions import Permission, Role, may_edit
from lti_app.security.guards import requires
from lti_app.services.users import find_user
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


def get_editable(session: Session, package_id: UUID) -> Package:
    """The package, or 403 where the visitor may not change it."""
    found = packages.get_package(session, package_id)
    if not is_editable(found):
        abort(403, _("Somebody else made this package; your role changes only your own."))
    return found


def is_editable(found: Package) -> bool:
    """Whether the visitor may change the package."""
    return may_edit(Role(current_user.role), is_own=found.created_by == current_user.id)


def _page(package_id: UUID, form: PackageForm | None = None) -> str:
    with transaction(current_user.tenant_id) as session:
        found = packages.get_package(session, package_id)
        all_versions = packages.list_versions(session, package_id)
        events = versions.list_events(session, package_id, limit=20)
        makers = {event.made_by for event in events if event.made_by is not None}
        people = {user_id: find_user(session, user_id) for user_id in makers}
    return render_template(
        "admin/package.html",
        package=found,
        versions=all_versions,
        drafts=[each for each in all_versions if each.published_at is None],
        events=events,
        people={key: user.display_name for key, user in people.items() if user},
        form=form or PackageForm(formdata=None, obj=found),
        editable=is_editable(found),
    )
