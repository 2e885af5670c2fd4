"""The launch log, an LTI doctor: who came, who was refused and why, and what to do (LTI-P4)."""

from collections.abc import Container
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from database.session import transaction
from lti_app.core.lti.expectations import find_missing
from lti_app.core.lti.reasons import STATUSES
from lti_app.core.lti.state import build_state
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import launch_log, launch_shares, launches, registrations, resource_links
from lti_app.services.launch_log import LaunchFilter
from lti_app.views.admin.hints import advise, hint

bp = Blueprint("admin_launches", __name__, url_prefix="/admin/launches")

PAGE_SIZE = 50
RESULTS = ("accepted", "refused")
PERIODS = {
    "hour": (_l("Last hour"), timedelta(hours=1)),
    "day": (_l("Last 24 hours"), timedelta(days=1)),
    "week": (_l("Last 7 days"), timedelta(days=7)),
    "month": (_l("Last 30 days"), timedelta(days=30)),
}


@bp.get("/")
@requires(Permission.VIEW_LAUNCHES)
def index() -> ResponseReturnValue:
    """Newest first; filtered by result, reason, platform and time; counted per reason."""
    result, reason = _one_of("result", RESULTS), _one_of("reason", STATUSES)
    platform, period = request.args.get("platform", None, UUID), _one_of("period", PERIODS)
    since = datetime.now(UTC) - PERIODS[period][1] if period else None
    wanted = LaunchFilter(result, reason, platform, since)
    chosen = {"result": result, "reason": reason, "platform": platform, "period": period}
    before = request.args.get("before", None, UUID)
    with transaction(current_user.tenant_id) as session:
        entries = launch_log.list_entries(session, wanted, limit=PAGE_SIZE + 1, before=before)
        counts = launch_log.count_reasons(session, wanted)
        platforms = registrations.list_registrations(session)
    return render_template(
        "admin/launches.html",
        entries=entries[:PAGE_SIZE],
        has_more=len(entries) > PAGE_SIZE,
        counts=counts,
        most=max((count for *_rest, count in counts), default=1),
        chosen=chosen,
        is_filtered=any(chosen.values()),
        periods=PERIODS,
        reasons=sorted(STATUSES),
        platforms=platforms,
        hint=hint,
    )


@bp.get("/<uuid:launch_id>")
@requires(Permission.VIEW_LAUNCHES)
def launch(launch_id: UUID) -> ResponseReturnValue:
    """One line of the log with all that was kept of it."""
    return _show(launch_id)


@bp.post("/<uuid:launch_id>/shares")
@requires(Permission.VIEW_LAUNCHES)
def share(launch_id: UUID) -> ResponseReturnValue:
    """A link for somebody's support; it is shown this one time."""
    token = build_state(current_user.tenant_id, token_bytes(32))
    with transaction(current_user.tenant_id) as session:
        launch_shares.share_launch(
            session, launch_id, token=token, now=datetime.now(UTC), by=current_user.id
        )
    app_url = current_app.config["LECTERN"].app_url
    return _show(launch_id, address=f"{app_url}{url_for('launch_reports.report', token=token)}")


@bp.post("/shares/<uuid:share_id>/revoke")
@requires(Permission.VIEW_LAUNCHES)
def revoke(share_id: UUID) -> ResponseReturnValue:
    """Nobody can open the link from now on."""
    with transaction(current_user.tenant_id) as session:
        row = launch_shares.revoke_share(session, share_id, datetime.now(UTC))
    flash(_("The link is taken back."), "success")
    return redirect(url_for("admin_launches.launch", launch_id=row.launch_id), 303)


def _show(launch_id: UUID, address: str = "") -> ResponseReturnValue:
    with transaction(current_user.tenant_id) as session:
        row = launches.get_launch(session, launch_id)
        shares = launch_shares.list_shares(session, row.id, datetime.now(UTC))
        registration = (
            registrations.get_registration(session, row.registration_id)
            if row.registration_id
            else None
        )
        link = resource_links.find_link(session, row.resource_link_id)
    missing = find_missing(row.claims) if row.result == "accepted" else ()
    return render_template(
        "admin/launch.html",
        launch=row,
        link=link,
        registration=registration,
        hint=hint(row.reason),
        advice=advise(missing, registration.platform if registration else ""),
        shares=shares,
        address=address,
    )


def _one_of(name: str, known: Container[str]) -> str:
    value = request.args.get(name, "")
    return value if value in known else ""
