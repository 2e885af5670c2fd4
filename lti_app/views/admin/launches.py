"""The launch log: who came, who was refused, and why (LTI-P4)."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import launches, registrations
from lti_app.views.admin.hints import hint

bp = Blueprint("admin_launches", __name__, url_prefix="/admin/launches")

PAGE_SIZE = 50
RESULTS = ("accepted", "refused")


@bp.get("/")
@requires(Permission.VIEW_LAUNCHES)
def index() -> ResponseReturnValue:
    """Newest first; filtered by result and platform."""
    result = request.args.get("result")
    result = result if result in RESULTS else None
    platform = request.args.get("platform", None, UUID)
    with transaction(current_user.tenant_id) as session:
        entries = launches.list_recent(
            session,
            limit=PAGE_SIZE + 1,
            before=request.args.get("before", None, UUID),
            result=result,
            registration_id=platform,
        )
        platforms = registrations.list_registrations(session)
    return render_template(
        "admin/launches.html",
        entries=entries[:PAGE_SIZE],
        has_more=len(entries) > PAGE_SIZE,
        result=result,
        platform=platform,
        platforms=platforms,
        hint=hint,
    )


@bp.get("/<uuid:launch_id>")
@requires(Permission.VIEW_LAUNCHES)
def launch(launch_id: UUID) -> ResponseReturnValue:
    """One line of the log with all that was kept of it."""
    with transaction(current_user.tenant_id) as session:
        row = launches.get_launch(session, launch_id)
        registration = (
            registrations.get_registration(session, row.registration_id)
            if row.registration_id
            else None
        )
    return render_template(
        "admin/launch.html", launch=row, registration=registration, hint=hint(row.reason)
    )
