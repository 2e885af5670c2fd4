"""One version of a package: its report, publishing it (or an earlier one again), its zip."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.utils import secure_filename

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services.learning import NothingToPlay
from lti_app.storage import storage
from lti_app.views.admin.packages import bp, get_editable, is_editable
from lti_app.views.player_address import build_player_address
from scorm_runtime.core.preview import PREVIEW
from scorm_runtime.models.package import RunningAttempts
from scorm_runtime.services import packages, previews, versions


@bp.get("/<uuid:package_id>/versions/<int:number>")
@requires(Permission.CREATE_CONTENT)
def version(package_id: UUID, number: int) -> ResponseReturnValue:
    """What was found in it, and what publishing it means for people in the middle of another."""
    return _page(package_id, number)


@bp.post("/<uuid:package_id>/versions/<int:number>/publish")
@requires(Permission.EDIT_OWN_CONTENT)
def publish_version(package_id: UUID, number: int) -> ResponseReturnValue:
    """Let new attempts start with it, and say what happens to those in progress (PAIN-25)."""
    said = request.form.get("running_attempts", "")
    with transaction(current_user.tenant_id) as session:
        get_editable(session, package_id)
        chosen = versions.get_version(session, package_id, number)
        asked = bool(versions.list_in_progress(session, chosen))
        if said in list(RunningAttempts) or not asked:
            versions.publish_version(
                session,
                chosen,
                running_attempts=RunningAttempts(said) if asked else RunningAttempts.KEEP,
                made_by=current_user.id,
                now=datetime.now(UTC),
            )
            done = True
        else:
            done = False
    if not done:
        return _page(package_id, number, error=_("Say what happens to people in the middle.")), 422
    flash(_("New attempts start with version %(number)s.", number=number), "success")
    return redirect(url_for("admin_packages.package", package_id=package_id), 303)


@bp.post("/<uuid:package_id>/versions/<int:number>/preview")
@requires(Permission.EDIT_OWN_CONTENT)
def try_version(package_id: UUID, number: int) -> ResponseReturnValue:
    """Play the version, a draft or not, in an attempt that counts nowhere; 303 to the player."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        get_editable(session, package_id)
        chosen = versions.get_version(session, package_id, number)
        if not chosen.playable:
            raise NothingToPlay("“%(title)s” cannot be played yet.", title=chosen.package.title)
        attempt = previews.open_preview(session, chosen, current_user.id, now=now)
    address = build_player_address(
        current_user.tenant_id, attempt.id, current_user.id, launch_ref=PREVIEW, now=now
    )
    return redirect(address, 303)


@bp.post("/<uuid:package_id>/versions/<int:number>/preview/remove")
@requires(Permission.EDIT_OWN_CONTENT)
def forget_preview(package_id: UUID, number: int) -> ResponseReturnValue:
    """Remove what the visitor has tried of it; the next preview begins from nothing."""
    with transaction(current_user.tenant_id) as session:
        get_editable(session, package_id)
        chosen = versions.get_version(session, package_id, number)
        previews.remove_preview(session, chosen, current_user.id)
    flash(_("What you tried is removed."), "success")
    return redirect(url_for("admin_packages.version", package_id=package_id, number=number), 303)


@bp.get("/<uuid:package_id>/versions/<int:number>/package.zip")
@requires(Permission.CREATE_CONTENT)
def download(package_id: UUID, number: int) -> ResponseReturnValue:
    """The zip as it was uploaded, in chunks out of the storage."""
    with transaction(current_user.tenant_id) as session:
        found = versions.get_version(session, package_id, number)
    size = storage().stat(found.zip_key).size
    answer = Response(storage().read(found.zip_key), mimetype="application/zip")
    answer.content_length = size
    name = secure_filename(found.file_name) or "package.zip"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _page(package_id: UUID, number: int, error: str = "") -> str:
    with transaction(current_user.tenant_id) as session:
        found = packages.get_package(session, package_id)
        shown = versions.get_version(session, package_id, number)
        in_progress = versions.list_in_progress(session, shown)
        tried = previews.find_preview(session, shown, current_user.id)
    return render_template(
        "admin/package_version.html",
        package=found,
        version=shown,
        in_progress=in_progress,
        people=sum(entry.attempts for entry in in_progress),
        can_move=any(entry.can_move for entry in in_progress),
        editable=is_editable(found),
        tried=tried,
        error=error,
    )
